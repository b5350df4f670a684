"""The truth across cases: claims, invitations, agreements, documents, destinations, rescissions.

What must hold is a constraint here (invariants I1, I2, I5), reached from diagrams by operators.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Hash, Id, Word

LIVE_CLAIM = text("released_at IS NULL")
LIVE_INVITATION = text("closed_at IS NULL")
OPEN_RESCISSION = text("closed_at IS NULL")


def graduate_of_school() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["school_id", "graduate_id"], ["graduate.school_id", "graduate.id"])


def case_of_school() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["school_id", "case_id"], ["case.school_id", "case.id"])


class Claim(Base):
    """The one thing that binds a graduate; a second live one cannot be stored (I1)."""

    __tablename__ = "claim"
    __table_args__ = (
        graduate_of_school(),
        case_of_school(),
        Index(
            "one_live_claim",
            "graduate_id",
            unique=True,
            sqlite_where=LIVE_CLAIM,
            postgresql_where=LIVE_CLAIM,
        ),
        Index("ix_claim_case", "case_id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    graduate_id: Mapped[uuid.UUID]
    case_id: Mapped[uuid.UUID]
    acquired_at: Mapped[datetime]
    released_at: Mapped[datetime | None]


class Invitation(Base):
    """An employer's live offer to a graduate; a second live one of the same pair cannot be stored (I2)."""

    __tablename__ = "invitation"
    __table_args__ = (
        graduate_of_school(),
        case_of_school(),
        Index(
            "one_live_invitation",
            "employer_id",
            "graduate_id",
            unique=True,
            sqlite_where=LIVE_INVITATION,
            postgresql_where=LIVE_INVITATION,
        ),
        Index("ix_invitation_graduate", "school_id", "graduate_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    graduate_id: Mapped[uuid.UUID]
    employer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("employer.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    opened_at: Mapped[datetime]
    reply_by: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class AgreementCounter(Base):
    """The next running number of a school and cohort; taken by UPDATE, so two never get the same."""

    __tablename__ = "agreement_counter"

    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"), primary_key=True)
    cohort: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class Agreement(Base):
    """An issued agreement. `snapshot` is what was approved and never changes (I4); `state` may."""

    __tablename__ = "agreement"
    __table_args__ = (
        graduate_of_school(),
        case_of_school(),
        UniqueConstraint("number", "version"),
        UniqueConstraint("school_id", "id"),
        CheckConstraint(
            "state IN ('valid', 'rescinded', 'superseded', 'void')", name="state_known"
        ),
        Index(
            "one_valid_agreement",
            "graduate_id",
            unique=True,
            sqlite_where=text("state = 'valid'"),
            postgresql_where=text("state = 'valid'"),
        ),
        Index("ix_agreement_school", "school_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    graduate_id: Mapped[uuid.UUID]
    employer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("employer.id"))
    case_id: Mapped[uuid.UUID]
    number: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[Word] = mapped_column(default="valid")
    issued_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    snapshot: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)


class Blob(Base):
    """Bytes by their SHA-256: documents and uploads. Never changed, stored once."""

    __tablename__ = "blob"

    sha256: Mapped[Hash] = mapped_column(primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Document(Base):
    """The rendered agreement: rendered once after approval, served as these bytes for ever."""

    __tablename__ = "document"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "agreement_id"], ["agreement.school_id", "agreement.id"]
        ),
        UniqueConstraint("agreement_id", "kind"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    agreement_id: Mapped[uuid.UUID]
    kind: Mapped[Word] = mapped_column(default="agreement")
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    pages: Mapped[int]
    rendered_at: Mapped[datetime]


class Print(Base):
    """One copy handed out: who, when, which copy, of which bytes, and why where the quota was exceeded."""

    __tablename__ = "print"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "agreement_id"], ["agreement.school_id", "agreement.id"]
        ),
        Index("ix_print_agreement", "agreement_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    agreement_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    copy: Mapped[Word]
    sha256: Mapped[Hash]
    reason: Mapped[str] = mapped_column(Text, default="")


class Destination(Base):
    """Where a graduate goes (毕业去向). In force from `effective_at` until `closed_at`."""

    __tablename__ = "destination"
    __table_args__ = (
        graduate_of_school(),
        case_of_school(),
        Index(
            "one_destination_in_force",
            "graduate_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_destination_school", "school_id", "code", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    graduate_id: Mapped[uuid.UUID]
    case_id: Mapped[uuid.UUID]
    code: Mapped[str] = mapped_column(String(8))
    written_at: Mapped[datetime]
    effective_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    snapshot: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)


class Rescission(Base):
    """A request to rescind an agreement; a second open one cannot be stored (I5)."""

    __tablename__ = "rescission"
    __table_args__ = (
        ForeignKeyConstraint(
            ["school_id", "agreement_id"], ["agreement.school_id", "agreement.id"]
        ),
        case_of_school(),
        Index(
            "one_open_rescission",
            "agreement_id",
            unique=True,
            sqlite_where=OPEN_RESCISSION,
            postgresql_where=OPEN_RESCISSION,
        ),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    agreement_id: Mapped[uuid.UUID]
    case_id: Mapped[uuid.UUID]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(20), default="")


class DestinationVoid(Base):
    """The record that a destination was voided, for the school to see (M08); one per destination.

    `case_id` is the case that voided it; its diagram and history tell who and by which way.
    """

    __tablename__ = "destination_void"
    __table_args__ = (
        graduate_of_school(),
        case_of_school(),
        Index("ix_destination_void_school", "school_id", "id"),
        Index("ix_destination_void_graduate", "graduate_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    graduate_id: Mapped[uuid.UUID]
    destination_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("destination.id"), unique=True)
    case_id: Mapped[uuid.UUID]
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
