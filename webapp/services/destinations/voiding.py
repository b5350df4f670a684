"""Ends a destination before its time: what voiding and unlocking write, and the record of it.

A destination is voided, an agreement never (M10): what an agreement wrote can only be rescinded,
so a destination with an agreement behind it is left alone here, however a diagram is drawn.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from ...models import Agreement, Destination, DestinationVoid, new_id
from ..agreements import rescissions
from ..cases.rows import LiveCase


def close(session: Session, case: LiveCase, reason: str, now: datetime) -> str:
    """End the destination this case is about and let the graduate go: ok, or none (not in force).

    The record is written with it; of two cases about one destination the second finds none.
    """
    closed = session.execute(
        update(Destination)
        .where(meant_by(case), Destination.closed_at.is_(None), ~from_agreement())
        .values(closed_at=now)
        .returning(Destination.id, Destination.case_id)
        .execution_options(synchronize_session=False)
    ).first()
    if closed is None:
        return "none"
    rescissions.end_what_it_bound(session, closed.case_id, now)
    session.add(
        DestinationVoid(
            id=new_id(now),
            school_id=case.school_id,
            graduate_id=case.graduate_id,
            destination_id=closed.id,
            case_id=case.id,
            reason=reason,
            at=now,
        )
    )
    session.flush()
    return "ok"


def meant_by(case: LiveCase) -> ColumnElement[bool]:
    """The destination a case began from; else whatever the graduate has."""
    wanted = case.facts.get("case", {}).get("destination_id")
    if wanted:
        return Destination.id == uuid.UUID(wanted)
    return Destination.graduate_id == case.graduate_id


def from_agreement() -> ColumnElement[bool]:
    """Whether an agreement stands behind a destination."""
    return exists().where(Agreement.case_id == Destination.case_id)


def voided_among(session: Session, case_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these cases wrote a destination that was voided since."""
    found = (
        select(Destination.case_id)
        .join(DestinationVoid, DestinationVoid.destination_id == Destination.id)
        .where(Destination.case_id.in_(list(case_ids)))
    )
    return set(session.scalars(found))
