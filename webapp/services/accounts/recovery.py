"""A forgotten password is set anew by a code to the own mobile or mail address (A04, A07).

Nobody learns here who has an account: an unknown login, another number or address and a wrong code are all
answered alike, and the throttles count what was typed, not what was found.
"""

from __future__ import annotations

import contextlib
import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import CaseError
from ...models import Membership, Person
from ..audit import record, school_of
from .codes import CodeExpired, NotReachable, SentJustNow, WrongCode, check_code, send_code, way_of
from .contacts import addresses_of
from .identity import find_person
from .passwords import check_strength, hash_password
from .throttles import ADDRESS, LOGIN, count_try, forgive

BY_THEMSELVES = ("graduate", "employer")


class NotRecovered(CaseError):
    """Login, number and code do not belong together, or the code is over; never says which."""

    status = 422
    title = "没有找回"
    story = "验证码不对，或已过期。"
    way_out = "核对短信或邮件里的 6 位数字，或重新发送一个。"


def ask_code(session: Session, login: str, reached: str, now: datetime, address: str = "") -> None:
    """Have a code sent, where this login belongs to this mobile or mail address; the caller commits.

    Raises NotReachable or TooManyTries, whoever asks.
    """
    _, reached = way_of(reached)
    count_try(
        session, {throttle_of(login, reached): LOGIN, f"address:{address}"[:160]: ADDRESS}, now
    )
    person = owner_of(session, login, reached)
    if person is None:
        return
    school_id = school_of(session, person.id)
    with contextlib.suppress(SentJustNow):  # telling so would tell that the account is there
        send_code(
            session, reached, purpose_of(person), now,
            address=address, school_id=school_id, person_id=person.id, by_mail=True,
        )  # fmt: skip


def set_anew(
    session: Session,
    login: str,
    reached: str,
    code: str,
    new: str,
    now: datetime,
    address: str = "",
) -> Person:
    """Set a new password; every visit ends. The caller commits.

    Raises WeakPassword, NotRecovered or TooManyTries.
    """
    check_strength(new, login)
    key = f"{throttle_of(login, reached)}:code"
    count_try(session, {key: LOGIN, f"address:{address}"[:160]: ADDRESS}, now)
    try:
        person = owner_of(session, login, way_of(reached)[1])
        if person is None:
            raise NotRecovered
        check_code(session, reached, purpose_of(person), code, now)
    except (WrongCode, CodeExpired, NotReachable) as error:
        raise NotRecovered from error
    begin_write(session)
    person = session.get_one(Person, person.id, populate_existing=True, with_for_update=True)
    person.password_hash = hash_password(new)
    person.password_changed_at = now
    person.must_change_password = False
    for one in (key, throttle_of(login, reached)):
        forgive(session, one)
    record(
        session, "password_recovered", now,
        person_id=person.id, school_id=school_of(session, person.id),
        about_id=person.id, address=address,
    )  # fmt: skip
    return person


def owner_of(session: Session, login: str, reached: str) -> Person | None:
    """The graduate or employer's member with this login whose mobile or mail address this is.

    A code is asked for, so it comes by mail also to who wants no notices there.
    """
    person = find_person(session, login)
    if person is None or person.blocked_at:
        return None
    roles = set(
        session.scalars(
            select(Membership.role).where(
                Membership.person_id == person.id, Membership.ended_at.is_(None)
            )
        )
    )
    channel, address = way_of(reached)
    known = addresses_of(session, [person.id], refused_too=True).get(person.id, {})
    fits = bool(roles) and roles <= set(BY_THEMSELVES)
    fits = fits and known.get(channel, "").strip().lower() == address
    return person if fits else None


def purpose_of(person: Person) -> str:
    return f"recover:{person.id.hex}"


def throttle_of(login: str, reached: str) -> str:
    """Neither login nor number in plain text."""
    typed = f"{login.strip().lower()}:{reached.strip().lower()}"
    return f"recover:{hashlib.sha256(typed.encode()).hexdigest()}"
