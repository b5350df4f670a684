"""Issues the next version of an agreement: the same number, the old one marked and kept.

The old snapshot and its document never change (I4); only one version is valid at any time, and the
destination in force follows the newest.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ...models import Agreement, Destination, new_id
from . import agreements, printed


def lock_agreement(session: Session, agreement_id: uuid.UUID) -> Agreement:
    """The agreement as it is now, held until the commit: nobody rescinds or edits it meanwhile."""
    wanted = select(Agreement).where(Agreement.id == agreement_id)
    found = session.scalars(wanted.with_for_update().execution_options(populate_existing=True))
    return found.one()


def issue_next(
    session: Session,
    old: Agreement,
    values: dict[str, Any],
    answers: dict[str, Any],
    now: datetime,
) -> Agreement:
    """Mark `old` as superseded and issue what follows it; the caller has locked it and it is valid."""
    version = old.version + 1
    values = {**values, "version": version, "issued_on": printed.spoken_date(now)}
    session.execute(
        update(Agreement)
        .where(Agreement.id == old.id, Agreement.state == "valid")
        .values(state="superseded", changed_at=now)
    )
    new = Agreement(
        id=new_id(),
        school_id=old.school_id,
        graduate_id=old.graduate_id,
        employer_id=old.employer_id,
        case_id=old.case_id,
        number=old.number,
        version=version,
        issued_at=now,
        snapshot={"values": values, "answers": answers},
    )
    session.add(new)
    session.flush()
    agreements.order_document(session, new, now)
    return new


def move_destination(
    session: Session, agreement: Agreement, answers: dict[str, Any], now: datetime
) -> None:
    """Write the destination that the agreement brought about anew, with the answers of now.

    It stays the same kind from the same day; what stood before keeps its time for statistics (I10).
    """
    standing = session.scalars(
        select(Destination).where(
            Destination.case_id == agreement.case_id, Destination.closed_at.is_(None)
        )
    ).first()
    if standing is None:
        return
    standing.closed_at = now
    session.flush()
    session.add(
        Destination(
            id=new_id(),
            school_id=standing.school_id,
            graduate_id=standing.graduate_id,
            case_id=standing.case_id,
            code=standing.code,
            written_at=now,
            effective_on=standing.effective_on,
            snapshot={**standing.snapshot, **answers},
        )
    )
    session.flush()
