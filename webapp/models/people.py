"""Schools, colleges, employers, and the people who act for them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Id, Line, Word

ROLES = ("graduate", "employer", "reviewer", "office", "admin")


class School(Base):
    """A university. `settings` holds what a school may choose (docs/architecture.md lists the keys)."""

    __tablename__ = "school"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(5), unique=True)
    name: Mapped[Line]
    phone: Mapped[str] = mapped_column(String(40), default="")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class College(Base):
    """A college of a school (院系)."""

    __tablename__ = "college"
    __table_args__ = (
        UniqueConstraint("school_id", "code"),
        UniqueConstraint("school_id", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    code: Mapped[Word]
    name: Mapped[Line]


class Employer(Base):
    """An employing unit. `uscc` is text: early pilot codes fail the check digit, army units have none."""

    __tablename__ = "employer"
    __table_args__ = (
        CheckConstraint(
            "verification IN ('none', 'phone', 'letter', 'register')", name="verification_level"
        ),
        Index("ix_employer_name", "name"),
        Index(
            "one_employer_per_code",
            "uscc",
            unique=True,
            sqlite_where=text("uscc <> '' AND uscc <> '无'"),
            postgresql_where=text("uscc <> '' AND uscc <> '无'"),
        ),
    )

    id: Mapped[Id]
    name: Mapped[Line]
    uscc: Mapped[str] = mapped_column(String(18), default="")
    nature: Mapped[str] = mapped_column(String(8), default="")
    industry: Mapped[str] = mapped_column(String(8), default="")
    region: Mapped[str] = mapped_column(String(6), default="")
    address: Mapped[str] = mapped_column(String(240), default="")
    postcode: Mapped[str] = mapped_column(String(6), default="")
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_mobile: Mapped[str] = mapped_column(String(20), default="")
    contact_email: Mapped[str] = mapped_column(String(120), default="")
    superior: Mapped[str] = mapped_column(String(200), default="")
    verification: Mapped[str] = mapped_column(String(12), default="none")


class Person(Base):
    """Somebody who can log in."""

    __tablename__ = "person"

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Line]
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    password_changed_at: Mapped[datetime | None]
    mobile: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    blocked_at: Mapped[datetime | None]

    memberships: Mapped[list[Membership]] = relationship(back_populates="person")


class Membership(Base):
    """What a person may do, and where: one role at one school, college or employer."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(
            "role IN ('graduate', 'employer', 'reviewer', 'office', 'admin')", name="role_known"
        ),
        CheckConstraint(
            "(role = 'employer') = (employer_id IS NOT NULL) "
            "AND (role = 'reviewer') = (college_id IS NOT NULL) "
            "AND (role = 'employer') = (school_id IS NULL)",
            name="role_has_its_place",
        ),
        Index("ix_membership_person_id", "person_id"),
    )

    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Word]
    school_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("school.id"))
    college_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("college.id"))
    employer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("employer.id"))
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="memberships")
