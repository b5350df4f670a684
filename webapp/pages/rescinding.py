"""What a case page says about rescission: where an agreement ended, and what a request left behind.

A rescission or an edit is a case of its own beside the signing: each page leads to the other.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp.models import Agreement, Case, Document, Rescission
from webapp.services.accounts.actors import Actor
from webapp.services.cases.case_page import CasePage
from webapp.services.cases.cases import visible_to

FAMILY, EDIT = "rescission", "amendment"


@dataclass(frozen=True)
class Ending:
    """How an agreement came to its end, as its signing's page tells it."""

    at: datetime | None
    case_id: uuid.UUID | None


@dataclass(frozen=True)
class Original:
    """The agreement that a request is about, and the case it came from."""

    number: str
    case_id: uuid.UUID
    agreement_id: uuid.UUID
    has_document: bool


@dataclass(frozen=True)
class Rescinding:
    """What to add to a case page: the agreement's end, or what the request was about and left."""

    ending: Ending | None = None
    original: Original | None = None
    reason: str = ""


def rescinding_of(session: Session, actor: Actor, case: Case, told: CasePage) -> Rescinding:
    """What this reader learns of rescission on the page of this case."""
    if case.family == EDIT:
        refused = reason_given(told) if case.status == "amendment_refused" else ""
        return Rescinding(original=original_of(session, actor, case), reason=refused)
    if case.family != FAMILY:
        return Rescinding(ending=ending_of(session, actor, told.agreement))
    has_failed = case.status == "rescission_failed"
    return Rescinding(
        original=original_of(session, actor, case),
        reason=reason_of(told) if has_failed else "",
    )


def ending_of(session: Session, actor: Actor, agreement: Agreement | None) -> Ending | None:
    """The request that rescinded this agreement; nothing while it stands."""
    if agreement is None or agreement.state != "rescinded":
        return None
    request = session.scalar(
        select(Rescission.case_id)
        .join(Case, Case.id == Rescission.case_id)
        .where(
            Rescission.agreement_id == agreement.id,
            Rescission.outcome == "rescinded",
            visible_to(actor),
        )
    )
    return Ending(agreement.changed_at, request)


def original_of(session: Session, actor: Actor, case: Case) -> Original | None:
    """The signing behind a request, for those who may see it."""
    number = case.facts.get("case", {}).get("agreement")
    drawn = exists().where(Document.agreement_id == Agreement.id)
    found = session.execute(
        select(Agreement.number, Agreement.case_id, Agreement.id, drawn)
        .join(Case, Case.id == Agreement.case_id)
        .where(
            Agreement.school_id == case.school_id,
            Agreement.number == number,
            visible_to(actor),
        )
        .order_by(Agreement.version.desc())
        .limit(1)
    ).first()
    return Original(*found) if found else None


def reason_of(told: CasePage) -> str:
    """Why it failed, in the words of whoever refused; silence has none (I05, I07)."""
    return reason_given(told) or "对方到期没有回应"


def reason_given(told: CasePage) -> str:
    """The reason that came with the last answer, if one was given."""
    by_time = sorted(told.said, key=lambda said: said.at, reverse=True)
    last = {answer["key"]: answer["text"] for answer in by_time[0].answers} if by_time else {}
    return last.get("reason", "")
