"""Handwritten signatures of employers and graduates: versioned, printed on what is issued next (A22)."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..models import Signature


def put_under(
    session: Session,
    opinions: dict[str, dict[str, str]],
    graduate_id: uuid.UUID,
    employer_id: uuid.UUID | None,
) -> None:
    """Name the newest signature of each side that has agreed, by the hash of its picture."""
    owners = {"graduate": graduate_id, "employer": employer_id}
    for role, owner_id in owners.items():
        if role in opinions and owner_id and (newest := current(session, role, owner_id)):
            opinions[role]["signature"] = newest.sha256


def current(session: Session, role: str, owner_id: uuid.UUID) -> Signature | None:
    """The newest signature of an employer or a graduate, by the role they have in a case."""
    owner = Signature.employer_id if role == "employer" else Signature.graduate_id
    wanted = select(Signature).where(owner == owner_id).order_by(Signature.version.desc())
    return session.scalars(wanted.limit(1)).first()
