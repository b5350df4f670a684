"""Drafts that a page keeps by itself: never over a newer one that somebody saved elsewhere.

A page knows the mark of the draft it was made from. What it sends is kept while the stored draft
still has that mark; the answer brings the next one.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import ChangedMeanwhile
from ...models import Task
from ..accounts.actors import Actor
from .tasks import save_draft


def mark_of(draft: dict[str, Any] | None) -> str:
    """A short word that changes with every change of the draft."""
    kept = orjson.dumps(draft or {}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(kept).hexdigest()[:16]


def keep_draft(
    session: Session,
    actor: Actor,
    task_id: uuid.UUID,
    draft: dict[str, Any],
    mark: str,
    now: datetime,
) -> str:
    """Keep a page's draft, unless another page was faster; gives the new mark. The caller commits.

    Raises ChangedMeanwhile, or what submitting would raise for a task that is gone.
    """
    begin_write(session)
    stored = session.execute(
        select(Task.draft)
        .where(Task.id == task_id, Task.queue.in_(actor.queues), Task.state == "open")
        .with_for_update()
    ).first()
    if stored and mark_of(stored.draft) != mark:
        raise ChangedMeanwhile("另一个页面刚刚保存过这份草稿。", "刷新本页，看过那份草稿再改。")
    save_draft(session, actor, task_id, draft, now)
    return mark_of(draft)
