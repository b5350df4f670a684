"""What an agreement is printed from: words already in Chinese, nothing to look up.

read_values() takes the plain dictionary that crosses the border to this package.
Everything becomes text; control characters and marks that turn the writing
direction are refused, because paper must say what the screen said.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import NoneType
from typing import Any, TypeVar

from pdf.errors import DocumentRefused
from pdf.pictures import read_pictures

LONGEST_VALUE = 4000  # characters; nothing printed here comes near
LAST_DISPATCH_CARD_COHORT = 2022  # 报到证 ended with the cohort of 2023
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
SEVERAL_LINES = {"supplement"}


@dataclass(frozen=True)
class School:
    name: str = ""
    code: str = ""
    department: str = ""
    contact: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Graduate:
    name: str = ""
    gender: str = ""
    nation: str = ""
    political_status: str = ""
    student_no: str = ""
    education: str = ""
    training_mode: str = ""
    major: str = ""
    years: str = ""
    mobile: str = ""
    qq: str = ""
    home_address: str = ""
    college: str = ""


@dataclass(frozen=True)
class Employer:
    name: str = ""
    uscc: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    address: str = ""
    postcode: str = ""
    nature: str = ""
    industry: str = ""


@dataclass(frozen=True)
class Job:
    category: str = ""
    name: str = ""
    place: str = ""


@dataclass(frozen=True)
class Terms:
    trial_period: str = ""
    trial_salary: str = ""
    salary: str = ""
    penalty: str = ""
    report_place: str = ""
    report_by: str = ""
    hukou: str = ""
    archive_unit: str = ""
    archive_address: str = ""
    archive_postcode: str = ""
    supplement: str = ""


@dataclass(frozen=True)
class Opinion:
    """What one side said; a plain text stands for `text` alone."""

    text: str = ""
    signed_by: str = ""
    signed_on: str = ""


@dataclass(frozen=True)
class Opinions:
    graduate: Opinion = field(default_factory=Opinion)
    employer: Opinion = field(default_factory=Opinion)
    superior: Opinion = field(default_factory=Opinion)


@dataclass(frozen=True)
class Wording:
    """The parts of the clauses that schools word differently (seed 001, two samples)."""

    graduation: str = "离校时未取得毕业资格"
    contract_party: str = "双方"
    copies: str = "3"
    holders: str = "甲方、乙方、甲方培养学校各执 1 份"


@dataclass(frozen=True)
class AgreementValues:
    """One agreement, as printed."""

    school: School = field(default_factory=School)
    cohort: int = 0
    number: str = ""
    version: int = 1
    graduate: Graduate = field(default_factory=Graduate)
    employer: Employer = field(default_factory=Employer)
    job: Job = field(default_factory=Job)
    terms: Terms = field(default_factory=Terms)
    opinions: Opinions = field(default_factory=Opinions)
    wording: Wording = field(default_factory=Wording)
    verify_url: str = ""
    issued_on: str = ""
    draft: bool = False
    signatures: Mapping[str, str] = field(default_factory=dict)  # PNG in base64, by who signed

    @property
    def has_dispatch_card(self) -> bool:
        """Cohorts before 2023 still went to work with a 报到证."""
        return self.cohort <= LAST_DISPATCH_CARD_COHORT

    def texts(self) -> list[tuple[str, str]]:
        """Every printed text as (path, text), such as ("graduate.name", "林晓")."""
        return list(_texts(self, ""))


@dataclass(frozen=True)
class LetterValues:
    """帐号认证申请公函, as printed (seed 001, annex 1). `purpose` is certify or change."""

    school_name: str = ""
    employer_name: str = ""
    uscc: str = ""
    address: str = ""
    legal_person: str = ""
    manager_name: str = ""
    manager_id_no: str = ""
    manager_mobile: str = ""
    purpose: str = "certify"
    made_on: str = ""

    def texts(self) -> list[tuple[str, str]]:
        """Every printed text as (path, text)."""
        return list(_texts(self, ""))


Part = TypeVar("Part")


def read_letter(given: Mapping[str, Any]) -> LetterValues:
    """The dictionary of a letter as values; raises DocumentRefused with a line for each fault."""
    faults: list[str] = []
    known = {f.name for f in fields(LetterValues)}
    found = {key: _text(given[key], key, faults) for key in known if given.get(key) is not None}
    if faults:
        raise DocumentRefused(faults)
    return LetterValues(**found)


def read_values(given: "Mapping[str, Any] | AgreementValues") -> AgreementValues:
    """The dictionary of the contract as values.

    Unknown keys are left out (a newer caller may send more), missing ones print
    empty. Raises DocumentRefused with one Chinese line for each fault.
    """
    if isinstance(given, AgreementValues):
        return given
    faults: list[str] = []
    values = AgreementValues(
        school=_part(School(), given.get("school"), "school", faults),
        cohort=_number(given.get("cohort"), "cohort", faults),
        number=_text(given.get("number"), "number", faults),
        version=_number(given.get("version") or 1, "version", faults),
        graduate=_part(Graduate(), given.get("graduate"), "graduate", faults),
        employer=_part(Employer(), given.get("employer"), "employer", faults),
        job=_part(Job(), given.get("job"), "job", faults),
        terms=_part(Terms(), given.get("terms"), "terms", faults),
        opinions=_opinions(given.get("opinions") or {}, faults),
        wording=_part(Wording(), given.get("wording"), "wording", faults),
        verify_url=_text(given.get("verify_url"), "verify_url", faults),
        issued_on=_text(given.get("issued_on"), "issued_on", faults),
        draft=bool(given.get("draft")),
        signatures=read_pictures(given.get("signatures"), faults),
    )
    if faults:
        raise DocumentRefused(faults)
    return values


def _part(empty: Part, given: Any, path: str, faults: list[str]) -> Part:
    if not isinstance(given, Mapping | NoneType):
        faults.append(f"{label_of(path)}的内容不完整，请联系管理员")
        return empty
    known = {f.name for f in fields(empty)}  # type: ignore[arg-type]
    found = {
        key: _text(value, f"{path}.{key}", faults)
        for key, value in (given or {}).items()
        if key in known and value is not None
    }
    return replace(empty, **found)  # type: ignore[type-var]


def _opinions(given: Any, faults: list[str]) -> Opinions:
    if not isinstance(given, Mapping):
        faults.append("签署意见的内容不完整，请联系管理员")
        return Opinions()

    def read(who: str) -> Opinion:
        said = given.get(who) or {}
        said = {"text": said} if isinstance(said, str) else said
        return _part(Opinion(), said, f"opinions.{who}", faults)

    return Opinions(read("graduate"), read("employer"), read("superior"))


def _number(value: Any, path: str, faults: list[str]) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        faults.append(f"{label_of(path)}应为数字")
        return 0


def _text(value: Any, path: str, faults: list[str]) -> str:
    """One value as text: blanks joined, line breaks kept where several lines are allowed."""
    text = "" if value is None else str(value)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if len(text) > LONGEST_VALUE:
        faults.append(f"{label_of(path)}有 {len(text)} 字，最多 {LONGEST_VALUE} 字")
        return ""
    text = re.sub(r"[  　]+", " ", text)
    lines = [line.strip() for line in text.split("\n")]
    text = ("\n" if path.split(".")[-1] in SEVERAL_LINES else " ").join(lines).strip()
    hidden = sorted({c for c in text if c != "\n" and unicodedata.category(c) in UNPRINTABLE})
    if hidden:
        named = "、".join(f"U+{ord(c):04X}" for c in hidden)
        faults.append(f"{label_of(path)}含有不能打印的控制字符（{named}），请删去后重填")
        return ""
    return text


def _texts(part: Any, path: str) -> "list[tuple[str, str]]":
    found: list[tuple[str, str]] = []
    for item in fields(part):
        value, here = getattr(part, item.name), f"{path}{item.name}"
        if isinstance(value, str):
            found.append((here, value))
        elif hasattr(value, "__dataclass_fields__"):
            found += _texts(value, f"{here}.")
    return found


LABELS = {
    "school": "学校信息",
    "graduate": "甲方信息",
    "employer": "乙方信息",
    "job": "职位信息",
    "terms": "约定",
    "opinions": "签署意见",
    "wording": "条款用语",
    "school.name": "学校名称",
    "school.department": "学校联系部门",
    "school.contact": "学校联系人",
    "school.address": "学校通讯地址",
    "school.phone": "学校联系电话",
    "cohort": "毕业年份",
    "number": "协议编号",
    "version": "协议版本",
    "graduate.name": "姓名",
    "graduate.gender": "性别",
    "graduate.nation": "民族",
    "graduate.political_status": "政治面貌",
    "graduate.student_no": "学号",
    "graduate.education": "学历",
    "graduate.training_mode": "培养方式",
    "graduate.major": "专业",
    "graduate.years": "学制",
    "graduate.mobile": "毕业生联系电话",
    "graduate.qq": "QQ",
    "graduate.home_address": "家庭地址",
    "graduate.college": "院系",
    "employer.name": "单位名称",
    "employer.uscc": "统一社会信用代码",
    "employer.contact_name": "单位联系人",
    "employer.contact_phone": "招聘电话",
    "employer.contact_email": "E-mail",
    "employer.address": "单位通讯地址",
    "employer.postcode": "邮政编码",
    "employer.nature": "单位性质",
    "employer.industry": "单位行业",
    "job.category": "职位类别",
    "job.name": "职位名称",
    "job.place": "实际工作地点",
    "terms.trial_period": "试用期",
    "terms.trial_salary": "试用起薪",
    "terms.salary": "转正起薪",
    "terms.penalty": "违约金",
    "terms.report_place": "报到地点",
    "terms.report_by": "报到期限",
    "terms.hukou": "单位是否解决户籍",
    "terms.archive_unit": "档案接收单位",
    "terms.archive_address": "档案邮寄地址",
    "terms.archive_postcode": "档案邮寄邮编",
    "terms.supplement": "协议补充内容",
    "opinions.graduate": "甲方意见",
    "opinions.employer": "乙方意见",
    "opinions.superior": "上级主管部门意见",
    "wording.graduation": "第四条第 1 项用语",
    "wording.contract_party": "第六条用语",
    "wording.copies": "协议份数",
    "wording.holders": "协议持有方",
    "verify_url": "查验网址",
    "issued_on": "签发日期",
    "school_name": "学校名称",
    "employer_name": "单位名称",
    "uscc": "统一社会信用代码",
    "address": "单位地址",
    "legal_person": "法定代表人",
    "manager_name": "管理者姓名",
    "manager_id_no": "管理者身份证号",
    "manager_mobile": "注册手机号",
    "made_on": "生成日期",
}


def label_of(path: str) -> str:
    """What a reader calls the value at this path."""
    return LABELS.get(path) or LABELS.get(path.rpartition(".")[0]) or path
