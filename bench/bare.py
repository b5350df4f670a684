"""The bare transaction: the statements of our step with prepared values, sent by the driver alone.

No engine, no JSON to read or write, no session: what a completed task costs the database.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from webapp.models import Case, History, Task, new_id
from webapp.services.cases.rows import (
    ADD_HISTORY,
    FINISH_TASK,
    LISTED,
    LOCK_BY_GRADUATES_TASK,
    LOCK_BY_TASK,
    OPEN_TASKS,
    json_text,
    move_case,
)
from webapp.services.cases.statements import Batch, PostgresqlRows, SqliteRows

from .ours import NOW, Ours

MOVE_WITH_DEADLINE = move_case((LISTED.index("wake_at"),))


@dataclass
class Prepared:
    """A case and the values of its last step, gathered outside the measured time.

    `moved` are the texts of the case, `said` the rows of history that one step adds.
    """

    case_id: uuid.UUID
    school_id: uuid.UUID
    moved: tuple[str, str]
    wake_at: datetime | None
    opened: tuple[Any, ...]
    said: list[tuple[Any, ...]]
    task_id: uuid.UUID
    role: str
    version: int
    seq: int
    hash: str


class Bare:
    """A contestant: writes what our step writes, on a case that our engine opened."""

    name = "bare transaction"

    def __init__(self, engine: Engine, ours: Ours) -> None:
        self.people = ours.people
        self.ours = ours
        self.sqlite = engine.dialect.name == "sqlite"
        self.raw: Any = engine.raw_connection().dbapi_connection
        self.rows: Any = SqliteRows(self.raw) if self.sqlite else PostgresqlRows(self.raw)

    def prepare(self) -> Prepared:
        """A case after one lap of our own, so that every value has its real size."""
        case_id = self.ours.prepare(1)
        with self.ours.sessions() as session:
            case = session.get_one(Case, case_id)
            task = session.scalars(
                select(Task).where(Task.case_id == case_id, Task.state == "open")
            ).one()
            rows = list(session.scalars(select(History).where(History.case_id == case_id)))
            last_act = max(row.seq for row in rows if row.actor == "person")
            said = sorted((row for row in rows if row.seq >= last_act), key=lambda row: row.seq)
            return Prepared(
                case_id,
                case.school_id,
                (case.state, json_text(case.variables)),
                case.wake_at,
                (
                    task.element,
                    task.name,
                    task.form,
                    task.role,
                    task.queue,
                    "open",
                    NOW,
                    task.due_at,
                    task.lapses,
                ),
                [
                    (row.actor, row.person_id, row.kind, row.element, json_text(row.body))
                    for row in said
                ],
                task.id,
                task.role,
                case.version,
                max(row.seq for row in rows),
                said[-1].hash,
            )

    def step(self, prepared: Prepared) -> None:
        """Read the locked case with its task, write case, tasks and history, commit."""
        actor = self.people[prepared.role]
        following = new_id()
        if self.sqlite:
            self.raw.execute("BEGIN IMMEDIATE")
        lock = LOCK_BY_GRADUATES_TASK if actor.role == "graduate" else LOCK_BY_TASK
        self.rows.fetch(lock, (actor.membership_id, actor.person_id, prepared.task_id))
        if not self.rows.send(self.batch(prepared, following, actor.person_id)):
            raise RuntimeError("the bare transaction met another writer")
        self.raw.commit()
        prepared.task_id = following
        prepared.version += 1
        prepared.seq += len(prepared.said)

    def batch(self, prepared: Prepared, following: uuid.UUID, person_id: uuid.UUID) -> Batch:
        """The writes of one step, with the values of the one before."""
        case_id, school_id = prepared.case_id, prepared.school_id
        batch = Batch()
        head = (prepared.seq + len(prepared.said), prepared.hash)
        values = (*prepared.moved, *head, prepared.wake_at, case_id, prepared.version)
        batch.add(MOVE_WITH_DEADLINE, values, counted=True)
        batch.add(FINISH_TASK, (NOW, person_id, prepared.task_id), counted=True)
        batch.add_rows(
            OPEN_TASKS, [(following, school_id, case_id, following.hex, *prepared.opened)]
        )
        batch.add_rows(
            ADD_HISTORY,
            [
                (case_id, seq, school_id, NOW, *words, prepared.hash, prepared.hash)
                for seq, words in enumerate(prepared.said, prepared.seq + 1)
            ],
        )
        return batch
