"""Filing (备案): the last step of a school that signs on paper as well."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Id
from .registry import case_of_school, graduate_of_school


class Filing(Base):
    """The college has seen the sealed copy of an agreement and filed it; once per number."""

    __tablename__ = "filing"
    __table_args__ = (
        graduate_of_school(),
        case_of_school(),
        ForeignKeyConstraint(
            ["school_id", "agreement_id"], ["agreement.school_id", "agreement.id"]
        ),
        UniqueConstraint("number"),
        Index("ix_filing_school", "school_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    graduate_id: Mapped[uuid.UUID]
    case_id: Mapped[uuid.UUID]
    agreement_id: Mapped[uuid.UUID]
    number: Mapped[str] = mapped_column(String(40))
    sealed_on: Mapped[date | None]
    filed_at: Mapped[datetime]
