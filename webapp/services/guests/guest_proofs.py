"""Proves the mobile of a guest by a one-time code, and remembers it for the visit.

Codes are slowed down by number and address where they are made (`services.codes`), here by link
too, so that nobody floods a phone or guesses from many places with one link.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import insert_for
from ...models import GuestLink, GuestProof, new_id
from ..accounts.codes import check_code, plain_mobile, send_code
from ..accounts.throttles import Limit, count_try, take_back

VISIT = timedelta(hours=12)
SENDING = Limit(5, timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24))
TRYING = Limit(10, timedelta(seconds=10), timedelta(minutes=15), timedelta(hours=6))
FROM_ADDRESS = Limit(30, timedelta(seconds=5), timedelta(minutes=10), timedelta(hours=1))


def ask_for_code(session: Session, link: GuestLink, typed: str, address: str, now: datetime) -> str:
    """Have a code sent: to the link's own mobile, else to the one that was typed; gives the mobile.

    The caller commits. Raises NotAMobile or TooManyTries.
    """
    mobile = plain_mobile(link.mobile or typed)
    link_id, school_id = link.id, link.school_id
    count_try(session, {f"guest-send:{link_id.hex}": SENDING}, now)
    send_code(session, mobile, purpose(link_id), now, address=address, school_id=school_id)
    return mobile


def prove(
    session: Session, link: GuestLink, mobile: str, typed: str, address: str, now: datetime
) -> GuestProof:
    """The mobile is theirs: the code came back. The caller commits.

    Raises WrongCode, CodeExpired or TooManyTries; the try is counted in any case.
    """
    keys = {
        f"guest-try:{link.id.hex}": TRYING,
        f"guest-try-from:{address}"[:160]: FROM_ADDRESS,
    }
    link_id = link.id
    count_try(session, keys, now)
    check_code(session, mobile, purpose(link_id), typed, now)
    take_back(session, *keys)
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


def purpose(link_id: uuid.UUID) -> str:
    """What a code is good for: this link and nothing else."""
    return f"guest:{link_id.hex}"


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
