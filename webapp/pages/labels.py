"""States as tags show them, and roles with their place, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import College, Employer, School
from webapp.services.accounts.actors import Actor
from webapp.services.schools.labels import family_label, list_label, status_label

__all__ = ["ROLES", "Status", "family_label", "say_role", "status_of"]

TONES = {
    "completed": "good",
    "failed": "bad",
    "drafting": "plain",
    "waiting_answer": "wait",
    "waiting_reply": "wait",
    "registered": "good",
    "offline_completed": "good",
    "agreement_returned": "wait",
    "waiting_sealed_copy": "wait",
    "agreement_refused": "bad",
    "registration_returned": "wait",
    "void": "bad",
    "rescission_returned": "wait",
    "rescinded": "good",
    "rescission_failed": "bad",
    "agreement_rescinded": "bad",
    "waiting_confirmation": "wait",
    "amended": "good",
    "destination_completed": "good",
    "destination_returned": "wait",
    "destination_to_correct": "wait",
    "destination_voided": "bad",
    "waiting_evidence": "wait",
    "waiting_second_person": "wait",
    "voided": "bad",
    "void_refused": "bad",
    "unlocked": "good",
    "waiting_letter": "wait",
    "certification_returned": "wait",
    "certified": "good",
    "manager_changed": "good",
    "account_recovered": "good",
    "correction_returned": "wait",
    "corrected": "good",
    "not_corrected": "bad",
    "waiting_employer": "flow",
    "employer_returned": "wait",
    "signing_returned": "wait",
    "employer_refused": "bad",
    "review_refused": "bad",
    "waiting_recheck": "wait",
    "waiting_graduate": "wait",
    "approved": "good",
    "filed": "good",
    "interview_invited": "wait",
    "offered": "wait",
}
ENDED_PLAIN = {
    *("discarded", "lapsed", "withdrawn", "refused", "cancelled"),
    *("rescission_not_opened", "agreement_not_valid"),
    *("amendment_refused", "amendment_not_opened", "amendment_void"),
    *("overtaken", "kept", "needs_rescission", "nothing_to_void", "unlock_refused"),
    *("application_withdrawn", "interview_declined", "offer_declined", "expired"),
    *("unsuitable", "not_hired"),
}
ROLES = {
    "graduate": "毕业生",
    "employer": "用人单位",
    "reviewer": "院系审核老师",
    "office": "学校就业处",
    "admin": "管理员",
    "system": "系统",
    "guest": "访客",
}


@dataclass(frozen=True)
class Status:
    """A state as a tag shows it: word and tone."""

    key: str
    label: str
    tone: str


def status_of(key: str, school: School | None, since: str = "") -> Status:
    """A state in the school's own word, with the colour its meaning has everywhere.

    A case whose agreement was rescinded or whose destination was voided says that (`since`),
    whatever it ended as.
    """
    key = since or key
    tone = TONES.get(key, "plain" if key in ENDED_PLAIN else "flow")
    return Status(key, status_label(key, school.settings if school else None), tone)


def in_list(status: str, school: School | None) -> Status:
    """A state as the lists of employers spell it (C10, D03)."""
    told = status_of(status, school)
    return Status(told.key, list_label(status, school.settings if school else None), told.tone)


def say_role(session: Session, actor: Actor) -> str:
    """`计算机学院 院系审核老师`: the place and what one is there."""
    places: dict[str, tuple[type[Employer | College | School], Any]] = {
        "employer": (Employer, actor.employer_id),
        "reviewer": (College, actor.college_id),
    }
    model, key = places.get(actor.role, (School, actor.school_id))
    place: Any = session.get(model, key) if key else None
    return f"{place.name if place else ''} {ROLES[actor.role]}".strip()
