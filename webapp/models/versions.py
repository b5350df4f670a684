"""What becomes of an agreement after it was issued: edits, signatures, requests for another print."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Id, Word
from .registry import case_of_school

OPEN_AMENDMENT = text("closed_at IS NULL")
WAITING_REQUEST = text("decided_at IS NULL")


def agreement_of_school() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["school_id", "agreement_id"], ["agreement.school_id", "agreement.id"]
    )


class Amendment(Base):
    """An employer's edit of a signed agreement; a second open one cannot be stored (F21).

    Triggers refuse one beside an open rescission, and a new version beside one (models/guards.py).
    """

    __tablename__ = "amendment"
    __table_args__ = (
        agreement_of_school(),
        case_of_school(),
        Index(
            "one_open_amendment",
            "agreement_id",
            unique=True,
            sqlite_where=OPEN_AMENDMENT,
            postgresql_where=OPEN_AMENDMENT,
        ),
        Index("ix_amendment_case", "case_id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    agreement_id: Mapped[uuid.UUID]
    case_id: Mapped[uuid.UUID]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(20), default="")


class Signature(Base):
    """A handwritten signature of one employer or one graduate; a new one is a new version (A22)."""

    __tablename__ = "signature"
    __table_args__ = (
        CheckConstraint("(employer_id IS NULL) <> (graduate_id IS NULL)", name="one_owner"),
        UniqueConstraint("employer_id", "version"),
        UniqueConstraint("graduate_id", "version"),
    )

    id: Mapped[Id]
    employer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("employer.id"))
    graduate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("graduate.id"))
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class PrintRequest(Base):
    """Somebody asks for another print: granted or refused once, and a grant serves one print (F24)."""

    __tablename__ = "print_request"
    __table_args__ = (
        agreement_of_school(),
        CheckConstraint("state IN ('waiting', 'granted', 'refused')", name="state_known"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint("print_id IS NULL OR state = 'granted'", name="only_granted_prints"),
        UniqueConstraint("print_id"),
        Index(
            "one_waiting_request",
            "agreement_id",
            "role",
            unique=True,
            sqlite_where=WAITING_REQUEST,
            postgresql_where=WAITING_REQUEST,
        ),
        Index("ix_print_request_school", "school_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    agreement_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Word]
    copy: Mapped[Word]
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    state: Mapped[Word] = mapped_column(default="waiting")
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    print_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("print.id"))
