"""How the demo's people are told: WeChat bound by some, and letters that a mail server did not take."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from webapp.models import Graduate
from webapp.services.accounts import contacts
from webapp.services.notices import notices, outbox
from webapp.services.notices.channels import Message, NotSent

from .stories import actor_of

EVERY_OTHER = 2
REFUSED = 12


class FullBox:
    """A mail server whose reader's box is full."""

    is_connected = True

    def send(self, message: Message) -> None:
        raise NotSent("邮件服务器不接受：552 mailbox full", lasting=True)


def bind_wechat(session: Session, graduates: list[Graduate], now: datetime) -> None:
    """The first graduate and every other one after follow the school's account."""
    for graduate in graduates[::EVERY_OTHER]:
        openid = f"demo-{graduate.student_no}-{graduate.school_id.hex[-8:]}"
        contacts.bind_wechat(session, actor_of(session, graduate), openid, now)


def let_letters_fail(sessions: sessionmaker[Session], now: datetime) -> None:
    """Some letters come back, for the admin to find and send again; the log need not warn of it."""
    notices.pass_on(sessions, now)
    outbox.log.disabled = True
    try:
        outbox.send_due(sessions, now, {"mail": FullBox()}, limit=REFUSED)
    finally:
        outbox.log.disabled = False
