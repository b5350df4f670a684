"""Tells a guest what became of a case: by a text message, as a guest has no inbox (N04)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from ...models import Graduate, School
from ..agreements.verification import masked_name
from ..cases.rows import LiveCase
from ..notices import outbox
from ..notices.notices import wording
from ..notices.texts import SMS, channels_for
from . import guest_proofs


def notify_guest(session: Session, case: LiveCase, at: str, event: str, now: datetime) -> None:
    """Order a message to the mobile that the case's guest proved, once per step; the caller commits.

    It goes out with names masked, and not at all where the school sends no SMS for this event.
    """
    mobile = guest_proofs.mobile_behind(session, case.id)
    school = session.get_one(School, case.school_id)
    ways = channels_for(case.family, event, "guest", school.settings.get("notice_channels", {}))
    if not mobile or SMS not in ways:
        return
    graduate = session.get(Graduate, case.graduate_id) if case.graduate_id else None
    told = wording(
        case,
        event,
        "guest",
        school.settings.get("notice_texts", {}),
        graduate=masked_name(graduate.name) if graduate else "",
    )
    outbox.order(
        session,
        SMS,
        mobile,
        f"{school.name}：{told}",
        now,
        subject=event,
        once_key=f"{case.id.hex}:{case.version}:{at[-60:]}:guest",
        school_id=case.school_id,
    )
