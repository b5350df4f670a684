"""The papers of a case: the draft before approval, the agreement and its copies afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.compiler import form_class
from webapp.models import Agreement, Document
from webapp.pages.case_page import CasePage
from webapp.services.accounts.actors import Actor
from webapp.services.agreements.agreements import verify_url
from webapp.services.agreements.printing import is_printed
from webapp.services.agreements.prints import count_prints, quota_of
from webapp.services.destinations.destinations import DATA_STEP, TYPE_STEP

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
REGISTRATION = "other_destination"
NO_DATA = ("outcome", "reason")
FILES = re.compile(r"\d+ 个文件")


@dataclass(frozen=True)
class Papers:
    """What may be previewed, downloaded and handed out on paper."""

    draft: bool = False
    on_paper: bool = False
    agreement: Agreement | None = None
    is_ready: bool = False
    verify_url: str = ""
    quota: int = 0
    printed: int = 0
    older: list[Agreement] = field(default_factory=list)


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
    ready = session.scalar(select(Document.id).where(Document.agreement_id == agreement.id))
    older = select(Agreement).where(
        Agreement.case_id == agreement.case_id, Agreement.version < agreement.version
    )
    return Papers(
        agreement=agreement,
        is_ready=ready is not None,
        verify_url=verify_url(agreement.number, agreement.version),
        quota=quota_of(page.school.settings if page.school else {}),
        printed=count_prints(session, agreement.id),
        older=list(session.scalars(older.order_by(Agreement.version.desc()))),
    )


def destination_of(page: CasePage) -> list[dict[str, str]]:
    """What was registered about a destination, in words, as it reads now; files stand by themselves."""
    said = {one.element: one.answers for one in page.known.said}
    answers = [*said.get(TYPE_STEP, ()), *said.get(DATA_STEP, ())]
    return [one for one in answers if one["key"] not in NO_DATA and not is_files(one["text"])]


def is_files(text: str) -> bool:
    return bool(FILES.match(text))


def terms_of(page: CasePage) -> list[dict[str, str]]:
    """The agreed terms in words, as they were offered, or as the newest version has them."""
    if page.case.family == REGISTRATION:
        return []
    agreement = page.known.agreement
    if agreement is not None and agreement.version > 1:
        return terms_in_force(agreement)
    for said in reversed(page.known.said):
        answers = {answer["key"]: answer for answer in said.answers}
        if "position_name" in answers:
            return [answers[key] for key in TERMS if key in answers]
    return []


def terms_in_force(agreement: Agreement) -> list[dict[str, str]]:
    """The terms of a later version, which no step of the signing said."""
    edited = form_class("amendment/edit")(values=agreement.snapshot["answers"])
    said = {part["key"]: part for part in edited.labelled}
    return [said[key] for key in TERMS if key in said]
