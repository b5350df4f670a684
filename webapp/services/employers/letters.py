"""The letter an employer signs and seals, filled in from what it has typed (A11, A12).

It is drawn when asked for and not kept: what counts is the sealed paper that comes back.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ...errors import CaseError, NotYours
from ...models import Case, Employer, School
from ..accounts.actors import Actor
from ..cases.cases import find_case
from .levels import spoken_day

FILLED = ("Fill_certification", "Fill_change")
NO_CODE = "无"


def filled_step(case: Case) -> dict[str, Any] | None:
    """The answers the letter is printed from; None where the case asks for no letter."""
    for element in FILLED:
        said = case.variables.get(element)
        if isinstance(said, dict) and said.get("manager_name"):
            return said
    return None


def letter_pdf(session: Session, actor: Actor, case_id: uuid.UUID, now: datetime) -> bytes:
    """The letter of a case as PDF, for the employer it is about. Raises NotYours."""
    case = find_case(session, actor, case_id)
    said = filled_step(case)
    if said is None or actor.role != "employer" or case.employer_id is None:
        raise NotYours
    employer = session.get_one(Employer, case.employer_id)
    school = session.get_one(School, case.school_id)
    from pdf.errors import DocumentError  # late: the renderer's libraries are heavy
    from pdf.worker import render

    values = {
        "school_name": school.name,
        "employer_name": said.get("employer_name") or employer.name,
        "uscc": said.get("uscc") or employer.uscc or NO_CODE,
        "address": said.get("address") or employer.address,
        "legal_person": said.get("legal_person") or "",
        "manager_name": said["manager_name"],
        "manager_id_no": said["manager_id_no"],
        "manager_mobile": said["manager_mobile"],
        "purpose": "change" if "Fill_change" in case.variables else "certify",
        "made_on": spoken_day(now),
    }
    try:
        return render("letter", values).content
    except DocumentError as failure:
        raise CaseError(failure.story, "请修改填写的内容，再下载一次。") from failure
