"""Asks to rescind an agreement, and rescinds it: what the operators of a rescission write.

An agreement is rescinded, never voided: its state changes, the destination that it wrote ends, the
graduate is free again and the request is closed, all in the transaction of one step; an edit that
still waits is ended after it. Whatever ends
a request otherwise leaves the agreement, the destination and the claim as they are.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ... import jobs
from ...database import insert_for
from ...models import Agreement, Claim, Destination, Rescission, new_id
from ...models.registry import OPEN_RESCISSION
from ..cases.rows import LiveCase

OPEN = Rescission.closed_at.is_(None)


def open_request(session: Session, case: LiveCase, number: str | None, now: datetime) -> str:
    """Begin a request: ok, already_open (I5) or not_valid. Asking again for itself stays ok."""
    agreement = valid_agreement(session, case, number)
    if agreement is None:
        return "not_valid"
    values = {
        "id": new_id(),
        "school_id": case.school_id,
        "agreement_id": agreement,
        "case_id": case.id,
        "opened_at": now,
        "outcome": "",
    }
    insert = insert_for(session, Rescission.__table__).values(values)
    insert = insert.on_conflict_do_nothing(
        index_elements=["agreement_id"], index_where=OPEN_RESCISSION
    )
    if session.execute(insert.returning(Rescission.id)).first() is not None:
        return "ok"
    holder = session.scalar(
        select(Rescission.case_id).where(Rescission.agreement_id == agreement, OPEN)
    )
    return "ok" if holder == case.id else "already_open"


def close_request(session: Session, case: LiveCase, result: str, now: datetime) -> str:
    """End this case's request; the agreement stays as it is. Nothing open is nothing to do."""
    session.execute(
        update(Rescission)
        .where(Rescission.case_id == case.id, OPEN)
        .values(closed_at=now, outcome=result)
    )
    return "ok"


def rescind(session: Session, case: LiveCase, now: datetime) -> str:
    """Rescind the agreement this case's request is about; not_valid leaves everything alone.

    The state is changed only where it is still valid, so of two steps one finds it gone.
    """
    asked = select(Rescission.agreement_id).where(Rescission.case_id == case.id, OPEN)
    agreement = session.execute(
        update(Agreement)
        .where(Agreement.id.in_(asked), Agreement.state == "valid")
        .values(state="rescinded", changed_at=now)
        .returning(Agreement.id, Agreement.case_id)
    ).first()
    if agreement is None:
        return "not_valid"
    end_what_it_bound(session, agreement.case_id, now)
    close_request(session, case, "rescinded", now)
    key = agreement.id.hex
    jobs.enqueue(session, "end_edit", {"agreement": key}, now, f"end_edit:{key}")
    return "ok"


def end_what_it_bound(session: Session, origin: uuid.UUID, now: datetime) -> None:
    """End the destination and release the claim of the case that made the agreement (F19, I06)."""
    session.execute(
        update(Destination)
        .where(Destination.case_id == origin, Destination.closed_at.is_(None))
        .values(closed_at=now)
    )
    session.execute(
        update(Claim)
        .where(Claim.case_id == origin, Claim.released_at.is_(None))
        .values(released_at=now)
    )


def running_request(session: Session, agreement_id: uuid.UUID) -> uuid.UUID | None:
    """The case that asks to rescind this agreement now; a second one may not begin (I5, I09)."""
    return session.scalar(
        select(Rescission.case_id).where(Rescission.agreement_id == agreement_id, OPEN)
    )


def rescinded_among(session: Session, case_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these cases made an agreement that was rescinded since."""
    found = select(Agreement.case_id).where(
        Agreement.case_id.in_(list(case_ids)), Agreement.state == "rescinded"
    )
    return set(session.scalars(found))


def valid_agreement(session: Session, case: LiveCase, number: str | None) -> uuid.UUID | None:
    """The agreement this case is about, while it is valid; locked, so it stays so in this step.

    A case that began from an agreement knows its number; else it is the graduate's valid one.
    """
    number = number or case.facts.get("case", {}).get("agreement")
    wanted = select(Agreement.id).where(
        Agreement.school_id == case.school_id,
        Agreement.graduate_id == case.graduate_id,
        Agreement.state == "valid",
    )
    if number:
        wanted = wanted.where(Agreement.number == number)
    locked = wanted.with_for_update(read=True)
    # A new version that came out while this waited for the lock is seen by the second look only.
    return session.scalars(locked).one_or_none() or session.scalars(locked).one_or_none()
