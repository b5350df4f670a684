"""Edits a signed agreement: the employer proposes, the graduate confirms, a new version comes out.

Until the last step the old values stay in force (F22). Rescission goes first: beside an open request
nothing is proposed and nothing takes effect, and triggers of the database hold that too. Asking to
rescind is never barred by an edit that waits.
"""

from __future__ import annotations

import uuid
from copy import deepcopy
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from processes.engine import OperatorResult

from ...database import insert_for
from ...models import Agreement, Amendment, new_id
from ...models.versions import OPEN_AMENDMENT
from ..cases.rows import LiveCase
from . import agreements, printed, rescissions, signatures, versions

EDIT = "Edit_agreement"
CONTACT = (
    *("address", "postcode", "contact_name"),
    *("contact_mobile", "contact_phone", "contact_email"),
)
JOB = ("position_category", "position_name", "work_place")
TERMS = (
    *("trial_period", "trial_salary", "salary", "penalty"),
    *("report_place", "report_by", "supplement"),
)
EDITABLE = (*CONTACT, *JOB, *TERMS)
OPEN = Amendment.closed_at.is_(None)


def open_request(session: Session, case: LiveCase, variables: dict[str, Any], now: datetime) -> str:
    """Propose the edit: ok, unchanged, already_open, being_rescinded or not_valid.

    Asking again for itself stays ok.
    """
    found = rescissions.valid_agreement(session, case, None)
    if found is None:
        return "not_valid"
    agreement = versions.lock_agreement(session, found)
    if agreement.state != "valid":
        return "not_valid"
    if rescissions.running_request(session, agreement.id):
        return "being_rescinded"
    if not changes(agreement, variables.get(EDIT, {})):
        return "unchanged"
    values = {
        "id": new_id(),
        "school_id": case.school_id,
        "agreement_id": agreement.id,
        "case_id": case.id,
        "opened_at": now,
        "outcome": "",
    }
    insert = insert_for(session, Amendment.__table__).values(values)
    insert = insert.on_conflict_do_nothing(
        index_elements=["agreement_id"], index_where=OPEN_AMENDMENT
    )
    if session.execute(insert.returning(Amendment.id)).first() is not None:
        return "ok"
    return "ok" if running_request(session, agreement.id) == case.id else "already_open"


def amend(
    session: Session, case: LiveCase, variables: dict[str, Any], now: datetime
) -> OperatorResult | str:
    """Issue the next version with what the graduate confirmed, and end the request."""
    asked = session.scalar(select(Amendment.agreement_id).where(Amendment.case_id == case.id, OPEN))
    if asked is None:
        return "not_valid"
    agreement = versions.lock_agreement(session, asked)
    if agreement.state != "valid":
        return "not_valid"
    if rescissions.running_request(session, agreement.id):
        return "being_rescinded"
    answers = {**agreement.snapshot["answers"], **changes(agreement, variables.get(EDIT, {}))}
    values = edited(session, case, agreement, answers, now)
    new = versions.issue_next(session, agreement, values, answers, now)
    versions.move_destination(session, new, answers, now)
    close_request(session, case, "amended", now)
    return OperatorResult("ok", {"number": new.number, "version": new.version})


def close_request(session: Session, case: LiveCase, result: str, now: datetime) -> str:
    """End this case's request. Nothing open is nothing to do."""
    session.execute(
        update(Amendment)
        .where(Amendment.case_id == case.id, OPEN)
        .values(closed_at=now, outcome=result)
    )
    return "ok"


def running_request(session: Session, agreement_id: uuid.UUID) -> uuid.UUID | None:
    """The case that edits this agreement now, if any."""
    return session.scalar(
        select(Amendment.case_id).where(Amendment.agreement_id == agreement_id, OPEN)
    )


def changes(agreement: Agreement, said: dict[str, Any]) -> dict[str, Any]:
    """What the edit says differently from the agreement; what it may not touch is left out."""
    before = agreement.snapshot["answers"]
    return {
        key: said[key]
        for key in EDITABLE
        if key in said and as_printed(key, said[key]) != as_printed(key, before.get(key))
    }


def as_printed(key: str, value: Any) -> str:
    """An answer as it prints: 9000 and 9000.00 are the same amount."""
    text = "" if value is None else str(value)
    return printed.money(text, "") if key in printed.AMOUNTS else text


def edited(
    session: Session,
    case: LiveCase,
    agreement: Agreement,
    answers: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """The printed values of the agreement with the edit in them, agreed to by both sides anew."""
    values: dict[str, Any] = deepcopy(agreement.snapshot["values"])
    said = {key: answers[key] for key in EDITABLE if key in answers}
    contact = printed.employer_values(None, said)
    kept = ("contact_name", "contact_phone", "contact_email", "address", "postcode")
    sources = {"contact_phone": ("contact_mobile", "contact_phone")}
    for key in kept:
        if any(one in said for one in sources.get(key, (key,))):
            values["employer"][key] = contact[key]
    values["job"] = printed.job_values(answers)
    values["terms"] = printed.terms_values(answers)
    agreed = agreements.opinions_of(session, case.id)
    # Where no review follows, the graduate confirms in this very step, which history has not yet.
    agreed.setdefault("graduate", printed.opinion("graduate", values["graduate"]["name"], now))
    for role, opinion in agreed.items():
        before = values["opinions"].get(role, {})
        values["opinions"][role] = {**opinion, "text": before.get("text") or opinion["text"]}
    signatures.put_under(session, values["opinions"], agreement.graduate_id, agreement.employer_id)
    return values
