"""The one clock. Services get the moment as an argument; only edges ask for it here.

Demo mode moves the clock by an offset kept in the database, so every process agrees.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from .models import Setting

DEMO_CLOCK = "demo_clock"


def utc_now(session: Session) -> datetime:
    """This moment, aware and in UTC, moved by the demo clock where one is set."""
    return datetime.now(UTC) + demo_offset(session)


def demo_offset(session: Session) -> timedelta:
    """How far the demo clock runs ahead."""
    setting = session.get(Setting, DEMO_CLOCK)
    return timedelta(seconds=setting.value.get("seconds", 0)) if setting else timedelta()


def set_demo_offset(session: Session, offset: timedelta) -> None:
    """Move the demo clock; zero puts it back. The caller commits."""
    session.merge(Setting(key=DEMO_CLOCK, value={"seconds": offset.total_seconds()}))
