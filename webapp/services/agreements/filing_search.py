"""Finds the agreement to file by student number or agreement number, typed or scanned (G27, G28)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ...models import Agreement, Case, Filing, Graduate, Release, Task
from ..accounts.actors import Actor
from ..cases.cases import visible_to
from ..cases.tasks import WorkRow, waiting_for_me

FORM = "filing/file_agreement"
FAMILY, VARIANT = "online_signing", "student_initiated"  # the signing that ends with filing
# The QR mark holds an address; a scanner types it out whole.
SCANNED = re.compile(r"/(?:verify/|v/)([A-Za-z0-9-]+)[./]")


@dataclass(frozen=True)
class Looked:
    """What a search by one number found: a task to do, or what became of the agreement."""

    task_id: uuid.UUID | None = None
    case_id: uuid.UUID | None = None
    filed_at: datetime | None = None
    is_approved: bool = False


def files_agreements(session: Session, actor: Actor) -> bool:
    """Whether the school files agreements now, or one begun earlier still waits for it here."""
    offered = select(Release.id).where(
        Release.school_id == actor.school_id,
        Release.family == FAMILY,
        Release.variant == VARIANT,
        Release.in_force,
    )
    waiting = select(Task.id).where(
        Task.queue.in_(actor.queues), Task.form == FORM, Task.state == "open"
    )
    return session.scalar(select(or_(offered.exists(), waiting.exists()))) or False


def plain_number(text: str) -> str:
    """What was typed or scanned, as a number: the QR mark's address gives the agreement's."""
    text = "".join(text.split())
    scanned = SCANNED.search(text)
    return scanned[1] if scanned else text


def look_up(session: Session, actor: Actor, text: str) -> Looked | None:
    """The signing behind a student number or an agreement number; None where this actor sees none.

    One that waits for filing goes first, then the newest.
    """
    number = plain_number(text)
    numbered = select(Agreement.case_id).where(Agreement.number == number)
    found = session.execute(
        select(Case.id, Task.id, Filing.filed_at, Agreement.id)
        .join(Graduate, Graduate.id == Case.graduate_id)
        .outerjoin(
            Task,
            (Task.case_id == Case.id)
            & (Task.form == FORM)
            & (Task.state == "open")
            & Task.queue.in_(actor.queues),
        )
        .outerjoin(Filing, Filing.case_id == Case.id)
        .outerjoin(Agreement, (Agreement.case_id == Case.id) & (Agreement.version == 1))
        .where(
            visible_to(actor),
            Case.family == "online_signing",
            Case.variant == "student_initiated",
            or_(Graduate.student_no == number, Case.id.in_(numbered)),
        )
        .order_by(Task.id.is_(None), Case.id.desc())
        .limit(1)
    ).first()
    if found is None or not number:
        return None
    case_id, task_id, filed_at, agreement_id = found
    return Looked(task_id, case_id, filed_at, agreement_id is not None)


def waiting_to_be_filed(
    session: Session, actor: Actor, limit: int, after: uuid.UUID | None
) -> list[WorkRow]:
    """Approved agreements whose sealed copy has not come in yet, oldest first."""
    return waiting_for_me(
        session, actor, limit=limit, after=after, oldest_first=True, forms=(FORM,)
    )


def numbers_of(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Agreement]:
    """The agreements that these cases issued."""
    found = session.scalars(
        select(Agreement).where(Agreement.case_id.in_(case_ids)).order_by(Agreement.version)
    )
    return {agreement.case_id: agreement for agreement in found}


def filed_lately(session: Session, actor: Actor, limit: int = 10) -> Sequence[tuple[Filing, str]]:
    """The last filings that this actor may see, with the graduate's name."""
    rows = session.execute(
        select(Filing, Graduate.name)
        .join(Case, Case.id == Filing.case_id)
        .join(Graduate, Graduate.id == Filing.graduate_id)
        .where(Filing.school_id == actor.school_id, visible_to(actor))
        .order_by(Filing.id.desc())
        .limit(limit)
    )
    return [(filing, name) for filing, name in rows]
