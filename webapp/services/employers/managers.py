"""Who acts for an employer: its manager, one at a time with a history, and further members (A16, A17).

Whoever is new gets a one-time first password on the own mobile; it passes through no other hands,
and is never the number itself (A06).
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import CaseError, NotAllowed, NotYours
from ...models import Employer, Manager, Membership, Person, new_id
from ..accounts.actors import Actor
from ..accounts.codes import send_activation
from ..audit import record
from ..cases.rows import LiveCase


class AlreadyMember(CaseError):
    """The person acts for the employer already."""

    status = 422
    title = "已经是成员"
    story = "这个手机号已经是本单位的成员。"
    way_out = "忘记密码的，请本人在登录页找回。"


class ManagerStays(CaseError):
    """The manager leaves by a change of manager only."""

    title = "管理者不能直接移除"
    story = "帐号管理者要通过“变更帐号管理者”来更换。"
    way_out = "请办理变更，提交新的公函。"


def current_manager(session: Session, employer_id: uuid.UUID) -> uuid.UUID | None:
    """Who manages the account: the one on record, else whoever has acted for it longest."""
    on_record = session.scalar(
        select(Manager.person_id).where(
            Manager.employer_id == employer_id, Manager.ended_at.is_(None)
        )
    )
    if on_record is not None:
        return on_record
    return session.scalar(
        select(Membership.person_id)
        .where(Membership.employer_id == employer_id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
        .limit(1)
    )


def managers_of(session: Session, employer_id: uuid.UUID) -> list[Manager]:
    """Everybody who managed the account, latest first."""
    wanted = select(Manager).where(Manager.employer_id == employer_id)
    return list(session.scalars(wanted.order_by(Manager.id.desc())))


def members_of(session: Session, employer_id: uuid.UUID) -> list[tuple[Membership, Person]]:
    """Everybody who acts for the employer now, longest first."""
    found = session.execute(
        select(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.employer_id == employer_id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
    )
    return [(membership, person) for membership, person in found]


def appoint(
    session: Session,
    case: LiveCase,
    name: str,
    mobile: str,
    now: datetime,
    ends_old: bool = True,
) -> Person:
    """Put a manager on record; with `ends_old` the one before acts for this employer no more.

    What waits for the employer waits for its members, so it moves to the new one by itself.
    """
    employer = session.get_one(
        Employer, case.employer_id, populate_existing=True, with_for_update=True
    )
    before = current_manager(session, employer.id)
    person = member_with(session, employer, name, mobile, now)
    if before != person.id and ends_old and before is not None:
        end_membership(session, employer.id, before, now)
    for old in managers_of(session, employer.id):
        old.ended_at = old.ended_at or now
    session.flush()
    session.add(
        Manager(
            id=new_id(now),
            employer_id=employer.id,
            person_id=person.id,
            name=name,
            mobile=mobile,
            case_id=case.id,
            began_at=now,
        )
    )
    record(
        session, "manager_appointed", now,
        school_id=case.school_id, about_id=person.id, about=employer.name,
    )  # fmt: skip
    return person


def member_with(
    session: Session, employer: Employer, name: str, mobile: str, now: datetime
) -> Person:
    """The person of a mobile as a member of the employer; a new one is sent a first password."""
    person = session.scalars(select(Person).where(Person.login == mobile)).first()
    if person is None:
        person = Person(login=mobile, name=name, mobile=mobile, password_hash="")
        session.add(person)
        session.flush()
        send_activation(
            session, person, now, mobile=mobile, what=f"您可以代表{employer.name}办理签约"
        )
    person.mobile = person.mobile or mobile
    if membership_of(session, employer.id, person.id) is None:
        session.add(
            Membership(
                id=new_id(now), person_id=person.id, role="employer", employer_id=employer.id
            )
        )
        session.flush()
    return person


def membership_of(
    session: Session, employer_id: uuid.UUID, person_id: uuid.UUID
) -> Membership | None:
    return session.scalars(
        select(Membership).where(
            Membership.employer_id == employer_id,
            Membership.person_id == person_id,
            Membership.ended_at.is_(None),
        )
    ).first()


def end_membership(
    session: Session, employer_id: uuid.UUID, person_id: uuid.UUID, now: datetime
) -> None:
    membership = membership_of(session, employer_id, person_id)
    if membership is not None:
        membership.ended_at = now
        session.flush()


def add_member(
    session: Session, actor: Actor, name: str, mobile: str, now: datetime, address: str = ""
) -> Person:
    """The manager lets a colleague act for the employer. Raises NotAllowed or AlreadyMember."""
    employer = require_manager(session, actor)
    known = session.scalars(select(Person).where(Person.login == mobile)).first()
    if known is not None and membership_of(session, employer.id, known.id) is not None:
        raise AlreadyMember
    person = member_with(session, employer, name, mobile, now)
    record(
        session, "member_added", now,
        by=actor, about_id=person.id, about=employer.name, address=address,
    )  # fmt: skip
    return person


def end_member(
    session: Session, actor: Actor, membership_id: uuid.UUID, now: datetime, address: str = ""
) -> None:
    """The manager ends a colleague's right. Raises NotAllowed, NotYours or ManagerStays."""
    employer = require_manager(session, actor)
    membership = session.get(Membership, membership_id)
    if membership is None or membership.employer_id != employer.id or membership.ended_at:
        raise NotYours
    if membership.person_id == actor.person_id:
        raise ManagerStays
    membership.ended_at = now
    record(
        session, "member_ended", now,
        by=actor, about_id=membership.person_id, about=employer.name, address=address,
    )  # fmt: skip


def require_manager(session: Session, actor: Actor) -> Employer:
    """The employer, locked, where the actor is its manager."""
    if actor.employer_id is None:
        raise NotAllowed
    begin_write(session)
    employer = session.get_one(
        Employer, actor.employer_id, populate_existing=True, with_for_update=True
    )
    if current_manager(session, employer.id) != actor.person_id:
        raise NotAllowed("成员由帐号管理者添加和移除。", "请联系本单位的帐号管理者。")
    return employer
