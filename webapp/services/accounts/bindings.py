"""Binds a graduate's record to the person who proves to be its owner (A01), and releases it (A02).

The proof is what the register knows: school, name, student number, identity number. It is a secret
used once: whoever binds has to set a password before anything else opens, and from then on the
record is bound. An outside identity provider may vouch for the same person afterwards; the local
proof stays the way in where none is connected.
"""

from __future__ import annotations

import hmac
import unicodedata
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import CaseError, NotAllowed, NotYours
from ...models import Binding, Graduate, Person, School, new_id
from ..audit import record
from .actors import Actor, actors_of
from .identity_providers import LOCAL, Identity
from .secret_codes import keyed
from .throttles import ADDRESS, LOGIN, count_try, forgive, take_back


class NotBound(CaseError):
    """No record has these four together, or its account is closed; never says which."""

    status = 422
    title = "没有绑定"
    story = "没有找到这条毕业生记录。学校、姓名、学号、身份证号四项要与学校的登记完全一致。"
    way_out = "核对后再试一次。仍然不行，请联系学院核对登记的信息。"


class BoundAlready(CaseError):
    """Somebody bound this record before."""

    title = "这条记录已经绑定"
    story = "这条毕业生记录已经绑定了账号。"
    way_out = "请用密码登录，忘记密码可以自助找回。不是您本人绑定的，请联系学校就业处解除绑定。"


def bind(
    session: Session,
    school_code: str,
    name: str,
    student_no: str,
    id_no: str,
    now: datetime,
    address: str = "",
) -> Actor:
    """The graduate behind the four, who must set a password next. The caller commits.

    The try is counted and committed first. Raises NotBound, BoundAlready or TooManyTries.
    """
    key = f"bind:{keyed(f'{plain(school_code)}:{plain(student_no)}').hex()}"
    from_there = f"address:{address}"[:160]
    count_try(session, {key: LOGIN, from_there: ADDRESS}, now)
    begin_write(session)
    graduate = find_record(session, school_code, name, student_no, id_no)
    person = locked_person(session, graduate)
    if graduate is None or person is None or person.blocked_at:
        raise NotBound
    if is_bound(session, graduate, person):
        raise BoundAlready
    take_back(session, from_there)  # before the record, as `count_try` has it
    forgive(session, key)
    person.password_hash, person.must_change_password = "", True
    if live_binding(session, graduate.id) is None:
        keep(session, graduate, person, Identity(LOCAL, graduate.id.hex), now)
    (actor,) = [one for one in actors_of(session, person.id) if one.role == "graduate"]
    record(session, "record_bound", now, by=actor, about_id=person.id, address=address)
    return actor


def is_bound(session: Session, graduate: Graduate, person: Person) -> bool:
    """Whether its owner has come in: by a binding, or by an activation code, and set a password.

    A password that the office reset is set again by the office's code, not by binding anew.
    """
    if not person.must_change_password:
        return True
    binding = live_binding(session, graduate.id)
    changed = person.password_changed_at
    return binding is not None and changed is not None and changed > binding.bound_at


def release(
    session: Session, actor: Actor, graduate_id: uuid.UUID, now: datetime, address: str = ""
) -> Graduate:
    """The office ends whatever is bound: the password and all visits end, the record is free again.

    Raises NotAllowed, or NotYours for another school's graduate.
    """
    if actor.role != "office":
        raise NotAllowed("绑定由学校就业处解除。", "请联系就业处。")
    begin_write(session)
    graduate = session.get(Graduate, graduate_id)
    if graduate is None or graduate.school_id != actor.school_id:
        raise NotYours
    person = locked_person(session, graduate)
    if person is None:
        raise NotYours
    for binding in session.scalars(
        select(Binding).where(Binding.graduate_id == graduate.id, Binding.released_at.is_(None))
    ):
        binding.released_at, binding.released_by = now, actor.person_id
    person.password_hash, person.must_change_password = "", True
    person.password_changed_at = now
    record(
        session, "binding_released", now,
        by=actor, about_id=person.id, about=graduate.student_no, address=address,
    )  # fmt: skip
    return graduate


def vouch(session: Session, actor: Actor, identity: Identity, now: datetime) -> None:
    """From now on an outside identity opens this graduate's account, too. The caller commits."""
    if actor.graduate_id is None:
        raise NotAllowed
    begin_write(session)
    graduate = session.get_one(Graduate, actor.graduate_id, with_for_update=True)
    person = session.get_one(Person, actor.person_id)
    if live_binding(session, graduate.id, identity.provider) or find_vouched(session, identity):
        raise BoundAlready
    keep(session, graduate, person, identity, now)
    about = identity.provider
    record(session, "record_bound", now, by=actor, about_id=person.id, about=about)


def find_vouched(session: Session, identity: Identity) -> Actor | None:
    """The graduate whom this outside identity opens, if any; a blocked person has no role."""
    person_id = session.scalar(
        select(Binding.person_id).where(
            Binding.provider == identity.provider,
            Binding.subject == identity.subject,
            Binding.released_at.is_(None),
        )
    )
    found = actors_of(session, person_id) if person_id else []
    return next((one for one in found if one.role == "graduate"), None)


def find_record(
    session: Session, school_code: str, name: str, student_no: str, id_no: str
) -> Graduate | None:
    """The one record with exactly these four."""
    graduate = session.scalars(
        select(Graduate)
        .join(School, School.id == Graduate.school_id)
        .where(School.code == plain(school_code), Graduate.student_no == plain(student_no))
    ).first()
    if graduate is None or not graduate.id_no:
        return None
    right = hmac.compare_digest(
        plain(graduate.id_no).upper().encode(), plain(id_no).upper().encode()
    )
    return graduate if right and plain(graduate.name) == plain(name) else None


def live_binding(session: Session, graduate_id: uuid.UUID, provider: str = LOCAL) -> Binding | None:
    return session.scalars(
        select(Binding).where(
            Binding.graduate_id == graduate_id,
            Binding.provider == provider,
            Binding.released_at.is_(None),
        )
    ).first()


def locked_person(session: Session, graduate: Graduate | None) -> Person | None:
    """The person of a record, held until the commit: of two who bind at once, one comes second."""
    if graduate is None or graduate.person_id is None:
        return None
    return session.get(Person, graduate.person_id, populate_existing=True, with_for_update=True)


def keep(
    session: Session, graduate: Graduate, person: Person, identity: Identity, now: datetime
) -> None:
    session.add(
        Binding(
            id=new_id(now),
            school_id=graduate.school_id,
            graduate_id=graduate.id,
            person_id=person.id,
            provider=identity.provider,
            subject=identity.subject,
            bound_at=now,
        )
    )
    session.flush()


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
