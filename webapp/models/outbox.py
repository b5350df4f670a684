"""What leaves the house: one row per message and channel, one-time codes, how a person is reached."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Hash, Id, Line, Word


class Delivery(Base):
    """One message by one channel: waiting, sending, sent, unsure (cut off while sending) or failed.

    `secret` names what is put into `text` at the moment of sending; the secret itself is stored
    nowhere. `text` is emptied when the message has left.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'unsure', 'failed')", name="state_known"
        ),
        UniqueConstraint("once_key"),
        Index(
            "ix_delivery_due",
            "next_at",
            "id",
            sqlite_where=text("state IN ('waiting', 'sending')"),
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
        Index("ix_delivery_school", "school_id", "id"),
        Index("ix_delivery_school_state", "school_id", "state", "id"),
    )

    id: Mapped[Id]
    school_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("school.id"))
    notification_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("notification.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[Word]
    subject: Mapped[Word]
    address: Mapped[Line]
    text: Mapped[str] = mapped_column(Text)
    secret: Mapped[Word] = mapped_column(default="")
    once_key: Mapped[str] = mapped_column(String(160))
    state: Mapped[Word] = mapped_column(default="waiting")
    at: Mapped[datetime]
    next_at: Mapped[datetime]
    until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    story: Mapped[str] = mapped_column(Text, default="")


class OneTimeCode(Base):
    """A code sent to a mobile number for one purpose; `id` is its delivery's. Used once, five tries."""

    __tablename__ = "one_time_code"
    __table_args__ = (Index("ix_one_time_code_place", "place", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("delivery.id"), primary_key=True)
    place: Mapped[Hash]
    code_hash: Mapped[Hash]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class Contact(Base):
    """How a person is reached beside the register: WeChat's own id for them, and mail they refused."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("openid"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    openid: Mapped[str | None] = mapped_column(String(64))
    bound_at: Mapped[datetime | None]
    no_mail_since: Mapped[datetime | None]
