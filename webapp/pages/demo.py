"""The demonstration bar: who can be played, what the moved clock says, when the next deadline is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.errors import NotYours
from webapp.models import ROLES as ROLE_ORDER
from webapp.models import Case, GuestLink, Membership, Person, Setting
from webapp.pages.labels import ROLES
from webapp.pages.wording import WEEKDAYS, local, say_short
from webapp.services.accounts.codes import latest_code
from webapp.services.guests.guest_links import token_of

CAST = "demo_cast"


@dataclass(frozen=True)
class Player:
    """A person of the demonstration, and the school where the story plays."""

    login: str
    label: str
    person_id: uuid.UUID
    place: str = ""


@dataclass(frozen=True)
class DemoBar:
    """What the bar shows."""

    cast: list[Player]
    now: str
    next_deadline: str
    code: str = ""
    guest_url: str = ""


def describe_demo(session: Session, now: datetime) -> DemoBar:
    at = local(now)
    coming = next_deadline(session, now)
    return DemoBar(
        cast=cast_of(session),
        now=f"{at:%Y-%m-%d} 周{WEEKDAYS[at.weekday()]} {at:%H:%M}",
        next_deadline=say_short(coming).split(" ")[0] if coming else "",
        code=(latest_code(session, now) or ("", ""))[0],
        guest_url=newest_guest_url(session, now),
    )


def newest_guest_url(session: Session, now: datetime) -> str:
    """The last link that was sent to somebody without an account, as their message holds it."""
    link = session.scalars(
        select(GuestLink.id)
        .where(GuestLink.revoked_at.is_(None), GuestLink.valid_until > now, GuestLink.uses_left > 0)
        .order_by(GuestLink.id.desc())
        .limit(1)
    ).first()
    return f"/g/{token_of(link)}" if link else ""


def cast_of(session: Session) -> list[Player]:
    """The people named by the demonstration's data; without them one for each role."""
    setting = session.get(Setting, CAST)
    named = setting.value.get("people", []) if setting else []
    if named:
        logins = [one["login"] for one in named]
        found = session.execute(select(Person.login, Person.id).where(Person.login.in_(logins)))
        ids = {row.login: row.id for row in found}
        return [
            Player(one["login"], one["label"], ids[one["login"]], one.get("place", ""))
            for one in named
            if one["login"] in ids
        ]
    return [player for role in ROLE_ORDER for player in first_of(session, role)]


def first_of(session: Session, role: str) -> list[Player]:
    first = session.execute(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role == role, Membership.ended_at.is_(None))
        .order_by(Membership.id)
        .limit(1)
    ).scalar()
    return [Player(first.login, f"{ROLES[role]} {first.name}", first.id)] if first else []


def find_player(session: Session, login: str) -> Player:
    """Somebody of the cast; nobody else can be played."""
    for player in cast_of(session):
        if player.login == login:
            return player
    raise NotYours


def next_deadline(session: Session, now: datetime) -> datetime | None:
    return session.scalar(select(func.min(Case.wake_at)).where(Case.wake_at > now))


def moved_offset(session: Session, move: str, now: datetime) -> timedelta:
    """How far ahead the clock runs after a move: a day, a week, to the next deadline, or back."""
    ahead = now - datetime.now(UTC)
    if move == "next":
        coming = next_deadline(session, now)
        return ahead + (coming - now + timedelta(seconds=1) if coming else timedelta())
    steps = {"P1D": timedelta(days=1), "P7D": timedelta(days=7)}
    return ahead + steps[move] if move in steps else timedelta()
