"""Posts of employers, résumés of graduates, and which résumé went to which post.

What was sent lives in its case, as it was sent; the résumé itself may change afterwards.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Id
from .registry import case_of_school, graduate_of_school

OPEN_POST = text("closed_at IS NULL")
OPEN_APPLICATION = text("closed_at IS NULL")


class Post(Base):
    """A post that an employer wants to fill. Open until the end of `open_until`, or closed by hand."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("wanted > 0", name="wants_somebody"),
        Index("ix_post_employer", "employer_id", "id"),
        Index("ix_post_open", "id", sqlite_where=OPEN_POST, postgresql_where=OPEN_POST),
        Index(
            "ix_post_open_category",
            "category",
            "id",
            sqlite_where=OPEN_POST,
            postgresql_where=OPEN_POST,
        ),
        Index("ix_post_title", "title"),
    )

    id: Mapped[Id]
    employer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("employer.id"))
    title: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(8))
    work_place: Mapped[str] = mapped_column(String(120))
    wanted: Mapped[int]
    open_until: Mapped[date]
    description: Mapped[str] = mapped_column(Text)
    posted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    posted_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Resume(Base):
    """A graduate's résumé, as the form `recruiting/resume` answers it; education is the register's."""

    __tablename__ = "resume"
    __table_args__ = (graduate_of_school(),)

    graduate_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    school_id: Mapped[uuid.UUID]
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_at: Mapped[datetime]


class Application(Base):
    """A résumé sent to a post, in a case of its own; a second open one to the same post cannot be stored."""

    __tablename__ = "application"
    __table_args__ = (
        graduate_of_school(),
        case_of_school(),
        ForeignKeyConstraint(["employer_id"], ["employer.id"]),
        Index(
            "one_open_application",
            "post_id",
            "graduate_id",
            unique=True,
            sqlite_where=OPEN_APPLICATION,
            postgresql_where=OPEN_APPLICATION,
        ),
        Index("ix_application_employer", "employer_id", "id"),
        Index("ix_application_post", "post_id", "id"),
        Index("ix_application_graduate", "school_id", "graduate_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID]
    graduate_id: Mapped[uuid.UUID]
    employer_id: Mapped[uuid.UUID]
    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("post.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    sent_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
