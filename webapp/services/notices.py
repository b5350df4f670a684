"""Tells people what happened: a line in their inbox, written with the step that caused it.

What leaves the house by other channels says only that there is something to read: contents are
seen after log-in (N03). A notice is stored once, however often its step is tried.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from ..config import load_config
from ..database import begin_write, insert_for
from ..errors import spoken_moment
from ..models import Graduate, Membership, Notification, Person, new_id
from . import parties
from .notice_texts import text_for
from .rows import LiveCase

log = logging.getLogger(__name__)

OUTSIDE = "您在签约系统有一条新通知，请登录查看。"
SEND_ATTEMPTS = 5
TO = {
    "graduate": ("graduate",),
    "employer": ("employer",),
    "both": ("graduate", "employer"),
    "reviewers": ("reviewer",),
}


def notify(
    session: Session, case: LiveCase, at: str, *, event: str, to: str, now: datetime
) -> None:
    """Write a notice to everybody meant by `to`, a group or a role, unless they have it already.

    `at` is the element that asks for it.
    """
    rows = [
        {
            "id": new_id(now),
            "person_id": person_id,
            "case_id": case.id,
            "event": event,
            "text": wording(case, event, role),
            "at": now,
            "once_key": f"{case.id.hex}:{case.version}:{at[-60:]}:{person_id.hex}",
            "attempts": 0,
        }
        for role in roles_meant(case, to)
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


def wording(case: LiveCase, event: str, role: str) -> str:
    """The sentence for this event and reader."""
    facts = case.facts.get("case", {})
    until = ""
    if case.wake_at:
        until = f"请在{spoken_moment(case.wake_at)}前答复，"
    return text_for(case.family, event, role).format(
        employer=parties.employer_name(case) or "用人单位",
        graduate=facts.get("graduate_name") or "毕业生",
        title=case.title,
        until=until,
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


Channel = Callable[[Person, str], None]


def send_waiting(
    sessions: sessionmaker[Session], now: datetime, channel: Channel | None = None, limit: int = 200
) -> tuple[int, int]:
    """Pass waiting notices to the channel; gives how many were sent and how many failed.

    A notice is marked before it leaves: a kill in between may lose the outer message, never
    double it, and the inbox has it anyway.
    """
    channel = channel or default_channel()
    sent = failed = 0
    last: uuid.UUID | None = None
    while sent + failed < limit and (taken := take_next(sessions, now, last)):
        last, person = taken
        try:
            channel(person, OUTSIDE)
            sent += 1
        except Exception:
            log.exception("notice %s could not be sent", last)
            put_back(sessions, last)
            failed += 1
    return sent, failed


def take_next(
    sessions: sessionmaker[Session], now: datetime, last: uuid.UUID | None
) -> tuple[uuid.UUID, Person] | None:
    with sessions.begin() as session:
        begin_write(session)
        waiting = select(Notification).where(
            Notification.sent_at.is_(None), Notification.attempts < SEND_ATTEMPTS
        )
        if last:
            waiting = waiting.where(Notification.id > last)
        notice = session.scalars(
            waiting.order_by(Notification.id).limit(1).with_for_update(skip_locked=True)
        ).first()
        if notice is None:
            return None
        notice.sent_at = now
        notice.attempts += 1
        return notice.id, session.get_one(Person, notice.person_id)


def put_back(sessions: sessionmaker[Session], notice_id: uuid.UUID) -> None:
    with sessions.begin() as session:
        begin_write(session)
        session.execute(
            update(Notification).where(Notification.id == notice_id).values(sent_at=None)
        )


def default_channel() -> Channel:
    """Where notices go until a school connects SMS or WeChat: a file of the instance, or the log."""
    config = load_config()
    if config.channel == "console":
        return lambda person, text: log.info("notice to %s: %s", person.login, text)
    return file_channel(config.instance / "outbox.log")


def file_channel(path: Path) -> Channel:
    def write(person: Person, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{person.login}\t{text}\n")

    return write
