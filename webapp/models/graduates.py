"""The school's register of graduates. Codes are text: student, exam and identity numbers keep zeros."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Id, Line, Word


class Graduate(Base):
    """One graduate of one cohort. `register` keeps every further column of the imported sheet.

    `plan` is the graduation plan (方案): spring, summer or autumn, where the school tells them apart.
    """

    __tablename__ = "graduate"
    __table_args__ = (
        UniqueConstraint("school_id", "student_no"),
        UniqueConstraint("school_id", "id"),
        ForeignKeyConstraint(["school_id", "college_id"], ["college.school_id", "college.id"]),
        Index("ix_graduate_school_id_name", "school_id", "name"),
        Index("ix_graduate_college", "school_id", "college_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    college_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), unique=True)
    cohort: Mapped[int]
    plan: Mapped[str] = mapped_column(String(8), default="")
    student_no: Mapped[str] = mapped_column(String(40))
    exam_no: Mapped[str] = mapped_column(String(40), default="")
    id_no: Mapped[str] = mapped_column(String(30), default="")
    name: Mapped[Line]
    gender: Mapped[str] = mapped_column(String(8), default="")
    nation: Mapped[str] = mapped_column(String(8), default="")
    political_status: Mapped[str] = mapped_column(String(8), default="")
    education: Mapped[str] = mapped_column(String(8), default="")
    training_mode: Mapped[str] = mapped_column(String(8), default="")
    major: Mapped[str] = mapped_column(String(120), default="")
    class_name: Mapped[str] = mapped_column(String(80), default="")
    years: Mapped[str] = mapped_column(String(8), default="")
    origin_region: Mapped[str] = mapped_column(String(6), default="")
    hardship: Mapped[str] = mapped_column(String(8), default="")
    normal_student: Mapped[str] = mapped_column(String(8), default="")
    mobile: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    qq: Mapped[str] = mapped_column(String(20), default="")
    home_address: Mapped[str] = mapped_column(String(240), default="")
    register: Mapped[dict[str, Any]] = mapped_column(default=dict)
    online_signing_allowed: Mapped[bool] = mapped_column(default=True)
    base_data_confirmed_at: Mapped[datetime | None]


class RegisterChange(Base):
    """One change of a graduate's line: what it was, what it became, by whom and why. Never changed.

    `changes` maps a column to its old and new value; `source` is `correction` (the graduate asked,
    the school agreed) or `import` (a newer sheet).
    """

    __tablename__ = "register_change"
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "graduate_id"], ["graduate.school_id", "graduate.id"]),
        CheckConstraint("source IN ('correction', 'import')", name="source_known"),
        Index("ix_register_change_school", "school_id", "id"),
        Index("ix_register_change_graduate", "graduate_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    graduate_id: Mapped[uuid.UUID]
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    source: Mapped[Word]
    at: Mapped[datetime]
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
