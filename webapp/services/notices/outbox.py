"""The outbox: what is to leave the house, one row per message and channel, sent after the commit.

`order` writes a row in the transaction of its cause. The sweep passes on new notices (`notices.pass_on`:
to each channel that their school chose and their reader can be reached by) and sends what is due
(`send_due`). A row is marked before it leaves, so a kill in between leaves it `unsure`, never
doubled; what a provider refused is tried again, each time later, and after the last try it stays
for the admin to see. What leaves says only that there is something to read after log-in (N03).
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from ...config import load_config
from ...database import begin_write, insert_for
from ...errors import CaseError, NotYours
from ...models import Delivery, new_id
from ..accounts import secret_codes
from ..accounts.actors import Actor
from ..audit import record
from .channels import Channel, Message, NotSent, channels_of
from .texts import CHANNEL_NAMES

log = logging.getLogger(__name__)

ATTEMPTS = 6
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
LOST_AFTER = timedelta(minutes=10)
TITLE = "签约系统有一条新消息"

Sessions = sessionmaker[Session]


class CannotSendAgain(CaseError):
    """It has left, waits already, or is over."""

    title = "这条消息不用重发"
    story = "它已经发出、正在等待，或者已过有效期。"
    way_out = "回到发件箱，看它现在的状态。"


def order(
    session: Session,
    channel: str,
    address: str,
    text: str,
    now: datetime,
    *,
    subject: str,
    once_key: str,
    school_id: uuid.UUID | None = None,
    person_id: uuid.UUID | None = None,
    notification_id: uuid.UUID | None = None,
    secret: str = "",
    until: datetime | None = None,
    id: uuid.UUID | None = None,
) -> None:
    """Have `text` sent to `address` after the caller's commit; the same `once_key` is stored once.

    `subject` is the event in a word, for the admin's page. `secret` names what `secret_codes` puts
    into the place `{secret}` of the text when it is sent; a second line of the text is its link.
    Nothing is sent after `until`.
    """
    values = {
        "id": id or new_id(now),
        "school_id": school_id,
        "notification_id": notification_id,
        "person_id": person_id,
        "channel": channel,
        "subject": subject,
        "address": address,
        "text": text,
        "secret": secret,
        "once_key": once_key,
        "state": "waiting",
        "at": now,
        "next_at": now,
        "until": until,
        "attempts": 0,
        "story": "",
    }
    session.execute(insert_for(session, Delivery).values(values).on_conflict_do_nothing())


def send_due(
    sessions: Sessions,
    now: datetime,
    channels: Mapping[str, Channel] | None = None,
    limit: int = 200,
) -> tuple[int, int]:
    """Send what is due; gives how many left and how many did not.

    A channel that is out of order is left alone until the next sweep.
    """
    channels = channels or channels_of(load_config())
    give_up_old(sessions, now)
    sent = failed = 0
    working = set(channels)
    while sent + failed < limit and working and (delivery := take_next(sessions, now, working)):
        problem = try_to_send(channels[delivery.channel], delivery)
        if problem is None:
            settle(sessions, delivery.id, state="sent", sent_at=now, text="", story="")
            sent += 1
            continue
        settle_failure(sessions, delivery, problem, now)
        failed += 1
        if not problem.lasting:
            working.discard(delivery.channel)
    return sent, failed


def try_to_send(channel: Channel, delivery: Delivery) -> NotSent | None:
    """Hand the message over; gives what went wrong. What nobody foresaw leaves it open."""
    try:
        channel.send(message_of(delivery))
    except NotSent as problem:
        log.warning("delivery %s by %s: %s", delivery.id, delivery.channel, problem.story)
        return problem
    except Exception as error:
        log.exception("delivery %s by %s", delivery.id, delivery.channel)
        return NotSent(f"发出时出错：{type(error).__name__}", unsure=True)
    return None


def take_next(sessions: Sessions, now: datetime, working: set[str]) -> Delivery | None:
    """Mark the next message as leaving."""
    with sessions.begin() as session:
        begin_write(session)
        delivery = session.scalars(
            select(Delivery)
            .where(
                Delivery.state == "waiting",
                Delivery.next_at <= now,
                Delivery.channel.in_(working),
            )
            .order_by(Delivery.next_at, Delivery.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if delivery:
            delivery.state = "sending"
            delivery.attempts += 1
            delivery.next_at = now + LOST_AFTER
        return delivery


def message_of(delivery: Delivery) -> Message:
    """The message as it leaves, with its secret put in only here."""
    text = delivery.text
    if delivery.secret:
        text = text.replace("{secret}", secret_codes.secret_of(delivery.id, delivery.secret))
    text, _, link = text.partition("\n")
    return Message(delivery.id.hex, delivery.address, TITLE, text, link)


def settle_failure(sessions: Sessions, delivery: Delivery, problem: NotSent, now: datetime) -> None:
    if problem.unsure:
        settle(sessions, delivery.id, state="unsure", story=problem.story)
    elif problem.lasting or delivery.attempts >= ATTEMPTS:
        settle(sessions, delivery.id, state="failed", story=problem.story)
    else:
        next_at = now + pause(delivery.attempts)
        settle(sessions, delivery.id, state="waiting", next_at=next_at, story=problem.story)


def settle(sessions: Sessions, delivery_id: uuid.UUID, **values: object) -> None:
    with sessions.begin() as session:
        begin_write(session)
        session.execute(update(Delivery).where(Delivery.id == delivery_id).values(values))


def give_up_old(sessions: Sessions, now: datetime) -> None:
    """Messages past their time fail; one that was leaving when its worker was killed is unsure.

    It may have left, so nobody sends it again unasked.
    """
    late = Delivery.state == "waiting", Delivery.until <= now
    lost = Delivery.state == "sending", Delivery.next_at <= now
    with sessions.begin() as session:
        if (
            session.scalar(select(Delivery.id).where(or_(and_(*late), and_(*lost))).limit(1))
            is None
        ):
            return
        begin_write(session)
        gone = {"state": "failed", "text": "", "story": "过了有效期，没有发出"}
        session.execute(update(Delivery).where(*late).values(gone))
        story = "发出时中断，不能确定对方是否收到"
        session.execute(update(Delivery).where(*lost).values(state="unsure", story=story))


def pause(attempts: int) -> timedelta:
    """How long to wait after this many tries."""
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 12)), LONGEST_PAUSE)


def send_again(
    session: Session, actor: Actor, delivery_id: uuid.UUID, now: datetime, address: str = ""
) -> None:
    """Have the next round try a message again that failed, or may not have left.

    The caller commits. Raises NotYours, or CannotSendAgain where there is nothing left to send.
    """
    begin_write(session)
    delivery = session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if actor.role != "admin" or delivery is None or delivery.school_id != actor.school_id:
        raise NotYours
    is_over = delivery.until is not None and delivery.until <= now
    if delivery.state not in ("failed", "unsure") or not delivery.text or is_over:
        raise CannotSendAgain
    delivery.state, delivery.next_at, delivery.attempts = "waiting", now, 0
    told = f"{CHANNEL_NAMES[delivery.channel]} 给 {masked(delivery.address)}"
    record(
        session,
        "delivery_retry",
        now,
        by=actor,
        about_id=delivery.person_id,
        about=told,
        address=address,
    )


def masked(address: str) -> str:
    """An address that can be recognised, but not used: 138****0001, l***@example.com."""
    name, at, host = address.partition("@")
    if at:
        return f"{name[:1]}***@{host}"
    return f"{address[:3]}****{address[-4:]}" if len(address) > 7 else "****"
