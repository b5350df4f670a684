"""How a graduate came to an account: the binding to a line of the register."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Id, Word

LIVE_BINDING = text("released_at IS NULL")


class Binding(Base):
    """A graduate's record bound to the person who proved to be its owner (A01).

    `provider` says who proved it: `local` by the register's own data, or an outside identity
    provider, whose name for the person is `subject`. The office may release it (A02).
    """

    __tablename__ = "binding"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "graduate_id"], ["graduate.school_id", "graduate.id"]),
        Index(
            "one_live_binding",
            "graduate_id",
            "provider",
            unique=True,
            sqlite_where=LIVE_BINDING,
            postgresql_where=LIVE_BINDING,
        ),
        Index(
            "one_record_per_subject",
            "provider",
            "subject",
            unique=True,
            sqlite_where=LIVE_BINDING,
            postgresql_where=LIVE_BINDING,
        ),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    graduate_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    provider: Mapped[Word]
    subject: Mapped[str] = mapped_column(String(200))
    bound_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
