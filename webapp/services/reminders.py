"""Reminds those who hold a step that has waited longer than its diagram finds good.

A reminder changes nothing in the flow. It is a job written when the step began to wait; when its
moment comes and somebody has acted meanwhile, it says nothing.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from .. import jobs
from ..database import begin_write
from ..models import Task
from . import notices
from .rows import lock_case, rows_of


@jobs.handler("remind")
def remind(sessions: sessionmaker[Session], args: dict[str, Any], now: datetime) -> None:
    """Tell the holders of a step that it still waits for them."""
    case_id, element = uuid.UUID(args["case"]), args["element"]
    with sessions.begin() as session:
        begin_write(session)
        case = lock_case(rows_of(session), case_id)
        role = session.scalar(
            select(Task.role).where(
                Task.case_id == case_id, Task.element == element, Task.state == "open"
            )
        )
        if case is not None and role is not None:
            notices.notify(session, case, f"remind:{element}", event="reminder", to=role, now=now)
