"""Releases, cases, tasks and their history: what a diagram's run leaves in the database."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Hash, Id, Line, Word

OPEN_INCIDENT = text("solved_at IS NULL")
TYPED = text("typed_employer <> ''")


class Release(Base):
    """A diagram with the diagrams it calls and its forms, frozen and numbered.

    `school_id` is empty for a release that every school may use.
    `called` maps process ids to their XML text, `forms` maps form keys to definitions,
    `scenarios` is the TOML that plays it.
    """

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("school_id", "family", "variant", "number"),
        Index(
            "one_release_in_force",
            "school_id",
            "family",
            "variant",
            unique=True,
            sqlite_where=text("in_force"),
            postgresql_where=text("in_force"),
        ),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    family: Mapped[Word]
    variant: Mapped[Word]
    number: Mapped[int]
    title: Mapped[Line]
    content_hash: Mapped[Hash]
    diagram: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    called: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    forms: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    scenarios: Mapped[str] = mapped_column(Text, default="", deferred=True)
    note: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]
    in_force: Mapped[bool] = mapped_column(default=True)


class Case(Base):
    """One run of a release. `state` holds tokens only, `variables` what people and operators answered.

    `version` counts writes: whoever saves against an old version loses (I6).
    `status` is a stable key; the label comes from the school's table.
    `typed_employer` is the employer's name as somebody wrote it, where no account stands behind it.
    `history_count` and `history_hash` are the head of the history's chain: a cut tail shows.
    """

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("school_id", "id"),
        ForeignKeyConstraint(["school_id", "graduate_id"], ["graduate.school_id", "graduate.id"]),
        CheckConstraint("ended_at IS NULL OR wake_at IS NULL", name="ended_never_wakes"),
        Index(
            "ix_case_due",
            "wake_at",
            "id",
            sqlite_where=text("wake_at IS NOT NULL"),
            postgresql_where=text("wake_at IS NOT NULL"),
        ),
        Index("ix_case_graduate", "school_id", "graduate_id", "id"),
        Index("ix_case_employer", "employer_id", "id"),
        Index("ix_case_status", "school_id", "status", "id"),
        Index("ix_case_release", "release_id", "id"),
        Index(
            "ix_case_typed_employer",
            "typed_employer",
            "id",
            sqlite_where=TYPED,
            postgresql_where=TYPED,
        ),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    release_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("release.id"))
    family: Mapped[Word]
    variant: Mapped[Word]
    title: Mapped[Line]
    graduate_id: Mapped[uuid.UUID | None]
    employer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("employer.id"))
    opened_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(Text, default="")
    variables: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=0)
    status: Mapped[Word] = mapped_column(default="open")
    wake_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_element: Mapped[str] = mapped_column(String(120), default="")
    messages: Mapped[list[str]] = mapped_column(default=list)
    typed_employer: Mapped[str] = mapped_column(String(200), default="", server_default="")
    history_count: Mapped[int] = mapped_column(default=0)
    history_hash: Mapped[str] = mapped_column(String(64), default="")

    release: Mapped[Release] = relationship()
    tasks: Mapped[list[Task]] = relationship(back_populates="case", order_by="Task.id")
    history: Mapped[list[History]] = relationship(order_by="History.seq")


class Task(Base):
    """A step that waits for a person. `queue` is a person or group, such as `reviewer:<college id>`.

    `due_at` is when silence ends the step where `lapses`, else only when it should be done by.
    `draft` keeps what was typed before the answer was accepted. A token waits once in the life of its
    case; that index also finds the tasks of a case.
    """

    __tablename__ = "task"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "case_id"], ["case.school_id", "case.id"]),
        CheckConstraint("state IN ('open', 'done', 'cancelled')", name="state_known"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_a_moment"),
        Index(
            "ix_task_queue",
            "queue",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_task_done_by",
            "closed_by",
            "id",
            sqlite_where=text("closed_by IS NOT NULL"),
            postgresql_where=text("closed_by IS NOT NULL"),
        ),
        Index("one_task_per_token", "case_id", "token", unique=True),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    case_id: Mapped[uuid.UUID]
    token: Mapped[str] = mapped_column(String(40))
    element: Mapped[str] = mapped_column(String(200))
    name: Mapped[Line]
    form: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[Word]
    queue: Mapped[str] = mapped_column(String(80))
    state: Mapped[Word] = mapped_column(default="open")
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    lapses: Mapped[bool] = mapped_column(default=False, server_default=false())
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    draft: Mapped[dict[str, Any] | None]

    case: Mapped[Case] = relationship(back_populates="tasks")


class History(Base):
    """What happened, in order; rows are never changed. Each row carries the hash of the one before.

    An automatic act has no person and says so (I8).
    """

    __tablename__ = "history"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "case_id"], ["case.school_id", "case.id"]),
        CheckConstraint("actor IN ('person', 'timer', 'system', 'guest')", name="actor_known"),
        CheckConstraint(
            "(actor = 'person') = (person_id IS NOT NULL)", name="automatic_has_no_person"
        ),
    )

    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    school_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    actor: Mapped[Word]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[Word]
    element: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous: Mapped[Hash]
    hash: Mapped[Hash]


class Incident(Base):
    """A case that failed while nobody was looking: visible, retried with growing pauses."""

    __tablename__ = "incident"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "case_id"], ["case.school_id", "case.id"]),
        Index(
            "one_open_incident",
            "case_id",
            unique=True,
            sqlite_where=OPEN_INCIDENT,
            postgresql_where=OPEN_INCIDENT,
        ),
        Index("ix_incident_school", "school_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    case_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=1)
    retry_at: Mapped[datetime | None]
    story: Mapped[str] = mapped_column(Text)
    trace: Mapped[str] = mapped_column(Text, default="")
    solved_at: Mapped[datetime | None]
