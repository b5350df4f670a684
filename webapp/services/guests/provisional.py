"""A provisional account for an employer that signed by a graduate's card and has none yet (A06, E08).

The mobile was proved by a code, so it becomes the login; the first password is a one-time code sent
to it, never the number itself, and is changed at the first log-in. Nobody gets into an employer that
is registered already by typing its credit code: then no account is opened, and the school is told.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ...database import insert_for
from ...models import Case, Employer, Membership, Person, new_id
from ..agreements.agreements import what_was_said
from ..audit import record
from ..cases.rows import LiveCase
from ..employers.managers import member_with

NO_CODE = ("", "无")
UNVERIFIED = ("none", "phone")
COLUMNS = (
    *("nature", "industry", "region", "address", "postcode"),
    *("contact_name", "contact_phone", "contact_email", "superior"),
)


def open_account(
    session: Session, case: LiveCase, variables: dict[str, Any], mobile: str, now: datetime
) -> str:
    """The employer of this case with an account for its contact: ok; known where it has one already."""
    said = what_was_said(variables)
    name, uscc = said.get("employer_name", ""), said.get("uscc") or ""
    if not is_free_login(session, mobile):
        return "known"
    employer = own_employer(session, mobile, name, uscc) or new_employer(
        session, said, name, uscc, mobile
    )
    if employer is None:
        return "known"
    person = member_with(session, employer, said.get("contact_name") or name, mobile, now)
    session.execute(update(Case).where(Case.id == case.id).values(employer_id=employer.id))
    case.employer_id = employer.id
    about = f"{employer.name} 临时账号"
    record(session, "account_added", now, school_id=case.school_id, about_id=person.id, about=about)
    return "ok"


def is_free_login(session: Session, mobile: str) -> bool:
    """Whether the number is nobody's login, or one of people who act for employers only."""
    roles = session.execute(
        select(Membership.role, Person.blocked_at)
        .select_from(Person)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .where(Person.login == mobile)
    ).all()
    return all(role in (None, "employer") and blocked is None for role, blocked in roles)


def own_employer(session: Session, mobile: str, name: str, uscc: str) -> Employer | None:
    """The same unit, where this very mobile acts for it already: the next graduate of the same HR."""
    same = Employer.uscc == uscc if uscc not in NO_CODE else Employer.name == name
    return session.scalars(
        select(Employer)
        .join(Membership, Membership.employer_id == Employer.id)
        .join(Person, Person.id == Membership.person_id)
        .where(same, Person.login == mobile, Membership.ended_at.is_(None))
        .limit(1)
    ).first()


def new_employer(
    session: Session, said: dict[str, Any], name: str, uscc: str, mobile: str
) -> Employer | None:
    """A new employer, verified by its phone alone; None where somebody has its credit code."""
    values = {column: str(said.get(column) or "") for column in COLUMNS}
    insert = insert_for(session, Employer.__table__).values(
        id=new_id(), name=name, uscc=uscc, contact_mobile=mobile, verification="phone", **values
    )
    stored = session.execute(insert.on_conflict_do_nothing().returning(Employer.id)).first()
    return session.get_one(Employer, stored.id) if stored else None


def is_unverified(case: Case, employer: Employer | None) -> bool:
    """Whether a guest began the case and nobody has certified the employer since (E07)."""
    began_by_guest = case.facts.get("case", {}).get("initiator") == "guest"
    return began_by_guest and (employer is None or employer.verification in UNVERIFIED)
