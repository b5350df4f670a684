"""Who somebody is: logging in, the first password, changing and resetting it, the base data.

The same words and the same work answer a wrong password and an unknown login, so nobody learns
here who has an account.
"""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import CaseError, NotAllowed, NotYours
from ...models import Employer, Graduate, Membership, Person
from ..audit import record, school_of
from ..employers.managers import current_manager
from .actors import Actor, actors_of
from .passwords import (
    RESET_LIVES,
    check_strength,
    hash_password,
    needs_rehash,
    new_activation,
    verify,
)
from .throttles import ADDRESS, LOGIN, count_try, forgive, take_back

__all__ = [
    "DOORS",
    "LogInRefused",
    "add_person",
    "block_person",
    "change_password",
    "confirm_base_data",
    "log_in",
    "new_activation",
    "reset_password",
]

DOORS = {
    "graduate": ("graduate",),
    "employer": ("employer",),
    "school": ("reviewer", "office", "admin"),
}
OFFICE_MAY_RESET = frozenset({"graduate", "reviewer"})


class LogInRefused(CaseError):
    """The login or the password is wrong; never says which."""

    status = 401
    title = "没有登录"
    story = "登录名或密码不对。"
    way_out = (
        "核对后再试一次。首次登录请用学校发的激活码，或绑定毕业生记录；忘记密码，可以自助找回。"
    )


class WrongDoor(LogInRefused):
    """The password is right, but this person has no role behind this door."""

    title = "请换一个入口"
    story = "这个账号不从这里登录。"
    way_out = "毕业生、用人单位和学校各有入口，请回到登录页重新选择。"


def log_in(
    session: Session, login: str, password: str, door: str, address: str, now: datetime
) -> list[Actor]:
    """The roles behind `door` ("graduate", "employer", "school") of whoever proves to be `login`.

    Raises LogInRefused or TooManyTries. Counts the try in a transaction of its own; what it
    changes after that (rehash, forgiven tries) the caller commits. Somebody who logs in with an
    activation code has `must_change_password` and may do nothing else before.
    """
    key, address_key = _login_key(login), f"address:{address}"[:160]
    count_try(session, {key: LOGIN, address_key: ADDRESS}, now)
    person = find_person(session, login)
    stored, person_id = (person.password_hash, person.id) if person else ("", None)
    if not verify(stored, password, person_id, now) or person is None or person.blocked_at:
        _record_refusal(session, person, "", address, now)
        raise LogInRefused
    take_back(session, address_key)  # before the login, as `count_try` has it
    forgive(session, key)
    if needs_rehash(person.password_hash):
        person.password_hash = hash_password(password)
    actors = [actor for actor in actors_of(session, person.id) if actor.role in DOORS[door]]
    if not actors:
        _record_refusal(session, person, "入口不对", address, now)
        raise WrongDoor
    record(session, "log_in", now, by=actors[0], about_id=person.id, address=address)
    return actors


def change_password(
    session: Session,
    person_id: uuid.UUID,
    old: str,
    new: str,
    now: datetime,
    address: str = "",
) -> Person:
    """Set a new password; every other visit of this person ends. The caller commits.

    The first password after an activation code asks for no old one. Raises WeakPassword,
    LogInRefused (wrong old password) or TooManyTries.
    """
    if not session.get_one(Person, person_id).must_change_password:
        count_try(session, {f"password:{person_id.hex}": LOGIN}, now)
    begin_write(session)
    person = session.get_one(Person, person_id, populate_existing=True, with_for_update=True)
    if not person.must_change_password and not verify(person.password_hash, old, person_id, now):
        raise LogInRefused("原来的密码不对。", "核对后再填一次。")
    check_strength(new, person.login, person.name)
    if verify(person.password_hash, new, person_id, now):
        raise CaseError("新密码与原来的相同。", "换一个没有用过的密码。")
    person.password_hash = hash_password(new)
    person.password_changed_at = now
    person.must_change_password = False
    forgive(session, f"password:{person_id.hex}")
    record(
        session,
        "password_changed",
        now,
        person_id=person_id,
        school_id=school_of(session, person_id),
        about_id=person_id,
        address=address,
    )
    return person


def reset_password(
    session: Session, actor: Actor, person_id: uuid.UUID, now: datetime, address: str = ""
) -> str:
    """A new one-time code for somebody of the actor's school or an employer; shown once.

    Their password and all their visits end. Raises NotYours for people of other schools.
    """
    person = _find_governed(session, actor, person_id)
    person.password_hash, code = new_activation(person.id, now, RESET_LIVES)
    person.must_change_password = True
    person.password_changed_at = now
    forgive(session, _login_key(person.login))
    record(session, "password_reset", now, by=actor, about_id=person_id, address=address)
    return code


def block_person(
    session: Session, actor: Actor, person_id: uuid.UUID, now: datetime, address: str = ""
) -> Person:
    """Close an account; running visits end with the next page. The caller commits."""
    person = _find_governed(session, actor, person_id)
    person.blocked_at = now
    record(session, "account_blocked", now, by=actor, about_id=person_id, address=address)
    return person


def confirm_base_data(session: Session, actor: Actor, now: datetime) -> Graduate:
    """The graduate has read the own base data and finds them right (B01). Twice is once."""
    if actor.role != "graduate" or actor.graduate_id is None:
        raise NotAllowed("基本信息由毕业生本人确认。")
    begin_write(session)
    graduate = session.get_one(
        Graduate, actor.graduate_id, populate_existing=True, with_for_update=True
    )
    if graduate.base_data_confirmed_at is None:
        graduate.base_data_confirmed_at = now
        record(session, "base_data_confirmed", now, by=actor, about_id=actor.person_id)
    return graduate


def add_person(
    session: Session,
    login: str,
    name: str,
    role: str,
    now: datetime,
    *,
    school_id: uuid.UUID | None = None,
    college_id: uuid.UUID | None = None,
    employer_id: uuid.UUID | None = None,
) -> tuple[Person, str]:
    """A new account in one role, and its activation code. The caller checks the right and commits."""
    person = Person(login=login, name=name, password_hash="", must_change_password=True)
    session.add(person)
    session.flush()
    person.password_hash, code = new_activation(person.id, now)
    session.add(
        Membership(
            person_id=person.id,
            role=role,
            school_id=school_id,
            college_id=college_id,
            employer_id=employer_id,
        )
    )
    session.flush()
    record(session, "account_added", now, school_id=school_id, about_id=person.id, about=role)
    return person, code


def find_person(session: Session, login: str) -> Person | None:
    """The person of a login, whatever the width and case of the letters typed."""
    typed = unicodedata.normalize("NFKC", login).strip()
    candidates = list(dict.fromkeys((typed, typed.upper(), typed.lower())))
    found = {
        person.login: person
        for person in session.scalars(select(Person).where(Person.login.in_(candidates)))
    }
    known = next((found[one] for one in candidates if one in found), None)
    return known or manager_of_unit(session, typed)


def manager_of_unit(session: Session, name: str) -> Person | None:
    """Whoever manages the one employer of this name: the unit's name is a login, too (A05)."""
    units = session.scalars(select(Employer.id).where(Employer.name == name).limit(2)).all()
    manager = current_manager(session, units[0]) if len(units) == 1 else None
    return session.get(Person, manager) if manager else None


def _record_refusal(
    session: Session, person: Person | None, why: str, address: str, now: datetime
) -> None:
    """Keep a try that was refused, though the request ends with an error: committed at once."""
    known = person.id if person else None
    session.rollback()
    begin_write(session)
    record(
        session,
        "log_in_refused",
        now,
        school_id=school_of(session, known),
        about_id=known,
        about=why,
        address=address,
    )
    session.commit()


def _find_governed(session: Session, actor: Actor, person_id: uuid.UUID) -> Person:
    """Somebody this actor may reset or block: all their roles lie in the actor's hands."""
    if actor.role not in ("office", "admin"):
        raise NotAllowed
    begin_write(session)
    person = session.get(Person, person_id, populate_existing=True, with_for_update=True)
    roles = session.execute(
        select(Membership.role, Membership.school_id).where(
            Membership.person_id == person_id, Membership.ended_at.is_(None)
        )
    ).all()
    if person is None or not roles:
        raise NotYours
    if any(school not in (None, actor.school_id) for _, school in roles):
        raise NotYours
    if actor.role == "office" and not {role for role, _ in roles} <= OFFICE_MAY_RESET:
        raise NotAllowed
    return person


def _login_key(login: str) -> str:
    """The throttle's key: no login in plain text, and all spellings of one count together."""
    folded = unicodedata.normalize("NFKC", login).strip().lower()
    return f"login:{hashlib.sha256(folded.encode()).hexdigest()}"
