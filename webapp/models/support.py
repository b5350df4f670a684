"""What serves the rest: uploads, notices, jobs, throttles and the installation's settings."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Id, Line, Word


class Upload(Base):
    """A file somebody uploaded into a draft; the form carries its id. Seen by its owner and the case's parties.

    A `private` one, such as an identity card, is seen by few and deleted in time (A13).
    """

    __tablename__ = "upload"
    __table_args__ = (
        Index("ix_upload_task", "task_id"),
        Index(
            "ix_upload_private",
            "at",
            sqlite_where=text("private"),
            postgresql_where=text("private"),
        ),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    task_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("task.id"))
    field: Mapped[str] = mapped_column(String(120))
    filename: Mapped[Line]
    content_type: Mapped[str] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    size: Mapped[int]
    at: Mapped[datetime]
    private: Mapped[bool] = mapped_column(default=False)


class Notification(Base):
    """A notice to one person, read in the inbox; `passed_on_at` says when the outbox took it over."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("once_key"),
        Index("ix_notification_person", "person_id", "id"),
        Index(
            "ix_notification_unsent",
            "id",
            sqlite_where=text("passed_on_at IS NULL"),
            postgresql_where=text("passed_on_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case.id"))
    event: Mapped[Word]
    role: Mapped[Word] = mapped_column(default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    once_key: Mapped[str] = mapped_column(String(160))
    read_at: Mapped[datetime | None]
    passed_on_at: Mapped[datetime | None]


class Job(Base):
    """Work to do after the commit, written in the same transaction as its cause; drained by the sweep."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state_known"),
        UniqueConstraint("once_key"),
        Index(
            "ix_job_due",
            "run_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[Id]
    name: Mapped[Word]
    args: Mapped[dict[str, Any]] = mapped_column(default=dict)
    once_key: Mapped[str | None] = mapped_column(String(160))
    state: Mapped[Word] = mapped_column(default="waiting")
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    story: Mapped[str] = mapped_column(Text, default="")


class Audit(Base):
    """What somebody did about accounts, registers and exceptions, beside the cases' own history.

    `person_id` is who did it, empty for the command line and for tries that proved nobody;
    `about_id` the person it was done to, `about` the rest in words. Rows are never changed.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_school", "school_id", "id"),
        Index("ix_audit_person", "person_id", "id"),
        Index("ix_audit_about", "about_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("school.id"))
    at: Mapped[datetime]
    act: Mapped[Word]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    about_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    about: Mapped[Line] = mapped_column(default="")
    address: Mapped[Word] = mapped_column(default="")


class Throttle(Base):
    """Failed tries of one kind from one source within a window."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=0)


class Setting(Base):
    """A setting of this installation, such as the demo clock."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(default=dict)
