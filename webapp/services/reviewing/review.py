"""What reviewers and the office work through: their queue, longest waiting first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...models import Case, Task
from ..accounts.actors import Actor
from ..agreements.filing_search import FORM as FILING
from ..cases import tasks
from ..cases.tasks import WorkRow

# Sealed copies come in weeks later and are filed by number, on a page of their own.
ELSEWHERE = (FILING,)


def queue(session: Session, actor: Actor, **filters: Any) -> list[WorkRow]:
    """What waits for this reviewer, longest waiting first. Filters as `tasks.waiting_for_me`."""
    return tasks.waiting_for_me(session, actor, oldest_first=True, without=ELSEWHERE, **filters)


def families_in_queue(session: Session, actor: Actor) -> list[str]:
    """Which families have something in this reviewer's queue."""
    waiting = (
        select(Case.family)
        .join(Task, Task.case_id == Case.id)
        .where(Task.queue.in_(actor.queues), Task.state == "open", Task.form.not_in(ELSEWHERE))
        .distinct()
        .order_by(Case.family)
    )
    return list(session.scalars(waiting))
