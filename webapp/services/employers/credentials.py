"""Who may look at the papers that show what an employer is (A21).

The papers of an accepted certification are open to those who review a case with that employer, at
whatever school; identity cards never are.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...models import Case, Certification, Task, Upload
from ..accounts.actors import Actor
from ..cases.cases import visible_to

REVIEWERS = ("reviewer", "office")


def may_see_credential(session: Session, actor: Actor, upload: Upload, task: Task) -> bool:
    """Whether a reviewer may open this paper because a case with the employer is theirs to review.

    The caller has seen that the form offers the field as a credential.
    """
    if actor.role not in REVIEWERS or task.state != "done" or upload.private:
        return False
    employer_id = session.scalar(
        select(Certification.employer_id).where(Certification.case_id == task.case_id)
    )
    return employer_id is not None and has_case_with(session, actor, employer_id)


def has_case_with(session: Session, actor: Actor, employer_id: uuid.UUID) -> bool:
    """Whether this reviewer sees some graduate's case with the employer."""
    seen = select(Case.id).where(
        visible_to(actor), Case.employer_id == employer_id, Case.graduate_id.is_not(None)
    )
    return session.scalar(seen.limit(1)) is not None
