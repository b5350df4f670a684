"""Links for people without an account: what a link opens, for how long, and which mobiles proved it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Hash, Id
from .registry import case_of_school, graduate_of_school

STANDING = text("revoked_at IS NULL")


class GuestLink(Base):
    """Opens the guest's step of one case, or lets a guest begin one with one graduate (a card).

    The token itself is stored nowhere, only its hash. Of a case and of a graduate one link stands:
    a new one can only be stored once the older is revoked.
    """

    __tablename__ = "guest_link"
    __table_args__ = (
        case_of_school(),
        graduate_of_school(),
        UniqueConstraint("token_hash"),
        CheckConstraint("(case_id IS NULL) <> (graduate_id IS NULL)", name="opens_one_thing"),
        CheckConstraint("(case_id IS NULL) = (mobile = '')", name="case_link_names_its_mobile"),
        CheckConstraint("uses_left >= 0", name="uses_never_below_zero"),
        CheckConstraint("valid_until > created_at", name="valid_for_some_time"),
        Index(
            "one_standing_link_per_case",
            "case_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index(
            "one_standing_card_per_graduate",
            "graduate_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("school.id"))
    token_hash: Mapped[Hash]
    case_id: Mapped[uuid.UUID | None]
    graduate_id: Mapped[uuid.UUID | None]
    mobile: Mapped[str] = mapped_column(String(20), default="")
    uses_left: Mapped[int]
    created_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class GuestProof(Base):
    """A mobile that a guest proved behind a link, and the case in which this guest acts."""

    __tablename__ = "guest_proof"
    __table_args__ = (
        UniqueConstraint("link_id", "mobile"),
        CheckConstraint("mobile <> ''", name="has_a_mobile"),
        Index("ix_guest_proof_case", "case_id"),
    )

    id: Mapped[Id]
    link_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("guest_link.id"))
    mobile: Mapped[str] = mapped_column(String(20))
    proved_at: Mapped[datetime]
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case.id"))
