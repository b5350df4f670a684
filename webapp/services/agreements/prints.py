"""Hands out copies of agreements on paper: by the school's rules, counted, each print a row (F10, F11).

The sealed original's bytes never change; what is handed out is a stamped copy. All copies of one
act are one file and are counted in one transaction: either all of them or none.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import (
    CaseError,
    NotAllPrintable,
    NothingToPrint,
    NotInForce,
    NotYours,
    PrintingNotOpen,
    PrintQuotaReached,
    ReasonMissing,
    TooManyCopies,
)
from ...models import Agreement, Print, PrintRequest, School, new_id
from ..accounts.actors import Actor
from ..audit import record
from .documents import StoredDocument, find_agreement, stored
from .print_requests import unused_grants

COPIES = ("用人单位", "毕业生", "学校")
QUOTA = 3
MAY_OVERRIDE = ("office", "admin")
MOST_COPIES = 60  # in one file: about four seconds of stamping
EVERYBODY = "all"
PRINT_BY = {
    EVERYBODY: "毕业生、用人单位和学校都可以打印",
    "graduate": "毕业生和学校可以打印",
    "employer": "用人单位和学校可以打印",
    "school": "只由院系和学校打印",
}
OF_SCHOOL = ("reviewer", "office", "admin")


@dataclass(frozen=True)
class Wanted:
    """One copy that somebody wants to print."""

    agreement_id: uuid.UUID
    copy: str


@dataclass
class Allowance:
    """What one agreement still lets this actor print."""

    agreement: Agreement
    document: StoredDocument
    settings: dict[str, Any]
    rest: int
    grants: list[PrintRequest]


def hand_out(
    session: Session,
    actor: Actor,
    wanted: Sequence[Wanted],
    now: datetime,
    reason: str = "",
    address: str = "",
) -> StoredDocument:
    """All wanted copies as one file, each marked as whose it is, and a record of every one.

    Raises NothingToPrint, TooManyCopies; for one agreement why it cannot be printed (NotInForce,
    PrintingNotOpen, PrintQuotaReached, ReasonMissing), for several NotAllPrintable with every one.
    The school's office may go on beyond the quota with a `reason`.
    """
    if not wanted:
        raise NothingToPrint
    if len(wanted) > MOST_COPIES:
        raise TooManyCopies(len(wanted), MOST_COPIES)
    content = stamped(session, actor, wanted)  # before the lock: stamping takes its time
    begin_write(session)
    places = sorted({one.agreement_id for one in wanted})
    allowed = {place: allowance(session, actor, place) for place in places}
    refused = {
        place: error
        for place in places
        if (error := why_not(actor, allowed[place], wanted, place, reason))
    }
    if refused and len(places) == 1:
        raise refused[places[0]]
    if refused:
        raise NotAllPrintable(
            [
                f"{allowed[place].agreement.number}：{error.story.rstrip('。')}"
                for place, error in refused.items()
            ]
        )
    for one in wanted:
        write_print(session, actor, allowed[one.agreement_id], one.copy, now, reason, address)
    first = allowed[wanted[0].agreement_id]
    return StoredDocument(
        content, first.document.sha256, first.document.pages, filename(allowed, wanted)
    )


def may_print(actor: Actor, settings: dict[str, Any]) -> bool:
    """Whether the school lets this side print without asking (F13, F14, G24)."""
    return actor.role in OF_SCHOOL or settings.get("print_by", EVERYBODY) in (
        EVERYBODY,
        actor.role,
    )


def copies_of(settings: dict[str, Any]) -> list[str]:
    """The copies of an agreement by name, as the school wants them (F10)."""
    return list(settings.get("copies", COPIES))


def quota_of(settings: dict[str, Any]) -> int:
    """How many copies of one version may be printed (G25)."""
    return int(settings.get("print_quota", QUOTA))


def prints(session: Session, actor: Actor, agreement_id: uuid.UUID) -> list[Print]:
    """Every copy of this version handed out so far, in order."""
    agreement = find_agreement(session, actor, agreement_id)
    return list(
        session.scalars(select(Print).where(Print.agreement_id == agreement.id).order_by(Print.id))
    )


def count_prints(session: Session, agreement_id: uuid.UUID) -> int:
    counted = select(func.count()).where(Print.agreement_id == agreement_id)
    return session.scalar(counted) or 0


def stamped(session: Session, actor: Actor, wanted: Sequence[Wanted]) -> bytes:
    """The copies one after the other, each beginning on a sheet of its own when printed double-sided."""
    from pdf import stamps  # late: the renderer's libraries are heavy

    originals = {
        one.agreement_id: stored(session, find_agreement(session, actor, one.agreement_id)).content
        for one in wanted
    }
    marked = [stamps.stamp_copy(originals[one.agreement_id], f"{one.copy}留存") for one in wanted]
    return marked[0] if len(marked) == 1 else stamps.join_copies(marked)


def allowance(session: Session, actor: Actor, agreement_id: uuid.UUID) -> Allowance:
    """What may still be printed, with the agreement held until the commit."""
    agreement = find_agreement(session, actor, agreement_id, lock=True)
    settings = session.get_one(School, agreement.school_id).settings
    return Allowance(
        agreement,
        stored(session, agreement),
        settings,
        max(0, quota_of(settings) - count_prints(session, agreement.id)),
        unused_grants(session, actor, agreement.id),
    )


def why_not(
    actor: Actor, allowed: Allowance, wanted: Sequence[Wanted], place: uuid.UUID, reason: str
) -> CaseError | None:
    """The reason why not all copies wanted of this agreement can be handed out."""
    if allowed.agreement.state != "valid":
        return NotInForce()
    copies = [one.copy for one in wanted if one.agreement_id == place]
    if set(copies) - set(copies_of(allowed.settings)):
        return NotYours()
    granted = [request.copy for request in allowed.grants]
    for copy in copies:
        if copy in granted:
            granted.remove(copy)
    ungranted = len(copies) - (len(allowed.grants) - len(granted))
    if not may_print(actor, allowed.settings):
        return PrintingNotOpen() if ungranted else None
    if ungranted <= allowed.rest:
        return None
    if actor.role not in MAY_OVERRIDE:
        return PrintQuotaReached(quota_of(allowed.settings))
    return None if reason.strip() else ReasonMissing()


def write_print(
    session: Session,
    actor: Actor,
    allowed: Allowance,
    copy: str,
    now: datetime,
    reason: str,
    address: str,
) -> None:
    """The row of one copy; a grant is used up by it, what goes beyond the quota is audited."""
    agreement, grant = allowed.agreement, None
    if may_print(actor, allowed.settings) and allowed.rest:
        allowed.rest -= 1
    else:
        grant = next((one for one in allowed.grants if one.copy == copy), None)
        if grant is None:
            about = f"{agreement.number} {copy}：{reason.strip()}"
            record(session, "print_override", now, by=actor, about=about, address=address)
    row = Print(
        id=new_id(),
        school_id=agreement.school_id,
        agreement_id=agreement.id,
        person_id=actor.person_id,
        at=now,
        copy=copy,
        sha256=allowed.document.sha256,
        reason=grant.reason if grant else reason.strip(),
    )
    session.add(row)
    session.flush()
    if grant:
        allowed.grants.remove(grant)
        grant.print_id = row.id
        session.flush()


def filename(allowed: dict[uuid.UUID, Allowance], wanted: Sequence[Wanted]) -> str:
    number = allowed[wanted[0].agreement_id].agreement.number
    if len(wanted) == 1:
        return f"{number}-{wanted[0].copy}.pdf"
    return f"{number}-{len(wanted)}份.pdf" if len(allowed) == 1 else f"协议书-{len(wanted)}份.pdf"
