"""A case for whoever may see it: who holds it, since when, what silence does, what the reader must do.

The diagram proves what the words say: tokens and the way taken come from open tasks and history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from processes.diagram import Diagram, Element, read_diagram
from webapp.models import (
    Agreement,
    Case,
    College,
    Employer,
    Graduate,
    History,
    Membership,
    Release,
    School,
    Task,
)
from webapp.pages.labels import ROLES, Status, family_label, status_of
from webapp.pages.way import Map, Step, name_at, steps_of
from webapp.pages.wording import say_left, say_moment, say_waited
from webapp.services.actors import Actor
from webapp.services.agreements import agreement_of
from webapp.services.cases import may_withdraw


@dataclass(frozen=True)
class Holding:
    """The four facts of a waiting step: who, since when, if nobody acts, what the reader must do."""

    headline: str
    who: str
    since: str
    silence: str
    duty: str
    phone: str
    mine: Task | None


@dataclass(frozen=True)
class CasePage:
    """Everything the page of a case shows besides its history and documents."""

    case: Case
    heading: str
    subtitle: str
    status: Status
    graduate: Graduate | None
    college: College | None
    employer: Employer | None
    school: School | None
    holdings: list[Holding]
    steps: list[Step]
    ending: str
    can_withdraw: bool
    agreement: Agreement | None


def case_page(session: Session, actor: Actor, case: Case, now: datetime) -> CasePage:
    """The page of a case that `find_case` gave to this actor."""
    school = session.get(School, case.school_id)
    graduate = session.get(Graduate, case.graduate_id) if case.graduate_id else None
    employer = session.get(Employer, case.employer_id) if case.employer_id else None
    college = session.get(College, graduate.college_id) if graduate else None
    tasks = tasks_of(session, case)
    plan = map_of(session, case)
    names = Names(session, case, graduate, college, employer, school)
    waiting = [task for task in tasks if task.state == "open"]
    return CasePage(
        case=case,
        heading=heading(actor, case, graduate, employer),
        subtitle=family_label(case.family),
        status=status_of(case.status, school),
        graduate=graduate,
        college=college,
        employer=employer,
        school=school,
        holdings=[hold(plan, names, actor, task, now) for task in waiting],
        steps=steps_of(plan, tasks, case.end_element, now),
        ending=name_at(plan, case.end_element) if case.end_element else "",
        can_withdraw=may_withdraw(actor, case),
        agreement=agreement_of(session, case.id),
    )


def heading(
    actor: Actor, case: Case, graduate: Graduate | None, employer: Employer | None
) -> str:
    """The other side's name: what the reader looks for."""
    if actor.role == "graduate" and employer:
        return employer.name
    if graduate:
        return graduate.name
    return case.title


def tasks_of(session: Session, case: Case) -> list[Task]:
    wanted = select(Task).where(Task.case_id == case.id, Task.school_id == case.school_id)
    return list(session.scalars(wanted.order_by(Task.id)))


class Names:
    """Who stands behind a role in this case, in words."""

    def __init__(
        self,
        session: Session,
        case: Case,
        graduate: Graduate | None,
        college: College | None,
        employer: Employer | None,
        school: School | None,
    ) -> None:
        self.session, self.case = session, case
        self.graduate, self.college, self.employer, self.school = graduate, college, employer, school

    def short(self, role: str) -> str:
        known = {
            "graduate": self.graduate and self.graduate.name,
            "employer": self.employer and self.employer.name,
            "reviewer": self.college and self.college.name,
            "office": self.school and f"{self.school.name}就业处",
        }
        return str(known.get(role) or ROLES.get(role, role))

    def long(self, role: str) -> str:
        if role == "reviewer" and self.college:
            number = self.count(Membership.college_id == self.college.id, role)
            return f"{self.college.name}审核组，{number} 位老师都能审"
        if role == "employer" and self.employer and self.employer.contact_name:
            return f"{self.employer.name}（{self.employer.contact_name}）"
        return self.short(role)

    def count(self, place: Any, role: str) -> int:
        wanted = select(func.count()).where(
            place, Membership.role == role, Membership.ended_at.is_(None)
        )
        return self.session.scalar(wanted.select_from(Membership)) or 0

    def phone(self, role: str) -> str:
        """A number to call, where the reader is owed one: the school's, for steps of the school."""
        return self.school.phone if self.school and role in ("reviewer", "office") else ""


def hold(plan: Map, names: Names, actor: Actor, task: Task, now: datetime) -> Holding:
    element = element_at(plan, task.element)
    mine = task.queue in actor.queues
    return Holding(
        headline=f"现在等您办理：{task.name}" if mine else f"现在由{names.short(task.role)}办理",
        who="您" if mine else names.long(task.role),
        since=f"{say_moment(task.opened_at)}，已 {say_waited(task.opened_at, now)}",
        silence=silence_of(element, task, now),
        duty=f"请办理“{task.name}”。" if mine else "什么都不用做，有结果会在“消息”里告诉您。",
        phone="" if mine else names.phone(task.role),
        mine=task if mine else None,
    )


def silence_of(element: Element | None, task: Task, now: datetime) -> str:
    """What happens if nobody acts, and by when: the diagram's own sentence."""
    told = element.properties.get("silence", "") if element else ""
    told = told or "不会自动通过，也不会失效。"
    if task.due_at is None:
        return told
    return f"{told}期限 {say_moment(task.due_at)}，{say_left(task.due_at, now)}。"


def element_at(plan: Map, path: str) -> Element | None:
    diagram, parts = plan.diagram, path.split("/")
    for part in parts[:-1]:
        call = diagram.elements.get(part)
        if call is None or call.called not in plan.called:
            return None
        diagram = plan.called[call.called]
    return diagram.elements.get(parts[-1])


def map_of(session: Session, case: Case) -> Map:
    """The diagrams of the case's release, read once per content."""
    content_hash = session.scalar(select(Release.content_hash).where(Release.id == case.release_id))
    known = MAPS.get(content_hash or "")
    if known is None:
        known = read_release(load_release(session, case.release_id))
        if len(MAPS) >= 64:
            MAPS.clear()
        MAPS[content_hash or ""] = known
    return Map(known[0], known[1], case.facts)


MAPS: dict[str, tuple[Diagram, dict[str, Diagram]]] = {}


def load_release(session: Session, release_id: Any) -> Release:
    wanted = (
        select(Release)
        .where(Release.id == release_id)
        .options(undefer(Release.diagram), undefer(Release.called), undefer(Release.forms))
    )
    return session.scalars(wanted).one()


def read_release(release: Release) -> tuple[Diagram, dict[str, Diagram]]:
    called = {key: read_cached(text.encode()) for key, text in release.called.items()}
    return read_cached(bytes(release.diagram)), called


@lru_cache(maxsize=64)
def read_cached(data: bytes) -> Diagram:
    return read_diagram(data)


def tokens_of(session: Session, case: Case) -> dict[str, Any]:
    """What the viewer draws: open tasks by their top element, and the elements and flows passed."""
    here: dict[str, int] = {}
    for task in tasks_of(session, case):
        if task.state == "open":
            top = task.element.split("/")[0]
            here[top] = here.get(top, 0) + 1
    passed: dict[str, None] = {}
    flows: dict[str, None] = {}
    wanted = select(History.element, History.kind, History.body).where(History.case_id == case.id)
    for element, kind, body in session.execute(wanted.order_by(History.seq)):
        if kind == "trace":
            flows.update(dict.fromkeys(body.get("flows", [])))
            passed.update(dict.fromkeys(body.get("passed", [])))
        elif element:
            passed[element] = None
    done = {path.split("/")[0]: None for path in passed if path.split("/")[0] not in here}
    return {"here": here, "done": list(done), "flows": [f for f in flows if "/" not in f]}
