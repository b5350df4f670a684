"""A case as its page shows it: what the service lets this reader know, in headings and steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Case, College, Employer, Graduate, School
from webapp.pages.families import Withdrawal, ending_of, help_of, withdrawal_of
from webapp.pages.labels import Status, family_label, status_of
from webapp.pages.rescinding import Rescinding, rescinding_of
from webapp.pages.way import Map, Step, steps_of
from webapp.pages.wording import say_due, say_left, say_moment, say_so_far
from webapp.services.accounts.actors import Actor
from webapp.services.cases import case_page as known
from webapp.services.cases.aftermath import states_since
from webapp.services.cases.case_page import Holder
from webapp.services.employers.letters import filled_step
from webapp.services.employers.parties import employer_name, other_name

OF_SCHOOL = ("reviewer", "office")


@dataclass(frozen=True)
class Holding:
    """The four facts of a waiting step: who, since when, if nobody acts, what the reader must do."""

    holder: Holder
    headline: str
    since: str
    silence: str
    duty: str
    phone: str


@dataclass(frozen=True)
class CasePage:
    """Everything the page of a case shows besides its papers."""

    case: Case
    known: known.CasePage
    heading: str
    subtitle: str
    status: Status
    graduate: Graduate | None
    college: College | None
    employer: Employer | None
    employer_name: str
    school: School | None
    holdings: list[Holding]
    steps: list[Step]
    ending: str
    help: str
    withdrawal: Withdrawal
    rescinding: Rescinding
    letter: bool = False


def case_page(session: Session, actor: Actor, case: Case, now: datetime) -> CasePage:
    """The page of a case that `find_case` gave to this actor."""
    school = session.get(School, case.school_id)
    graduate = session.get(Graduate, case.graduate_id) if case.graduate_id else None
    employer = session.get(Employer, case.employer_id) if case.employer_id else None
    name = employer_name(case, employer.name if employer else "")
    told = known.describe(session, actor, case)
    plan = map_of(session, case)
    rescinding = rescinding_of(session, actor, case, told)
    since = states_since(session, [case.id]).get(case.id, "") if case.ended_at else ""
    return CasePage(
        case=case,
        known=told,
        heading=heading(actor, case, graduate, other_name(case, name)),
        subtitle=family_label(case.family),
        employer_name=name,
        status=status_of(case.status, school, since),
        graduate=graduate,
        college=session.get(College, graduate.college_id) if graduate else None,
        employer=employer,
        school=school,
        holdings=[hold(one, school, now) for one in told.holders],
        steps=steps_of(plan, told, now),
        ending=ending_of(case.family, since or case.status, actor.role, case.variant),
        help=help_of(case.family, case.variant),
        withdrawal=withdrawal_of(case.family, case.variant, case.status),
        rescinding=rescinding,
        letter=actor.role == "employer" and case.ended_at is None and has_letter(case, told),
    )


def has_letter(case: Case, told: known.CasePage) -> bool:
    """Whether the employer stands at the step that brings the sealed letter back."""
    at_hand = any(holder.mine for holder in told.holders)
    return at_hand and case.status == "waiting_letter" and filled_step(case) is not None


def heading(actor: Actor, case: Case, graduate: Graduate | None, employer: str) -> str:
    """The other side's name: what the reader looks for; before it is known, what the case is."""
    if actor.role == "graduate":
        return employer or family_label(case.family)
    return graduate.name if graduate else case.title


def hold(holder: Holder, school: School | None, now: datetime) -> Holding:
    who = holder.who.split("，")[0]
    owes_a_number = holder.role in OF_SCHOOL and not holder.mine
    return Holding(
        holder=holder,
        headline=f"现在等您办理：{holder.name}" if holder.mine else f"现在由{who}办理",
        since=f"{say_moment(holder.since)}，{say_so_far(holder.since, now)}",
        silence=silence_of(holder, now),
        duty=f"请办理“{holder.name}”。"
        if holder.mine
        else "什么都不用做，有结果会在“消息”里告诉您。",
        phone=school.phone if school and owes_a_number else "",
    )


def silence_of(holder: Holder, now: datetime) -> str:
    """What happens if nobody acts, and by when: a deadline ends the step, else it is a reminder."""
    if holder.due_at is None:
        return holder.silence
    if holder.lapses:
        return f"{holder.silence}期限 {say_moment(holder.due_at)}，{say_left(holder.due_at, now)}。"
    return f"{holder.silence}{say_due(holder.due_at, now)}"


def map_of(session: Session, case: Case) -> Map:
    """The diagrams the case runs on, with the facts their conditions read."""
    diagram, called = known.diagrams(session, case)
    return Map(diagram, called, case.facts)


def tokens_of(session: Session, actor: Actor, case: Case) -> dict[str, Any]:
    """What the viewer draws of the outer diagram: tokens by element, elements and flows passed."""
    told = known.describe(session, actor, case).tokens
    here: dict[str, int] = {}
    for path in told.here:
        top = path.split("/")[0]
        here[top] = here.get(top, 0) + 1
    done = dict.fromkeys(path.split("/")[0] for path in told.done)
    return {
        "here": here,
        "done": [element for element in done if element not in here],
        "flows": [flow for flow in told.flows if "/" not in flow],
    }
