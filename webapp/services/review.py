"""What reviewers and the office work through: their queue, longest waiting first."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from . import tasks
from .actors import Actor
from .filing_search import FORM as FILING
from .tasks import WorkRow

# Sealed copies come in weeks later and are filed by number, on a page of their own.
ELSEWHERE = (FILING,)


def queue(session: Session, actor: Actor, **filters: Any) -> list[WorkRow]:
    """What waits for this reviewer, longest waiting first. Filters as `tasks.waiting_for_me`."""
    return tasks.waiting_for_me(session, actor, oldest_first=True, without=ELSEWHERE, **filters)
