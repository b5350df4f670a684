"""The statements of a step, and the locked case as they read it.

The step is the path everybody waits on. A locked case comes in by one statement; what a step changed
goes out as one batch (see statements.py).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from ..accounts.actors import Anyone
from .statements import PostgresqlRows, Rows, SqliteRows

CASE: dict[str, str] = {  # the columns of a LiveCase in its order, and how they are read
    "c.id": "id",
    "c.school_id": "id",
    "c.release_id": "id",
    "c.family": "text",
    "c.title": "text",
    "c.graduate_id": "id",
    "c.employer_id": "id",
    "g.college_id": "id",
    "c.opened_by": "id",
    "c.facts": "json",
    "c.state": "text",
    "c.variables": "json",
    "c.version": "number",
    "c.status": "text",
    "c.wake_at": "moment",
    "c.ended_at": "moment",
    "c.end_element": "text",
    "c.messages": "json",
    "c.history_count": "number",
    "c.history_hash": "text",
    "c.typed_employer": "text",
}
TASK: dict[str, str] = {  # the columns of a TaskRow, but for what is known of its reader
    "t.id": "id",
    "t.case_id": "id",
    "t.token": "text",
    "t.element": "text",
    "t.name": "text",
    "t.queue": "text",
    "t.state": "text",
    "t.opened_at": "moment",
}
CASE_KINDS = tuple(CASE.values())
CASE_AND_TASK_KINDS = (*CASE_KINDS, *TASK.values(), "yes", "yes")
CASE_COLUMNS = ", ".join(CASE)
CASE_SOURCE = " LEFT JOIN graduate g ON g.id = c.graduate_id"
LOCK_CASE = f'SELECT {CASE_COLUMNS} FROM "case" c{CASE_SOURCE} WHERE c.id = ?'
_BY_TASK = (
    f"SELECT {CASE_COLUMNS}, {', '.join(TASK)},"
    " EXISTS (SELECT 1 FROM membership m JOIN person p ON p.id = m.person_id"
    " WHERE m.id = ? AND m.person_id = ? AND m.ended_at IS NULL AND p.blocked_at IS NULL),"
    " {invites}"
    f' FROM task t JOIN "case" c ON c.id = t.case_id{CASE_SOURCE} WHERE t.id = ?'
)
LOCK_BY_TASK = _BY_TASK.replace("{invites}", "FALSE")
LOCK_BY_GRADUATES_TASK = _BY_TASK.replace(
    "{invites}",
    "EXISTS (SELECT 1 FROM invitation i WHERE i.case_id = c.id AND i.closed_at IS NULL)",
)
MOVE_CASE = (
    'UPDATE "case" SET state = ?, variables = ?, version = version + 1, history_count = ?,'
    " history_hash = ?{} WHERE id = ? AND version = ?"
)
LISTED = ("status", "wake_at", "ended_at", "end_element", "messages", "typed_employer")
FINISH_TASK = (
    "UPDATE task SET state = 'done', closed_at = ?, closed_by = ?, draft = NULL"
    " WHERE id = ? AND state = 'open'"
)
CANCEL_TASKS = (
    "UPDATE task SET state = 'cancelled', closed_at = ?, draft = NULL"
    " WHERE case_id = ? AND state = 'open' AND token IN ({})"
)
OPEN_TASKS = (
    "INSERT INTO task (id, school_id, case_id, token, element, name, form, role, queue, state,"
    " opened_at, due_at, lapses) VALUES {}"
)
ADD_HISTORY = (
    "INSERT INTO history (case_id, seq, school_id, at, actor, person_id, kind, element, body,"
    " previous, hash) VALUES {}"
)
ADD_REMINDERS = "INSERT INTO job (id, name, args, state, run_at, attempts, story) VALUES {}"
CLOSE_INVITATIONS = "UPDATE invitation SET closed_at = ? WHERE case_id = ? AND closed_at IS NULL"
CLOSE_APPLICATION = "UPDATE application SET closed_at = ? WHERE case_id = ? AND closed_at IS NULL"


@dataclass
class LiveCase:
    """A case as it stands in this transaction, which holds its lock."""

    id: uuid.UUID
    school_id: uuid.UUID
    release_id: uuid.UUID
    family: str
    title: str
    graduate_id: uuid.UUID | None
    employer_id: uuid.UUID | None
    college_id: uuid.UUID | None
    opened_by: uuid.UUID | None
    facts: dict[str, Any]
    state: str
    variables: dict[str, Any]
    version: int
    status: str
    wake_at: datetime | None
    ended_at: datetime | None
    end_element: str
    messages: list[str]
    history_count: int
    history_hash: str
    typed_employer: str = ""

    def __post_init__(self) -> None:
        self.stored = self.listed()

    def listed(self) -> tuple[Any, ...]:
        """The values of LISTED as they are now."""
        return (
            *(self.status, self.wake_at, self.ended_at, self.end_element),
            *(tuple(self.messages), self.typed_employer),
        )

    @property
    def is_finished(self) -> bool:
        return self.ended_at is not None


class TaskRow(NamedTuple):
    """The task somebody answers, as read together with its case."""

    id: uuid.UUID
    case_id: uuid.UUID
    token: str
    element: str
    name: str
    queue: str
    state: str
    opened_at: datetime
    membership_holds: bool
    is_invitation: bool


def rows_of(session: Session) -> Rows:
    """The statements on the connection of this session's transaction."""
    return rows_on(session.connection())


def rows_on(connection: Connection) -> Rows:
    raw = connection.connection.dbapi_connection
    return SqliteRows(raw) if connection.dialect.name == "sqlite" else PostgresqlRows(raw)


def lock_case(rows: Rows, case_id: uuid.UUID, skip_locked: bool = False) -> LiveCase | None:
    """The case, locked until the commit; None when there is none (or another worker holds it)."""
    row = rows.fetch(LOCK_CASE, (case_id,), skip_locked)
    return None if row is None else LiveCase(*rows.read(CASE_KINDS, row))


def lock_case_by_task(
    rows: Rows, task_id: uuid.UUID, actor: Anyone
) -> tuple[LiveCase, TaskRow] | None:
    """The case of a task, locked, with the task and whether this membership still holds.

    Whether an invitation is open matters to graduates alone (H07); others need not look.
    """
    sql = LOCK_BY_GRADUATES_TASK if actor.role == "graduate" else LOCK_BY_TASK
    row = rows.fetch(sql, (actor.membership_id, actor.person_id, task_id))
    if row is None:
        return None
    values = rows.read(CASE_AND_TASK_KINDS, row)
    return LiveCase(*values[: len(CASE)]), TaskRow(*values[len(CASE) :])


def moved(case: LiveCase) -> tuple[str, tuple[Any, ...]]:
    """The statement that stores a case under its version, and its values.

    What lists are sorted and searched by is named only where it changed: SQLite takes a named
    column out of its indexes and puts it back, whether or not its value is another one.
    """
    now = case.listed()
    changed = [place for place, value in enumerate(now) if value != case.stored[place]]
    always = (case.state, json_text(case.variables), case.history_count, case.history_hash)
    listed = [json_text(now[p]) if type(now[p]) is tuple else now[p] for p in changed]
    return move_case(tuple(changed)), (*always, *listed, case.id, case.version)


@lru_cache
def move_case(changed: tuple[int, ...]) -> str:
    """MOVE_CASE with these of LISTED, by their places."""
    return MOVE_CASE.format("".join(f", {LISTED[place]} = ?" for place in changed))


def json_text(value: Any) -> str:
    """How JSON is kept: text, in the order of its keys."""
    return orjson.dumps(value).decode()
