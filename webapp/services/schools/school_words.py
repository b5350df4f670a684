"""A school's own words and choices in tables: labels of states, notices, and the business it offers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from processes import library

from ...models import School
from ..accounts.actors import Actor
from ..agreements.printed import PACKAGED_WORDING
from ..design import releases
from ..notices.texts import CHANNEL_NAMES, Said, require_fillable
from .labels import STATUS_LABELS
from .school_settings import BadSettings, note, own_school, write
from .settings import value_of

Variant = tuple[str, str]


@dataclass(frozen=True)
class Words:
    """A table of words that a school may replace: the setting, and the packaged word of each key."""

    key: str
    title: str
    packaged: Mapping[str, str]
    longest: int


LABELS = Words("labels", "状态名称", STATUS_LABELS, 24)
TERMS = Words("terms", "协议书条款", PACKAGED_WORDING, 60)


def change_words(
    session: Session,
    actor: Actor,
    table: Words,
    typed: Mapping[str, str],
    now: datetime,
    address: str = "",
) -> int:
    """Say things in own words; an empty or the packaged word takes the own one back (K10).

    Gives how many changed. Keys never change. The caller commits. Raises BadSettings.
    """
    long = {
        key: f"{table.title}最多 {table.longest} 字，“{word[:12]}…”有 {len(word)} 字"
        for key, word in typed.items()
        if key in table.packaged and len(word.strip()) > table.longest
    }
    if long:
        raise BadSettings(long)
    school = own_school(session, actor)
    own = dict(value_of(school.settings, table.key))
    changed = 0
    for key, packaged in table.packaged.items():
        old, new = own.get(key) or packaged, " ".join(typed.get(key, "").split()) or packaged
        if key in typed and old != new:
            own = with_own(own, key, new, packaged)
            note(session, actor, f"{table.title}：{old} → {new}", now, address)
            changed += 1
    if changed:
        write(school, table.key, own)
    return changed


def with_own(
    own: Mapping[str, object], key: str, new: object, packaged: object
) -> dict[str, object]:
    """The own words with this one, which is not kept where it is the packaged one."""
    rest = {one: word for one, word in own.items() if one != key}
    return rest if new == packaged else {**rest, key: new}


def change_notice(
    session: Session,
    actor: Actor,
    said: Said,
    text: str,
    channels: Iterable[str],
    now: datetime,
    address: str = "",
) -> bool:
    """Say a notice in own words and send it by other ways; gives whether anything changed.

    The caller commits. Raises BadNoticeText.
    """
    new_text = " ".join(text.split()) or said.text
    require_fillable(new_text)
    chosen = set(channels)
    new_ways = [one for one in CHANNEL_NAMES if one in chosen]
    school = own_school(session, actor)
    texts, ways = (value_of(school.settings, key) for key in ("notice_texts", "notice_channels"))
    old_text = texts.get(said.key) or said.text
    packaged_ways = [one for one in CHANNEL_NAMES if one in said.channels]
    old_ways = ways.get(said.key, packaged_ways)
    if old_text != new_text:
        write(school, "notice_texts", with_own(texts, said.key, new_text, said.text))
        note(
            session, actor, f"通知文字 {said.name}：{old_text[:80]} → {new_text[:80]}", now, address
        )
    if old_ways != new_ways:
        write(school, "notice_channels", with_own(ways, said.key, new_ways, packaged_ways))
        told = f"通知方式 {said.name}：{say_ways(old_ways)} → {say_ways(new_ways)}"
        note(session, actor, told, now, address)
    return old_text != new_text or old_ways != new_ways


def say_ways(ways: Iterable[str]) -> str:
    return "、".join(CHANNEL_NAMES[one] for one in ways if one in CHANNEL_NAMES) or "只有站内消息"


def change_offered(
    session: Session,
    actor: Actor,
    wanted: Collection[Variant],
    now: datetime,
    address: str = "",
) -> int:
    """Open and close variants: what is opened is published, what is closed is withdrawn.

    Running cases go on as they began. Gives how many changed; the caller commits. Raises
    ReleaseRefused for a diagram with faults.
    """
    school = own_school(session, actor)
    known = [(found.family, found.variant) for found in library.find_diagram_files()]
    offered = offered_now(school)
    changed = 0
    for variant in known:
        if (variant in offered) == (variant in wanted):
            continue
        if variant in wanted:
            title = releases.publish_variant(
                session, school.id, *variant, now, actor.person_id
            ).title
        else:
            title = withdrawn_title(session, school, variant)
        step = ("关闭", "开放") if variant in wanted else ("开放", "关闭")
        note(session, actor, f"开放的业务 {title}：{step[0]} → {step[1]}", now, address)
        changed += 1
    if changed:
        kept = [one for one in known if one in wanted]
        families = dict.fromkeys(family for family, _ in kept)
        write(school, "offered", {f: [v for one, v in kept if one == f] for f in families})
    return changed


def withdrawn_title(session: Session, school: School, variant: Variant) -> str:
    release = releases.in_force(session, school.id, *variant)
    releases.withdraw(session, school.id, *variant)
    return release.title if release else "/".join(variant)


def offered_now(school: School) -> set[Variant]:
    """What the school offers."""
    offered = value_of(school.settings, "offered")
    return {(family, variant) for family, variants in offered.items() for variant in variants}
