"""The page on which a school changes a form: its parts, one of them opened, and the trial beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.components import CHOICE_TYPES, FIELD_TYPES
from forms.definitions import DefinitionError, packaged, parse_definition
from forms.editing import HOLDERS, NoSuchPlace, Part, Place, part_at, place_of, walk
from webapp.errors import CaseError, NotYours
from webapp.models import Draft
from webapp.pages.form_blocks import BlockView, block_view, sources_of
from webapp.pages.form_conditions import (
    REQUIRED,
    SHOWN,
    RowView,
    Shown,
    Slot,
    as_shown,
    row_views,
)
from webapp.pages.form_groups import Origin, origin_of
from webapp.pages.form_properties import (
    TYPES,
    ChoiceLine,
    Property,
    choice_lines,
    properties_of,
)
from webapp.pages.form_subjects import Subject, steps_of, subjects_for
from webapp.services.design.checking import forms_of

KEY = re.compile(r"[a-z][a-z0-9_]{1,29}/[a-z][a-z0-9_]{1,39}")


class BadFormKey(CaseError):
    """The short name of a new form cannot be taken."""

    status = 422
    title = "这张表单不能新建"
    way_out = "短名写成“类别/名称”，如 signing/ask_again，只用小写英文字母、数字和下划线，不要与已有的重名。"


@dataclass(frozen=True)
class FormLine:
    """A form that the draft may name: whose it is, and which steps of the diagram use it."""

    key: str
    title: str
    is_own: bool
    is_changed: bool
    steps: list[str]


def list_forms(draft: Draft) -> list[FormLine]:
    """Those that the diagram names first, then the draft's own, then the packaged ones."""
    used: dict[str, list[str]] = {}
    for step in steps_of(draft):
        used.setdefault(step.element.form or "", []).append(step.label)
    lines = []
    for key, definition in forms_of(draft).items():
        base = packaged().get(key)
        own = key in draft.forms
        changed = own and (base is None or base.as_dict() != definition.as_dict())
        lines.append(FormLine(key, definition.title, own, changed, used.get(key, [])))
    return sorted(lines, key=lambda one: (one.key not in used, not one.is_own, one.key))


def form_raw(draft: Draft, key: str) -> dict[str, Any]:
    """The definition of a form as the draft would run it. Raises NotYours where there is none."""
    if key in draft.forms:
        return dict(draft.forms[key])
    if key in packaged():
        return packaged()[key].as_dict()
    raise NotYours


def new_form(draft: Draft, key: str, title: str, like: str) -> dict[str, Any]:
    """The definition that a new form begins with: another one's, or one field.

    Raises BadFormKey.
    """
    if not KEY.fullmatch(key) or key.startswith("groups/") or key in forms_of(draft):
        raise BadFormKey(f"短名“{key}”不能用，或者已有这张表单。")
    if like and like not in forms_of(draft):
        raise BadFormKey(f"没有表单“{like}”可以照着做。", "从列表里选一张，或者留空。")
    begun = (
        form_raw(draft, like)
        if like
        else {"components": [{"type": "text", "key": "field_1", "label": "新的字段"}]}
    )
    return {**begun, "key": key, "title": title.strip() or "新的表单"}


@dataclass(frozen=True)
class ConditionView:
    """A condition of the opened part: as it stands, and the rows in which it is changed."""

    slot: Slot
    stands: Shown
    shown: Shown
    rows: list[RowView]

    @property
    def is_typed(self) -> bool:
        """Whether the page shows something else than what stands in the definition."""
        return (self.stands.mode, self.stands.rows) != (self.shown.mode, self.shown.rows)


@dataclass(frozen=True)
class Opened:
    """The part whose properties the page shows, with what was typed where it was refused."""

    part: Part
    properties: list[tuple[Property, Any]]
    choices: list[ChoiceLine]
    conditions: list[ConditionView]
    subjects: dict[str, list[Subject]]
    block: BlockView | None
    origin: Origin | None
    holders: list[tuple[str, str]]

    @property
    def type_words(self) -> str:
        return type_words(self.part)

    @property
    def is_field(self) -> bool:
        return self.part.raw["type"] in FIELD_TYPES

    @property
    def has_choices(self) -> bool:
        return self.part.raw["type"] in CHOICE_TYPES

    @property
    def inner_parts(self) -> int:
        return len(self.part.raw.get("components", ()))


@dataclass(frozen=True)
class FormPage:
    """A form of a draft under change."""

    draft: Draft
    key: str
    raw: Mapping[str, Any]
    parts: list[Part]
    opened: Opened | None
    steps: list[str]
    is_packaged: bool
    problems: list[str] = field(default_factory=list)
    source: str = ""
    may_remove: bool = False

    def line(self, part: Part) -> str:
        """What a part is called in the list."""
        raw = part.raw
        return str(raw.get("label") or raw.get("text") or type_words(part))

    def kind(self, part: Part) -> str:
        return type_words(part)

    def marks(self, part: Part) -> list[str]:
        """What the list says beside a part."""
        raw = part.raw
        required = (raw.get("validate") or {}).get("required")
        told = {
            "必填": required is True,
            "有时必填": isinstance(required, Mapping),
            "决定走向": bool(raw.get("decides")),
            "有时显示": "conditional" in raw,
        }
        return [words for words, holds in told.items() if holds]


def type_words(part: Part) -> str:
    kind = str(part.raw["type"])
    return TYPES.get(kind, kind)


def form_page(
    draft: Draft,
    key: str,
    at: str,
    *,
    problems: list[str] | None = None,
    typed: Mapping[str, Any] | None = None,
    rows: Mapping[str, Shown] | None = None,
    source: str = "",
    may_remove: bool = False,
) -> FormPage:
    """The form with the part at `at` opened; `typed` is that part as somebody wanted it.

    `rows` are conditions as they are being typed, by the name of their slot.
    """
    raw = form_raw(draft, key)
    line = next(one for one in list_forms(draft) if one.key == key)
    parts = list(walk(raw))
    opened = opened_part(draft, raw, key, at, typed, rows or {}) if at else None
    return FormPage(
        draft=draft,
        key=key,
        raw=raw,
        parts=parts,
        opened=opened,
        steps=line.steps,
        is_packaged=key in packaged(),
        problems=problems or [],
        may_remove=may_remove,
        source=source or json.dumps(raw, ensure_ascii=False, indent=1),
    )


def opened_part(
    draft: Draft,
    raw: Mapping[str, Any],
    key: str,
    at: str,
    typed: Mapping[str, Any] | None,
    rows: Mapping[str, Shown],
) -> Opened | None:
    try:
        place = place_of(at)
        standing = part_at(raw, place)
    except NoSuchPlace:
        if typed is None:
            return None
        standing = dict(typed)  # the place is gone; what was typed is still shown
    part = typed or standing
    subjects = subjects_at(draft, raw, key, place)
    holders = [
        (one.address, one.raw.get("label", "分组"))
        for one in walk(raw)
        if one.raw["type"] in HOLDERS and one.place[: len(place)] != place
    ]
    return Opened(
        part=Part(place, part),
        properties=[(one, one.shown(part)) for one in properties_of(part["type"])],
        choices=choice_lines(part),
        conditions=condition_views(raw, key, standing, subjects, rows),
        subjects=grouped(subjects),
        origin=origin_of(key, standing),
        block=block_view(part, sources_of(draft)) if part["type"] == "block" else None,
        holders=[("", "（不在分组里）"), *holders],
    )


def subjects_at(draft: Draft, raw: Mapping[str, Any], key: str, place: Place) -> dict[str, Subject]:
    """What the part at this place may depend on."""
    return subjects_for(draft, parse_definition(raw, key=key, groups={}), place)


def grouped(subjects: Mapping[str, Subject]) -> dict[str, list[Subject]]:
    groups: dict[str, list[Subject]] = {}
    for one in subjects.values():
        groups.setdefault(one.group, []).append(one)
    return groups


def condition_views(
    raw: Mapping[str, Any],
    key: str,
    part: Mapping[str, Any],
    subjects: Mapping[str, Subject],
    typed: Mapping[str, Shown],
) -> list[ConditionView]:
    """The conditions that this part may have, each as it stands or as it is being typed."""
    definition = parse_definition(raw, key=key, groups={})
    views = []
    for slot, value in conditions_in(part):
        stands = as_shown(value, definition, subjects)
        shown = typed.get(slot.name, stands)
        views.append(ConditionView(slot, stands, shown, row_views(shown, subjects)))
    return views


def conditions_in(part: Mapping[str, Any]) -> list[tuple[Slot, Any]]:
    """Where a condition may stand in this part, with what stands there now."""
    shown = (SHOWN, part.get("conditional"))
    if part["type"] not in FIELD_TYPES:
        return [shown]
    return [(REQUIRED, (part.get("validate") or {}).get("required")), shown]


def faults_of(raw: Mapping[str, Any], key: str) -> list[str]:
    """What forbids this definition, sentence by sentence; empty where it may stand."""
    try:
        parse_definition(raw, key=key, groups={})
    except DefinitionError as error:
        return list(error.findings)
    return []
