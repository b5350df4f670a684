"""The papers of a case: the draft before approval, the agreement and its copies afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Agreement, Document, Print
from webapp.pages.case_page import CasePage
from webapp.services.actors import Actor
from webapp.services.agreements import verify_url
from webapp.services.documents import COPIES, MAY_OVERRIDE, QUOTA, prints
from webapp.services.printing import is_printed

TERMS = (
    "position_name",
    "position_category",
    "work_place",
    "trial_period",
    "trial_salary",
    "salary",
    "penalty",
    "report_place",
    "report_by",
    "hukou",
    "supplement",
)


@dataclass(frozen=True)
class Papers:
    """What may be previewed, downloaded and handed out on paper."""

    draft: bool = False
    on_paper: bool = False
    agreement: Agreement | None = None
    is_ready: bool = False
    verify_url: str = ""
    copies: list[str] = field(default_factory=list)
    quota: int = 0
    prints: list[Print] = field(default_factory=list)
    needs_reason: bool = False

    @property
    def rest(self) -> int:
        return max(0, self.quota - len(self.prints))


def papers_of(session: Session, actor: Actor, page: CasePage) -> Papers:
    """The papers this actor may have. Nothing is printed before approval (C09), or of papers (L06)."""
    agreement = page.known.agreement
    if not is_printed(session, page.case.release_id):
        return Papers(on_paper=agreement is not None)
    if agreement is None:
        has_terms = any(
            isinstance(step, dict) and "salary" in step for step in page.case.variables.values()
        )
        return Papers(draft=has_terms and page.case.ended_at is None)
    settings = page.school.settings if page.school else {}
    printed = prints(session, actor, agreement.id)
    quota = settings.get("print_quota", QUOTA)
    ready = session.scalar(select(Document.id).where(Document.agreement_id == agreement.id))
    return Papers(
        agreement=agreement,
        is_ready=ready is not None,
        verify_url=verify_url(agreement.number, agreement.version),
        copies=list(settings.get("copies", COPIES)),
        quota=quota,
        prints=printed,
        needs_reason=len(printed) >= quota and actor.role in MAY_OVERRIDE,
    )


def terms_of(page: CasePage) -> list[dict[str, str]]:
    """The agreed terms in words, as they were offered."""
    for said in reversed(page.known.said):
        answers = {answer["key"]: answer for answer in said.answers}
        if "position_name" in answers:
            return [answers[key] for key in TERMS if key in answers]
    return []
