"""A case as one reader may see it: who holds it, what was done, what was said, where tokens are.

What a reader may not know is left out here, once, for pages and exports alike. An employer is never
told why a graduate does not answer (H08): an acceptance that met another claim leaves no trace in
its history, its steps or its diagram. Internal notes stay with the school.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.diagram import Diagram
from processes.elements import Element
from processes.roles import Role

from ...models import (
    Agreement,
    Case,
    College,
    Employer,
    Graduate,
    History,
    Membership,
    Person,
    School,
    Task,
)
from ..accounts.actors import Actor
from ..agreements.agreements import agreement_of
from ..design import releases
from ..employers.parties import employer_name
from ..schools.labels import status_label
from .cases import may_withdraw
from .history import acts, met_another_claim
from .sentences import Reader, is_internal, sentence
from .separation import element_at

PARTIES = ("graduate", "employer")
ANSWERED = ("answered", "amended")


@dataclass(frozen=True)
class Holder:
    """A waiting step: who holds it, since when, and what happens if nobody acts.

    `task_id` is given to those who may answer it: an id tells when it was made.
    """

    task_id: uuid.UUID | None
    name: str
    role: str
    who: str
    since: datetime
    due_at: datetime | None
    lapses: bool
    silence: str
    mine: bool


@dataclass(frozen=True)
class StepDone:
    """A finished step."""

    name: str
    role: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """A line of history. Automatic ones begin with 系统."""

    at: datetime
    text: str
    automatic: bool


@dataclass(frozen=True)
class Said:
    """What somebody answered: [{"key", "label", "text"}]."""

    name: str
    element: str
    role: str
    at: datetime
    answers: list[dict[str, str]]


@dataclass(frozen=True)
class Tokens:
    """Element ids for the diagram: waiting, passed, and the flows taken. Paths for called diagrams."""

    here: list[str]
    done: list[str]
    flows: list[str]


@dataclass(frozen=True)
class CasePage:
    """Everything that this reader may see of the case."""

    case_id: uuid.UUID
    title: str
    status: str
    status_label: str
    holders: list[Holder]
    steps: list[StepDone]
    ending: str
    lines: list[Line]
    said: list[Said]
    tokens: Tokens
    can_withdraw: bool
    agreement: Agreement | None


def describe(session: Session, actor: Actor, case: Case) -> CasePage:
    """The page of a case which `find_case` gave to this actor."""
    diagram, called = diagrams(session, case)
    history = readable_history(session, actor, case.id)
    tasks = readable_tasks(session, actor, case.id)
    names = names_of(session, case, actor)
    reader = Reader(actor.person_id, names, people_in(session, history), case.family, case.variant)
    waiting = [task for task in tasks if task.state == "open"]
    done = [task for task in tasks if task.state == "done"]
    school = session.get_one(School, case.school_id)
    end = element_at(diagram, called, case.end_element) if case.end_element else None
    return CasePage(
        case_id=case.id,
        title=case.title,
        status=case.status,
        status_label=status_label(case.status, school.settings),
        holders=[
            holder(actor, task, element_at(diagram, called, task.element), reader)
            for task in waiting
        ],
        steps=[StepDone(t.name, t.role, t.closed_at) for t in done if t.closed_at],
        ending=end.name if end else "",
        lines=lines(history, reader),
        said=said(history, actor),
        tokens=tokens(history, waiting),
        can_withdraw=may_withdraw(actor, case),
        agreement=agreement_of(session, case.id),
    )


def readable_history(session: Session, actor: Actor, case_id: uuid.UUID) -> list[History]:
    """The rows in order, without the acts that this reader must not learn of."""
    rows = session.scalars(
        select(History).where(History.case_id == case_id).order_by(History.seq)
    ).all()
    if actor.role != "employer":
        return list(rows)
    hidden = {id(row) for act in acts(list(rows)) if met_another_claim(act) for row in act}
    return [row for row in rows if id(row) not in hidden]


def readable_tasks(session: Session, actor: Actor, case_id: uuid.UUID) -> list[Task]:
    """The tasks in order. For an employer a step that came back counts as never answered."""
    tasks = list(
        session.scalars(select(Task).where(Task.case_id == case_id).order_by(Task.id)).all()
    )
    if actor.role != "employer":
        return tasks
    theirs = {task.element for task in tasks if task.role == "graduate"}
    shown = [task for task in tasks if task.element not in theirs]
    for element in theirs:
        last = [task for task in tasks if task.element == element][-1]
        shown.append(last)
    return sorted(shown, key=lambda task: task.id)


def lines(history: list[History], reader: Reader) -> list[Line]:
    """The history in sentences, latest first."""
    told = [
        Line(row.at, text, row.actor in ("timer", "system"))
        for row in history
        if (text := sentence(row, reader))
    ]
    return told[::-1]


def said(history: list[History], actor: Actor) -> list[Said]:
    """The last answers of each step, as amended since, without internal notes for the two parties."""
    last = {row.element: row for row in history if row.kind in ANSWERED}
    is_party = actor.role in PARTIES
    return [
        Said(
            name=row.body.get("name", ""),
            element=row.element,
            role=row.body.get("role", ""),
            at=row.at,
            answers=[
                answer
                for answer in row.body.get("answers", [])
                if not (is_party and is_internal(answer))
            ],
        )
        for row in last.values()
    ]


def tokens(history: list[History], waiting: list[Task]) -> Tokens:
    here = list(dict.fromkeys(task.element for task in waiting))
    done: dict[str, None] = {}
    flows: dict[str, None] = {}
    for row in history:
        done.update(dict.fromkeys(row.body.get("passed", [])))
        flows.update(dict.fromkeys(row.body.get("flows", [])))
    return Tokens(here, [element for element in done if element not in here], list(flows))


def holder(actor: Actor, task: Task, element: Element | None, reader: Reader) -> Holder:
    mine = task.queue in actor.queues
    silence = element.properties.get("silence", "") if element else ""
    return Holder(
        task_id=task.id if mine else None,
        name=task.name,
        role=task.role,
        who="您" if mine else reader.names.get(task.role, ""),
        since=task.opened_at,
        due_at=task.due_at,
        lapses=task.lapses,
        silence=silence or "不会自动通过，也不会失效。",
        mine=mine,
    )


def names_of(session: Session, case: Case, actor: Actor) -> dict[str, str]:
    """Who stands behind each role in this case, in words."""
    graduate = session.get(Graduate, case.graduate_id) if case.graduate_id else None
    employer = session.get(Employer, case.employer_id) if case.employer_id else None
    school = session.get_one(School, case.school_id)
    names = {str(role): role.label for role in Role}
    names["office"] = f"{school.name}就业处"
    if graduate:
        college = session.get_one(College, graduate.college_id)
        number = count_members(session, college.id)
        names["graduate"] = graduate.name
        names["reviewer"] = f"{college.name}审核组"
        if number > 1:
            names["reviewer"] += f"，{number} 位老师都能审"
    if name := employer_name(case, employer.name if employer else ""):
        names["employer"] = name
        names["guest"] = f"{name}（凭链接办理）"
    return names


def count_members(session: Session, college_id: uuid.UUID) -> int:
    counted = select(func.count()).where(
        Membership.college_id == college_id,
        Membership.role == "reviewer",
        Membership.ended_at.is_(None),
    )
    return session.scalar(counted) or 0


def people_in(session: Session, history: list[History]) -> dict[uuid.UUID, str]:
    """The names of those who acted."""
    ids = {row.person_id for row in history if row.person_id}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return dict(list(found))


def diagrams(session: Session, case: Case) -> tuple[Diagram, dict[str, Diagram]]:
    """The diagrams the case runs on, as the engine keeps them."""
    executable = releases.executable_for(session, case.release_id)
    return executable.diagram, dict(executable.called)
