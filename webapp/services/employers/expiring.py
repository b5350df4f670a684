"""Tells an employer's manager, once, that its certification ends within a month (A09, K13).

What is due follows from the certifications themselves, so nothing is scheduled when one is
accepted: a school that changes how long its certifications hold changes this with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session, sessionmaker

from ...database import begin_write
from ...models import Certification, Notification, School
from ..notices import notices
from ..notices.texts import fill_places, text_for
from ..notices.texts.certification import FAMILY
from .lasting import end_of, last_end, schools_by_days
from .levels import spoken_day
from .managers import current_manager

AHEAD = timedelta(days=30)
EVENT, ROLE = "certification_ends", "employer"


def tell_managers(sessions: sessionmaker[Session], now: datetime) -> int:
    """Write what is due; gives how many managers were told."""
    with sessions() as session:
        due = ending(session, now)
    for one in due:
        with sessions.begin() as session:
            begin_write(session)
            tell(session, one, now)
    return len(due)


def ending(session: Session, now: datetime) -> list[Certification]:
    """Untold certifications that end within a month, where none of the same employer holds longer."""
    soon = [
        and_(
            Certification.school_id.in_(schools),
            Certification.at > now - timedelta(days=days),
            Certification.at <= now - timedelta(days=days) + AHEAD,
        )
        for days, schools in schools_by_days(session).items()
        if days
    ]
    found = list(session.scalars(select(Certification).where(or_(false(), *soon))))
    told = told_among(session, found)
    untold = [one for one in found if once_key(one) not in told]
    return [one for one in untold if ends_within(session, one, now)]


def ends_within(session: Session, one: Certification, now: datetime) -> bool:
    """Whether the employer itself is about to be certified no more, by this very certification."""
    last = last_end(session, one.employer_id)
    return last is not None and last <= now + AHEAD and last == own_end(session, one)


def own_end(session: Session, one: Certification) -> datetime | None:
    return end_of(one.at, session.get_one(School, one.school_id).settings)


def told_among(session: Session, found: list[Certification]) -> set[str]:
    keys = [once_key(one) for one in found]
    wanted = select(Notification.once_key).where(Notification.once_key.in_(keys))
    return set(session.scalars(wanted))


def once_key(one: Certification) -> str:
    return f"{EVENT}:{one.case_id.hex}"


def tell(session: Session, one: Certification, now: datetime) -> None:
    """Write the notice to whoever manages the account now; an account without anybody waits."""
    manager = current_manager(session, one.employer_id)
    end = own_end(session, one)
    if manager is None or end is None:
        return
    own = session.get_one(School, one.school_id).settings.get("notice_texts", {})
    text = fill_places(text_for(FAMILY, EVENT, ROLE, own), by=spoken_day(end))
    notices.tell(
        session, manager, text, now,
        event=EVENT, role=ROLE, once_key=once_key(one), case_id=one.case_id,
    )  # fmt: skip
