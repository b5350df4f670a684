"""Lists of the back office that are read as tables: 毕业生派遣, 毕业生联系方式, 数据核查 (B08, B09).

A reviewer sees the own college, the office the own school; all share the filters of the register,
page by key, and can be taken along as a spreadsheet. Identity numbers are shown by their ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from webapp.errors import NotYours
from webapp.models import Agreement, Case, College, Destination, Employer, Graduate, School
from webapp.pages.graduates import mask_id, narrowed, own_graduates, path_word, word
from webapp.pages.paging import PAGE, Page, page_of
from webapp.pages.wording import say_day
from webapp.services.accounts.actors import Actor
from webapp.services.employers.levels import LABELS as LEVELS
from webapp.services.employers.parties import employer_name

BATCH = 500
CODED = {
    "gender": "性别", "nation": "民族", "political_status": "政治面貌", "education": "学历",
    "training_mode": "培养方式",
}  # fmt: skip
NEEDED = {**CODED, "major": "专业", "class_name": "班级", "years": "学制", "mobile": "手机号码"}
CHECKS = {
    "roll": "学籍比对",
    "origin": "生源地核查",
    "quality": "数据质量核查",
    "employer": "就业单位核查",
}
CONFIRMED = {"yes": "已确认", "no": "未确认"}


@dataclass(frozen=True)
class Row:
    """A graduate with what is in force about him or her; `column`s of a list read it."""

    graduate: Graduate
    college: str
    destination: Destination | None
    case: Case | None
    employer: Employer | None
    agreement: str | None
    school: School
    shares_id: bool = False


@dataclass(frozen=True)
class Listing:
    """A list: its title, what stands under each heading, and a filter of its own."""

    title: str
    columns: Mapping[str, Callable[[Row], str]]
    filter_label: str
    choices: Mapping[str, str]
    keep: Callable[[School, str], ColumnElement[bool] | None]
    hint: str = ""


@dataclass(frozen=True)
class Line:
    """One line as shown: the cells beside the name, by heading."""

    graduate: Graduate
    cells: list[tuple[str, str]] = field(default_factory=list)


def list_lines(session: Session, actor: Actor, kind: str, query: dict[str, str]) -> Page:
    """One page of a list, latest first; `which` is the list's own filter."""
    listing = find_listing(kind)
    found = rows(session, actor, listing, query, PAGE + 1)
    lines = [
        Line(row.graduate, [(heading, read(row)) for heading, read in listing.columns.items()])
        for row in found
    ]
    return page_of(lines, lambda line: line.graduate.id, query)


def every_line(
    session: Session, actor: Actor, kind: str, query: dict[str, str]
) -> tuple[list[str], Iterator[list[str]]]:
    """Headings and all lines that fit the filters, whatever the page, for a spreadsheet."""
    listing = find_listing(kind)
    headings = ["姓名", "学号", "院系", *listing.columns]
    return headings, cells_of(session, actor, listing, query)


def cells_of(
    session: Session, actor: Actor, listing: Listing, query: dict[str, str]
) -> Iterator[list[str]]:
    asked = {key: value for key, value in query.items() if key != "before"}
    while found := rows(session, actor, listing, asked, BATCH):
        for row in found:
            graduate = row.graduate
            beside = [read(row) for read in listing.columns.values()]
            yield [graduate.name, graduate.student_no, row.college, *beside]
        asked["before"] = found[-1].graduate.id.hex


def find_listing(kind: str) -> Listing:
    if kind not in LISTINGS:
        raise NotYours
    return LISTINGS[kind]


def rows(
    session: Session, actor: Actor, listing: Listing, query: dict[str, str], limit: int
) -> list[Row]:
    school = session.get_one(School, actor.school_id)
    wanted = chosen(actor).order_by(Graduate.id.desc()).limit(limit)
    kept = listing.keep(school, query.get("which", ""))
    if kept is not None:
        wanted = wanted.where(kept)
    found_rows = session.execute(narrowed(wanted, query)).all()
    shared = shared_numbers(session, [row[0] for row in found_rows])
    return [
        Row(graduate, college, found, case, employer, number, school, graduate.id_no in shared)
        for graduate, college, found, case, employer, number in found_rows
    ]


def chosen(actor: Actor) -> Select[Any, Any, Any, Any, Any, Any]:
    """Every graduate of the own college or school, with destination and agreement in force."""
    live = and_(Destination.graduate_id == Graduate.id, Destination.closed_at.is_(None))
    valid = and_(Agreement.graduate_id == Graduate.id, Agreement.state == "valid")
    return (
        select(Graduate, College.name, Destination, Case, Employer, Agreement.number)
        .join(College, College.id == Graduate.college_id)
        .outerjoin(Destination, live)
        .outerjoin(Agreement, valid)
        .outerjoin(Case, Case.id == func.coalesce(Destination.case_id, Agreement.case_id))
        .outerjoin(Employer, Employer.id == Case.employer_id)
        .where(own_graduates(actor))
    )


def shared_numbers(session: Session, graduates: list[Graduate]) -> set[str]:
    """The identity numbers among these that another graduate of the school has too."""
    if not graduates:
        return set()
    numbers = {graduate.id_no for graduate in graduates if graduate.id_no}
    wanted = (
        select(Graduate.id_no)
        .where(Graduate.school_id == graduates[0].school_id, Graduate.id_no.in_(numbers))
        .group_by(Graduate.id_no)
        .having(func.count() > 1)
    )
    return set(session.scalars(wanted))


# 毕业生派遣: where the papers go, and whether the last data are confirmed.


def is_confirmed(school: School, which: str) -> ColumnElement[bool] | None:
    confirmed = Graduate.base_data_confirmed_at.is_not(None)
    return {"yes": confirmed, "no": ~confirmed}.get(which)


def archive_of(row: Row) -> str:
    """The unit that takes the archive, with its address, as the signing says."""
    said = answered(row.case)
    parts = (said.get("archive_unit"), said.get("archive_address"), said.get("archive_postcode"))
    return "，".join(str(part) for part in parts if part)


def answered(case: Case | None) -> dict[str, Any]:
    """The answers of a case's own steps, the later over the earlier."""
    said: dict[str, Any] = {}
    for step in case.variables.values() if case else ():
        if isinstance(step, dict):
            said.update({key: value for key, value in step.items() if value not in (None, "")})
    return said


def employer_of(row: Row) -> str:
    return employer_name(row.case, row.employer.name if row.employer else "") if row.case else ""


def confirmation_of(row: Row) -> str:
    at = row.graduate.base_data_confirmed_at
    return f"{say_day(at)} 确认" if at else "未确认"


# 数据核查: what somebody should look at.


def is_odd(school: School, which: str) -> ColumnElement[bool] | None:
    """The graduates with something to look at; of one check, or of any."""
    parts = checks(school)
    return parts[which] if which in parts else or_(*parts.values())


def checks(school: School) -> dict[str, ColumnElement[bool]]:
    number, origin = Graduate.id_no, Graduate.origin_region
    several = (
        select(Graduate.id_no)
        .where(Graduate.school_id == school.id, Graduate.id_no != "")
        .group_by(Graduate.id_no)
        .having(func.count() > 1)
    )
    rough = or_(func.length(origin) != 6, origin.endswith("0000"))
    province = province_of(school)
    if province:
        rough = or_(rough, and_(origin.startswith(province), origin.endswith("00")))
    unproved = or_(Case.employer_id.is_(None), Employer.verification == "none")
    return {
        "roll": or_(number == "", number.in_(several)),
        "origin": rough,
        "quality": or_(*(getattr(Graduate, key) == "" for key in NEEDED)),
        "employer": and_(Agreement.number.is_not(None), unproved),
    }


def province_of(school: School) -> str:
    """The first two digits of the school's own region; empty where it has set none (P18)."""
    return str(school.settings.get("region") or "")[:2]


def odd_things(row: Row) -> str:
    """What to look at, in words, in the order of the checks."""
    found = [*roll_faults(row), *origin_faults(row), *quality_faults(row), *employer_faults(row)]
    return "；".join(found)


def roll_faults(row: Row) -> list[str]:
    if not row.graduate.id_no:
        return ["没有身份证号"]
    return ["身份证号与另一位毕业生相同"] if row.shares_id else []


def origin_faults(row: Row) -> list[str]:
    origin, province = row.graduate.origin_region, province_of(row.school)
    if not origin:
        return ["没有生源地"]
    if len(origin) != 6 or origin.endswith("0000"):
        return ["生源地没有到市"]
    if province and origin.startswith(province) and origin.endswith("00"):
        return ["省内生源地没有到县区"]
    return []


def quality_faults(row: Row) -> list[str]:
    empty = [label for key, label in NEEDED.items() if not getattr(row.graduate, key)]
    return [f"没有{'、'.join(empty)}"] if empty else []


def employer_faults(row: Row) -> list[str]:
    if row.agreement is None:
        return []
    level = row.employer.verification if row.employer else "none"
    return [f"{employer_of(row)}{LEVELS['none']}"] if level == "none" else []


def coded(key: str, scheme: str) -> Callable[[Row], str]:
    return lambda row: word(scheme, getattr(row.graduate, key))


def plain(key: str) -> Callable[[Row], str]:
    return lambda row: getattr(row.graduate, key)


def number_of(row: Row) -> str:
    return mask_id(row.graduate.id_no)


LISTINGS = {
    "dispatch": Listing(
        "毕业生派遣",
        {
            "身份证号": number_of,
            "学历": coded("education", "education_level"),
            "专业": plain("major"),
            "生源地": lambda row: path_word("region", row.graduate.origin_region),
            "毕业去向": lambda row: (
                word("destination_type", row.destination.code) if row.destination else "未登记"
            ),
            "单位": employer_of,
            "协议书编号": lambda row: row.agreement or "",
            "档案接收": archive_of,
            "信息确认": confirmation_of,
        },
        "最终信息确认",
        CONFIRMED,
        is_confirmed,
        "报到证从 2023 年起不再签发，这里列去向、档案接收和信息确认。",
    ),
    "contacts": Listing(
        "毕业生联系方式",
        {
            "班级": plain("class_name"),
            "手机号码": plain("mobile"),
            "电子邮箱": plain("email"),
            "QQ": plain("qq"),
            "家庭地址": plain("home_address"),
        },
        "信息确认",
        CONFIRMED,
        is_confirmed,
        "只用于联系毕业生办理就业手续。",
    ),
    "checks": Listing(
        "数据核查",
        {"身份证号": number_of, "专业": plain("major"), "要核对的": odd_things},
        "核查",
        CHECKS,
        is_odd,
        "只列有疑问的毕业生。改正后，请重新导入或请毕业生申请更正。",
    ),
}
