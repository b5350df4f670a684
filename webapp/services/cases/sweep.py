"""Does what is due: deadlines of cases, jobs, and notices that wait to be sent.

Due cases come by index in batches, each is moved in a transaction of its own and checked again
under its lock. A case that fails leaves an incident and waits longer each time; the others go on.
"""

from __future__ import annotations

import logging
import traceback
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, sessionmaker

from ... import jobs
from ...database import begin_write, insert_for
from ...models import Case, Incident, new_id
from ...models.cases import OPEN_INCIDENT
from ..agreements import documents, ended_edits
from ..design import moving, trials, undoing
from ..employers import expiring
from ..files import retention
from ..notices import notices, outbox
from . import reminders, steps

log = logging.getLogger(__name__)

BATCH = 200
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
NEEDED_HANDLERS = (
    documents.render_agreement,
    ended_edits.end_edit,
    reminders.remind,
    reminders.remind_last_day,
    moving.move_cases,
    undoing.undo_move,
    trials.try_cases,
)

Sessions = sessionmaker[Session]


@dataclass(frozen=True)
class SweepReport:
    """What one sweep did."""

    woken: int = 0
    failed: int = 0
    jobs_done: int = 0
    jobs_failed: int = 0
    jobs_unfinished: int = 0
    notices_sent: int = 0
    notices_failed: int = 0

    @property
    def total(self) -> int:
        jobs_run = self.jobs_done + self.jobs_failed + self.jobs_unfinished
        return self.woken + self.failed + jobs_run + self.notices_sent


def run_sweep(sessions: Sessions, now: datetime) -> SweepReport:
    """Everything that is due now: cases first, the work and notices they caused, files to forget."""
    woken = wake_due_cases(sessions, now)
    ran = jobs.run_due(sessions, now)
    expiring.tell_managers(sessions, now)
    while notices.pass_on(sessions, now):
        pass
    sent, unsent = outbox.send_due(sessions, now)
    retention.forget_private(sessions, now)
    return SweepReport(woken.woken, woken.failed, *ran, sent, unsent)


def wake_due_cases(sessions: Sessions, now: datetime, batch: int = BATCH) -> SweepReport:
    """Fire the deadlines that have passed, until none is left that can be fired."""
    woken = failed = 0
    seen: set[uuid.UUID] = set()
    while due := [case_id for case_id in due_cases(sessions, now, batch) if case_id not in seen]:
        for case_id in due:
            seen.add(case_id)
            try:
                with sessions.begin() as session:
                    case = steps.wake(session, case_id, now, skip_locked=True)
                    if case:
                        solve_incident(session, case_id, now)
                woken += case is not None
            except Exception as error:
                log.exception("case %s could not be woken", case_id)
                record_incident(sessions, case_id, error, now)
                failed += 1
    return SweepReport(woken, failed)


def due_cases(sessions: Sessions, now: datetime, batch: int) -> list[uuid.UUID]:
    """The longest due cases, without those that failed and wait for their retry."""
    resting = exists().where(
        Incident.case_id == Case.id, Incident.solved_at.is_(None), Incident.retry_at > now
    )
    with sessions() as session:
        return list(
            session.scalars(
                select(Case.id)
                .where(Case.wake_at <= now, ~resting)
                .order_by(Case.wake_at, Case.id)
                .limit(batch)
            )
        )


def record_incident(
    sessions: Sessions, case_id: uuid.UUID, error: Exception, now: datetime
) -> None:
    """Make a failure visible and put the case aside, twice as long each time.

    Two workers may fail at one case together: one writes the incident, both count in it.
    """
    with sessions.begin() as session:
        begin_write(session)
        school_id = session.scalars(select(Case.school_id).where(Case.id == case_id)).one()
        first = {"id": new_id(), "school_id": school_id, "case_id": case_id, "at": now}
        session.execute(
            insert_for(session, Incident)
            .values(**first, attempts=0, story="", trace="")
            .on_conflict_do_nothing(index_elements=["case_id"], index_where=OPEN_INCIDENT)
        )
        opened = select(Incident).where(Incident.case_id == case_id, Incident.solved_at.is_(None))
        incident = session.scalars(opened.with_for_update()).first()
        if incident is None:  # solved in this very moment
            return
        incident.attempts += 1
        incident.retry_at = now + pause(incident.attempts)
        incident.story = f"到期事项没有办成：{type(error).__name__}: {error}"[:500]
        incident.trace = "".join(traceback.format_exception(error, limit=12))


def pause(attempts: int) -> timedelta:
    """How long to wait after this many failures."""
    doublings = min(attempts - 1, 12)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def solve_incident(session: Session, case_id: uuid.UUID, now: datetime) -> None:
    """The case went on by itself."""
    session.execute(
        update(Incident)
        .where(Incident.case_id == case_id, Incident.solved_at.is_(None))
        .values(solved_at=now)
    )
