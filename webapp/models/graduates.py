"""The school's register of graduates. Codes are text: student, exam and identity numbers keep zeros."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Id, Line


class Graduate(Base):
    """One graduate of one cohort. `register` keeps every further column of the imported sheet."""

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
