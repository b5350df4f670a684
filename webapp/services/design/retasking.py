"""The open tasks of a case as another release has them: names, forms, who holds them, until when.

Tasks keep their rows, so drafts, files and links to them stay.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from processes.durations import parse_duration
from processes.engine import Executable, Run, WaitingTask
from processes.roles import Role

from ...models import Task, new_id
from ..accounts.actors import queue_for
from ..cases import reminders
from ..cases.rows import ADD_REMINDERS, LiveCase, json_text, rows_of
from ..cases.separation import element_at
from ..cases.statements import Batch

KEPT = ("element", "name", "form", "role", "queue", "lapses")


class Retasked(Exception):
    """The case cannot go on there, such as where a step would come to nobody."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def tasks_before(session: Session, case_id: uuid.UUID) -> list[dict[str, Any]]:
    """The open tasks as they are, in plain values that `restore_tasks` takes back."""
    return [
        {
            "id": task.id.hex,
            **{name: getattr(task, name) for name in KEPT},
            "due_at": task.due_at.isoformat() if task.due_at else None,
        }
        for task in open_tasks(session, case_id)
    ]


def restore_tasks(session: Session, case_id: uuid.UUID, before: list[dict[str, Any]]) -> None:
    """Give the open tasks what they had."""
    for values in before:
        due = datetime.fromisoformat(values["due_at"]) if values["due_at"] else None
        change(
            session,
            uuid.UUID(values["id"]),
            {**{name: values[name] for name in KEPT}, "due_at": due},
        )


def retask(
    session: Session, case: LiveCase, run: Run, old: Executable, now: datetime
) -> str | None:
    """Make the open tasks say what the new release says; gives the case's status where it changes.

    Raises Retasked when nobody in this case can hold a step.
    """
    waiting = {task.token: task for task in run.waiting}
    status = None
    for row in open_tasks(session, case.id):
        task = waiting[row.token]
        before = element_at(old.diagram, dict(old.called), row.element)
        values = values_of(case, row, task)
        if before is not None and before.role == task.role:
            values |= {"role": row.role, "queue": row.queue}  # it may have been passed on by hand
        if any(getattr(row, name) != value for name, value in values.items()):
            change(session, row.id, values)
            remind_anew(session, case, task, row, now)
        said = task.properties.get("status")
        if said and (before is None or before.properties.get("status") != said):
            status = said
    return status


def values_of(case: LiveCase, row: Task, task: WaitingTask) -> dict[str, Any]:
    role = str(task.role or "")
    try:
        queue = queue_for(role, case, case.college_id)
    except ValueError:
        raise Retasked(nobody_holds(task.name, role)) from None
    due = task.properties.get("due")
    due_at = task.silent_at or (parse_duration(due).after(row.opened_at) if due else None)
    return {
        "element": task.element,
        "name": task.name,
        "form": task.form or "",
        "role": role,
        "queue": queue,
        "lapses": task.silent_at is not None,
        "due_at": due_at,
    }


def nobody_holds(name: str, role: str) -> str:
    """Why a case cannot go on where nobody of it holds this step."""
    label = Role(role).label if role else "未知身份"
    return f"“{name}”在新版里由{label}办理，这件事项里没有这一方"


def remind_anew(
    session: Session, case: LiveCase, task: WaitingTask, row: Task, now: datetime
) -> None:
    """A step with another name or another moment is reminded of as the new release says."""
    batch = Batch()
    orders = [one for one in reminders.jobs_for(case, task, now) if one[2] > now]
    rows = [(new_id(), name, json_text(args), "waiting", at, 0, "") for name, args, at in orders]
    batch.add_rows(ADD_REMINDERS, rows)
    if batch.statements:
        rows_of(session).send(batch)


def change(session: Session, task_id: uuid.UUID, values: dict[str, Any]) -> None:
    session.execute(
        update(Task)
        .where(Task.id == task_id, Task.state == "open")
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def open_tasks(session: Session, case_id: uuid.UUID) -> list[Task]:
    wanted = select(Task).where(Task.case_id == case_id, Task.state == "open").order_by(Task.id)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))
