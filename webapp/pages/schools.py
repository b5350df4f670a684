"""The schools of this installation, to choose from."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import School


def known_schools(session: Session) -> list[School]:
    """Every school, by its code."""
    return list(session.scalars(select(School).order_by(School.code)))
