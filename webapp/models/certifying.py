"""What an employer has proved about itself, to which school, and who has managed its account since."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Id, Line, Word

LIVE_MANAGER = text("ended_at IS NULL")


class Certification(Base):
    """A letter that a school has accepted: it counts everywhere, and says who accepted it (A18).

    `seal` is official (公章) or personnel (人事章), no other is accepted (A15); `looked_up` what the
    look-up in the business register gave.
    """

    __tablename__ = "certification"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "case_id"], ["case.school_id", "case.id"]),
        CheckConstraint("level IN ('letter', 'register')", name="level_known"),
        CheckConstraint("seal IN ('official', 'personnel')", name="seal_accepted"),
        CheckConstraint("looked_up IN ('found', 'exempt')", name="look_up_known"),
        Index("one_certification_per_case", "case_id", unique=True),
        Index("ix_certification_employer", "employer_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    employer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("employer.id"))
    case_id: Mapped[uuid.UUID]
    level: Mapped[Word]
    seal: Mapped[Word]
    looked_up: Mapped[Word]
    manager_name: Mapped[Line]
    at: Mapped[datetime]


class Manager(Base):
    """Who has managed an employer's account, and from when to when; one at a time (A16, A17)."""

    __tablename__ = "manager"
    __table_args__ = (
        Index(
            "one_manager_per_employer",
            "employer_id",
            unique=True,
            sqlite_where=LIVE_MANAGER,
            postgresql_where=LIVE_MANAGER,
        ),
        Index("ix_manager_employer", "employer_id", "id"),
    )

    id: Mapped[Id]
    employer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("employer.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[Line]
    mobile: Mapped[str] = mapped_column(String(20))
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class MobileProof(Base):
    """A mobile that a code has proved for a case's form: whose case, which number, who typed the code.

    The employer is the case's own, which never changes once it has one.
    """

    __tablename__ = "mobile_proof"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "case_id"], ["case.school_id", "case.id"]),
        UniqueConstraint("case_id", "mobile"),
        CheckConstraint("mobile <> ''", name="has_a_mobile"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    case_id: Mapped[uuid.UUID]
    mobile: Mapped[str] = mapped_column(String(20))
    proved_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    proved_at: Mapped[datetime]
