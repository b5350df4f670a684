"""Why an act came too late: somebody was faster, the deadline passed, or it was taken back."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...errors import (
    CannotWithdraw,
    CaseEnded,
    CaseError,
    NotYours,
    TaskAlreadyDone,
    TaskTooLate,
    TaskWithdrawn,
    spoken_moment,
)
from ...models import Case, College, Graduate, History, Person, Task
from .history import last_act, met_another_claim
from .sentences import answered

SIDES = {"employer": "用人单位", "guest": "用人单位", "graduate": "毕业生", "office": "学校"}


def why_not_open(session: Session, task_id: uuid.UUID) -> CaseError:
    """The error that tells what became of a task that is no longer open."""
    task = _fresh(session, task_id)
    if task is None:
        return NotYours()
    if task.state == "done":
        person = session.get(Person, task.closed_by) if task.closed_by else None
        return TaskAlreadyDone(person.name if person else "用人单位", task.closed_at, task.case_id)
    if task.lapses and task.due_at and task.closed_at and task.closed_at >= task.due_at:
        return TaskTooLate(task.name, task.due_at, task.case_id)
    return TaskWithdrawn(task.name, task.case_id)


def why_not_waiting(session: Session, task_id: uuid.UUID) -> CaseError:
    """The same for a task that the run no longer waits at.

    Still open means that its deadline is over and the sweep has not come by yet.
    """
    task = _fresh(session, task_id)
    if task is not None and task.state == "open" and task.lapses:
        return TaskTooLate(task.name, task.due_at, task.case_id)
    return why_not_open(session, task_id)


def why_not_withdrawn(
    session: Session, case_id: uuid.UUID, role: str, act_words: str = "撤回"
) -> CaseError:
    """Who acted since this side did, and when; or that the case came to its end by itself.

    An act that met another claim is not told to the side that waits (H08).
    """
    case = session.get_one(Case, case_id, populate_existing=True)
    act = last_act(session, case_id)
    first = act[0] if act else None
    others = first is not None and first.kind == "answered" and first.body.get("role") != role
    if first is None or not others or met_another_claim(act):
        return CaseEnded(case_id) if case.ended_at else CannotWithdraw(case_id)
    story = (
        f"{_side(session, case, first)}在 {spoken_moment(first.at)} "
        f"已办理“{first.body.get('name', '')}”{answered(first)}，不能再{act_words}。"
    )
    return CannotWithdraw(case_id, story)


def _side(session: Session, case: Case, row: History) -> str:
    """Who acted, as the other side may know it: reviewers stay their college."""
    role = row.body.get("role", "")
    graduate = session.get(Graduate, case.graduate_id) if case.graduate_id else None
    if role == "graduate" and graduate:
        return graduate.name
    if role == "reviewer" and graduate:
        return session.get_one(College, graduate.college_id).name
    return SIDES.get(role, "学校")


def _fresh(session: Session, task_id: uuid.UUID) -> Task | None:
    return session.scalars(
        select(Task).where(Task.id == task_id).execution_options(populate_existing=True)
    ).first()
