"""协议书打印管理: the approved agreements with their print counters, as a college or the school sees them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, undefer

from webapp.models import Agreement, Case, College, Employer, Graduate, Print, School
from webapp.pages.graduates import own_graduates
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.accounts.actors import Actor
from webapp.services.agreements.printing import is_printed
from webapp.services.agreements.prints import MOST_COPIES, copies_of

STATES = {
    "valid": ("有效", "good"),
    "rescinded": ("已解除", "bad"),
    "superseded": ("已被新版取代", "plain"),
    "void": ("作废", "bad"),
}
# What the filter offers; without a choice, everything but versions that were replaced.
SHOWN = {"valid": "有效", "rescinded": "已解除", "superseded": "已被新版取代"}
PRINTED = {"no": "还没有打印", "yes": "打印过"}


@dataclass(frozen=True)
class AgreementLine:
    """One agreement with how often it was handed out, and when last (F11)."""

    agreement: Agreement
    graduate: Graduate
    college: str
    prints: int
    printed_at: datetime | None
    on_paper: bool

    @property
    def state(self) -> tuple[str, str]:
        return STATES[self.agreement.state]

    @property
    def employer(self) -> dict[str, str]:
        """The employer as the agreement names it: name, uscc, nature."""
        named: dict[str, str] = self.agreement.snapshot["values"]["employer"]
        return named

    @property
    def can_print(self) -> bool:
        return self.agreement.state == "valid" and not self.on_paper


@dataclass(frozen=True)
class Printing:
    """The list with what may be chosen around it."""

    page: Page
    colleges: Sequence[College]
    copies: list[str]
    most: int = MOST_COPIES


def signed_with(agreement: Agreement) -> str:
    """The employer as the agreement names it, where it has no account here."""
    name: str = agreement.snapshot["values"]["employer"]["name"]
    return name


def printing(session: Session, actor: Actor, query: dict[str, str]) -> Printing:
    """The page 协议书打印管理 (F08)."""
    school = session.get_one(School, actor.school_id)
    colleges = select(College).where(College.school_id == school.id).order_by(College.code)
    return Printing(
        list_agreements(session, actor, query),
        list(session.scalars(colleges)) if actor.role != "reviewer" else [],
        copies_of(school.settings),
    )


def list_agreements(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """The agreements of the own graduates that fit the filters, latest first."""
    prints = (
        select(Print.agreement_id, func.count().label("times"), func.max(Print.at).label("last"))
        .group_by(Print.agreement_id)
        .subquery()
    )
    wanted = (
        select(Agreement, Graduate, College.name, prints.c.times, prints.c.last, Case.release_id)
        .options(undefer(Agreement.snapshot))
        .join(Graduate, Graduate.id == Agreement.graduate_id)
        .join(College, College.id == Graduate.college_id)
        .join(Case, Case.id == Agreement.case_id)
        .outerjoin(Employer, Employer.id == Agreement.employer_id)
        .outerjoin(prints, prints.c.agreement_id == Agreement.id)
        .where(own_graduates(actor))
        .order_by(Agreement.id.desc())
        .limit(PAGE + 1)
    )
    rows = session.execute(narrowed(wanted, query, prints.c.times)).all()
    printed: dict[uuid.UUID, bool] = {
        release: is_printed(session, release) for release in {row[-1] for row in rows}
    }
    lines = [
        AgreementLine(agreement, graduate, college, times or 0, last, not printed[release])
        for agreement, graduate, college, times, last, release in rows
    ]
    return page_of(lines, lambda line: line.agreement.id, query)


def narrowed(
    wanted: Select[*tuple[Any, ...]], query: dict[str, str], times: Any
) -> Select[*tuple[Any, ...]]:
    """By `q` (name, employer, student or agreement number), `college`, `state` and `printed`."""
    if text := query.get("q", "").strip():
        wanted = wanted.where(
            or_(
                Graduate.name.startswith(text, autoescape=True),
                Graduate.student_no == text,
                Agreement.number == text,
                Employer.name.startswith(text, autoescape=True),
            )
        )
    if college := read_key(query.get("college")):
        wanted = wanted.where(Graduate.college_id == college)
    if query.get("state") in SHOWN:
        wanted = wanted.where(Agreement.state == query["state"])
    else:
        wanted = wanted.where(Agreement.state != "superseded")
    if query.get("printed") in PRINTED:
        wanted = wanted.where(times.is_(None) if query["printed"] == "no" else times > 0)
    if before := read_key(query.get("before")):
        wanted = wanted.where(Agreement.id < before)
    return wanted
