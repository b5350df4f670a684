"""An admin helps a case that stands still: sets it down at another step, or gives a step to others.

Both say why, in the case's history and in the audit. Setting down is checked first: the case must
have every answer that the way from there will read.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from processes.elements import Element
from processes.engine import CannotPlace, Run, skip_to, targets
from processes.roles import Role

from ...errors import CaseEnded, CaseError, NotYours
from ...models import Case, College, Graduate, Incident, School, Task
from ..accounts.actors import Actor, queue_for
from ..audit import record
from ..design import releases
from ..notices import notices
from . import steps
from .history import Entry
from .operators import CaseOperators
from .rows import LiveCase, lock_case
from .sweep import solve_incident

# Who of the school may hold a step in place of whom.
PASSES_TO = {"reviewer": "office", "office": "reviewer"}


class RescueReasonNeeded(CaseError):
    """Whoever acts by hand on somebody's case says why."""

    status = 422
    title = "请写原因"
    story = "没有写原因，没有改动。"
    way_out = "用一句话写为什么要这样办。它会写进事项的记录，当事人看得到。"


class SkipRefused(CaseError):
    """The case cannot go on from the chosen step."""

    title = "不能跳到这一步"
    way_out = "选前面的一步，让缺的内容重新填写；或在流程图里改好，再把事项迁移到新版本。"


class CannotReassign(CaseError):
    """Nobody else in this case can hold the step."""

    status = 422
    title = "这一步不能改派"
    story = "只有院系和学校之间可以改派正在等待的审核。没有改动。"
    way_out = "回到事项，查看现在由谁办理。"


def find_incident(session: Session, actor: Actor, incident_id: uuid.UUID) -> Incident:
    """An incident of the own school that is still open. Raises NotYours, CaseEnded."""
    wanted = select(Incident).where(
        Incident.id == incident_id, Incident.school_id == actor.school_id
    )
    found = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if found is None or actor.role != "admin":
        raise NotYours
    if found.solved_at:
        raise CaseEnded(story="这件异常已经解决，不用再处理。")
    return found


def steps_to_choose(session: Session, case: Case) -> list[Element]:
    """The steps at which the case could be set down."""
    return targets(releases.executable_for(session, case.release_id))


def skip(
    session: Session,
    actor: Actor,
    incident_id: uuid.UUID,
    target: str,
    reason: str,
    now: datetime,
    address: str = "",
) -> LiveCase:
    """Set the case of an incident down at `target`, and let it run on. The caller commits.

    Raises NotYours, CaseEnded, RescueReasonNeeded, SkipRefused; nothing is written then.
    """
    incident = find_incident(session, actor, incident_id)
    if not reason.strip():
        raise RescueReasonNeeded
    case = lock_case(steps.begin(session), incident.case_id)
    if case is None or case.is_finished:
        raise CaseEnded
    executable = releases.executable_for(session, case.release_id)
    former = Run.restore(executable, case.state, variables=case.variables, facts=case.facts)
    try:
        run = skip_to(
            executable,
            case.state,
            target,
            variables=case.variables,
            facts=case.facts,
            now=now,
            operators=lambda run: CaseOperators(session, case, now, lambda: run.variables),
        )
    except CannotPlace as error:
        raise SkipRefused(f"{error.message}。没有改动。") from error
    assert run.step is not None  # it has run on to its next stop
    element = executable.diagram.elements[target]
    body = {"role": actor.role, "name": element.name or target, "reason": reason.strip()}
    entry = Entry("person", "skipped", target, actor.person_id, body)
    steps.follow(session, case, run, run.step, [entry], former.waiting_tokens, now)
    solve_incident(session, case.id, now)
    about = f"{case.title}：“{body['name']}”，{body['reason']}"
    record(session, "incident_skipped", now, by=actor, about=about, address=address)
    return case


@dataclass(frozen=True)
class Passing:
    """An open step, who holds it, and who could hold it instead."""

    task: Task
    holder: str
    other: str


def passings_of(session: Session, actor: Actor, case: Case) -> list[Passing]:
    """The open steps of a case of the own school that could be given to others."""
    if actor.role != "admin" or case.school_id != actor.school_id:
        raise NotYours
    wanted = select(Task).where(Task.case_id == case.id, Task.state == "open").order_by(Task.id)
    names = holder_names(session, case)
    return [
        Passing(task, names[task.role], names[PASSES_TO[task.role]])
        for task in session.scalars(wanted)
        if task.role in PASSES_TO and names.get(PASSES_TO[task.role])
    ]


def holder_names(session: Session, case: Case) -> dict[str, str]:
    """The school's holders in words; the college only where the case has a graduate."""
    graduate = session.get(Graduate, case.graduate_id) if case.graduate_id else None
    college = session.get(College, graduate.college_id) if graduate else None
    return {
        "office": f"{session.get_one(School, case.school_id).name}就业处",
        "reviewer": f"{college.name}审核组" if college else "",
    }


def reassign(
    session: Session,
    actor: Actor,
    case_id: uuid.UUID,
    task_id: uuid.UUID,
    reason: str,
    now: datetime,
    address: str = "",
) -> Task:
    """Give an open step of the school to its other holder. The caller commits.

    Raises NotYours, RescueReasonNeeded, CannotReassign; nothing is written then.
    """
    if not reason.strip():
        raise RescueReasonNeeded
    case = lock_case(steps.begin(session), case_id)
    if case is None or case.school_id != actor.school_id or actor.role != "admin":
        raise NotYours
    wanted = select(Task).where(Task.id == task_id, Task.case_id == case_id, Task.state == "open")
    task = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if task is None or task.role not in PASSES_TO:
        raise CannotReassign
    role = PASSES_TO[task.role]
    try:
        queue = queue_for(role, case, case.college_id)
    except ValueError:
        raise CannotReassign from None
    session.execute(
        update(Task)
        .where(Task.id == task.id)
        .values(role=role, queue=queue)
        .execution_options(synchronize_session=False)
    )
    body: dict[str, Any] = {
        "role": actor.role,
        "name": task.name,
        "holder": Role(role).label,
        "reason": reason.strip(),
        "passed": [],
        "flows": [],
    }
    notices.notify(session, case, f"reassigned:{task.element}", event="reminder", to=role, now=now)
    entry = Entry("person", "reassigned", task.element, actor.person_id, body)
    steps.keep(session, case, [entry], now)
    about = f"{case.title}：“{task.name}”改由{body['holder']}办理，{body['reason']}"
    record(session, "task_reassigned", now, by=actor, about=about, address=address)
    session.refresh(task)
    return task
