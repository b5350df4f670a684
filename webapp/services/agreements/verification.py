"""Tells anybody who holds a paper whether it is the agreement it claims to be, and no more (F15)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...models import Agreement, Case, Destination, Document
from .agreements import verification_code, version_in
from .printing import is_printed


@dataclass(frozen=True)
class Verified:
    """An agreement as of `asked_at`. The graduate's name is masked."""

    number: str
    state: str
    version: int
    current_version: int
    graduate: str
    school: str
    major: str
    employer: str
    issued_at: datetime
    changed_at: datetime | None
    asked_at: datetime
    sha256: str


def verify(session: Session, number: str, code: str, now: datetime) -> Verified | None:
    """What holds for this number now; None for a wrong code as for an unknown number.

    A number that was only registered from a paper is unknown here: no code was ever printed on it.
    The code names the version of the paper; of a newer one only its number is told.

    The code is compared in constant time, and before anything is looked up.
    """
    version = version_in(code)
    expected = verification_code(number, version)
    if not hmac.compare_digest(expected.encode(), code.encode()):
        return None
    versions = session.execute(
        select(Agreement, Agreement.snapshot, Document.sha256)
        .outerjoin(Document, Document.agreement_id == Agreement.id)
        .where(Agreement.number == number)
        .order_by(Agreement.version.desc())
    ).all()
    if not versions:
        return None
    newest = versions[0].Agreement
    asked = next((row for row in versions if row.Agreement.version == version), None)
    if asked is None:
        return None
    agreement, snapshot, sha256 = asked
    case = session.get_one(Case, agreement.case_id)
    if not is_printed(session, case.release_id):
        return None
    values = snapshot["values"]
    return Verified(
        number=number,
        state=state_now(session, agreement, newest, case),
        version=agreement.version,
        current_version=newest.version,
        graduate=masked_name(values["graduate"]["name"]),
        school=values["school"]["name"],
        major=values["graduate"]["major"],
        employer=values["employer"]["name"],
        issued_at=agreement.issued_at,
        changed_at=newest.changed_at if newest.state == "rescinded" else agreement.changed_at,
        asked_at=now,
        sha256=sha256 or "",
    )


def state_now(session: Session, asked: Agreement, newest: Agreement, case: Case) -> str:
    """What is to be said of a version: its own state, unless the newest one ended them all.

    One that was issued waits until it takes effect: where seals and a last review or the filing are
    still to come, its case has written no destination yet (J12 to J17, K6).
    """
    if newest.state in ("rescinded", "void"):
        return newest.state
    if asked.state == "valid" and case.ended_at is None and not takes_effect(session, case):
        return "waiting"
    return asked.state


def takes_effect(session: Session, case: Case) -> bool:
    """Whether the agreement of a running case counts already."""
    written = select(Destination.id).where(Destination.case_id == case.id)
    return session.scalar(written.limit(1)) is not None


def compare(session: Session, number: str, sha256: str) -> int:
    """Which version of this number a file with this fingerprint is; 0 where we made no such file."""
    known = session.execute(
        select(Agreement.version, Document.sha256)
        .join(Agreement, Agreement.id == Document.agreement_id)
        .where(Agreement.number == number)
    ).all()
    asked = sha256.strip().lower().encode()
    same = [version for version, own in known if hmac.compare_digest(own.encode(), asked)]
    return same[0] if same else 0


def masked_name(name: str) -> str:
    """林知夏 → 林**: enough to compare with the paper, too little to collect."""
    return name[:1] + "*" * max(len(name) - 1, 1)
