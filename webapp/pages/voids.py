"""The record of voided destinations, for the school to see: the own college's, the own school's (M08)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Case, College, Destination, DestinationVoid, Graduate
from webapp.pages.graduates import own_graduates
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.accounts.actors import Actor
from webapp.services.destinations.destinations import spoken

WAYS = {
    "self_service": "本人作废",
    "reviewed": "本人申请，学校审核",
    "admin_unlock": "学校解锁",
}


@dataclass(frozen=True)
class VoidRow:
    """One line: whose destination ended, which, why, by which way and in which case."""

    id: uuid.UUID
    case_id: uuid.UUID
    graduate_name: str
    student_no: str
    college: str
    destination: str
    way: str
    reason: str
    at: datetime


def list_voids(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """What was voided, latest first; `q` finds a name or a student number."""
    wanted = (
        select(DestinationVoid, Graduate, College.name, Destination, Case.variant)
        .join(Graduate, Graduate.id == DestinationVoid.graduate_id)
        .join(College, College.id == Graduate.college_id)
        .join(Destination, Destination.id == DestinationVoid.destination_id)
        .join(Case, Case.id == DestinationVoid.case_id)
        .where(DestinationVoid.school_id == actor.school_id, own_graduates(actor))
        .order_by(DestinationVoid.id.desc())
        .limit(PAGE + 1)
    )
    if text := query.get("q", "").strip():
        named = Graduate.name.startswith(text, autoescape=True)
        wanted = wanted.where(named | (Graduate.student_no == text))
    if before := read_key(query.get("before")):
        wanted = wanted.where(DestinationVoid.id < before)
    rows = [
        VoidRow(
            id=void.id,
            case_id=void.case_id,
            graduate_name=graduate.name,
            student_no=graduate.student_no,
            college=college,
            destination=spoken(destination.code, destination.snapshot),
            way=WAYS.get(variant, "作废"),
            reason=void.reason,
            at=void.at,
        )
        for void, graduate, college, destination, variant in session.execute(wanted)
    ]
    return page_of(rows, lambda row: row.id, query)
