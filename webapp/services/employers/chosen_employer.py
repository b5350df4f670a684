"""A case that a graduate begins gets its employer inside: once, and never another one.

An employer sees the whole of its cases, so a case must not pass from one to the next; the guard
`case_keeps_its_employer` holds that in the database as well. Who changes to another employer
begins another case.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from ...models import Case, Employer, School
from ..cases.rows import LiveCase
from ..schools.labels import family_label
from .registered_employers import RegisteredEmployers

# What an employer corrects in place for the next time. Its name and credit code are certified.
PROFILE = (
    *("nature", "industry", "region", "address", "postcode", "superior"),
    *("contact_name", "contact_mobile", "contact_phone", "contact_email"),
)


def choose(session: Session, case: LiveCase, employer: str, now: datetime) -> str:
    """Give the case to this employer: ok, not_registered, or other where it belongs to one already."""
    if case.employer_id is not None:
        return "ok" if case.employer_id.hex == employer else "other"
    school = session.get_one(School, case.school_id)
    found = RegisteredEmployers(session, school, now).employer(employer)
    if found is None:
        return "not_registered"
    known = {**case.facts["case"], "has_employer": True, "employer_name": found.name}
    case.employer_id = found.id
    case.facts = {**case.facts, "case": known}
    case.title = " · ".join(
        filter(None, (family_label(case.family), found.name, known.get("graduate_name")))
    )[:200]
    session.execute(
        update(Case)
        .where(Case.id == case.id)
        .values(employer_id=found.id, facts=case.facts, title=case.title)
        .execution_options(synchronize_session=False)
    )
    return "ok"


def save_profile(session: Session, case: LiveCase, answers: dict[str, Any]) -> None:
    """Keep what the employer said about itself, to begin with next time (G10)."""
    values = {key: str(answers[key]) for key in PROFILE if answers.get(key)}
    if values and case.employer_id:
        session.execute(
            update(Employer)
            .where(Employer.id == case.employer_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        employer = session.get(Employer, case.employer_id)
        if employer is not None:
            session.expire(employer)
