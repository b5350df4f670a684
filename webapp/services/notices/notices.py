"""Tells people what happened: a line in their inbox, written with the step that caused it.

What leaves the house by other channels says only that there is something to read: contents are
seen after log-in (N03). A notice is stored once, however often its step is tried; the sweep passes
it on to the outbox, once per channel.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from processes.durations import parse_moment

from ...config import load_config
from ...database import begin_write, insert_for
from ...errors import spoken_moment
from ...models import Case, Graduate, Membership, Notification, Person, School, new_id
from ..accounts import contacts
from ..cases.rows import LiveCase, lock_case, rows_of
from ..employers import parties
from . import outbox
from .texts import channels_for, fill_places, text_for

OUTSIDE = "您在签约系统有一条新通知，请登录查看。"
UNPASSED = Notification.passed_on_at.is_(None)
TO = {
    "graduate": ("graduate",),
    "employer": ("employer",),
    "both": ("graduate", "employer"),
    "reviewers": ("reviewer",),
}


def notify(
    session: Session,
    case: LiveCase,
    at: str,
    *,
    event: str,
    to: str,
    now: datetime,
    until: str | datetime | None = None,
    message: str | None = None,
) -> None:
    """Write a notice to everybody meant by `to`, a group or a role, unless they have it already.

    `at` is the element that asks for it; `until` and `message` are the sender's (N05).
    """
    once = f"{case.id.hex}:{case.version}:{at[-60:]}"
    said = {"by": spoken_until(until), "message": message or ""}
    write(session, case, event, roles_meant(case, to), once, now, **said)


def tell_beside(
    session: Session, case_id: uuid.UUID, event: str, role: str, once: str, now: datetime
) -> None:
    """Write a notice about what happened beside a case, ended or not; `once` names what happened."""
    case = lock_case(rows_of(session), case_id)
    if case is not None:
        write(session, case, event, (role,), once, now)


def write(
    session: Session,
    case: LiveCase,
    event: str,
    roles: Iterable[str],
    once: str,
    now: datetime,
    **said: str,
) -> None:
    """Store the notice for everybody in these roles; `said` are the sender's places of the text."""
    own = session.get_one(School, case.school_id).settings.get("notice_texts", {})
    rows = [
        {
            "id": new_id(now),
            "person_id": person_id,
            "case_id": case.id,
            "event": event,
            "text": wording(case, event, role, own, **said),
            "role": role,
            "at": now,
            "once_key": f"{once}:{person_id.hex}",
        }
        for role in roles
        for person_id in people(session, case, role)
    ]
    if rows:
        insert = insert_for(session, Notification).values(rows)
        session.execute(insert.on_conflict_do_nothing())


def roles_meant(case: LiveCase, to: str) -> tuple[str, ...]:
    """The roles behind a word: `initiator` and `other` depend on which party began the case."""
    began = case.facts.get("case", {}).get("initiator", "")
    if to == "initiator":
        return (began,)
    if to == "other":
        return ("graduate",) if began == "employer" else ("employer",)
    return TO.get(to, (to,))


def spoken_until(until: str | datetime | None) -> str:
    """`2027-3-19`, as the notices of the sources write their last day (C06); a moment as a moment."""
    if not until:
        return ""
    if isinstance(until, str) and len(until) == len("2027-03-19"):
        return f"{int(until[:4])}-{int(until[5:7])}-{int(until[8:10])}"
    return spoken_moment(parse_moment(until) if isinstance(until, str) else until)


def wording(
    case: LiveCase,
    event: str,
    role: str,
    own: Mapping[str, Any] | None = None,
    *,
    by: str = "",
    message: str = "",
    graduate: str = "",
) -> str:
    """The sentence for this event and reader, in the school's own words where it has some.

    `graduate` stands in place of the whole name in what leaves the house.
    """
    facts = case.facts.get("case", {})
    until = ""
    if case.wake_at:
        until = f"请在{spoken_moment(case.wake_at)}前答复，"
    return fill_places(
        text_for(case.family, event, role, own),
        employer=parties.employer_name(case) or "用人单位",
        graduate=graduate or facts.get("graduate_name") or "毕业生",
        title=case.title,
        until=until,
        by=by,
        message=f"“{message}”" if message else "",
        post=facts.get("post_title", ""),
    )


def people(session: Session, case: LiveCase, role: str) -> list[uuid.UUID]:
    """Who stands for `role` in this case now."""
    if role == "graduate":
        owner = select(Graduate.person_id).where(
            Graduate.id == case.graduate_id, Graduate.person_id.is_not(None)
        )
        return list(session.scalars(owner))
    place = {
        "employer": Membership.employer_id == case.employer_id,
        "reviewer": Membership.college_id == case.college_id,
        "office": Membership.school_id == case.school_id,
        "admin": Membership.school_id == case.school_id,
    }[role]
    members = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            place,
            Membership.role == role,
            Membership.ended_at.is_(None),
            Person.blocked_at.is_(None),
        )
        .distinct()
    )
    return list(session.scalars(members))


def inbox(
    session: Session, person_id: uuid.UUID, limit: int = 20, before: uuid.UUID | None = None
) -> list[Notification]:
    """This person's notices, newest first; `before` is the last id of the page before."""
    notices = select(Notification).where(Notification.person_id == person_id)
    if before:
        notices = notices.where(Notification.id < before)
    return list(session.scalars(notices.order_by(Notification.id.desc()).limit(limit)))


def count_unread(session: Session, person_id: uuid.UUID) -> int:
    """How many notices wait to be read; counting stops at 100."""
    some = (
        select(Notification.id)
        .where(Notification.person_id == person_id, Notification.read_at.is_(None))
        .limit(100)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0


def mark_read(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """This person has seen what there is. The caller commits."""
    session.execute(
        update(Notification)
        .where(Notification.person_id == person_id, Notification.read_at.is_(None))
        .values(read_at=now)
    )


def tell(
    session: Session,
    person_id: uuid.UUID,
    text: str,
    now: datetime,
    *,
    event: str,
    role: str,
    once_key: str,
    case_id: uuid.UUID | None = None,
) -> None:
    """Write a notice to one person, about an account or about what came of a case; the caller commits."""
    values = {
        "id": new_id(now),
        "person_id": person_id,
        "case_id": case_id,
        "event": event,
        "role": role,
        "text": text,
        "at": now,
        "once_key": once_key,
    }
    session.execute(insert_for(session, Notification).values(values).on_conflict_do_nothing())


def pass_on(sessions: sessionmaker[Session], now: datetime, limit: int = 200) -> int:
    """Order new notices by the channels their school chose; gives how many were passed on."""
    with sessions() as session:
        if session.scalar(select(Notification.id).where(UNPASSED).limit(1)) is None:
            return 0
    link = f"{load_config().public_url}/notices"
    with sessions.begin() as session:
        begin_write(session)
        found = session.execute(
            select(Notification, Case.family, Case.school_id)
            .outerjoin(Case, Case.id == Notification.case_id)
            .where(UNPASSED)
            .order_by(Notification.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=Notification)
        ).all()
        schools = {row.school_id for row in found if row.school_id}
        chosen = chosen_channels(session, schools)
        reached = contacts.addresses_of(session, {row[0].person_id for row in found})
        for notice, family, school_id in found:
            ways = channels_for(family or "", notice.event, notice.role, chosen.get(school_id))
            for channel in ways if notice.read_at is None else ():
                address = reached[notice.person_id].get(channel)
                if address:
                    order_one(session, notice, school_id, channel, address, link, now)
            notice.passed_on_at = now
    return len(found)


def order_one(
    session: Session,
    notice: Notification,
    school_id: uuid.UUID | None,
    channel: str,
    address: str,
    link: str,
    now: datetime,
) -> None:
    outbox.order(
        session,
        channel,
        address,
        f"{OUTSIDE}\n{link}",
        now,
        subject=notice.event,
        once_key=f"{notice.id.hex}:{channel}",
        school_id=school_id,
        person_id=notice.person_id,
        notification_id=notice.id,
    )


def chosen_channels(
    session: Session, schools: set[uuid.UUID]
) -> dict[uuid.UUID | None, Mapping[str, Any]]:
    """What these schools chose instead of the usual channels."""
    rows = session.execute(select(School.id, School.settings).where(School.id.in_(schools)))
    return {row.id: row.settings.get("notice_channels", {}) for row in rows}
