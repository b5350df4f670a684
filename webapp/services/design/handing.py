"""Tells whoever gets or loses a waiting step when the case goes to another release, or back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..cases.rows import LiveCase
from ..notices import notices
from .retasking import tasks_before

CAME, WENT = "step_came", "step_went"
REACHED = {"graduate", "employer", "reviewer", "office", "admin"}  # a guest has no inbox


def tell_holders(
    session: Session, case: LiveCase, before: list[dict[str, Any]], once: str, now: datetime
) -> None:
    """Write to the holders of steps that changed hands; `before` are the open tasks as they were.

    `once` names what happened: nobody is told of it twice.
    """
    held = {task["id"]: task for task in before}
    now_held = {task["id"]: task for task in tasks_before(session, case.id)}
    changed = [
        one for one in held if one in now_held and held[one]["queue"] != now_held[one]["queue"]
    ]
    for event, tasks in ((WENT, held), (CAME, now_held)):
        roles = sorted({tasks[one]["role"] for one in changed} & REACHED)
        key = f"{once}:{case.id.hex}:{event}"
        notices.write(session, case, event, roles, key, now)
