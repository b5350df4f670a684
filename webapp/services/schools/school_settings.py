"""Changes what a school has set: checked, written under the school's lock, audited with old and new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import CaseError, NotAllowed
from ...models import School
from ..accounts.actors import Actor
from ..audit import record
from .settings import Group, Setting

YES_NO = {True: "是", False: "否"}


class BadSettings(CaseError):
    """Values that cannot be; `complaints` names each by its key."""

    status = 422
    title = "设置没有保存"

    def __init__(self, complaints: Mapping[str, str]) -> None:
        self.complaints = dict(complaints)
        super().__init__("；".join(self.complaints.values()) + "。", "改正后再保存。")


def read_typed(group: Group, typed: Mapping[str, str]) -> dict[str, Any]:
    """The values of a group as typed in its form. Raises BadSettings with every complaint."""
    values, complaints = {}, {}
    for setting in group.settings:
        value, complaint = read_one(setting, typed.get(setting.key, "").strip())
        values[setting.key] = value
        if complaint := complaint or setting.check(value):
            complaints[setting.key] = complaint
    if complaints:
        raise BadSettings(complaints)
    return values


def read_one(setting: Setting, text: str) -> tuple[Any, str]:
    """The value behind what was typed, and what is wrong with it."""
    return READERS[setting.kind](setting, text)


def read_text(setting: Setting, text: str) -> tuple[Any, str]:
    if not text and not setting.optional:
        return text, f"请填写{setting.label}"
    if setting.high and len(text) > setting.high:
        return text, f"{setting.label}最多 {setting.high} 字，现在是 {len(text)} 字"
    return text, ""


def read_number(setting: Setting, text: str) -> tuple[Any, str]:
    if not text and setting.optional:
        return setting.default, ""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return setting.default, f"{setting.label}要填整数"
    if not setting.low <= int(text) <= setting.high:
        return int(text), f"{setting.label}要在 {setting.low} 到 {setting.high} 之间"
    return int(text), ""


def read_flag(setting: Setting, text: str) -> tuple[Any, str]:
    if text not in ("yes", "no"):
        return setting.default, f"请选择{setting.label}"
    return text == "yes", ""


def read_choice(setting: Setting, text: str) -> tuple[Any, str]:
    return (text, "") if text in setting.choices else (setting.default, f"请选择{setting.label}")


def read_lines(setting: Setting, text: str) -> tuple[Any, str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    long = next((line for line in lines if setting.high and len(line) > setting.high), "")
    complaint = f"{setting.label}里“{long[:10]}…”太长，一行最多 {setting.high} 字" if long else ""
    return lines, complaint


Reader = Callable[[Setting, str], tuple[Any, str]]
READERS: Mapping[str, Reader] = {
    "text": read_text,
    "number": read_number,
    "flag": read_flag,
    "choice": read_choice,
    "lines": read_lines,
}


def change_group(
    session: Session,
    actor: Actor,
    group: Group,
    typed: Mapping[str, str],
    now: datetime,
    address: str = "",
) -> list[str]:
    """Save a group of settings as typed; gives the labels of what changed. The caller commits.

    Raises BadSettings or NotAllowed.
    """
    values = read_typed(group, typed)
    school = own_school(session, actor)
    changed = []
    for setting in group.settings:
        old, new = setting.value_in(school.settings), values[setting.key]
        if old != new:
            write(school, setting.key, new)
            told = f"{setting.label}：{say(setting, old)} → {say(setting, new)}"
            note(session, actor, told, now, address)
            changed.append(setting.label)
    return changed


def own_school(session: Session, actor: Actor) -> School:
    """The admin's school, locked until the commit. Raises NotAllowed for everybody else."""
    if actor.role != "admin":
        raise NotAllowed("学校设置由管理员修改。")
    begin_write(session)
    return session.scalars(
        select(School)
        .where(School.id == actor.school_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def write(school: School, key: str, value: Any) -> None:
    school.settings = {**school.settings, key: value}


def note(session: Session, actor: Actor, told: str, now: datetime, address: str) -> None:
    record(session, "setting_changed", now, by=actor, about=told, address=address)


def say(setting: Setting, value: Any) -> str:
    """A value in words."""
    if setting.tell is not None:
        return setting.tell(value)
    if setting.kind == "flag":
        return YES_NO[bool(value)]
    if setting.kind == "choice":
        return setting.choices.get(value, str(value))
    if setting.kind == "lines":
        return ("、" if max(map(len, value), default=0) < 20 else "\n").join(value) or "（空）"
    if setting.kind == "number" and setting.optional and value == setting.default:
        return "（不限）"
    return str(value) or "（空）"
