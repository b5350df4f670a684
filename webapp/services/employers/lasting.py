"""How long an accepted certification holds, and what an employer's level is at a moment (K13).

Nothing is written when a certification ends: its end follows from the day it was accepted and from
what the school that accepted it has set. A level with no certification behind it (an account that
proved its phone) has no end.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, or_, select, true
from sqlalchemy.orm import Session

from ...models import Certification, Employer, School

DAYS = 365
CERTIFIED = ("letter", "register")
EXPIRED = "认证已到期"


def end_of(accepted: datetime, settings: Mapping[str, Any]) -> datetime | None:
    """When what a school with these settings accepted then comes to its end; None for never."""
    days = days_of(settings)
    return accepted + timedelta(days=days) if days else None


def days_of(settings: Mapping[str, Any]) -> int:
    """How many days the school's certifications hold, 0 for ever."""
    chosen = settings.get("certification_days")
    return DAYS if chosen is None else max(int(chosen), 0)


def schools_by_days(session: Session) -> dict[int, list[uuid.UUID]]:
    """The schools by how long their certifications hold."""
    found: dict[int, list[uuid.UUID]] = {}
    for school_id, settings in session.execute(select(School.id, School.settings)):
        found.setdefault(days_of(settings), []).append(school_id)
    return found


def holds(session: Session, now: datetime) -> ColumnElement[bool]:
    """The condition on a certification that it has not come to its end."""
    return or_(
        false(),
        *(
            and_(
                Certification.school_id.in_(schools),
                Certification.at > now - timedelta(days=days) if days else true(),
            )
            for days, schools in schools_by_days(session).items()
        ),
    )


def level_now(session: Session, now: datetime) -> ColumnElement[str]:
    """An employer's level as an expression for queries on `Employer`."""
    own = Certification.employer_id == Employer.id
    living = holds(session, now)
    return case(
        (~exists().where(own), Employer.verification),
        *(
            (exists().where(own, living, Certification.level == level), level)
            for level in reversed(CERTIFIED)
        ),
        else_="none",
    )


def levels_of(
    session: Session, employers: Iterable[uuid.UUID], now: datetime
) -> dict[uuid.UUID, str]:
    """The levels of these employers at this moment."""
    wanted = select(Employer.id, level_now(session, now).label("level")).where(
        Employer.id.in_(list(employers))
    )
    return {row.id: row.level for row in session.execute(wanted)}


def level_of(session: Session, employer: Employer, now: datetime) -> str:
    """The level of one employer at this moment."""
    return levels_of(session, [employer.id], now)[employer.id]


def last_end(session: Session, employer_id: uuid.UUID) -> datetime | None:
    """When the last of an employer's certifications ends; None where there is none, or one for ever."""
    return last_ends(session, [employer_id]).get(employer_id)


def last_ends(session: Session, employers: Iterable[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When the last certification of each ends; without those that have none, or one for ever."""
    found = session.execute(
        select(Certification.employer_id, Certification.at, School.settings)
        .join(School, School.id == Certification.school_id)
        .where(Certification.employer_id.in_(list(employers)))
    )
    ends: dict[uuid.UUID, list[datetime | None]] = {}
    for employer_id, at, settings in found:
        ends.setdefault(employer_id, []).append(end_of(at, settings))
    known = {id_: [end for end in some if end is not None] for id_, some in ends.items()}
    return {id_: max(some) for id_, some in known.items() if len(some) == len(ends[id_])}


def ended_at(session: Session, employer_id: uuid.UUID, now: datetime) -> datetime | None:
    """Since when an employer that was certified is so no more; None where it never was, or still is."""
    end = last_end(session, employer_id)
    return end if end is not None and end <= now else None
