"""The outbox as the admin sees it: by which channel, to whom, how it went; never what was written."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.config import load_config
from webapp.models import Delivery, Person
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.accounts.actors import Actor
from webapp.services.notices.channels import channels_of
from webapp.services.notices.outbox import masked
from webapp.services.notices.texts import CHANNEL_NAMES, every_said

STATES = {
    "waiting": ("flow", "等待发出"),
    "sending": ("flow", "正在发出"),
    "sent": ("good", "已发出"),
    "unsure": ("wait", "不确定是否发出"),
    "failed": ("bad", "没有发出"),
}
SUBJECTS = {"code": "验证码", "activation": "激活码", "reminder": "办理提醒"}


@dataclass(frozen=True)
class DeliveryLine:
    """A message and its reader, without its text."""

    delivery: Delivery
    reader: str
    subject: str
    channel: str
    address: str
    tone: str
    state: str
    may_retry: bool


def list_deliveries(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """The messages of the own school, latest first; `state` and `channel` narrow the list."""
    wanted = (
        select(Delivery, Person.name)
        .outerjoin(Person, Person.id == Delivery.person_id)
        .where(Delivery.school_id == actor.school_id)
    )
    if query.get("state") in STATES:
        wanted = wanted.where(Delivery.state == query["state"])
    if query.get("channel") in CHANNEL_NAMES:
        wanted = wanted.where(Delivery.channel == query["channel"])
    if before := read_key(query.get("before")):
        wanted = wanted.where(Delivery.id < before)
    rows = session.execute(wanted.order_by(Delivery.id.desc()).limit(PAGE + 1))
    return page_of([line_of(*row) for row in rows], lambda line: line.delivery.id, query)


def line_of(delivery: Delivery, reader: str | None) -> DeliveryLine:
    tone, state = STATES[delivery.state]
    return DeliveryLine(
        delivery,
        reader or "没有账号的人",
        subject_words().get(delivery.subject) or SUBJECTS.get(delivery.subject, "通知"),
        CHANNEL_NAMES.get(delivery.channel, delivery.channel),
        masked(delivery.address),
        tone,
        state,
        delivery.state in ("failed", "unsure") and bool(delivery.text),
    )


def subject_words() -> dict[str, str]:
    return {said.event: said.name for said in every_said().values() if said.name}


def count_by_state(session: Session, actor: Actor) -> dict[str, int]:
    """How many messages of the school stand how; sent ones are not counted."""
    rows = session.execute(
        select(Delivery.state, func.count())
        .where(Delivery.school_id == actor.school_id, Delivery.state != "sent")
        .group_by(Delivery.state)
    )
    return {row.state: row[1] for row in rows}


def connected_channels() -> list[tuple[str, bool]]:
    """Each channel's name and whether a provider is behind it."""
    channels = channels_of(load_config())
    return [(name, channels[key].is_connected) for key, name in CHANNEL_NAMES.items()]
