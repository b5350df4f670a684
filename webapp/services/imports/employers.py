"""Takes a list of employers in: all rows or none, matched by credit code, else by name.

An employer whose identity was verified keeps its data; the list cannot overwrite them. A new
employer with a contact's mobile gets an account (login = the mobile, A06); an employer that has
an account already gets no second one, so a list cannot take an account over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from ...database import begin_write
from ...models import Employer, Membership, Person, new_id
from ..accounts.actors import Actor
from .layouts import Column, Layout, Vocabulary, recognise
from .records import Record, RecordReader
from .report import Change, ImportReport, Secret, UnusableFile
from .sheets import read_tables
from .values import NO_USCC, plain, uscc, uscc_shape
from .writing import BATCH, account_row, insert_rows, membership_row, new_account, note, table_of

HEADERS = (
    "单位名称", "统一社会信用代码", "单位性质", "单位性质代码", "单位行业", "单位行业代码",
    "单位所在地", "单位所在地代码", "单位地址", "单位邮编", "单位联系人", "联系人电话",
    "联系人手机", "联系人电子邮箱", "上级主管部门",
)  # fmt: skip
COLUMNS = (
    Column("单位名称", "name", aliases=("名称", "企业名称")),
    Column("统一社会信用代码", "uscc", aliases=("信用代码", "单位组织机构代码")),
    Column("单位性质", "nature", scheme="employer_nature", part="name"),
    Column("单位性质代码", "nature", scheme="employer_nature", part="code"),
    Column("单位行业", "industry", scheme="industry", part="name"),
    Column("单位行业代码", "industry", scheme="industry", part="code"),
    Column("单位所在地", "region", scheme="region", part="name"),
    Column("单位所在地代码", "region", scheme="region", part="code"),
    Column("单位地址", "address"),
    Column("单位邮编", "postcode", "postcode", aliases=("邮编",)),
    Column("单位联系人", "contact_name", aliases=("联系人",)),
    Column("联系人电话", "contact_phone", "landline"),
    Column("联系人手机", "contact_mobile", "mobile"),
    Column("联系人电子邮箱", "contact_email", "email", aliases=("联系人邮箱",)),
    Column("上级主管部门", "superior", aliases=("主管部门",)),
)
EMPLOYERS = Vocabulary(COLUMNS, (Layout("employers", "用人单位", HEADERS),), ("单位名称",))
LABELS = {column.field: column.header for column in reversed(COLUMNS)}
FIELDS = tuple(dict.fromkeys(column.field for column in COLUMNS))


@dataclass
class Plan:
    """What the list would do, decided before anything is written."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)


def import_employers(
    session: Session,
    source: bytes | str | Path,
    filename: str,
    now: datetime,
    actor: Actor | None = None,
    *,
    dry_run: bool = False,
    address: str = "",
) -> ImportReport:
    """Import employers. Nothing is written where the report has an error. The caller commits."""
    report = ImportReport("employers", filename, dry_run=dry_run, address=address)
    try:
        tables = read_tables(source, filename)
    except UnusableFile as fault:
        return report.refuse(fault)
    sheets = recognise(tables, EMPLOYERS, report)
    report.layout = EMPLOYERS.layouts[0].label if sheets else ""
    reader = RecordReader(report, EMPLOYERS.required)
    records = [record for sheet in sheets for record in reader.read(sheet)]
    report.rows = len(records)
    if sheets and not records:
        report.error("只有表头，没有数据", "从表头下一行开始填写")
    begin_write(session)
    plan = _plan(session, records, reader)
    reader.finish()
    if report.accepted and not dry_run:
        _write(session, plan, report, now, actor)
    return report


def _plan(session: Session, records: list[Record], reader: RecordReader) -> Plan:
    plan = Plan()
    rows = session.execute(select(*table_of(Employer).c)).all()
    by_code = {row.uscc: row._mapping for row in rows if row.uscc not in NO_USCC}
    by_name: dict[str, list[Any]] = {}
    for row in rows:
        by_name.setdefault(plain(row.name), []).append(row._mapping)
    seen: dict[str, int] = {}
    for record in records:
        values = {name: record.values[name] for name in FIELDS if record.values.get(name)}
        code = values.get("uscc", "")
        if not values.get("name") or not _check_code(record, code, reader):
            continue
        key = code if code not in NO_USCC else plain(values["name"])
        if seen.setdefault(key, record.row) != record.row:
            reader.report.error(f"与第 {seen[key]} 行是同一单位", **record.place("单位名称"))
            continue
        old = by_code.get(code)
        if old is None:
            namesakes = by_name.get(plain(values["name"]), [])
            same = [one for one in namesakes if code in NO_USCC or one["uscc"] in NO_USCC]
            if len(same) > 1:
                reader.report.error(
                    "登记册里有几家同名单位，分不清是哪一家",
                    "填写「统一社会信用代码」",
                    **record.place("单位名称"),
                )
                continue
            old = same[0] if same else None
        _decide(record, values, old, plan, reader)
    return plan


def _check_code(record: Record, code: str, reader: RecordReader) -> bool:
    """A code of the wrong shape is refused; a failing check digit only warns."""
    if code in NO_USCC:
        return True
    if reason := uscc_shape(code):
        reader.report.error(
            reason, "没有代码的单位（如部队）写“无”", **record.place("统一社会信用代码")
        )
        return False
    if reason := uscc(code):
        reader.doubt(record, "统一社会信用代码", reason)
    return True


def _decide(
    record: Record, values: dict[str, str], old: Any, plan: Plan, reader: RecordReader
) -> None:
    report = reader.report
    if old is None:
        plan.new.append(dict.fromkeys(FIELDS, "") | values | {"id": new_id()})
        report.created.append(values["name"])
        if not values.get("contact_mobile"):
            reader.doubt(record, "联系人手机", "没有填，没有为这家单位开账号")
        return
    fields = {
        LABELS[name]: (old[name], value) for name, value in values.items() if old[name] != value
    }
    if not fields:
        report.unchanged += 1
    elif old["verification"] != "none":
        report.unchanged += 1
        reader.doubt(record, "单位名称", "单位已经认证，资料由单位自己维护，没有改动")
    else:
        whole = {name: values.get(name, old[name]) for name in FIELDS}
        plan.changed.append(whole | {"employer": old["id"]})
        report.updated.append(Change(old["uscc"] or old["name"], values["name"], fields))


def _write(
    session: Session, plan: Plan, report: ImportReport, now: datetime, actor: Actor | None
) -> None:
    insert_rows(session, Employer, plan.new)
    if plan.changed:
        table = table_of(Employer)
        session.execute(
            update(table)
            .where(table.c.id == bindparam("employer"))
            .values({name: bindparam(f"new_{name}") for name in FIELDS}),
            [
                {(k if k == "employer" else f"new_{k}"): v for k, v in row.items()}
                for row in plan.changed
            ],
        )
    _open_accounts(session, plan, report, now)
    session.expire_all()
    note(session, report, actor, now, None)


def _open_accounts(session: Session, plan: Plan, report: ImportReport, now: datetime) -> None:
    """An account for the contact of each new employer. Somebody who has one already keeps it."""
    mobiles = sorted({row["contact_mobile"] for row in plan.new if row["contact_mobile"]})
    known: dict[str, Any] = {}
    for at in range(0, len(mobiles), BATCH):
        some = Person.login.in_(mobiles[at : at + BATCH])
        for login, person_id in session.execute(select(Person.login, Person.id).where(some)):
            known[login] = person_id
    people, memberships = [], []
    for row in plan.new:
        login = row["contact_mobile"]
        if not login:
            continue
        if login not in known:
            known[login], hash_, code = new_account(now)
            name = row["contact_name"] or row["name"]
            more = {"mobile": login, "email": row["contact_email"]}
            people.append(account_row(known[login], login, name, hash_, **more))
            report.secrets.append(Secret(login, name, code, row["name"]))
        memberships.append(membership_row(known[login], "employer", employer_id=row["id"]))
    insert_rows(session, Person, people)
    insert_rows(session, Membership, memberships)
