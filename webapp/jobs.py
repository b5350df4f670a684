"""Work that has to wait for the commit: written in the transaction of its cause, drained by the sweep.

A job is claimed by a lease: whoever takes it moves `run_at` into the future, so a killed worker's
job comes back by itself. Handlers must therefore be idempotent.

Long work is done piece by piece: a handler that answers `MORE` is called again in the next round,
after whatever else is due, so nobody waits for the end of it.
"""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from .database import begin_write, insert_for
from .models import Job, new_id

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
ATTEMPTS = 8
NEXT = timedelta(milliseconds=1)  # the next round, not this one

Sessions = sessionmaker[Session]


class Unfinished(Enum):
    """What a handler answers that has done a piece and not all."""

    MORE = "more"


MORE = Unfinished.MORE
Handler = Callable[[Sessions, dict[str, Any], datetime], Unfinished | None]
HANDLERS: dict[str, Handler] = {}


def handler(name: str) -> Callable[[Handler], Handler]:
    """Declare who does the jobs called `name`; it opens its own transactions."""

    def register(function: Handler) -> Handler:
        HANDLERS[name] = function
        return function

    return register


def enqueue(
    session: Session, name: str, args: dict[str, Any], run_at: datetime, once_key: str | None = None
) -> None:
    """Have `name` done after the caller's commit; the same `once_key` is stored once."""
    values = {
        "id": new_id(),
        "name": name,
        "args": args,
        "once_key": once_key,
        "state": "waiting",
        "run_at": run_at,
        "attempts": 0,
        "story": "",
    }
    session.execute(insert_for(session, Job).values(values).on_conflict_do_nothing())


class Ran(NamedTuple):
    """How many jobs of a round were done, failed, or have more to do in the next round."""

    done: int
    failed: int
    unfinished: int


def run_due(sessions: Sessions, now: datetime, limit: int = 50) -> Ran:
    """Do the jobs that are due, of each kind up to `limit`, each once.

    Each kind has its own share, so a thousand reminders do not hold up a document.
    """
    states: list[str] = []
    for name in due_names(sessions, now):
        for _ in range(limit):
            claimed = claim(sessions, now, name)
            if claimed is None:
                break
            states.append(run(sessions, claimed, now))
    return Ran(*(states.count(one) for one in ("done", "failed", "unfinished")))


def due_names(sessions: Sessions, now: datetime) -> list[str]:
    """The kinds of which something is due, the one that waits longest first."""
    with sessions() as session:
        return list(
            session.scalars(
                select(Job.name)
                .where(Job.state == "waiting", Job.run_at <= now)
                .group_by(Job.name)
                .order_by(func.min(Job.run_at), Job.name)
            )
        )


def claim(sessions: Sessions, now: datetime, name: str) -> Job | None:
    """Take the next due job of a kind for the length of a lease."""
    with sessions.begin() as session:
        begin_write(session)
        job = session.scalars(
            select(Job)
            .where(Job.state == "waiting", Job.run_at <= now, Job.name == name)
            .order_by(Job.run_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if job:
            job.attempts += 1
            job.run_at = now + LEASE * 2 ** (job.attempts - 1)
        return job


def run(sessions: Sessions, job: Job, now: datetime) -> str:
    """Do one claimed job and write down how it went: done, failed or unfinished."""
    try:
        answer = HANDLERS[job.name](sessions, job.args, now)
    except Exception:
        log.exception("job %s %s failed, attempt %s", job.name, job.id, job.attempts)
        state = "failed" if job.attempts >= ATTEMPTS else "waiting"
        settle(sessions, job.id, state=state, story=traceback.format_exc(limit=8))
        return "failed"
    if answer is MORE:
        settle(sessions, job.id, state="waiting", story="", run_at=now + NEXT, attempts=0)
        return "unfinished"
    settle(sessions, job.id, state="done", story="")
    return "done"


def settle(sessions: Sessions, job_id: uuid.UUID, **values: Any) -> None:
    with sessions.begin() as session:
        begin_write(session)
        session.execute(update(Job).where(Job.id == job_id).values(**values))
