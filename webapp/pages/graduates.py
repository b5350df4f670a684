"""The register as the school reads it: a reviewer sees the own college, the office the own school (I9)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from forms import code_tables as codes
from webapp.errors import NotYours
from webapp.models import Agreement, Case, Claim, College, Destination, Graduate, Person
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.accounts.actors import Actor
from webapp.services.accounts.bindings import is_bound

STATES = {
    "unconfirmed": "未确认基本信息",
    "free": "可以签约",
    "bound": "签约办理中",
    "signed": "签约完成",
    "placed": "已登记去向",
}


@dataclass(frozen=True)
class GraduateRow:
    """One line of the list."""

    graduate: Graduate
    college: str
    state: str

    @property
    def state_label(self) -> str:
        return STATES[self.state]


def own_graduates(actor: Actor) -> ColumnElement[bool]:
    """The graduates this member of the school may see (I9)."""
    own_school = Graduate.school_id == actor.school_id
    if actor.role == "reviewer":
        return and_(own_school, Graduate.college_id == actor.college_id)
    return own_school


def live_claim() -> ColumnElement[bool]:
    return exists().where(Claim.graduate_id == Graduate.id, Claim.released_at.is_(None))


def valid_agreement() -> ColumnElement[bool]:
    return exists().where(Agreement.graduate_id == Graduate.id, Agreement.state == "valid")


def registered_destination() -> ColumnElement[bool]:
    """Whether what binds the graduate is a destination in force, not a signing under way."""
    return exists().where(
        Claim.graduate_id == Graduate.id,
        Claim.released_at.is_(None),
        Destination.case_id == Claim.case_id,
        Destination.closed_at.is_(None),
    )


def state_columns() -> tuple[ColumnElement[bool], ...]:
    """What `state_of` reads beside the graduate."""
    return live_claim(), valid_agreement(), registered_destination()


def list_graduates(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """The graduates who fit `q` (name or number), `college`, `cohort` and `state`, latest first."""
    wanted = (
        select(Graduate, College.name, *state_columns())
        .join(
            College,
            and_(College.id == Graduate.college_id, College.school_id == Graduate.school_id),
        )
        .where(own_graduates(actor))
        .order_by(Graduate.id.desc())
        .limit(PAGE + 1)
    )
    rows = session.execute(narrowed(wanted, query)).all()
    lines = [GraduateRow(row[0], row[1], state_of(row[0], *row[2:])) for row in rows]
    return page_of(lines, lambda line: line.graduate.id, query)


def narrowed(wanted: Select[*tuple[Any, ...]], query: dict[str, str]) -> Select[*tuple[Any, ...]]:
    if text := query.get("q", "").strip():
        wanted = wanted.where(
            or_(Graduate.name.startswith(text, autoescape=True), Graduate.student_no == text)
        )
    if college := read_key(query.get("college")):
        wanted = wanted.where(Graduate.college_id == college)
    if query.get("cohort", "").isdigit():
        wanted = wanted.where(Graduate.cohort == int(query["cohort"]))
    wanted = of_kind(wanted, query)
    if query.get("state") in STATES:
        wanted = wanted.where(in_state(query["state"]))
    if before := read_key(query.get("before")):
        wanted = wanted.where(Graduate.id < before)
    return wanted


def of_kind(wanted: Select[*tuple[Any, ...]], query: dict[str, str]) -> Select[*tuple[Any, ...]]:
    """Plan, education, class and major, as the back office filters (B09)."""
    if (plan := query.get("plan", "")) in codes.table("graduation_plan"):
        wanted = wanted.where(Graduate.plan == plan)
    if (education := query.get("education", "")) in codes.table("education_level"):
        wanted = wanted.where(Graduate.education == education)
    for key, column in (("class_name", Graduate.class_name), ("major", Graduate.major)):
        if text := query.get(key, "").strip():
            wanted = wanted.where(column.startswith(text, autoescape=True))
    return wanted


@dataclass(frozen=True)
class Choices:
    """What the filters of a list offer."""

    colleges: list[College]
    plans: dict[str, str]
    educations: dict[str, str]


def choices_of(session: Session, actor: Actor) -> Choices:
    return Choices(
        colleges_of(session, actor), names_of("graduation_plan"), names_of("education_level")
    )


def names_of(scheme: str) -> dict[str, str]:
    return {row.code: row.name for row in codes.table(scheme).items}


def in_state(state: str) -> ColumnElement[bool]:
    confirmed = Graduate.base_data_confirmed_at.is_not(None)
    return {
        "unconfirmed": and_(~confirmed, ~live_claim()),
        "free": and_(confirmed, ~live_claim()),
        "bound": and_(live_claim(), ~valid_agreement(), ~registered_destination()),
        "placed": and_(registered_destination(), ~valid_agreement()),
        "signed": and_(live_claim(), valid_agreement()),
    }[state]


def state_of(graduate: Graduate, claim: bool, signed: bool, registered: bool) -> str:
    if claim and signed:
        return "signed"
    if claim:
        return "placed" if registered else "bound"
    return "free" if graduate.base_data_confirmed_at else "unconfirmed"


def colleges_of(session: Session, actor: Actor) -> list[College]:
    """The colleges to filter by: all of the school, for the office."""
    if actor.role != "office":
        return []
    wanted = select(College).where(College.school_id == actor.school_id).order_by(College.code)
    return list(session.scalars(wanted))


def find_graduate(session: Session, actor: Actor, graduate_id: uuid.UUID) -> GraduateRow:
    """One graduate of the own college or school; anybody else's does not exist here."""
    wanted = (
        select(Graduate, College.name, *state_columns())
        .join(College, College.id == Graduate.college_id)
        .where(own_graduates(actor), Graduate.id == graduate_id)
    )
    row = session.execute(wanted).first()
    if row is None:
        raise NotYours
    graduate, college, *state = row
    return GraduateRow(graduate, college, state_of(graduate, *state))


def cases_of(session: Session, graduate: Graduate) -> list[Case]:
    """What has happened with this graduate, latest first."""
    wanted = (
        select(Case)
        .where(Case.school_id == graduate.school_id, Case.graduate_id == graduate.id)
        .order_by(Case.id.desc())
        .limit(50)
    )
    return list(session.scalars(wanted))


def bound_to_somebody(session: Session, graduate: Graduate) -> bool:
    """Whether the record's owner has come in (A01)."""
    person = session.get(Person, graduate.person_id) if graduate.person_id else None
    return person is not None and is_bound(session, graduate, person)


def register_groups(graduate: Graduate, college: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The base data in the order of the printed agreement, codes as words; what is empty stays out."""
    groups = [
        (
            "学籍",
            [
                ("姓名", graduate.name),
                ("学号", graduate.student_no),
                ("院系", college),
                ("专业", graduate.major),
                ("班级", graduate.class_name),
                ("学历", word("education_level", graduate.education)),
                ("培养方式", word("training_mode", graduate.training_mode)),
                ("学制", f"{graduate.years} 年" if graduate.years.isdigit() else graduate.years),
                ("毕业届别", f"{graduate.cohort}届"),
                ("方案", word("graduation_plan", graduate.plan)),
            ],
        ),
        (
            "个人",
            [
                ("性别", word("gender", graduate.gender)),
                ("民族", word("nation", graduate.nation)),
                ("政治面貌", word("political_status", graduate.political_status)),
                ("身份证号", mask_id(graduate.id_no)),
                ("生源地", path_word("region", graduate.origin_region)),
                ("家庭地址", graduate.home_address),
            ],
        ),
        (
            "联系方式（在学信网修改）",
            [("手机号码", graduate.mobile), ("电子邮箱", graduate.email), ("QQ", graduate.qq)],
        ),
    ]
    return [(title, [row for row in rows if row[1]]) for title, rows in groups]


def word(scheme: str, code: str) -> str:
    return codes.table(scheme).name(code) if code else ""


def path_word(scheme: str, code: str) -> str:
    return codes.table(scheme).path_name(code) if code else ""


def mask_id(number: str) -> str:
    """`3401**********0011`: enough to recognise the own number."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) > 8 else number
