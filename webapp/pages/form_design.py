"""The page on which a school changes a form: its parts, one of them opened, and the trial beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from forms.code_tables import REGISTERS, table
from forms.compiler import CompiledForm, form_class
from forms.components import CHOICE_TYPES, FIELD_TYPES, Component, Definition
from forms.conditions import Condition, Test, parse_condition
from forms.definitions import DefinitionError, packaged, parse_definition
from forms.drafts import NotInThisForm, change_rows
from forms.editing import HOLDERS, NoSuchPlace, Part, part_at, place_of, walk
from processes.diagram import read_diagram
from webapp.errors import CaseError, NotYours
from webapp.models import Draft
from webapp.pages.form_properties import (
    KEEP,
    TYPES,
    ChoiceLine,
    Choosable,
    Property,
    as_value,
    choice_lines,
    conditions_for,
    properties_of,
    said_condition,
)
from webapp.services.design.checking import forms_named, forms_of

KEY = re.compile(r"[a-z][a-z0-9_]{1,29}/[a-z][a-z0-9_]{1,39}")
SAMPLE = "sample"


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
    diagram = read_diagram(draft.diagram)
    named = set(forms_named(diagram))
    lines = []
    for key, definition in forms_of(draft).items():
        steps = [one.name or one.id for one in diagram.elements.values() if one.form == key]
        base = packaged().get(key)
        own = key in draft.forms
        changed = own and (base is None or base.as_dict() != definition.as_dict())
        lines.append(FormLine(key, definition.title, own, changed, steps))
    return sorted(lines, key=lambda one: (one.key not in named, not one.is_own, one.key))


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
class Opened:
    """The part whose properties the page shows, with what was typed where it was refused."""

    part: Part
    properties: list[tuple[Property, Any]]
    choices: list[ChoiceLine]
    conditions: list[Choosable]
    shown: str
    shown_words: str
    required: str
    required_words: str
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

    def knows(self, value: str) -> bool:
        """Whether a condition is one of those that can be chosen."""
        return any(value == one for group in self.conditions for one, _ in group.options)


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
    source: str = "",
) -> FormPage:
    """The form with the part at `at` opened; `typed` is that part as somebody wanted it."""
    raw = form_raw(draft, key)
    line = next(one for one in list_forms(draft) if one.key == key)
    parts = list(walk(raw))
    opened = opened_part(raw, key, at, typed) if at else None
    return FormPage(
        draft=draft,
        key=key,
        raw=raw,
        parts=parts,
        opened=opened,
        steps=line.steps,
        is_packaged=key in packaged(),
        problems=problems or [],
        source=source or json.dumps(raw, ensure_ascii=False, indent=1),
    )


def opened_part(
    raw: Mapping[str, Any], key: str, at: str, typed: Mapping[str, Any] | None
) -> Opened | None:
    try:
        place = place_of(at)
        part = typed or part_at(raw, place)
    except NoSuchPlace:
        return None
    definition = parse_definition(raw, key=key, groups={})
    required = (part.get("validate") or {}).get("required", "")
    holders = [
        (one.address, one.raw.get("label", "分组"))
        for one in walk(raw)
        if one.raw["type"] in HOLDERS and one.place[: len(place)] != place
    ]
    return Opened(
        part=Part(place, part),
        properties=[(one, one.shown(part)) for one in properties_of(part["type"])],
        choices=choice_lines(part),
        conditions=conditions_for(definition, part.get("key", "")),
        shown=normal(part.get("conditional")),
        shown_words=words_of(definition, part.get("conditional")),
        required=normal(required),
        required_words=words_of(definition, required if isinstance(required, Mapping) else None),
        holders=[("", "（不在分组里）"), *holders],
    )


def condition_of(raw: Any) -> Condition | None:
    try:
        return parse_condition(raw) if isinstance(raw, Mapping) else None
    except ValueError:
        return None


def normal(raw: Any) -> str:
    """A condition as the option's value that would give it; "" for none."""
    if raw is True:
        return as_value(True)
    condition = condition_of(raw)
    if condition is None:
        return KEEP if isinstance(raw, Mapping) else ""
    return as_value(condition.as_dict())


def words_of(definition: Definition, raw: Any) -> str:
    return said_condition(definition, condition_of(raw))


def faults_of(raw: Mapping[str, Any], key: str) -> list[str]:
    """What forbids this definition, sentence by sentence; empty where it may stand."""
    try:
        parse_definition(raw, key=key, groups={})
    except DefinitionError as error:
        return list(error.findings)
    return []


def trial_form(draft: Draft, key: str, posted: Any, now: datetime) -> CompiledForm:
    """The form as somebody would fill it in, with samples where a page would bring files."""
    definition = parse_definition(form_raw(draft, key), key=key, groups={})
    context = sample_context(definition, now)
    make = form_class(definition)
    form = make(posted, values=sample_values(definition), context=context)
    if posted and "_row" in posted:
        try:
            changed = change_rows(definition, form.draft, posted["_row"])
        except NotInThisForm:
            return form
        return make(None, values=changed, context=context)
    return form


def sample_context(definition: Definition, now: datetime) -> dict[str, Any]:
    """Every choice offered, every option granted; nothing of a real case."""
    names = {choice.when for one in definition.fields.values() for choice in one.choices}
    for component in all_parts(definition.components):
        names |= set(options_in(component.shown_if))
    return {
        "now": now,
        "options": {name: True for name in names if name and "." not in name},
        "uploads": {SAMPLE: {"name": "示例文件.pdf", "url": "", "thumb": ""}},
        "tables": {name: table(name) for name in REGISTERS},
    }


def sample_values(definition: Definition) -> dict[str, Any]:
    return {
        key: [SAMPLE] * max(int(one.rules.get("min", 1)), 1)
        for key, one in definition.fields.items()
        if one.type == "file" and one.required
    }


def all_parts(components: tuple[Component, ...]) -> list[Component]:
    return [
        one for component in components for one in (component, *all_parts(component.components))
    ]


def options_in(condition: Condition | None) -> list[str]:
    if condition is None:
        return []
    if isinstance(condition, Test):
        return [condition.subject] if condition.of_option else []
    return [name for part in condition.parts for name in options_in(part)]
