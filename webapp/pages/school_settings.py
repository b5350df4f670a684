"""What the admin sees of the school's settings: groups, tables of words, the business it offers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes import library
from processes.diagram import read_diagram
from webapp.errors import NotYours
from webapp.models import Case, School
from webapp.pages.labels import ROLES
from webapp.services.accounts.actors import Actor
from webapp.services.agreements.agreements import example_number
from webapp.services.notices.texts import CHANNEL_NAMES, Said, every_said
from webapp.services.schools.labels import family_label
from webapp.services.schools.school_settings import say
from webapp.services.schools.school_words import Words, offered_now, say_ways
from webapp.services.schools.settings import Group, Setting, groups, value_of


@dataclass(frozen=True)
class Line:
    """One setting as the page shows it: the value in words and as its input holds it."""

    setting: Setting
    said: str
    typed: str
    error: str = ""


@dataclass(frozen=True)
class VariantLine:
    """One way of doing business: what it is called, whether it is offered, how many cases run."""

    family: str
    variant: str
    title: str
    hint: str
    is_offered: bool
    running: int

    @property
    def key(self) -> str:
        return f"{self.family}/{self.variant}"


@dataclass(frozen=True)
class NoticeLine:
    """One notice: packaged sentence, the school's own, the ways it takes."""

    said: Said
    own: str
    ways: list[str]
    reader: str

    @property
    def spoken_ways(self) -> str:
        return say_ways(self.ways)


def own_settings(session: Session, actor: Actor) -> dict[str, Any]:
    return session.get_one(School, actor.school_id).settings


def simple_groups() -> list[Group]:
    """The groups that have a form; tables have pages of their own."""
    return [group for group in groups() if any(one.kind != "table" for one in group.settings)]


def find_group(key: str) -> Group:
    """Raises NotYours."""
    found = next((group for group in simple_groups() if group.key == key), None)
    if found is None:
        raise NotYours
    return found


def lines_of(
    group: Group,
    settings: dict[str, Any],
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> list[Line]:
    """The group's settings, with what was typed where it could not be saved."""
    lines = []
    for setting in group.settings:
        value = setting.value_in(settings)
        shown = typed.get(setting.key, "") if typed is not None else as_typed(setting, value)
        lines.append(Line(setting, say(setting, value), shown, (errors or {}).get(setting.key, "")))
    return lines


def as_typed(setting: Setting, value: Any) -> str:
    """A value as its input holds it."""
    if setting.kind == "flag":
        return "yes" if value else "no"
    if setting.kind == "lines":
        return "\n".join(value)
    if setting.kind == "number" and setting.optional and value == setting.default:
        return ""
    return str(value)


def say_example(pattern: str) -> str:
    """The first number by a pattern, or nothing where it cannot be."""
    try:
        return example_number(pattern)
    except (ValueError, KeyError):
        return ""


TERM_NAMES = {
    "graduation": "第四条第 1 项：在什么情形下协议终止",
    "contract_party": "第六条：由谁订立劳动合同",
    "copies": "一式几份",
    "holders": "各由谁持有",
}


def word_rows(settings: dict[str, Any], table: Words) -> list[tuple[str, str, str]]:
    """Each word of a table: key, packaged word, own word."""
    own = value_of(settings, table.key)
    return [(key, word, str(own.get(key, ""))) for key, word in table.packaged.items()]


def variant_lines(session: Session, actor: Actor) -> dict[str, list[VariantLine]]:
    """Every variant that comes with the system, by family."""
    school = session.get_one(School, actor.school_id)
    offered = offered_now(school)
    rows = session.execute(
        select(Case.family, Case.variant, func.count())
        .where(Case.school_id == school.id, Case.ended_at.is_(None))
        .group_by(Case.family, Case.variant)
    )
    running = {(family, variant): count for family, variant, count in rows}
    found: dict[str, list[VariantLine]] = {}
    for one in library.find_diagram_files():
        key = (one.family, one.variant)
        title, hint = described(*key)
        line = VariantLine(*key, title, hint, key in offered, running.get(key, 0))
        found.setdefault(family_label(one.family), []).append(line)
    return found


@cache
def described(family: str, variant: str) -> tuple[str, str]:
    """What a packaged diagram calls itself, and when to choose it."""
    found = library.find_diagram(family, variant)
    diagram = read_diagram(found.read(), found.source)
    return diagram.name or variant, diagram.properties.get("entry_hint", "")


def notice_lines(settings: dict[str, Any]) -> dict[str, list[NoticeLine]]:
    """Every notice by family, as the school has it."""
    found: dict[str, list[NoticeLine]] = {}
    for said in every_said().values():
        family = family_label(said.family) if said.family else "通用"
        found.setdefault(family, []).append(notice_line(settings, said))
    return found


def notice_line(settings: dict[str, Any], said: Said) -> NoticeLine:
    own = value_of(settings, "notice_texts").get(said.key, "")
    packaged = [one for one in CHANNEL_NAMES if one in said.channels]
    ways = value_of(settings, "notice_channels").get(said.key, packaged)
    return NoticeLine(said, str(own), list(ways), ROLES.get(said.role, said.role))


def find_said(key: str) -> Said:
    """Raises NotYours."""
    if key not in every_said():
        raise NotYours
    return every_said()[key]
