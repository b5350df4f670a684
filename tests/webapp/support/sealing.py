"""An employer whose sealed letter a school has accepted, without the steps that lead there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Case, Certification, Employer, new_id
from webapp.services.cases.rows import LiveCase


def certify(session: Session, employer: Employer, case: Case | LiveCase, now: datetime) -> None:
    """Record the letter as accepted at the case's school, and commit."""
    session.add(
        Certification(
            id=new_id(), school_id=case.school_id, employer_id=employer.id, case_id=case.id,
            level="letter", seal="official", looked_up="exempt", manager_name="周宁",
            at=now,
        )
    )  # fmt: skip
    session.commit()
