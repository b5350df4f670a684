"""The office's overview: counts with their denominator and cut-off, what is stuck, colleges by code.

Counts read what is in force at the cut-off instant (I10): what closed later still counts before.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from forms import code_tables as codes
from webapp.models import Agreement, Case, College, Destination, Graduate, Incident, Task

SLOW = timedelta(days=3)
ONLINE = "online_signing"
OF_SCHOOL = ("reviewer", "office")


@dataclass(frozen=True)
class CollegeCounts:
    """One college's line."""

    id: uuid.UUID
    code: str
    name: str
    graduates: int
    placed: int
    waiting: int

    @property
    def rest(self) -> int:
        return self.graduates - self.placed


@dataclass(frozen=True)
class Stuck:
    """Something to look at, and where."""

    text: str
    note: str
    endpoint: str


@dataclass(frozen=True)
class Overview:
    """All figures of the page, of one cohort at one cut-off."""

    cohort: int | None
    cohorts: list[int]
    cutoff: datetime
    graduates: int
    placed: int
    agreements: int
    online: int
    waiting: int
    confirmed: int
    colleges: list[CollegeCounts]
    stuck: list[Stuck]


def overview(
    session: Session, school_id: uuid.UUID, cohort: int | None, cutoff: datetime, now: datetime
) -> Overview:
    """The figures of `cohort` (the latest when None or unknown) as they were at `cutoff`."""
    cohorts = known_cohorts(session, school_id)
    if cohort not in cohorts:
        cohort = cohorts[0] if cohorts else None
    in_cohort = and_(Graduate.school_id == school_id, Graduate.cohort == cohort)
    colleges = college_counts(session, school_id, in_cohort, cutoff)
    return Overview(
        cohort=cohort,
        cohorts=cohorts,
        cutoff=cutoff,
        graduates=sum(one.graduates for one in colleges),
        placed=sum(one.placed for one in colleges),
        agreements=count_agreements(session, in_cohort, cutoff),
        online=count_agreements(session, and_(in_cohort, signed_online()), cutoff),
        waiting=sum(one.waiting for one in colleges),
        confirmed=count_confirmed(session, in_cohort, cutoff),
        colleges=colleges,
        stuck=what_is_stuck(session, school_id, now),
    )


def known_cohorts(session: Session, school_id: uuid.UUID) -> list[int]:
    wanted = select(Graduate.cohort).where(Graduate.school_id == school_id).distinct()
    return sorted(session.scalars(wanted), reverse=True)


def placed_codes() -> list[str]:
    """The destinations that count as placed (毕业去向落实率)."""
    rows = codes.table("destination_type").items
    return [row.code for row in rows if row.more.get("counts_as_placed")]


def in_force(cutoff: datetime) -> ColumnElement[bool]:
    return and_(
        Destination.written_at <= cutoff,
        or_(Destination.closed_at.is_(None), Destination.closed_at > cutoff),
    )


def college_counts(
    session: Session, school_id: uuid.UUID, in_cohort: ColumnElement[bool], cutoff: datetime
) -> list[CollegeCounts]:
    graduates = counted(session, select(Graduate.college_id, func.count()).where(in_cohort))
    placed = counted(
        session,
        select(Graduate.college_id, func.count(func.distinct(Graduate.id)))
        .join(Destination, Destination.graduate_id == Graduate.id)
        .where(in_cohort, in_force(cutoff), Destination.code.in_(placed_codes())),
    )
    waiting = counted(
        session,
        select(Graduate.college_id, func.count())
        .join(Case, Case.graduate_id == Graduate.id)
        .join(Task, Task.case_id == Case.id)
        .where(
            in_cohort, Task.state == "open", Task.role.in_(OF_SCHOOL), Case.status != "drafting"
        ),
    )
    colleges = select(College).where(College.school_id == school_id).order_by(College.code)
    return [
        CollegeCounts(
            one.id,
            one.code,
            one.name,
            graduates.get(one.id, 0),
            placed.get(one.id, 0),
            waiting.get(one.id, 0),
        )
        for one in session.scalars(colleges)
    ]


def counted(session: Session, by_college: Select[*tuple[Any, ...]]) -> dict[uuid.UUID, int]:
    rows = session.execute(by_college.group_by(Graduate.college_id))
    return dict(rows.all())


def count_agreements(session: Session, in_cohort: ColumnElement[bool], cutoff: datetime) -> int:
    valid = or_(Agreement.state == "valid", Agreement.changed_at > cutoff)
    wanted = (
        select(func.count())
        .select_from(Agreement)
        .join(Graduate, Graduate.id == Agreement.graduate_id)
        .where(in_cohort, Agreement.issued_at <= cutoff, valid)
    )
    return session.scalar(wanted) or 0


def signed_online() -> ColumnElement[bool]:
    """Whether an agreement was signed online (网签, C01): it came of a case of that family."""
    return Agreement.case_id.in_(select(Case.id).where(Case.family == ONLINE))


def count_confirmed(session: Session, in_cohort: ColumnElement[bool], cutoff: datetime) -> int:
    wanted = select(func.count()).where(in_cohort, Graduate.base_data_confirmed_at <= cutoff)
    return session.scalar(wanted.select_from(Graduate)) or 0


def what_is_stuck(session: Session, school_id: uuid.UUID, now: datetime) -> list[Stuck]:
    """Reviews that have waited for more than three days, and cases the system could not carry on."""
    found = []
    slow = session.execute(
        select(College.name, func.count())
        .join(Graduate, Graduate.college_id == College.id)
        .join(Case, Case.graduate_id == Graduate.id)
        .join(Task, Task.case_id == Case.id)
        .where(
            Task.school_id == school_id,
            Task.state == "open",
            Task.role.in_(OF_SCHOOL),
            Case.status != "drafting",
            Task.opened_at < now - SLOW,
        )
        .group_by(College.id, College.name, College.code)
        .order_by(College.code)
    ).all()
    if slow:
        told = "，".join(f"{name} {number} 件" for name, number in slow)
        total = sum(number for _, number in slow)
        found.append(Stuck(f"{total} 件审核超过 3 天", told, "review.queue"))
    broken = session.scalar(
        select(func.count())
        .select_from(Incident)
        .where(Incident.school_id == school_id, Incident.solved_at.is_(None))
    )
    if broken:
        found.append(
            Stuck(f"{broken} 件自动处理没有完成", "管理员在“异常”里可以看到原因并重试", "")
        )
    return found
