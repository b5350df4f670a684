"""The back office's lists around the register: employment, corrections, recent changes (B08, B09).

A reviewer sees the own college, the office the own school; all share the filters of the register.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from webapp.models import (
    Case,
    College,
    Destination,
    Employer,
    Graduate,
    RegisterChange,
    School,
)
from webapp.pages.graduates import mask_id, narrowed, own_graduates, path_word, word
from webapp.pages.labels import Status, status_of
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.accounts.actors import Actor
from webapp.services.accounts.corrections import FIELDS as CORRECTED
from webapp.services.employers.parties import employer_name
from webapp.services.imports.graduates import FIELDS as IMPORTED

FAMILY = "base_data"
LABELS = {**IMPORTED, **CORRECTED}
SCHEMES = {
    "gender": "gender", "nation": "nation", "political_status": "political_status",
    "education": "education_level", "training_mode": "training_mode",
    "hardship": "hardship_type", "normal_student": "normal_student_type",
    "plan": "graduation_plan",
}  # fmt: skip
SOURCES = {"correction": "更正申请", "import": "导入"}
UNSENT = ("drafting", "cancelled")


@dataclass(frozen=True)
class EmploymentLine:
    """Where one graduate goes."""

    graduate: Graduate
    college: str
    destination: str
    employer: str
    since: datetime | None


def list_employment(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """The graduates with the destination in force and its employer, latest first."""
    live = and_(Destination.graduate_id == Graduate.id, Destination.closed_at.is_(None))
    wanted = (
        select(Graduate, College.name, Destination, Case, Employer.name)
        .join(College, College.id == Graduate.college_id)
        .outerjoin(Destination, live)
        .outerjoin(Case, Case.id == Destination.case_id)
        .outerjoin(Employer, Employer.id == Case.employer_id)
        .where(own_graduates(actor))
        .order_by(Graduate.id.desc())
        .limit(PAGE + 1)
    )
    lines = [
        EmploymentLine(
            graduate,
            college,
            word("destination_type", found.code) if found else "",
            employer_name(case, employer) if case else "",
            found.written_at if found else None,
        )
        for graduate, college, found, case, employer in session.execute(narrowed(wanted, query))
    ]
    return page_of(lines, lambda line: line.graduate.id, query)


@dataclass(frozen=True)
class CorrectionLine:
    """One request to correct base data."""

    case: Case
    graduate: Graduate
    college: str
    fields: str
    status: Status


def list_corrections(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """The requests that were sent, latest first; `which` keeps those running or ended."""
    wanted = (
        select(Case, Graduate, College.name)
        .join(Graduate, Graduate.id == Case.graduate_id)
        .join(College, College.id == Graduate.college_id)
        .where(
            own_graduates(actor),
            Case.school_id == actor.school_id,
            Case.family == FAMILY,
            Case.status.not_in(UNSENT),
        )
        .order_by(Case.id.desc())
        .limit(PAGE + 1)
    )
    if query.get("which") == "running":
        wanted = wanted.where(Case.ended_at.is_(None))
    if query.get("which") == "ended":
        wanted = wanted.where(Case.ended_at.is_not(None))
    wanted = after(narrowed_but_page(wanted, query), Case.id, query)
    school = session.get(School, actor.school_id)
    lines = [
        CorrectionLine(case, graduate, college, asked_for(case), status_of(case.status, school))
        for case, graduate, college in session.execute(wanted)
    ]
    return page_of(lines, lambda line: line.case.id, query)


def asked_for(case: Case) -> str:
    """The fields somebody asked to correct, in words."""
    asked = case.variables.get("Fill_correction", {}).get("fields") or []
    return "、".join(CORRECTED[key] for key in asked if key in CORRECTED)


@dataclass(frozen=True)
class ChangeLine:
    """One change of the register in words."""

    id: uuid.UUID
    graduate: Graduate
    college: str
    changes: list[tuple[str, str, str]]
    source: str
    case_id: uuid.UUID | None
    at: datetime


def list_changes(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """What changed in the register, latest first."""
    wanted = (
        select(RegisterChange, Graduate, College.name)
        .join(Graduate, Graduate.id == RegisterChange.graduate_id)
        .join(College, College.id == Graduate.college_id)
        .where(own_graduates(actor), RegisterChange.school_id == actor.school_id)
        .order_by(RegisterChange.id.desc())
        .limit(PAGE + 1)
    )
    wanted = after(narrowed_but_page(wanted, query), RegisterChange.id, query)
    lines = [
        ChangeLine(
            change.id,
            graduate,
            college,
            [(LABELS.get(key, key), say(key, old), say(key, new))
             for key, (old, new) in change.changes.items()],
            SOURCES[change.source],
            change.case_id,
            change.at,
        )
        for change, graduate, college in session.execute(wanted)
    ]  # fmt: skip
    return page_of(lines, lambda line: line.id, query)


def say(key: str, value: str) -> str:
    """An old or new value: codes as words, identity numbers by their ends."""
    if key == "id_no":
        return mask_id(value)
    if key == "origin_region":
        return path_word("region", value)
    return word(SCHEMES[key], value) if key in SCHEMES else value


def narrowed_but_page(
    wanted: Select[*tuple[Any, ...]], query: dict[str, str]
) -> Select[*tuple[Any, ...]]:
    """The register's filters without its paging, whose key is the graduate's."""
    return narrowed(wanted, {key: value for key, value in query.items() if key != "before"})


def after(
    wanted: Select[*tuple[Any, ...]], key: Any, query: dict[str, str]
) -> Select[*tuple[Any, ...]]:
    before = read_key(query.get("before"))
    return wanted.where(key < before) if before else wanted
