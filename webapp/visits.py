"""What a browser without a log-in has opened and proved: links by their ids, kept in its cookie.

An address of a guest's page names the link, never its token, so no token reaches a referrer or the
history of a page; without the cookie that the token gave, the id opens nothing.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import session

from webapp.current import db, moment
from webapp.errors import CaseError
from webapp.models import GuestLink
from webapp.pages.paging import read_key
from webapp.services.accounts.actors import Guest
from webapp.services.guests import guest_links, guest_proofs

MOST = 6


class NotOpened(CaseError):
    """This browser never opened the link, or its cookie is gone."""

    status = 404
    title = "请从原来的链接打开"
    story = "这个页面要从短信里的链接或二维码进入。"
    way_out = "再点一次短信里的链接，或再扫一次二维码。浏览器关闭了 Cookie 的，请先允许 Cookie。"


class NotProved(CaseError):
    """The link is open, but no mobile is proved yet, or too long ago."""

    def __init__(self, link_id: uuid.UUID) -> None:
        self.link_id = link_id
        super().__init__()


def open_link(link_id: uuid.UUID) -> None:
    """Remember that the token was shown; the oldest of many links is forgotten."""
    known = dict(session.get("guest", {}))
    kept = known.pop(link_id.hex, {})
    session["guest"] = {**dict(list(known.items())[1 - MOST :]), link_id.hex: kept}


def visit_of(link_id: uuid.UUID) -> dict[str, Any]:
    """What this browser did with an opened link; raises NotOpened."""
    known: dict[str, Any] = session.get("guest", {})
    if link_id.hex not in known:
        raise NotOpened
    found: dict[str, Any] = known[link_id.hex]
    return found


def note(link_id: uuid.UUID, **facts: str) -> None:
    """Keep something of this visit in the cookie."""
    visit = {**visit_of(link_id), **facts}
    session["guest"] = {**session["guest"], link_id.hex: visit}


def opened(link_id: uuid.UUID) -> GuestLink:
    """The link, opened here by its token and still standing; raises why not."""
    visit_of(link_id)
    link = guest_links.find_link(db(), link_id)
    guest_links.require_standing(link, moment())
    return link


def guest(link_id: uuid.UUID) -> Guest:
    """Who acts behind the link; raises NotProved where no mobile is proved."""
    found = guest_or_nobody(link_id)
    if found is None:
        raise NotProved(link_id)
    return found


def guest_or_nobody(link_id: uuid.UUID) -> Guest | None:
    """Who acts behind the link, once a mobile is proved in this visit."""
    link = opened(link_id)
    proof = guest_proofs.live_proof(
        db(), link.id, read_key(visit_of(link_id).get("proof")), moment()
    )
    return guest_links.guest_of(link, proof) if proof else None
