"""Links that let somebody without an account do one thing: made, found by their token, ended.

A token has 256 bits that nobody can guess. It follows from the link's id and a key of this
installation (`secret_codes`), so the database keeps only its hash, and it can still be sent after
the commit and a card be shown again. A link opens while it stands, for its time and its number of uses.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from processes.durations import parse_duration

from ...config import load_config
from ...errors import CaseError, spoken_moment
from ...models import Graduate, GuestLink, GuestProof, School, new_id
from ..accounts.actors import Guest
from ..accounts.codes import plain_mobile
from ..accounts.secret_codes import secret_of
from ..agreements.verification import masked_name
from ..cases.rows import LiveCase
from ..notices import outbox

VALID_FOR = "P15D"
ONE_ACT = 1


class LinkUnknown(CaseError):
    """No link has this token; the same for a mistyped one and for one that never was."""

    status = 404
    title = "没有找到这个链接"
    story = "链接不完整，或者不是这里发出的。"
    way_out = "从短信打开的，请再点一次短信里的链接，不要手工输入；扫码的，请再扫一次。"


class LinkOver(CaseError):
    """The link was real and opens nothing any more."""

    status = 410
    title = "链接已经用不了"


class LinkExpired(LinkOver):
    title = "链接已过期"

    def __init__(self, link: GuestLink) -> None:
        super().__init__(
            f"这个链接有效到 {spoken_moment(link.valid_until)}，现在打不开了。",
            "请联系毕业生，请对方再发一个链接，或出示新的二维码。",
        )


class LinkRevoked(LinkOver):
    title = "链接已收回"
    story = "毕业生收回了这个链接，或者已经换了新的。"
    way_out = "请用最近收到的短信里的链接，或请毕业生出示新的二维码。"


class LinkUsedUp(LinkOver):
    title = "链接已经用过"
    story = "这个链接能办的事已经办完，或次数已经用完。"
    way_out = "还要再办一次，请毕业生再发一个链接，或出示新的二维码。"


def invite(
    session: Session, case: LiveCase, mobile: str, valid_for: str | None, now: datetime
) -> str:
    """Make the link of a case and have it sent; the older one of the case ends with it (J14, N04)."""
    end_links(session, GuestLink.case_id == case.id, now)
    until = parse_duration(valid_for or VALID_FOR).after(now)
    link = make_link(
        session,
        now,
        until,
        school_id=case.school_id,
        case_id=case.id,
        mobile=mobile,
        uses_left=ONE_ACT,
    )
    outbox.order(
        session,
        "sms",
        plain_mobile(mobile),
        f"{link_message(session, case, until)}\n{load_config().public_url}/g/{{secret}}",
        now,
        subject="guest_link",
        once_key=f"guest-link:{link.hex}",
        school_id=case.school_id,
        secret="link",
        until=until,
        id=link,
    )
    return "ok"


def link_message(session: Session, case: LiveCase, until: datetime) -> str:
    """What the message says: who asks for what, until when, and nothing more."""
    graduate = session.get_one(Graduate, case.graduate_id)
    school = session.get_one(School, case.school_id)
    return (
        f"{school.name}毕业生{masked_name(graduate.name)}请贵单位在就业协议书上盖章并回传，"
        f"{spoken_moment(until)} 前打开链接办理，不用注册。"
    )


def make_link(session: Session, now: datetime, until: datetime, **values: Any) -> uuid.UUID:
    """Store a link; gives its id, from which its token follows."""
    link = GuestLink(id=new_id(now), created_at=now, valid_until=until, **values)
    link.token_hash = hash_of(token_of(link.id))
    session.add(link)
    session.flush()
    return link.id


def end_links(session: Session, which: Any, now: datetime) -> None:
    """Revoke what still stands of these."""
    session.execute(
        update(GuestLink).where(which, GuestLink.revoked_at.is_(None)).values(revoked_at=now)
    )


def token_of(link_id: uuid.UUID) -> str:
    """The token that opens a link: 256 bits, base64url."""
    return secret_of(link_id, "link")


def url_of(link_id: uuid.UUID) -> str:
    """Where the message or the QR code leads."""
    return f"{load_config().public_url}/g/{token_of(link_id)}"


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_by_token(session: Session, token: str) -> GuestLink:
    """The link of a token, standing or not; raises LinkUnknown."""
    link = session.scalars(
        select(GuestLink).where(GuestLink.token_hash == hash_of(token))
    ).one_or_none()
    if link is None:
        raise LinkUnknown
    return link


def find_link(session: Session, link_id: uuid.UUID) -> GuestLink:
    """The link that this visit opened by its token before; raises LinkUnknown."""
    link = session.get(GuestLink, link_id)
    if link is None:
        raise LinkUnknown
    return link


def require_standing(link: GuestLink, now: datetime) -> None:
    """Raise why the link opens nothing any more: revoked or expired."""
    if link.revoked_at is not None:
        raise LinkRevoked
    if link.valid_until <= now:
        raise LinkExpired(link)


def require_uses(link: GuestLink) -> None:
    if link.uses_left < 1:
        raise LinkUsedUp


def require_holds(session: Session, guest: Guest, now: datetime) -> None:
    """The link still opens this guest's case, seen from inside the transaction that acts.

    A case's link is good for its acts; a card was used when the case began.
    """
    link = locked(session, guest.link_id)
    require_standing(link, now)
    if link.case_id is not None:
        require_uses(link)
        opens = link.case_id == guest.case_id
    else:
        opens = guest.case_id == session.scalar(
            select(GuestProof.case_id).where(GuestProof.id == guest.proof_id)
        )
    if not opens:
        raise LinkUnknown


def require_card(session: Session, guest: Guest, now: datetime) -> None:
    """The card still stands, seen from inside the transaction that begins a case with it."""
    card = locked(session, guest.link_id)
    require_standing(card, now)
    if card.graduate_id is None or card.graduate_id != guest.graduate_id:
        raise LinkUnknown


def locked(session: Session, link_id: uuid.UUID) -> GuestLink:
    """The link, held until the commit, as it is now."""
    return session.scalars(
        select(GuestLink)
        .where(GuestLink.id == link_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def use(session: Session, link_id: uuid.UUID) -> None:
    """Count one use; the database refuses one too many. Raises LinkUsedUp."""
    counted = session.execute(
        update(GuestLink)
        .where(GuestLink.id == link_id, GuestLink.uses_left > 0)
        .values(uses_left=GuestLink.uses_left - 1)
    )
    if counted.rowcount != 1:  # type: ignore[attr-defined]
        raise LinkUsedUp


def guest_of(link: GuestLink, proof: GuestProof, begins: bool = False) -> Guest:
    """Who acts behind a proved mobile; with `begins`, before there is a case to act in."""
    return Guest(
        link_id=link.id,
        proof_id=proof.id,
        mobile=proof.mobile,
        school_id=link.school_id,
        case_id=None if begins else link.case_id or proof.case_id,
        graduate_id=link.graduate_id,
    )
