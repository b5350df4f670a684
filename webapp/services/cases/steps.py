"""Moves a case by one act: somebody answers, the clock strikes, somebody withdraws.

Every act is the same transaction: lock the case, restore its run, act, let operators write their
rows, store the new state, tasks and history. The caller commits; an exception means rolling back,
and nothing of the act remains.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from processes.durations import parse_duration
from processes.engine import Executable, MessageNotExpected, Run, Step, TaskNotWaiting, WaitingTask

from ...database import begin_write
from ...errors import ChangedMeanwhile, NotYours
from ...models import Case, Task, new_id
from ..accounts.actors import Actor, Anyone, Guest, queue_for
from ..design import releases
from ..employers import parties
from ..guests import guest_links
from . import late, reminders
from .binding import require_free
from .history import Entry, chain
from .mobile_proofs import require_proved
from .operators import CaseOperators
from .rows import (
    ADD_HISTORY,
    ADD_REMINDERS,
    CANCEL_TASKS,
    CLOSE_APPLICATION,
    CLOSE_INVITATIONS,
    FINISH_TASK,
    OPEN_TASKS,
    LiveCase,
    TaskRow,
    json_text,
    lock_case,
    lock_case_by_task,
    moved,
    rows_of,
    rows_on,
)
from .separation import require_another
from .statements import Batch, Rows

Act = Callable[[Run, CaseOperators], Step]


def answer(
    session: Session,
    actor: Anyone,
    task_id: uuid.UUID,
    answers: dict[str, Any],
    labelled: list[dict[str, str]],
    now: datetime,
) -> LiveCase:
    """Record the answers and let the case run on to its next stop.

    Raises NotYours, TaskAlreadyDone, TaskTooLate, TaskWithdrawn, OnlyToRead, MobileNotProved or, for
    a guest, why the link opens nothing any more; nothing is written then.
    """
    rows = begin(session)
    found = lock_case_by_task(rows, task_id, actor)
    if found is None or found[1].queue not in actor.queues:
        raise NotYours
    case, task = found
    if isinstance(actor, Actor) and not task.membership_holds:
        raise NotYours
    if task.state != "open":
        raise late.why_not_open(session, task_id)
    executable = releases.executable_for(session, case.release_id)
    if isinstance(actor, Guest):
        guest_links.require_holds(session, actor, now)
    else:
        require_may(session, actor, executable, case, task)
    require_proved(session, actor, executable, case, task, answers, now)
    entry = answered_by(actor, task, labelled)
    try:
        move(
            session,
            case,
            lambda run, operators: run.answer(task.token, answers, now, operators),
            [entry],
            now,
            (task, actor.person_id),
            executable,
            rows,
        )
    except TaskNotWaiting:
        raise late.why_not_waiting(session, task_id) from None
    if isinstance(actor, Guest) and actor.graduate_id is None:
        guest_links.use(session, actor.link_id)
    return case


def answered_by(actor: Anyone, task: TaskRow, labelled: list[dict[str, str]]) -> Entry:
    """What history keeps of an answer; of a guest the masked mobile, which stands for the person."""
    body: dict[str, Any] = {"name": task.name, "role": actor.role, "answers": labelled}
    if isinstance(actor, Guest):
        return Entry(
            "guest", "answered", task.element, None, {**body, "mobile": actor.masked_mobile}
        )
    return Entry("person", "answered", task.element, actor.person_id, body)


def require_may(
    session: Session, actor: Actor, executable: Executable, case: LiveCase, task: TaskRow
) -> None:
    """What else must hold of this person: another one than before (`not_by`), and free (H07)."""
    require_another(session, actor, executable, case.id, task.element)
    if task.is_invitation:
        require_free(session, actor, case.id, case.graduate_id)


def wake(
    session: Session, case_id: uuid.UUID, now: datetime, skip_locked: bool = False
) -> LiveCase | None:
    """Fire what is due. None when nothing is: another worker or an answer was faster."""
    case = lock_case(begin(session), case_id, skip_locked)
    if case is None or case.is_finished or case.wake_at is None or case.wake_at > now:
        return None
    move(session, case, lambda run, operators: run.wake(now, operators), [], now)
    return case


def withdraw(session: Session, actor: Actor, case_id: uuid.UUID, now: datetime) -> LiveCase:
    """Take the case back, where its diagram still lets the message in (I6)."""
    case = lock_case(begin(session), case_id)
    if case is None:
        raise NotYours
    if case.is_finished:
        raise late.why_not_withdrawn(session, case_id, actor.role)
    entry = Entry("person", "withdrawn", "", actor.person_id, {"role": actor.role})
    try:
        move(session, case, lambda run, operators: run.withdraw(now, operators), [entry], now)
    except MessageNotExpected:
        raise late.why_not_withdrawn(session, case_id, actor.role) from None
    return case


def send(
    session: Session, actor: Actor, case_id: uuid.UUID, message: str, words: str, now: datetime
) -> LiveCase:
    """Give the case a message that its diagram waits for now; `words` is what the act is called."""
    case = lock_case(begin(session), case_id)
    if case is None:
        raise NotYours
    if case.is_finished:
        raise late.why_not_withdrawn(session, case_id, actor.role, words)
    entry = Entry("person", "message", "", actor.person_id, {"role": actor.role, "name": words})
    try:
        move(session, case, lambda run, ops: run.message(message, now, ops), [entry], now)
    except MessageNotExpected:
        raise late.why_not_withdrawn(session, case_id, actor.role, words) from None
    return case


def hear(
    session: Session, case_id: uuid.UUID, message: str, words: str, now: datetime
) -> LiveCase | None:
    """Give the case a message that the system itself sends; None where nothing waits for it."""
    case = lock_case(begin(session), case_id)
    if case is None or case.is_finished or message not in case.messages:
        return None
    entry = Entry("system", "message", "", None, {"name": words})
    move(session, case, lambda run, operators: run.message(message, now, operators), [entry], now)
    return case


def begin(session: Session) -> Rows:
    """Become a writing transaction, with what the caller changed so far sent to the database."""
    connection = begin_write(session)
    session.flush()
    return rows_on(connection)


def move(
    session: Session,
    case: LiveCase,
    act: Act,
    entries: list[Entry],
    now: datetime,
    finished: tuple[TaskRow, uuid.UUID | None] | None = None,
    executable: Executable | None = None,
    rows: Rows | None = None,
) -> None:
    """Restore the run, act on it, and store what became of it (through `rows`, if at hand)."""
    executable = executable or releases.executable_for(session, case.release_id)
    run = Run.restore(executable, case.state, variables=case.variables, facts=case.facts)
    before = run.waiting_tokens
    step = act(run, CaseOperators(session, case, now, lambda: run.variables))
    follow(session, case, run, step, entries, before, now, finished, rows)


def follow(
    session: Session,
    case: LiveCase,
    run: Run,
    step: Step,
    entries: list[Entry],
    before: set[str],
    now: datetime,
    finished: tuple[TaskRow, uuid.UUID | None] | None = None,
    rows: Rows | None = None,
) -> None:
    """Store a step: the case under its version, its tasks, its history. One batch."""
    opened = [task for task in step.tasks if task.token not in before]
    gone = before - {task.token for task in step.tasks}
    happened, trace = automatic(step, opened)
    entries = [*entries, *happened]
    if entries:
        entries[0].body.update(trace)
    history = chain(case, entries, now)
    take_over(case, run, step, now)

    batch = Batch()
    batch.add(*moved(case), counted=True)
    if finished:
        task, person_id = finished
        gone.discard(task.token)
        batch.add(FINISH_TASK, (now, person_id, task.id), counted=True)
    if gone:
        marks = ", ".join("?" * len(gone))
        batch.add(CANCEL_TASKS.format(marks), (now, case.id, *sorted(gone)))
    came_back = finished[0] if finished else None
    batch.add_rows(OPEN_TASKS, [task_row(case, task, now, came_back) for task in opened])
    batch.add_rows(ADD_REMINDERS, reminders_for(case, opened, now, came_back))
    batch.add_rows(ADD_HISTORY, history)
    if case.is_finished:
        batch.add(CLOSE_INVITATIONS, (now, case.id))
        if case.facts.get("case", {}).get("post"):
            batch.add(CLOSE_APPLICATION, (now, case.id))
    store(session, case, batch, rows)


def keep(session: Session, case: LiveCase, entries: list[Entry], now: datetime) -> None:
    """Store a case that was changed without a step, under its version, with what history says.

    Raises ChangedMeanwhile when somebody was faster.
    """
    batch = Batch()
    history = chain(case, entries, now)
    case.typed_employer = parties.typed_employer(case)
    batch.add(*moved(case), counted=True)
    batch.add_rows(ADD_HISTORY, history)
    store(session, case, batch)


def store(session: Session, case: LiveCase, batch: Batch, rows: Rows | None = None) -> None:
    """Send what changed; raises ChangedMeanwhile when somebody was faster."""
    rows = rows or rows_of(session)
    if not rows.send(batch):
        raise ChangedMeanwhile
    case.version += 1
    case.stored = case.listed()
    forget(session, case.id)


def take_over(case: LiveCase, run: Run, step: Step, now: datetime) -> None:
    """The case as the step left it. An ended case keeps no tokens and never wakes."""
    case.state = run.dump()
    case.variables = step.variables
    case.status = step.status or case.status
    case.messages = list(step.messages)
    case.typed_employer = parties.typed_employer(case)
    case.wake_at = None if step.finished else step.wake_at
    if step.finished:
        case.ended_at = now
        case.end_element = step.ended_at[-1] if step.ended_at else ""


def task_row(
    case: LiveCase, task: WaitingTask, now: datetime, came_back: TaskRow | None
) -> tuple[Any, ...]:
    """The row of a task that begins to wait, in the queue of those who hold it.

    A step that comes straight back has waited since it was first opened: nobody else had it
    meanwhile, and a new moment would tell the other side that an answer was tried (H08).
    """
    stayed = came_back is not None and came_back.element == task.element
    since = came_back.opened_at if came_back and stayed else now
    due = task.properties.get("due")
    due_at = task.silent_at or (parse_duration(due).after(since) if due else None)
    queue = queue_for(str(task.role), case, case.college_id)
    return (
        *(new_id(now), case.school_id, case.id, task.token, task.element, task.name),
        *(task.form or "", str(task.role), queue, "open", since, due_at),
        task.silent_at is not None,
    )


def reminders_for(
    case: LiveCase, opened: list[WaitingTask], now: datetime, came_back: TaskRow | None
) -> list[tuple[Any, ...]]:
    """The jobs that remind of these steps; one that came straight back has its own already."""
    stayed = came_back.element if came_back else ""
    rows = [row for t in opened if t.element != stayed for row in reminders.jobs_for(case, t, now)]
    return [(new_id(), name, json_text(args), "waiting", at, 0, "") for name, args, at in rows]


def automatic(step: Step, opened: list[WaitingTask]) -> tuple[list[Entry], dict[str, list[str]]]:
    """What nobody did by hand: operators, timers, new tasks and the end, in their order (I8).

    The second part is where the tokens went: elements passed and flows taken.
    """
    entries: list[Entry] = []
    flows: list[str] = []
    passed: list[str] = []
    for happening in step.happened:
        body = {"name": happening.name, **happening.detail}
        if happening.kind == "flow":
            flows.append(happening.element)
        elif happening.kind == "left":
            passed.append(happening.element)
        elif happening.kind == "fired":
            entries.append(Entry("timer", "fired", happening.element, body=body))
        elif happening.kind == "called":
            passed.append(happening.element)
            entries.append(Entry("system", "operator", happening.element, body=body))
        elif happening.kind == "decided":
            passed.append(happening.element)
            entries.append(Entry("system", "decided", happening.element, body=body))
        elif happening.kind in ("thrown", "caught"):
            passed.append(happening.element)
        elif happening.kind == "ended":
            if happening.element not in passed:
                passed.append(happening.element)
            if step.finished and happening.element == step.ended_at[-1]:
                entries.append(Entry("system", "ended", happening.element, body=body))
    for task in opened:
        body = {"name": task.name, "role": str(task.role)}
        entries.append(Entry("system", "waiting", task.element, body=body))
    return entries, {"passed": passed, "flows": flows}


def forget(session: Session, case_id: uuid.UUID) -> None:
    """Let the ORM read again what was written past it."""
    for row in list(session.identity_map.values()):
        if (isinstance(row, Case) and row.id == case_id) or (
            isinstance(row, Task) and row.case_id == case_id
        ):
            session.expire(row)
