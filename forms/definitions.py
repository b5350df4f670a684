"""Reads form definitions: JSON in, a checked Definition out, with every fault named at once.

The packaged definitions lie in forms/definitions; groups of fields that several forms share lie
in its folder `groups` and are drawn in by `{"include": "groups/fg_emp"}`. See docs/forms.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from forms.components import CHOICE_TYPES, Choice, Component, Definition, Fact
from forms.conditions import ConditionError, parse_condition
from forms.definition_rules import RESERVED, check_components, check_whole
from forms.definition_shape import check_shape
from forms.includes import DefinitionError, expand_includes

FOLDER = Path(__file__).with_name("definitions")
FormFacts = dict[str, dict[str, list[str] | None]]

__all__ = [
    "RESERVED",
    "Definition",
    "DefinitionError",
    "facts",
    "get",
    "load_definitions",
    "parse_definition",
]


def parse_definition(
    raw: Mapping[str, Any], *, key: str = "", groups: Mapping[str, Any] | None = None
) -> Definition:
    """Return a checked definition; raises DefinitionError with every finding, in Chinese.

    `groups` are what `include` may draw in, by key; without it the packaged ones.
    """
    if not isinstance(raw, Mapping):
        raise DefinitionError(["表单定义要写成 JSON 对象，请补上 title 和 components"])
    expanded = expand_includes(raw, packaged_groups() if groups is None else groups)
    if shape := check_shape(expanded):
        raise DefinitionError(shape)
    findings: list[str] = []
    components = tuple(_read(part, findings) for part in expanded["components"])
    findings += check_components(components)
    if not findings:
        findings += check_whole(components)
    if findings:
        raise DefinitionError(findings)
    kept = {name: value for name, value in expanded.items() if name not in {"key", "title"}}
    return Definition(
        key=str(raw.get("key") or key), title=str(raw["title"]), components=components, raw=kept
    )


def load_definitions(folder: Path = FOLDER) -> dict[str, Definition]:
    """Read every definition beneath a folder; its own `groups` are what may be included."""
    groups = _read_groups(folder)
    return {
        key: parse_definition(_read_json(path), key=key, groups=groups)
        for path, key in _keys(folder)
        if not key.startswith("groups/")
    }


@cache
def packaged() -> Mapping[str, Definition]:
    """Return the packaged definitions, read once."""
    return load_definitions()


def get(key: str) -> Definition:
    """Return a packaged definition; raises KeyError with a story."""
    try:
        return packaged()[key]
    except KeyError:
        raise KeyError(f"没有表单“{key}”，现有：{'、'.join(packaged())}") from None


def facts(definitions: Mapping[str, Definition] | Iterable[Definition] | None = None) -> FormFacts:
    """Tell processes which fields a form has and which values decide.

    {form key: {field key: values of a deciding field, None for a free one}}
    """
    if definitions is None:
        definitions = packaged()
    if isinstance(definitions, Mapping):
        definitions = definitions.values()
    return {
        definition.key: {
            key: [choice.value for choice in component.choices] if component.decides else None
            for key, component in definition.fields.items()
        }
        for definition in definitions
    }


@cache
def packaged_groups() -> Mapping[str, Any]:
    """Return the packaged groups of fields, by key."""
    return _read_groups(FOLDER)


def _read_groups(folder: Path) -> dict[str, Any]:
    return {key: _read_json(path) for path, key in _keys(folder) if key.startswith("groups/")}


def _keys(folder: Path) -> list[tuple[Path, str]]:
    paths = sorted(folder.rglob("*.json"))
    return [(path, path.relative_to(folder).with_suffix("").as_posix()) for path in paths]


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DefinitionError([f"{path.name} 不是合格的 JSON（{error}），请改正"]) from error


def _read(raw: Mapping[str, Any], findings: list[str]) -> Component:
    """Build one component; what cannot be read becomes a finding, not an exception."""
    rules = dict(raw.get("validate") or {})
    required = rules.pop("required", False)
    if isinstance(required, Mapping):
        required = _condition(raw, required, findings) or False
    properties = raw.get("properties") or {}
    source = raw.get("source", ())
    return Component(
        type=raw["type"],
        key=raw.get("key", ""),
        label=raw.get("label", ""),
        hint=raw.get("description", ""),
        own_choices=_choices(raw) if raw["type"] in CHOICE_TYPES else (),
        required=required,
        rules=rules,
        shown_if=_condition(raw, raw.get("conditional"), findings),
        properties=properties,
        components=tuple(_read(part, findings) for part in raw.get("components", ())),
        facts=tuple(_fact(item) for item in raw.get("items", ())),
        sources=(source,) if isinstance(source, str) else tuple(source),
        text=raw.get("text", ""),
        default=raw.get("defaultValue"),
        decides=bool(raw.get("decides", False)),
        cautions=tuple(raw.get("warn", ())),
    )


def _condition(raw: Mapping[str, Any], condition: Any, findings: list[str]) -> Any:
    if condition is None:
        return None
    try:
        return parse_condition(condition)
    except ConditionError as error:
        findings.append(f"构件“{raw.get('key') or raw.get('label')}”：{error}")
        return None


def _choices(raw: Mapping[str, Any]) -> tuple[Choice, ...]:
    return tuple(
        Choice(row["value"], row["label"], row.get("description", ""), row.get("when"))
        for row in raw.get("values", ())
    )


def _fact(raw: Mapping[str, Any]) -> Fact:
    return Fact(
        label=raw["label"],
        source=raw["source"],
        kind=raw.get("as", "code" if raw.get("scheme") else "text"),
        scheme=raw.get("scheme", ""),
        unit=raw.get("unit", ""),
        choices=_choices(raw),
        pattern=raw.get("pattern", ""),
    )
