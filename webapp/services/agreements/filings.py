"""Files agreements (备案): the sealed copy was seen; once per agreement (G28)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import insert_for
from ...models import Agreement, Filing, new_id
from ..cases.rows import LiveCase
from .agreements import agreement_of


def file_agreement(session: Session, case: LiveCase, sealed_on: str | None, now: datetime) -> str:
    """Write the filing of the agreement that this case issued."""
    issued = agreement_of(session, case.id)
    valid = (
        issued
        and session.scalars(
            select(Agreement).where(Agreement.number == issued.number, Agreement.state == "valid")
        ).first()
    )
    if not valid:
        return "not_valid"
    values = {
        "id": new_id(now),
        "school_id": case.school_id,
        "graduate_id": case.graduate_id,
        "case_id": case.id,
        "agreement_id": valid.id,
        "number": valid.number,
        "sealed_on": date.fromisoformat(sealed_on) if sealed_on else None,
        "filed_at": now,
    }
    insert = insert_for(session, Filing.__table__).values(values)
    insert = insert.on_conflict_do_nothing(index_elements=["number"])
    stored = session.execute(insert.returning(Filing.id)).first() is not None
    return "ok" if stored else "already_filed"
