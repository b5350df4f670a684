"""Reminds those who hold a step that has waited long enough, and a day before silence ends it.

A reminder changes nothing in the flow. It is a job written when the step began to wait; when its
moment comes and somebody has acted meanwhile, it says nothing.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from processes.durations import parse_duration
from processes.engine import WaitingTask

from ... import jobs
from ...database import begin_write
from ...models import Task
from ..notices import notices
from .binding import is_only_to_read
from .rows import LiveCase, lock_case, rows_of

LAST_DAY = timedelta(days=1)
Order = tuple[str, dict[str, str], datetime]


def jobs_for(case: LiveCase, task: WaitingTask, now: datetime) -> list[Order]:
    """The reminders of a step that begins to wait: (name of the job, its arguments, when)."""
    args = {"case": case.id.hex, "element": task.element}
    due = task.properties.get("due")
    found: list[Order] = [("remind", args, parse_duration(due).after(now))] if due else []
    if task.silent_at and task.silent_at - LAST_DAY > now:
        found.append(("remind_last_day", args, task.silent_at - LAST_DAY))
    return found


@jobs.handler("remind")
def remind(sessions: sessionmaker[Session], args: dict[str, Any], now: datetime) -> None:
    """Tell the holders of a step that it still waits for them."""
    with sessions.begin() as session:
        begin_write(session)
        case, task = still_waiting(session, args)
        if case is not None and task is not None:
            at = f"remind:{task.element}"
            notices.notify(session, case, at, event="reminder", to=task.role, now=now)


@jobs.handler("remind_last_day")
def remind_last_day(sessions: sessionmaker[Session], args: dict[str, Any], now: datetime) -> None:
    """Tell the holders that silence ends the step within a day.

    A step that was taken back and waits anew has a later day, and a reminder of its own. What can
    only be read is nobody's to answer (H07), so nobody is reminded of it.
    """
    with sessions.begin() as session:
        begin_write(session)
        case, task = still_waiting(session, args)
        if case is None or task is None or task.due_at is None or not task.lapses:
            return
        if not now < task.due_at <= now + LAST_DAY:
            return
        if is_only_to_read(session, case.id, case.graduate_id, task.role):
            return
        at = f"last_day:{task.element}"
        notices.notify(
            session, case, at, event="last_day", to=task.role, now=now, until=task.due_at
        )


def still_waiting(session: Session, args: dict[str, Any]) -> tuple[LiveCase | None, Task | None]:
    """The locked case, and its step where somebody still holds it."""
    case_id = uuid.UUID(args["case"])
    case = lock_case(rows_of(session), case_id)
    wanted = select(Task).where(
        Task.case_id == case_id, Task.element == args["element"], Task.state == "open"
    )
    return case, session.scalars(wanted).first()
