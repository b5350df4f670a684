"""Proves that a mobile is at hand: a code goes there and comes back.

    ask = Proving("guest", link_id, f"guest:{link_id.hex}", address, school_id)
    ask_for_code(session, ask, mobile, now)          # then commit
    take_code(session, ask, mobile, typed, now)      # then keep the proof and commit

Codes are slowed down by number and address where they are made (`codes`), here also by whoever
asks, so that nobody floods a phone or guesses from many places behind one link or log-in.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from .codes import check_code, count_message, plain_mobile, send_code
from .throttles import Limit, count_try, take_back

SENDING = Limit(5, timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24))
TRYING = Limit(10, timedelta(seconds=10), timedelta(minutes=15), timedelta(hours=6))
FROM_ADDRESS = Limit(30, timedelta(seconds=5), timedelta(minutes=10), timedelta(hours=1))


@dataclass(frozen=True)
class Proving:
    """Who asks (a kind and an id), what the code is good for, and where the request comes from."""

    kind: str
    by: uuid.UUID
    purpose: str
    address: str
    school_id: uuid.UUID | None

    @property
    def sending(self) -> str:
        return f"{self.kind}-send:{self.by.hex}"

    @property
    def trying(self) -> dict[str, Limit]:
        return {
            f"{self.kind}-try:{self.by.hex}": TRYING,
            f"{self.kind}-try-from:{self.address}"[:160]: FROM_ADDRESS,
        }


def ask_for_code(session: Session, proving: Proving, typed: str, now: datetime) -> str:
    """Have a code sent to the mobile that was typed; gives it in plain digits. The caller commits.

    The try is counted and committed first, so call it before writing. Raises NotAMobile or
    SentJustNow.
    """
    mobile = plain_mobile(typed)
    count_message(session, {proving.sending: SENDING}, now)
    send_code(
        session, mobile, proving.purpose, now,
        address=proving.address, school_id=proving.school_id,
    )  # fmt: skip
    return mobile


def take_code(session: Session, proving: Proving, mobile: str, typed: str, now: datetime) -> None:
    """The code came back: the mobile is at hand. The caller keeps that and commits.

    Raises WrongCode, CodeExpired or TooManyTries; the try is counted in any case.
    """
    keys = proving.trying
    count_try(session, keys, now)
    check_code(session, mobile, proving.purpose, typed, now)
    take_back(session, *keys)
