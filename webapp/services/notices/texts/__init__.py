"""The sentences of notices and the ways they take outside, by family, event and reader.

Every module of this folder says the notices of one subject; a new module is found by itself. It
gives `TEXTS` by event and reader, and may give:

- `FAMILY`: the family whose own words these are; without it they serve every family;
- `NAMES`: what an event is called on the settings page;
- `CHANNELS`: the ways an event takes besides the inbox, where they are not the usual ones.

A school may say a sentence in its own words (`School.settings["notice_texts"]`) and choose the
ways (`School.settings["notice_channels"]`); both by the key that `key_of` gives.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ....errors import CaseError

MAIL, SMS, WECHAT = "mail", "sms", "wechat"
CHANNEL_NAMES = {WECHAT: "微信", SMS: "短信", MAIL: "邮件"}
USUAL = (WECHAT, MAIL)
WITH_SMS = (WECHAT, SMS, MAIL)
PLACES = {
    "employer": "用人单位",
    "graduate": "毕业生",
    "title": "事项",
    "until": "答复期限",
    "by": "截止日期",
    "message": "发送人的话",
    "post": "岗位",
}
LONGEST = 200
REMINDER = "“{title}”还在等您办理，请抽空处理。"
OTHERWISE = "“{title}”有新的进展，请查看详情。"
KNOWN_PLACE = re.compile("{(" + "|".join(PLACES) + ")}")


class BadNoticeText(CaseError):
    """A sentence of the school cannot be filled in."""

    status = 422
    title = "通知文字不能保存"
    way_out = "可以用的位置：" + "、".join(f"{{{k}}} {v}" for k, v in PLACES.items()) + "。"


@dataclass(frozen=True)
class Said:
    """One sentence: what it is about, who reads it, where it goes besides the inbox."""

    family: str
    event: str
    role: str
    text: str
    name: str
    channels: tuple[str, ...]

    @property
    def key(self) -> str:
        return key_of(self.family, self.event, self.role)


def text_for(family: str, event: str, role: str, own: Mapping[str, Any] | None = None) -> str:
    """The sentence, with places for `fill_places`; `own` are the sentences of the school."""
    said = find_said(family, event, role)
    if said is None:
        return REMINDER if event == "reminder" else OTHERWISE
    return (own or {}).get(said.key) or said.text


def channels_for(
    family: str, event: str, role: str, own: Mapping[str, Any] | None = None
) -> tuple[str, ...]:
    """The ways this event takes besides the inbox; `own` is what the school chose."""
    said = find_said(family, event, role)
    if said is None:
        return USUAL
    chosen = (own or {}).get(said.key)
    return (
        tuple(one for one in chosen if one in CHANNEL_NAMES)
        if chosen is not None
        else said.channels
    )


def find_said(family: str, event: str, role: str) -> Said | None:
    """The family's own sentence, or the one for every family."""
    known = every_said()
    return known.get(key_of(family, event, role)) or known.get(key_of("", event, role))


def key_of(family: str, event: str, role: str) -> str:
    """How a sentence is called in the school's settings: `rescission.returned.graduate`."""
    return ".".join(filter(None, (family, event, role)))


@cache
def every_said() -> dict[str, Said]:
    """All packaged sentences by their key, in the order of the modules."""
    return {said.key: said for said in read_modules()}


def read_modules() -> Iterator[Said]:
    for found in iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        family = getattr(module, "FAMILY", "")
        names, channels = getattr(module, "NAMES", {}), getattr(module, "CHANNELS", {})
        for (event, role), text in module.TEXTS.items():
            yield Said(
                family, event, role, text, names.get(event, ""), tuple(channels.get(event, USUAL))
            )


def fill_places(text: str, **places: str) -> str:
    """The sentence with its places filled; nothing else in braces is ever looked at."""
    return KNOWN_PLACE.sub(lambda found: places.get(found[1], ""), text)


def require_fillable(text: str) -> None:
    """Raises BadNoticeText for an unknown place, an open brace or too many letters."""
    if len(text) > LONGEST:
        raise BadNoticeText(
            f"一条通知最多 {LONGEST} 字，现在是 {len(text)} 字。", "写短一些再保存。"
        )
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError as error:
        raise BadNoticeText("花括号没有成对。") from error
    for _, place, width, conversion in pieces:
        if place is not None and (place not in PLACES or width or conversion):
            raise BadNoticeText(f"“{{{place}}}”不是可以用的位置。")
