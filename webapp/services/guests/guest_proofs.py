"""Proves the mobile of a guest by a one-time code (`accounts.proving`), and remembers it for the visit."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import insert_for
from ...models import GuestLink, GuestProof, new_id
from ..accounts import proving

VISIT = timedelta(hours=12)


def ask_for_code(session: Session, link: GuestLink, typed: str, address: str, now: datetime) -> str:
    """Have a code sent: to the link's own mobile, else to the one that was typed; gives the mobile.

    The caller commits. Raises NotAMobile or TooManyTries.
    """
    return proving.ask_for_code(session, behind(link, address), link.mobile or typed, now)


def prove(
    session: Session, link: GuestLink, mobile: str, typed: str, address: str, now: datetime
) -> GuestProof:
    """The mobile is theirs: the code came back. The caller commits.

    Raises WrongCode, CodeExpired or TooManyTries; the try is counted in any case.
    """
    link_id = link.id
    proving.take_code(session, behind(link, address), mobile, typed, now)
    insert = insert_for(session, GuestProof.__table__).values(
        id=new_id(now), link_id=link_id, mobile=mobile, proved_at=now
    )
    insert = insert.on_conflict_do_update(
        index_elements=["link_id", "mobile"], set_={"proved_at": now}
    )
    session.execute(insert)
    return session.scalars(
        select(GuestProof)
        .where(GuestProof.link_id == link_id, GuestProof.mobile == mobile)
        .execution_options(populate_existing=True)
    ).one()


def live_proof(
    session: Session, link_id: uuid.UUID, proof_id: uuid.UUID | None, now: datetime
) -> GuestProof | None:
    """The proof that this visit gave for this link, while the visit lasts."""
    proof = session.get(GuestProof, proof_id) if proof_id else None
    if proof is None or proof.link_id != link_id:
        return None
    return proof if now - proof.proved_at < VISIT else None


def behind(link: GuestLink, address: str) -> proving.Proving:
    """A code is good for this link and nothing else, and counted under it."""
    return proving.Proving("guest", link.id, f"guest:{link.id.hex}", address, link.school_id)


def mobile_behind(session: Session, case_id: uuid.UUID) -> str:
    """The mobile of the guest who acts in this case: the last one proved for it; empty for none."""
    of_card = GuestProof.case_id == case_id
    of_link = GuestLink.case_id == case_id
    proved = (
        select(GuestProof.mobile)
        .join(GuestLink, GuestLink.id == GuestProof.link_id)
        .where(of_card | of_link)
        .order_by(GuestProof.proved_at.desc())
        .limit(1)
    )
    return session.scalar(proved) or ""
