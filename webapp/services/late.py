"""Why an answer came too late: somebody was faster, the deadline passed, or it was taken back."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..errors import CaseError, NotYours, TaskAlreadyDone, TaskTooLate, TaskWithdrawn
from ..models import Person, Task


def why_not_open(session: Session, task_id: uuid.UUID) -> CaseError:
    """The error that tells what became of a task that is no longer open."""
    task = _fresh(session, task_id)
    if task is None:
        return NotYours()
    if task.state == "done":
        person = session.get(Person, task.closed_by) if task.closed_by else None
        return TaskAlreadyDone(person.name if person else "对方", task.closed_at, task.case_id)
    if task.due_at and task.closed_at and task.closed_at >= task.due_at:
        return TaskTooLate(task.name, task.due_at, task.case_id)
    return TaskWithdrawn(task.name, task.case_id)


def why_not_waiting(session: Session, task_id: uuid.UUID) -> CaseError:
    """The same for a task that the run no longer waits at.

    Still open means that its deadline is over and the sweep has not come by yet.
    """
    task = _fresh(session, task_id)
    if task is not None and task.state == "open":
        return TaskTooLate(task.name, task.due_at, task.case_id)
    return why_not_open(session, task_id)


def _fresh(session: Session, task_id: uuid.UUID) -> Task | None:
    return session.scalars(
        select(Task).where(Task.id == task_id).execution_options(populate_existing=True)
    ).first()
