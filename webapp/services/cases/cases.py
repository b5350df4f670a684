"""Opens cases, moves them, and finds them for those who may see them.

Functions take a session and a moment, and leave the commit to the caller,
so a page, the timer and a test all behave alike.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, select, true
from sqlalchemy.orm import Session

from processes.engine import Run

from ...errors import CannotWithdraw, NotAllowed, NotYours
from ...models import (
    Agreement,
    Case,
    Employer,
    Graduate,
    Membership,
    Person,
    Post,
    Release,
    School,
    new_id,
)
from ..accounts.actors import Actor, Anyone, Guest
from ..design import releases
from ..guests import guest_links
from ..schools.labels import family_label
from ..schools.settings import known_to_cases
from . import late, steps, subjects
from .history import Entry
from .operators import CaseOperators
from .rows import LiveCase
from .subjects import Subject

# Never sent, or taken back before the other side acted: nothing for the other side to read.
UNSENT = ("drafting", "discarded", "application_withdrawn")


def start_case(
    session: Session,
    actor: Anyone,
    family: str,
    *,
    graduate: Graduate | None,
    employer: Employer | None,
    now: datetime,
    answers: dict[str, Any] | None = None,
    variant: str | None = None,
    about: Subject | None = None,
    school_id: uuid.UUID | None = None,
) -> LiveCase:
    """Open a case on the release in force and run it to its first stop.

    With `answers` the first task of the actor is answered in the same transaction. `about` is the
    agreement or destination in force, the open post, or the employer, that the process is about; its
    employer becomes the case's. A case about an employer has no graduate and says which school it
    is for.
    Raises NoRelease, NotAllowed, NotInForce, or what answering may raise.
    """
    if isinstance(about, Agreement | Post) and about.employer_id:
        employer = session.get_one(Employer, about.employer_id)
    if isinstance(about, Employer):
        employer = about
    school_id = graduate.school_id if graduate else school_id
    if school_id is None or (graduate is None and employer is None):
        raise NotAllowed
    require_party(actor, graduate, employer, school_id)
    release = releases.require_in_force(session, school_id, family, variant)
    executable = releases.executable_for(session, release.id)
    steps.begin(session)
    if isinstance(actor, Guest):
        guest_links.require_card(session, actor, now)
    else:
        require_membership(session, actor)
    subject = subjects.facts_about(session, actor, executable.diagram, graduate, about, now)
    school = session.get_one(School, school_id)
    case = blank_case(session, actor, release, school, graduate, employer, now, subject)

    operators = CaseOperators(session, case, now)
    run = Run.start(executable, facts=case.facts, now=now, operators=operators)
    entry = started_by(actor)
    assert run.step is not None  # a started run has taken its first step
    steps.follow(session, case, run, run.step, [entry], set(), now)
    if answers is None:
        return case
    return answer_first(session, actor, case, answers, now)


def started_by(actor: Anyone) -> Entry:
    """The first row of history; a guest's names the masked mobile in a person's place."""
    if isinstance(actor, Guest):
        body = {"role": actor.role, "mobile": actor.masked_mobile}
        return Entry("guest", "started", "", None, body)
    return Entry("person", "started", "", actor.person_id, {"role": actor.role})


def submit_task(
    session: Session,
    actor: Anyone,
    task_id: uuid.UUID,
    answers: dict[str, Any],
    labelled: list[dict[str, str]],
    now: datetime,
) -> LiveCase:
    """Record the answers and let the case run on to its next stop.

    `labelled` is what history keeps: [{"key", "label", "text"}]. Raises NotYours, TaskAlreadyDone
    (another tab, person or member was faster), TaskTooLate (the deadline was), TaskWithdrawn or
    OnlyToRead (another offer binds the graduate, H07).
    """
    return steps.answer(session, actor, task_id, answers, labelled, now)


def withdraw_case(session: Session, actor: Actor, case_id: uuid.UUID, now: datetime) -> LiveCase:
    """Take back what this side began, while nobody has acted on it (I6).

    Raises NotYours, NotAllowed, CannotWithdraw or CaseEnded.
    """
    require_withdrawable(session, actor, case_id)
    steps.begin(session)
    require_membership(session, actor)
    return steps.withdraw(session, actor, case_id, now)


def require_withdrawable(session: Session, actor: Actor, case_id: uuid.UUID) -> Case:
    """The case, where this side may still take it back; else who acted and when (I6)."""
    case = find_case(session, actor, case_id)
    if not began(actor, case):
        raise NotAllowed
    if may_withdraw(actor, case):
        return case
    if case.ended_at is None and not school_lets_withdraw(actor, case):
        raise CannotWithdraw(case_id, "按学校的规定，发出的邀请不能撤回。")
    raise late.why_not_withdrawn(session, case_id, actor.role)


def wake_case(session: Session, case_id: uuid.UUID, now: datetime) -> LiveCase | None:
    """Fire what is due in this case; None when nothing is."""
    return steps.wake(session, case_id, now)


def find_case(session: Session, actor: Actor, case_id: uuid.UUID) -> Case:
    """The case as this actor; raises NotYours for a stranger as for a wrong id."""
    case = session.scalars(select(Case).where(Case.id == case_id, visible_to(actor))).first()
    if case is None:
        raise NotYours
    return case


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The cases an actor may see: both sides, the graduate's college, the school (I9).

    What was never sent is the business of the side that drafted it, and of the school.
    """
    sent = Case.status.not_in(UNSENT)
    of_school = Case.school_id == actor.school_id
    if actor.role == "graduate":
        return and_(of_school, Case.graduate_id == actor.graduate_id, sent | opened_by(actor))
    if actor.role == "employer":
        own = select(Membership.person_id).where(Membership.employer_id == actor.employer_id)
        return and_(Case.employer_id == actor.employer_id, sent | Case.opened_by.in_(own))
    if actor.role == "reviewer":
        of_college = select(Graduate.id).where(
            Graduate.school_id == actor.school_id, Graduate.college_id == actor.college_id
        )
        return and_(of_school, Case.graduate_id.in_(of_college), sent)
    return and_(of_school, true())


def opened_by(actor: Actor) -> ColumnElement[bool]:
    return Case.opened_by == actor.person_id


def may_withdraw(actor: Actor, case: Case) -> bool:
    """Whether this side may take the case back now."""
    expected = "withdraw" in case.messages and case.ended_at is None
    return expected and began(actor, case) and school_lets_withdraw(actor, case)


def began(actor: Actor, case: Case) -> bool:
    """Whether this side began the case, or submitted what another side had begun (K15)."""
    facts = case.facts.get("case", {})
    side: str = facts.get("withdrawn_by") or facts.get("initiator", "")
    return side == actor.role


def school_lets_withdraw(actor: Actor, case: Case) -> bool:
    """Whether the school lets this side take things back, as fixed when the case began."""
    lets: bool = case.facts.get("school", {}).get(f"{actor.role}_may_withdraw", True)
    return lets


def require_party(
    actor: Anyone, graduate: Graduate | None, employer: Employer | None, school_id: uuid.UUID
) -> None:
    """A graduate starts for themselves, an employer for itself, the school for its own, a guest with
    the one graduate whose card it holds.
    """
    if isinstance(actor, Guest):
        if graduate is None or employer is not None or actor.graduate_id != graduate.id:
            raise NotAllowed
        return
    own = {
        "graduate": graduate is not None and actor.graduate_id == graduate.id,
        "employer": employer is not None and actor.employer_id == employer.id,
        "reviewer": graduate is not None and actor.college_id == graduate.college_id,
        "office": actor.school_id == school_id,
        "admin": actor.school_id == school_id,
    }
    if not own[actor.role]:
        raise NotAllowed


def require_membership(session: Session, actor: Actor) -> None:
    """The membership still holds, seen from inside the transaction."""
    holds = session.scalar(
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.id == actor.membership_id,
            Membership.ended_at.is_(None),
            Person.blocked_at.is_(None),
        )
    )
    if holds is None:
        raise NotYours


def blank_case(
    session: Session,
    actor: Anyone,
    release: Release,
    school: School,
    graduate: Graduate | None,
    employer: Employer | None,
    now: datetime,
    subject: dict[str, Any],
) -> LiveCase:
    """The new case's row, before its run begins: operators of the first step refer to it."""
    names = [
        release.title if graduate is None else family_label(release.family),
        employer.name if employer else "",
        graduate.name if graduate else "",
    ]
    case = LiveCase(
        id=new_id(now),
        school_id=school.id,
        release_id=release.id,
        family=release.family,
        title=" · ".join(name for name in names if name)[:200],
        graduate_id=graduate.id if graduate else None,
        employer_id=employer.id if employer else None,
        college_id=graduate.college_id if graduate else None,
        opened_by=actor.person_id,
        facts=facts_at_start(actor, school, graduate, employer, release.family, subject),
        state="",
        variables={},
        version=0,
        status="open",
        wake_at=None,
        ended_at=None,
        end_element="",
        messages=[],
        history_count=0,
        history_hash="",
    )
    stored = {key: value for key, value in vars(case).items() if key in Case.__table__.columns}
    session.execute(insert(Case).values(**stored, variant=release.variant, opened_at=now))
    return case


def facts_at_start(
    actor: Anyone,
    school: School,
    graduate: Graduate | None,
    employer: Employer | None,
    family: str,
    subject: dict[str, Any],
) -> dict[str, Any]:
    """What `case` and `school` mean in this case's expressions: fixed now, whatever changes later.

    A school may review each family on other levels (`review_levels_rescission`, K5).
    """
    return {
        "case": {
            "initiator": actor.role,
            "has_employer": employer is not None,
            "employer_name": employer.name if employer else "",
            "graduate_name": graduate.name if graduate else "",
            "training_mode": graduate.training_mode if graduate else "",
            "cohort": graduate.cohort if graduate else 0,
            **subject,
        },
        "school": school_facts(school, family),
    }


def school_facts(school: School, family: str) -> dict[str, Any]:
    """What `school` means in the expressions of a case of this family that begins now."""
    plain = known_to_cases(school.settings)
    levels = plain.get(f"review_levels_{family}") or plain.get("review_levels") or "both"
    days = plain.get("rescission_reply_days")
    edit_days = plain.get("amendment_reply_days")
    return {
        "rescission_reply_within": f"P{days}D" if days else "",
        "amendment_reply_within": f"P{edit_days}D" if edit_days else "",
        **plain,
        "review_levels": levels,
    }


def answer_first(
    session: Session, actor: Anyone, case: LiveCase, answers: dict[str, Any], now: datetime
) -> LiveCase:
    from .tasks import open_tasks

    (task,) = [t for t in open_tasks(session, case.id) if t.queue in actor.queues]
    labelled = [{"key": key, "label": key, "text": str(value)} for key, value in answers.items()]
    return submit_task(session, actor, task.id, answers, labelled, now)
