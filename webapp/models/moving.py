"""Publications that wait for a second person, and running cases moved to another release."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Id, Line, Word

UNDECIDED = text("decided_at IS NULL")


class Publication(Base):
    """A draft that somebody wants to publish, where a second person must agree.

    It holds for one revision of the draft; a variant has one open request. `outcome` is empty until
    it is decided: published, refused, or outdated (the draft was changed or given up).
    """

    __tablename__ = "publication"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('', 'published', 'refused', 'outdated')", name="outcome_known"
        ),
        CheckConstraint("(outcome = '') = (decided_at IS NULL)", name="decided_has_a_moment"),
        CheckConstraint("decided_by_id <> asked_by_id", name="a_second_person_decides"),
        Index(
            "one_open_publication",
            "school_id",
            "family",
            "variant",
            unique=True,
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        ),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    family: Mapped[Word]
    variant: Mapped[Word]
    draft_id: Mapped[uuid.UUID]
    revision: Mapped[int]
    note: Mapped[str] = mapped_column(Text)
    confirmed: Mapped[bool] = mapped_column(default=False)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    outcome: Mapped[Word] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(Text, default="")


class Move(Base):
    """Running cases of a variant, all or chosen ones, ordered to go on in another release.

    `mapping` has the new path for each renamed step.
    """

    __tablename__ = "move"
    __table_args__ = (Index("ix_move_school", "school_id", "id"),)

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    release_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("release.id"))
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(Text)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class MovedCase(Base):
    """What became of one case in a move; `before` is what taking it back restores.

    `version` is the case's own after the move: a case that went on since is not taken back.
    """

    __tablename__ = "moved_case"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "case_id"], ["case.school_id", "case.id"]),
        CheckConstraint(
            "outcome IN ('waiting', 'moved', 'refused', 'undone', 'kept')", name="outcome_known"
        ),
        CheckConstraint(
            "outcome IN ('waiting', 'refused') OR version IS NOT NULL", name="moved_has_a_version"
        ),
        Index("ix_moved_case_outcome", "move_id", "outcome", "case_id"),
        Index("ix_moved_case_case", "case_id"),
    )

    move_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("move.id"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    school_id: Mapped[uuid.UUID]
    outcome: Mapped[Word] = mapped_column(default="waiting")
    step: Mapped[Line] = mapped_column(default="")
    story: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    version: Mapped[int | None]
    at: Mapped[datetime | None]
