"""What a reviewer (G22) or a graduate wrote last time, so that the next form begins with it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...models import Case, History, School, Task
from ..accounts.actors import Actor

SIGNING_REVIEW = "review/decide_signing"
OWN_AGREEMENT, OWN_OPINION = "signing/fill_agreement", "graduate_opinion"
CONTACT = {
    "department": "school_department",
    "contact": "school_contact_name",
    "phone": "school_phone",
    "postcode": "school_postcode",
    "address": "school_address",
}
LOOKED_AT = 5


def contact_fields(session: Session, school: School, actor: Actor | None) -> dict[str, str]:
    """The contact fields of the school: this person's last ones, else the office's as set."""
    settings = school.settings
    set_for_all = {
        "department": settings.get("department", ""),
        "contact": settings.get("contact", ""),
        "phone": school.phone,
        "address": settings.get("address", ""),
    }
    return {**set_for_all, **(last_contact(session, actor) if actor else {})}


def last_contact(session: Session, actor: Actor) -> dict[str, str]:
    """From the last signing that this person passed; nothing before the first one."""
    if actor.role != "reviewer":
        return {}
    decided = session.execute(
        select(Task.element, Case.variables)
        .join(Case, Case.id == Task.case_id)
        .where(
            Task.closed_by == actor.person_id,
            Task.form == SIGNING_REVIEW,
            Task.state == "done",
            Task.school_id == actor.school_id,
        )
        .order_by(Task.id.desc())
        .limit(LOOKED_AT)
    )
    for element, variables in decided:
        wrote = variables.get(element, {})
        if wrote.get(CONTACT["contact"]):
            return {name: wrote.get(key) or "" for name, key in CONTACT.items()}
    return {}


def last_opinion(session: Session, task: Task, case: Case) -> str:
    """本人意见 of the graduate's former agreement, for one that is filled in with another employer.

    Read from the history, which keeps what was said before the former one was given up.
    """
    if task.form != OWN_AGREEMENT or task.role != "graduate":
        return ""
    told = session.scalars(
        select(History.body)
        .join(Case, Case.id == History.case_id)
        .where(
            Case.school_id == task.school_id,
            Case.graduate_id == case.graduate_id,
            Case.id != case.id,
            History.kind == "answered",
            History.element == task.element,
        )
        .order_by(History.at.desc())
        .limit(LOOKED_AT)
    )
    for body in told:
        for part in body.get("answers", ()):
            if part["key"] == OWN_OPINION:
                return str(part["text"])
    return ""
