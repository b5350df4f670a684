"""Takes a register of graduates in: all rows or none, matched by student number.

A blank cell leaves what the register has. A change to a graduate who has confirmed the base data
asks for a new confirmation and is listed, so confirmed data never change unseen (B01).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...models import College, Graduate, Person, School, new_id
from ..accounts.actors import Actor
from .codes import origin
from .graduate_columns import GRADUATES
from .layouts import recognise
from .records import Record, RecordReader
from .report import Change, ImportReport, UnusableFile
from .sheets import read_tables
from .values import plain
from .writing import table_of, write_graduates

# What a graduate confirms, with the word the report uses. The rest of a row goes to `register`.
FIELDS = {
    "name": "姓名", "cohort": "届别", "college_id": "所在院系", "exam_no": "考生号",
    "id_no": "身份证号", "gender": "性别", "nation": "民族", "political_status": "政治面貌",
    "education": "学历", "training_mode": "培养方式", "major": "专业", "class_name": "所在班级",
    "years": "学制", "origin_region": "生源所在地", "hardship": "困难生类别",
    "normal_student": "师范生类别", "mobile": "手机号码", "email": "电子邮箱", "qq": "QQ号码",
    "home_address": "家庭住址", "plan": "方案",
}  # fmt: skip
NO_ONLINE_SIGNING = ("2", "4")  # 定向 and 委培 (B10)


@dataclass
class Plan:
    """What the file would do, decided before anything is written."""

    colleges: list[dict[str, Any]] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    renamed: list[dict[str, Any]] = field(default_factory=list)
    register_changes: list[dict[str, Any]] = field(default_factory=list)
    college_names: dict[uuid.UUID, str] = field(default_factory=dict)


def import_graduates(
    session: Session,
    school: School,
    source: bytes | str | Path,
    filename: str,
    now: datetime,
    actor: Actor | None = None,
    *,
    cohort: int | None = None,
    college: str = "",
    dry_run: bool = False,
    address: str = "",
) -> ImportReport:
    """Import a register of graduates. Nothing is written where the report has an error.

    `cohort` and `college` serve new graduates whose row says neither. The caller commits, and
    hands out `report.secrets`, which are nowhere else.
    """
    report = ImportReport("graduates", filename, dry_run=dry_run, address=address)
    try:
        tables = read_tables(source, filename)
    except UnusableFile as fault:
        return report.refuse(fault)
    sheets = recognise(tables, GRADUATES, report)
    report.layout = "、".join(dict.fromkeys(sheet.layout.label for sheet in sheets))
    reader = RecordReader(report, GRADUATES.required)
    records = [record for sheet in sheets for record in reader.read(sheet)]
    report.rows = len(records)
    if sheets and not records:
        report.error("只有表头，没有数据", "从表头下一行开始填写")
    begin_write(session)
    session.execute(select(School.id).where(School.id == school.id).with_for_update())
    plan = _Planner(session, school, reader, cohort, plain(college)).plan(records)
    reader.finish()
    if report.accepted and not dry_run:
        write_graduates(session, school, plan, report, now, actor)
    return report


class _Planner:
    """Compares the rows with the register, one by one, and reports what cannot be."""

    def __init__(
        self,
        session: Session,
        school: School,
        reader: RecordReader,
        cohort: int | None,
        college: str,
    ) -> None:
        self.session, self.school, self.reader = session, school, reader
        self.report = reader.report
        self.cohort, self.default_college = cohort, college
        self.result = Plan()
        self.home = str(school.settings.get("region", ""))
        found = session.execute(
            select(*table_of(Graduate).c).where(Graduate.school_id == school.id)
        )
        self.register = {row.student_no: row._mapping for row in found}
        self.unpadded = {number.lstrip("0"): number for number in self.register}
        self.id_owners = {
            (row["id_no"], row["cohort"]): number
            for number, row in self.register.items()
            if row["id_no"]
        }
        colleges = session.scalars(select(College).where(College.school_id == school.id)).all()
        self.colleges = {plain(one.name): (one.id, one.code, one.name) for one in colleges}
        self.college_names = self.result.college_names = {one.id: one.name for one in colleges}
        self.logins = set(
            session.scalars(select(Person.login).where(Person.login.startswith(school.code)))
        )

    def plan(self, records: list[Record]) -> Plan:
        first: dict[str, int] = {}
        exams: dict[str, int] = {}
        for record in records:
            number = record.values.get("student_no", "")
            if number and first.setdefault(number, record.row) != record.row:
                self._error(record, "学号", f"与第 {first[number]} 行的学号 {number} 重复")
                continue
            exam = record.values.get("exam_no", "")
            if exam and exams.setdefault(exam, record.row) != record.row:
                self.reader.doubt(record, "考生号", f"与第 {exams[exam]} 行重复")
            self._check(record)
            if number:
                self._place(record, number)
        return self.result

    def _error(self, record: Record, column: str, reason: str, way_out: str = "") -> None:
        self.report.error(reason, way_out, **record.place(column))

    def _check(self, record: Record) -> None:
        values = record.values
        if values.get("school_code", self.school.code) != self.school.code:
            self._error(
                record, "院校代码", f"{values['school_code']} 不是本校（{self.school.code}）"
            )
        if plain(values.get("school_name", self.school.name)) != plain(self.school.name):
            self._error(record, "院校名称", f"“{values['school_name']}”不是本校")
        if region := values.get("origin_region"):
            resolved = origin(region, self.home)
            if resolved.error:
                self._error(record, "生源所在地", resolved.error)
            elif resolved.doubt:
                self.reader.doubt(record, "生源所在地", resolved.doubt)
            values["origin_region"] = resolved.code
        self._check_identity(record)

    def _check_identity(self, record: Record) -> None:
        """What the identity number says must not contradict the other columns."""
        number = record.values.get("id_no", "")
        if len(number) != 18:
            return
        born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        written = record.register.get("出生日期", born)
        if not born.startswith(written):
            self.reader.doubt(record, "出生日期", "与身份证号里的出生日期不同")
        gender = record.values.get("gender", "")
        if gender in ("1", "2") and gender != ("1" if int(number[16]) % 2 else "2"):
            self.reader.doubt(record, "性别", "与身份证号第 17 位不同")

    def _place(self, record: Record, number: str) -> None:
        old = self.register.get(number)
        if old is None and record.was_number and number in self.unpadded:
            there = self.unpadded[number]
            self._error(
                record, "学号", f"登记册里是 {there}，前面的 0 丢失了", "把学号列设为“文本”"
            )
            return
        row: dict[str, Any] = {
            name: record.values[name] for name in FIELDS if record.values.get(name)
        }
        cohort = self._cohort(record, old)
        college = self._college(record, old)
        if cohort is None or college is None:
            return
        row.update(cohort=cohort, college_id=college)
        owner = self.id_owners.setdefault((row.get("id_no", number), cohort), number)
        if owner != number:
            self._error(record, "身份证号", f"与学号 {owner} 的身份证号相同", "核对两人的号码")
        if old is None:
            self._add(record, number, row)
        else:
            self._change(number, row, record.register, old)

    def _cohort(self, record: Record, old: Any) -> int | None:
        text = record.values.get("cohort") or record.values.get("graduated", "")[:4]
        digits = plain(text).removesuffix("届").removesuffix("年")
        if digits.isdigit() and 1990 <= int(digits) <= 2100:
            return int(digits)
        if text:
            self._error(record, "毕业年份", f"“{text}”不是年份")
            return None
        known = old["cohort"] if old is not None else self.cohort
        if known is None:
            self._error(
                record, "毕业时间", "没有填，看不出是哪一届", "填写「毕业时间」或「毕业年份」"
            )
        return known

    def _college(self, record: Record, old: Any) -> uuid.UUID | None:
        name = record.values.get("college", "")
        code = record.values.get("college_code", "")
        if not name and old is not None:
            return cast(uuid.UUID, old["college_id"])
        name = name or self.default_college
        if not name:
            self._error(
                record,
                "所在院系",
                "没有填，新的毕业生不知道归哪个学院审核",
                "填写「所在院系」，或先导入带院系的登记表",
            )
            return None
        known = self.colleges.get(plain(name))
        if known is None:
            return self._new_college(record, name, code)
        if code and known[1] != code:
            self._error(record, "院系代码", f"“{name}”的代码是 {known[1]}，表里是 {code}")
        return known[0]

    def _new_college(self, record: Record, name: str, code: str) -> uuid.UUID:
        taken = {one[1]: one[2] for one in self.colleges.values()}
        if code in taken:
            self._error(record, "院系代码", f"代码 {code} 已是“{taken[code]}”，表里写的是“{name}”")
            code = ""
        count = len(taken) + 1
        while not code or code in taken:
            code, count = f"{count:02}", count + 1
        college_id = new_id()
        self.result.colleges.append(
            {"id": college_id, "school_id": self.school.id, "code": code, "name": name}
        )
        self.colleges[plain(name)] = (college_id, code, name)
        self.college_names[college_id] = name
        self.report.new_colleges.append(name)
        self.reader.doubt(record, "所在院系", f"将新建学院“{name}”", "不是新学院的，改成现有名称")
        return college_id

    def _add(self, record: Record, number: str, row: dict[str, Any]) -> None:
        if f"{self.school.code}{number}" in self.logins:
            self._error(record, "学号", "这个学号的账号已被占用", "请联系系统管理员")
            return
        if "education" not in row:
            self.reader.doubt(record, "学历", "没有填，协议编号会用到")
        blank = dict.fromkeys(FIELDS, "")
        allowed = row.get("training_mode") not in NO_ONLINE_SIGNING
        self.result.new.append(
            blank
            | row
            | {
                "id": new_id(),
                "school_id": self.school.id,
                "student_no": number,
                "register": dict(record.register),
                "online_signing_allowed": allowed,
            }
        )
        self.report.created.append(number)

    def _change(self, number: str, row: dict[str, Any], extra: dict[str, str], old: Any) -> None:
        fields = {
            FIELDS[name]: (self._shown(name, old[name]), self._shown(name, value))
            for name, value in row.items()
            if old[name] != value
        }
        fields |= {
            header: (old["register"].get(header, ""), value)
            for header, value in extra.items()
            if old["register"].get(header, "") != value
        }
        if not fields:
            self.report.unchanged += 1
            return
        self.result.register_changes.append(
            {
                "graduate_id": old["id"],
                "changes": {
                    name: [self._shown(name, old[name]), self._shown(name, value)]
                    for name, value in row.items()
                    if old[name] != value
                },
            }
        )
        whole = {name: row.get(name, old[name]) for name in FIELDS}
        whole |= {"graduate": old["id"], "register": old["register"] | extra}
        whole["online_signing_allowed"] = old["online_signing_allowed"]
        if whole["training_mode"] != old["training_mode"]:
            whole["online_signing_allowed"] = whole["training_mode"] not in NO_ONLINE_SIGNING
        whole["base_data_confirmed_at"] = None
        if old["base_data_confirmed_at"] is not None:
            self.report.confirm_again.append(number)
        if old["person_id"] and whole["name"] != old["name"]:
            self.result.renamed.append({"person": old["person_id"], "name": whole["name"]})
        self.result.changed.append(whole)
        self.report.updated.append(Change(number, whole["name"], fields))

    def _shown(self, name: str, value: Any) -> str:
        return self.college_names.get(value, "") if name == "college_id" else str(value)
