"""The list of agreements with their print counters, as a college or the school sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.models import Agreement, Employer, Graduate, Print
from webapp.pages.graduates import own_graduates
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.actors import Actor

STATES = {
    "valid": ("有效", "good"),
    "rescinded": ("已解除", "bad"),
    "superseded": ("旧版本", "plain"),
}


@dataclass(frozen=True)
class AgreementLine:
    """One agreement with how often it was handed out, and when last (F11)."""

    agreement: Agreement
    graduate: Graduate
    employer: str
    prints: int
    printed_at: datetime | None

    @property
    def state(self) -> tuple[str, str]:
        return STATES[self.agreement.state]


def signed_with(agreement: Agreement) -> str:
    """The employer as the agreement names it, where it has no account here."""
    name: str = agreement.snapshot["values"]["employer"]["name"]
    return name


def list_agreements(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """The agreements of the own graduates that fit `q` (name, student or agreement number)."""
    prints = (
        select(Print.agreement_id, func.count().label("times"), func.max(Print.at).label("last"))
        .group_by(Print.agreement_id)
        .subquery()
    )
    wanted = (
        select(Agreement, Graduate, Employer.name, prints.c.times, prints.c.last)
        .join(Graduate, Graduate.id == Agreement.graduate_id)
        .outerjoin(Employer, Employer.id == Agreement.employer_id)
        .outerjoin(prints, prints.c.agreement_id == Agreement.id)
        .where(own_graduates(actor))
        .order_by(Agreement.id.desc())
        .limit(PAGE + 1)
    )
    if text := query.get("q", "").strip():
        wanted = wanted.where(
            or_(
                Graduate.name.startswith(text, autoescape=True),
                Graduate.student_no == text,
                Agreement.number == text,
            )
        )
    if before := read_key(query.get("before")):
        wanted = wanted.where(Agreement.id < before)
    lines = [
        AgreementLine(agreement, graduate, employer or signed_with(agreement), times or 0, last)
        for agreement, graduate, employer, times, last in session.execute(wanted)
    ]
    return page_of(lines, lambda line: line.agreement.id, query)
