"""An employer's signings: whom it has to sign with, who still confirms, who is signed, and the record.

Numbers and addresses of a graduate are shown once that graduate has agreed to this employer.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ...models import Agreement, Case, College, Graduate, Release, School, Task
from ..accounts.actors import Actor
from ..cases import tasks
from ..cases.cases import visible_to
from ..cases.tasks import WorkRow

FAMILY = "online_signing"
BY_GRADUATES = "student_initiated"
SIGN = "signing/sign_with_graduate"
CONFIRMING = ("waiting_recheck", "waiting_graduate")
# From the employer's own yes on; what ended without an agreement is in the record only.
SIGNED = (
    *CONFIRMING,
    *("waiting_college", "waiting_university", "signed_waiting_school"),
    *("approved", "filed", "completed"),
)
# A résumé that was sent is no signing yet, nor is one that came to nothing.
APPLYING = (
    *("applied", "application_withdrawn", "interview_invited", "interview_accepted"),
    *("interview_declined", "unsuitable", "not_hired"),
)
AGREED = tuple(status for status in SIGNED if status != "waiting_graduate")


@dataclass(frozen=True)
class Signing:
    """A case with one graduate, as the employer's lists show it."""

    case: Case
    graduate: Graduate
    school: School
    college: College
    issued_at: datetime | None = None

    @property
    def position(self) -> str:
        """The post, as it was last filled in."""
        steps = [step for step in self.case.variables.values() if isinstance(step, dict)]
        named = [str(step["position_name"]) for step in steps if step.get("position_name")]
        return named[-1] if named else ""

    @property
    def is_agreed(self) -> bool:
        return self.case.status in AGREED


@dataclass(frozen=True)
class Waiting:
    """A row of 待签约信息: the task, what the graduate said, and whether it may go with others."""

    row: WorkRow
    signing: Signing
    opinion: str
    alone: str = ""


def waiting_to_sign(
    session: Session, actor: Actor, limit: int, text: str = "", after: uuid.UUID | None = None
) -> list[Waiting]:
    """What waits for this employer's signature, longest first (G08, G09)."""
    rows = tasks.waiting_for_me(
        session, actor, limit=limit, after=after, oldest_first=True, text=text, forms=(SIGN,)
    )
    known = {one.case.id: one for one in signings_of(session, [row.case_id for row in rows])}
    return [waiting_row(row, known[row.case_id]) for row in rows]


def waiting_row(row: WorkRow, signing: Signing) -> Waiting:
    said = signing.case.variables
    return Waiting(row, signing, said["Fill_agreement"].get("graduate_opinion") or "", alone(said))


def alone(variables: dict[str, dict[str, str]]) -> str:
    """Why this one is to be signed by itself: its terms are already under way."""
    if variables.get("Confirm_signing", {}).get("outcome") == "object":
        return "毕业生有异议"
    if variables.get("Sign_with_graduate", {}).get("outcome"):
        return "须重新签约"
    return ""


def count_to_sign(session: Session, actor: Actor) -> int:
    """The badge of 待签约信息 (N06)."""
    return tasks.count_waiting(session, actor, forms=(SIGN,))


def signs_with_graduates(session: Session, actor: Actor) -> bool:
    """Whether 待签约信息 is of use to this employer: some school offers it, or work waits there."""
    offered = select(Release.id).where(
        Release.family == FAMILY, Release.variant == BY_GRADUATES, Release.in_force
    )
    return session.scalar(offered.limit(1)) is not None or count_to_sign(session, actor) > 0


def same_release(session: Session, rows: Sequence[WorkRow]) -> set[uuid.UUID]:
    """The cases among these that run on the release of the first: one form fits them."""
    ids = [row.case_id for row in rows]
    found = session.execute(select(Case.id, Case.release_id).where(Case.id.in_(ids)))
    releases = {row[0]: row[1] for row in found}
    return {one for one in ids if releases.get(one) == releases.get(ids[0])}


def list_signings(
    session: Session,
    actor: Actor,
    statuses: Sequence[str],
    *,
    limit: int,
    text: str = "",
    before: uuid.UUID | None = None,
) -> list[Signing]:
    """The employer's online signings in these states, latest first; no states means all it sent.

    Applications are none before an offer: they have a list of their own (C10).
    """
    wanted = (
        select(Case.id)
        .join(Graduate, Graduate.id == Case.graduate_id)
        .where(visible_to(actor), Case.family == FAMILY)
    )
    if statuses:
        wanted = wanted.where(Case.status.in_(statuses))
    else:
        waits_for_us = exists().where(
            Task.case_id == Case.id, Task.state == "open", Task.form == SIGN
        )
        wanted = wanted.where(
            Case.status.not_in(("drafting", "discarded", *APPLYING)), ~waits_for_us
        )
    if text:
        wanted = wanted.where(tasks.names_graduate(text))
    if before:
        wanted = wanted.where(Case.id < before)
    ids = list(session.scalars(wanted.order_by(Case.id.desc()).limit(limit)))
    return signings_of(session, ids)


def signings_of(session: Session, case_ids: Sequence[uuid.UUID]) -> list[Signing]:
    """These cases with who and where, latest first."""
    issued = (
        select(Agreement.issued_at)
        .where(Agreement.case_id == Case.id)
        .order_by(Agreement.version)
        .limit(1)
        .scalar_subquery()
    )
    found = session.execute(
        select(Case, Graduate, School, College, issued)
        .join(Graduate, Graduate.id == Case.graduate_id)
        .join(School, School.id == Case.school_id)
        .join(College, College.id == Graduate.college_id)
        .where(Case.id.in_(case_ids))
        .order_by(Case.id.desc())
    )
    return [Signing(*row) for row in found]
