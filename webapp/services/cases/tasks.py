"""What waits for whom: finding a task as somebody, keeping drafts, and the lists of work.

Lists page by key: give the last row's id as `before` (or `after`, oldest first) for the next page.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from ...database import begin_write
from ...errors import NotYours
from ...models import Agreement, Case, Employer, Graduate, Task, Upload
from ..accounts.actors import Actor, Anyone
from ..employers import parties
from . import late
from .cases import visible_to

Rows = Select[Any, Any, Any, Any, Any]
PAGE = 20
BADGE = 100


@dataclass(frozen=True)
class WorkRow:
    """A line of a list: a task and what its case is about. `task_id` is empty for a case's line."""

    id: uuid.UUID
    case_id: uuid.UUID
    task_id: uuid.UUID | None
    title: str
    name: str
    family: str
    status: str
    role: str
    form: str
    graduate_name: str
    student_no: str
    employer_name: str
    since: datetime
    due_at: datetime | None
    lapses: bool
    closed_at: datetime | None

    @property
    def subject(self) -> str:
        """Whom it is about: the graduate; the employer where there is none."""
        return self.graduate_name or self.employer_name or self.title


def find_task(session: Session, actor: Anyone, task_id: uuid.UUID) -> Task:
    """The task as somebody who may answer it, open or not; a stranger gets NotYours."""
    task = session.scalars(
        select(Task).where(Task.id == task_id, Task.queue.in_(actor.queues))
    ).first()
    if task is None:
        raise NotYours
    return task


def family_of(session: Session, ids: Mapping[str, Any]) -> str | None:
    """The family of the case that a task, a file or the case itself belongs to."""
    wanted = select(Case.family)
    if "case_id" in ids:
        return session.scalar(wanted.where(Case.id == ids["case_id"]))
    wanted = wanted.join(Task, Task.case_id == Case.id)
    if "upload_id" in ids:
        wanted = wanted.join(Upload, Upload.task_id == Task.id)
        return session.scalar(wanted.where(Upload.id == ids["upload_id"]))
    return session.scalar(wanted.where(Task.id == ids.get("task_id")))


def require_open(session: Session, task: Task) -> None:
    """Raise why this task can no longer be answered."""
    if task.state != "open":
        raise late.why_not_open(session, task.id)


def open_tasks(session: Session, case_id: uuid.UUID) -> list[Task]:
    """What a case waits for now."""
    waiting = select(Task).where(Task.case_id == case_id, Task.state == "open").order_by(Task.id)
    return list(session.scalars(waiting))


def save_draft(
    session: Session, actor: Anyone, task_id: uuid.UUID, draft: dict[str, Any], now: datetime
) -> None:
    """Keep what was typed so far. Raises what submitting would raise for a task that is gone."""
    begin_write(session)
    saved = session.execute(
        update(Task)
        .where(Task.id == task_id, Task.queue.in_(actor.queues), Task.state == "open")
        .values(draft=draft)
    )
    if saved.rowcount != 1:  # type: ignore[attr-defined]
        require_open(session, find_task(session, actor, task_id))


def waiting_for_me(
    session: Session,
    actor: Actor,
    *,
    limit: int = PAGE,
    before: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
    oldest_first: bool = False,
    text: str = "",
    family: str | None = None,
    element: str | None = None,
    waiting_since: datetime | None = None,
    forms: Sequence[str] = (),
    without: Sequence[str] = (),
) -> list[WorkRow]:
    """Open tasks in this actor's queue. `waiting_since`: only what waits at least since then.

    `forms` keeps to tasks of these forms, `without` leaves out those of others.
    """
    wanted = _task_rows().where(Task.queue.in_(actor.queues), Task.state == "open")
    if forms:
        wanted = wanted.where(Task.form.in_(forms))
    if without:
        wanted = wanted.where(Task.form.not_in(without))
    if family:
        wanted = wanted.where(Case.family == family)
    if element:
        wanted = wanted.where(Task.element == element)
    if waiting_since:
        wanted = wanted.where(Task.opened_at <= waiting_since)
    if text:
        wanted = wanted.where(matches(text))
    return _task_lines(session, _paged(wanted, Task.id, limit, before, after, oldest_first))


def done_by_me(
    session: Session,
    actor: Actor,
    *,
    limit: int = PAGE,
    before: uuid.UUID | None = None,
    text: str = "",
) -> list[WorkRow]:
    """Tasks this person finished in this role, latest first."""
    wanted = _task_rows().where(
        Task.closed_by == actor.person_id,
        Task.queue.in_(actor.queues),
        Task.state == "done",
    )
    if text:
        wanted = wanted.where(matches(text))
    return _task_lines(session, _paged(wanted, Task.id, limit, before, None, False))


def waiting_for_others(
    session: Session,
    actor: Actor,
    *,
    limit: int = PAGE,
    before: uuid.UUID | None = None,
    text: str = "",
) -> list[WorkRow]:
    """Running cases this actor may see, whose next step is somebody else's."""
    mine = aliased(Task)
    wanted = _case_rows().where(
        visible_to(actor),
        Case.ended_at.is_(None),
        ~exists().where(
            mine.case_id == Case.id, mine.state == "open", mine.queue.in_(actor.queues)
        ),
    )
    if text:
        wanted = wanted.where(matches(text))
    return _case_lines(session, _paged(wanted, Case.id, limit, before, None, False))


def ended_cases(
    session: Session,
    actor: Actor,
    *,
    limit: int = PAGE,
    before: uuid.UUID | None = None,
    text: str = "",
    status: str | None = None,
) -> list[WorkRow]:
    """Cases that came to their end, latest first."""
    wanted = _case_rows().where(visible_to(actor), Case.ended_at.is_not(None))
    if status:
        wanted = wanted.where(Case.status == status)
    if text:
        wanted = wanted.where(matches(text))
    return _case_lines(session, _paged(wanted, Case.id, limit, before, None, False))


def count_waiting(
    session: Session, actor: Actor, forms: Sequence[str] = (), without: Sequence[str] = ()
) -> int:
    """How much waits for this actor; counting stops at 100, which a badge shows as 99+."""
    waiting = select(Task.id).where(Task.queue.in_(actor.queues), Task.state == "open")
    if forms:
        waiting = waiting.where(Task.form.in_(forms))
    if without:
        waiting = waiting.where(Task.form.not_in(without))
    some = waiting.limit(BADGE).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def matches(text: str) -> ColumnElement[bool]:
    """Name, student number, employer or agreement number beginning with `text`."""
    text = text.strip()
    numbered = select(Agreement.case_id).where(_begins(Agreement.number, text))
    typed = aliased(Case)
    named = select(typed.id).where(typed.typed_employer != "", _begins(typed.typed_employer, text))
    return or_(
        _begins(Graduate.name, text),
        _begins(Graduate.student_no, text),
        _begins(Employer.name, text),
        Case.id.in_(numbered),
        Case.id.in_(named),
    )


def names_graduate(text: str) -> ColumnElement[bool]:
    """A graduate's name or student number beginning with `text`."""
    text = text.strip()
    return or_(_begins(Graduate.name, text), _begins(Graduate.student_no, text))


def _begins(column: Any, text: str) -> ColumnElement[bool]:
    """A range instead of LIKE: both databases answer it from the index, and % is a plain sign."""
    return and_(column >= text, column < text + "\U0010ffff")


def _task_rows() -> Rows:
    return (
        select(Task, Case, Graduate.name, Graduate.student_no, Employer.name)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(Graduate, Graduate.id == Case.graduate_id)
        .outerjoin(Employer, Employer.id == Case.employer_id)
    )


def _case_rows() -> Rows:
    return (
        select(Task, Case, Graduate.name, Graduate.student_no, Employer.name)
        .select_from(Case)
        .outerjoin(Task, (Task.case_id == Case.id) & (Task.id == _first_open_task()))
        .outerjoin(Graduate, Graduate.id == Case.graduate_id)
        .outerjoin(Employer, Employer.id == Case.employer_id)
    )


def _first_open_task() -> Any:
    other = aliased(Task)
    return (
        select(other.id)
        .where(other.case_id == Case.id, other.state == "open")
        .order_by(other.id)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


def _paged(
    wanted: Rows,
    key: Any,
    limit: int,
    before: uuid.UUID | None,
    after: uuid.UUID | None,
    oldest_first: bool,
) -> Rows:
    if before:
        wanted = wanted.where(key < before)
    if after:
        wanted = wanted.where(key > after)
    return wanted.order_by(key if oldest_first else key.desc()).limit(limit)


def _task_lines(session: Session, wanted: Rows) -> list[WorkRow]:
    return [
        _row(found[0].id, found[0].id, found[0].closed_at, *found)
        for found in session.execute(wanted)
    ]


def _case_lines(session: Session, wanted: Rows) -> list[WorkRow]:
    return [_row(found[1].id, None, found[1].ended_at, *found) for found in session.execute(wanted)]


def _row(
    key: uuid.UUID,
    task_id: uuid.UUID | None,
    closed_at: datetime | None,
    task: Task | None,
    case: Case,
    graduate: str | None,
    student_no: str | None,
    employer: str | None,
) -> WorkRow:
    return WorkRow(
        id=key,
        case_id=case.id,
        task_id=task_id,
        title=case.title,
        name=task.name if task else "",
        family=case.family,
        status=case.status,
        role=task.role if task else "",
        form=task.form if task else "",
        graduate_name=graduate or "",
        student_no=student_no or "",
        employer_name=parties.other_name(case, employer),
        since=task.opened_at if task else case.opened_at,
        due_at=task.due_at if task else None,
        lapses=bool(task and task.lapses),
        closed_at=closed_at,
    )
