"""Diagrams that a school is changing: drafts, which nothing runs on until they are published."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Id, Line, Word


class Draft(Base):
    """What a school's admins are changing of one variant; there is one draft of each.

    `called` maps process ids to XML text, `forms` form keys to definitions, as in a release.
    `scenarios` is the TOML that plays the diagram. `revision` counts the saves: whoever saves
    over an older one is refused. `base_release_id` is the release it was copied from.
    """

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("school_id", "family", "variant"),
        CheckConstraint("revision > 0", name="counts_its_saves"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    family: Mapped[Word]
    variant: Mapped[Word]
    title: Mapped[Line]
    base_release_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("release.id"))
    diagram: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    called: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    forms: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    scenarios: Mapped[str] = mapped_column(Text, default="", deferred=True)
    revision: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    changed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
