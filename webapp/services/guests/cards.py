"""A graduate's QR card: a code that lets employers without an account sign with this one graduate.

Valid for seven days and three signings, replaced or taken back at any time. Who scans it proves to
have met the graduate (name and end of the student number) and the own mobile before a case begins;
the case is begun by the guest and by nobody else's right (E01 to E05).
"""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from processes.durations import parse_duration

from ...database import begin_write
from ...errors import CaseError, NotAllowed, NotYours
from ...models import Case, Graduate, GuestLink, GuestProof, Release
from ..accounts.actors import Actor, masked_mobile, queue
from ..accounts.throttles import Limit, count_try, take_back
from ..cases.binding import holder_of_claim
from ..cases.cases import start_case, submit_task
from ..cases.entries import Entry, handed_out
from ..cases.rows import LiveCase
from ..cases.tasks import open_tasks
from ..design import releases
from ..signing.invitations import plain
from . import guest_links
from .guest_links import end_links, guest_of, make_link, url_of

FAMILY, VARIANT = "online_signing", "qr_card"
VALID_FOR, USES = "P7D", 3
KNOWING = Limit(5, timedelta(seconds=30), timedelta(hours=1), timedelta(hours=24))
FROM_ADDRESS = Limit(30, timedelta(seconds=5), timedelta(minutes=10), timedelta(hours=1))
OVER = ("discarded", "expired", "refused", "review_refused")


class NotKnown(CaseError):
    """Name and number do not fit; never says which."""

    status = 422
    title = "姓名或学号不对"
    story = "姓名和学号后 4 位要与这位毕业生完全一致。"
    way_out = "请向毕业生核对后再填。"


class AlreadyEmployed(CaseError):
    """The graduate is bound or has a destination; there are two ways out (E05)."""

    title = "这位毕业生已就业，现在不能签约"
    story = "系统里已有这位毕业生的签约或毕业去向，一位毕业生只能与一家单位签约。"
    way_out = "请毕业生任选一种办法：与原单位办理解约；或请学校就业处解锁，把去向设为待就业。办好后再扫码。"


@dataclass(frozen=True)
class Use:
    """Who used the card: the masked mobile, when, and the case that came of it."""

    mobile: str
    at: datetime
    case_id: uuid.UUID | None
    status: str


def find_card_entry(session: Session, actor: Actor) -> Entry:
    """The process behind cards at this graduate's school; raises NotYours where it offers none."""
    for entry in handed_out(session, actor, actor.school_id):
        if (entry.family, entry.variant) == (FAMILY, VARIANT):
            return entry
    raise NotYours


def card_of(session: Session, actor: Actor, now: datetime) -> GuestLink | None:
    """The card that can be shown now."""
    find_card_entry(session, actor)
    card = session.scalars(
        select(GuestLink).where(
            GuestLink.graduate_id == actor.graduate_id, GuestLink.revoked_at.is_(None)
        )
    ).one_or_none()
    return card if card and card.valid_until > now and card.uses_left > 0 else None


def renew_card(session: Session, actor: Actor, now: datetime) -> None:
    """A new card; the older one opens nothing any more. The caller commits."""
    find_card_entry(session, actor)
    if actor.graduate_id is None or actor.school_id is None:
        raise NotAllowed
    begin_write(session)
    session.execute(select(Graduate.id).where(Graduate.id == actor.graduate_id).with_for_update())
    end_links(session, GuestLink.graduate_id == actor.graduate_id, now)
    make_link(
        session,
        now,
        parse_duration(VALID_FOR).after(now),
        school_id=actor.school_id,
        graduate_id=actor.graduate_id,
        uses_left=USES,
    )


def take_back_card(session: Session, actor: Actor, now: datetime) -> None:
    """The card opens nothing any more; what was begun with it and not yet signed ends with it."""
    find_card_entry(session, actor)
    begin_write(session)
    end_links(session, GuestLink.graduate_id == actor.graduate_id, now)


def uses_of(session: Session, actor: Actor) -> list[Use]:
    """Who used this graduate's cards, latest first."""
    found = session.execute(
        select(GuestProof.mobile, Case.opened_at, Case.id, Case.status)
        .join(GuestLink, GuestLink.id == GuestProof.link_id)
        .join(Case, Case.id == GuestProof.case_id)
        .where(GuestLink.graduate_id == actor.graduate_id)
        .order_by(Case.id.desc())
        .limit(20)
    )
    return [
        Use(
            masked_mobile(mobile), at, None if status in ("drafting", "discarded") else case, status
        )
        for mobile, at, case, status in found
    ]


def picture_of(card: GuestLink) -> bytes:
    """The card's QR code as PNG."""
    from pdf.qr import qr_png  # late: the renderer's libraries are heavy

    return qr_png(url_of(card.id))


def release_behind(session: Session, link: GuestLink) -> Release:
    """The release whose first form a guest sees before a case exists."""
    return releases.require_in_force(session, link.school_id, FAMILY, VARIANT)


def require_known(
    session: Session, link: GuestLink, name: str, number_end: str, address: str, now: datetime
) -> None:
    """The guest knows the graduate: full name and the last four of the student number (E03).

    Tries are counted by card and address. Raises NotKnown, AlreadyEmployed or TooManyTries.
    """
    keys = {f"card:{link.id.hex}": KNOWING, f"card-from:{address}"[:160]: FROM_ADDRESS}
    graduate_id = link.graduate_id
    count_try(session, keys, now)
    graduate = session.get_one(Graduate, graduate_id)
    typed = f"{plain(name)}\n{plain(number_end)}".encode()
    known = f"{graduate.name}\n{graduate.student_no[-4:]}".encode()
    if not hmac.compare_digest(typed, known):
        raise NotKnown
    take_back(session, *keys)
    session.commit()
    if holder_of_claim(session, graduate_id) is not None:
        raise AlreadyEmployed


def begin(session: Session, link: GuestLink, proof: GuestProof, now: datetime) -> LiveCase | Case:
    """Open the case of this card and mobile, or go on with the one that runs. The caller commits.

    Raises LinkUsedUp, LinkExpired, LinkRevoked, or what starting a case may raise.
    """
    begin_write(session)
    card = guest_links.locked(session, link.id)
    guest_links.require_standing(card, now)
    session.refresh(proof)
    before = session.get(Case, proof.case_id) if proof.case_id else None
    if before is not None and not is_over(before):
        return before
    guest_links.use(session, card.id)
    graduate = session.get_one(Graduate, card.graduate_id)
    nobody = guest_of(card, proof, begins=True)
    case = start_case(
        session, nobody, FAMILY, variant=VARIANT, graduate=graduate, employer=None, now=now
    )
    session.execute(update(GuestProof).where(GuestProof.id == proof.id).values(case_id=case.id))
    session.refresh(proof)
    own = queue("guest", case.id)
    (task,) = [one for one in open_tasks(session, case.id) if one.queue == own]
    answers, labelled = checked(graduate, proof.mobile)
    return submit_task(session, guest_of(card, proof), task.id, answers, labelled, now)


def is_over(case: Case) -> bool:
    """Whether this guest may begin again with the same card."""
    return case.ended_at is not None and case.status in OVER


def checked(graduate: Graduate, mobile: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """What the guest proved, as the answer to the first step."""
    answers = {
        "graduate_name": graduate.name,
        "number_end": graduate.student_no[-4:],
        "contact_mobile": mobile,
    }
    labelled = [
        {"key": "graduate_name", "label": "毕业生姓名", "text": graduate.name},
        {"key": "number_end", "label": "学号后 4 位", "text": graduate.student_no[-4:]},
        {"key": "contact_mobile", "label": "您的手机", "text": masked_mobile(mobile)},
    ]
    return answers, labelled
