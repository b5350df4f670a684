"""Draws shared groups of fields into a definition, so that a release keeps a whole form."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from forms.components import CHOICE_TYPES, FIELD_TYPES

DEEPEST = 6
_KINDS = {"money": "money", "date": "date", "datetime": "datetime", "textarea": "lines"}


class DefinitionError(ValueError):
    """A definition that cannot become a form; `findings` say why, each with the way out."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("；".join(findings))
        self.findings = tuple(findings)


def expand_includes(raw: Mapping[str, Any], groups: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the definition with every `include` replaced by what it names.

    What stands beside `include` wins over what the group says; an include of type `block` shows
    the group's fields as facts. Raises DefinitionError for an unknown or a cyclic include.
    """
    expanded = deepcopy(dict(raw))
    if isinstance(expanded.get("components"), list):
        expanded["components"] = [_expand(part, groups, ()) for part in expanded["components"]]
    return expanded


def _expand(part: Any, groups: Mapping[str, Any], trail: tuple[str, ...]) -> Any:
    if not isinstance(part, dict):
        return part
    if "include" in part:
        part, trail = _draw_in(part, groups, trail)
    if isinstance(part.get("components"), list):
        part["components"] = [_expand(child, groups, trail) for child in part["components"]]
    if part.get("type") == "block" and "components" in part:
        part["items"] = _facts_of(part.pop("components"))
    return part


def _draw_in(
    part: dict[str, Any], groups: Mapping[str, Any], trail: tuple[str, ...]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    name = part["include"]
    if not isinstance(name, str) or name not in groups:
        known = "、".join(sorted(groups)) or "没有"
        raise DefinitionError([f"没有可引用的字段组“{name}”，现有：{known}"])
    if name in trail or len(trail) >= DEEPEST:
        way = " → ".join((*trail, name))
        raise DefinitionError([f"字段组引用了自己：{way}。请去掉其中一个 include"])
    beside = {key: value for key, value in part.items() if key != "include"}
    return {**deepcopy(dict(groups[name])), **beside}, (*trail, name)


def _facts_of(components: list[Any]) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = []
    for part in components:
        if not isinstance(part, dict):
            continue
        if part.get("type") == "group":
            facts += _facts_of(part.get("components", []))
        elif part.get("type") in FIELD_TYPES - {"rows", "file"}:
            facts.append(_fact_of(part))
    return facts


def _fact_of(part: Mapping[str, Any]) -> dict[str, Any]:
    properties = part.get("properties") or {}
    fact = {"label": part.get("label", ""), "source": part.get("key", "")}
    if part.get("type") in _KINDS:
        fact["as"] = _KINDS[part["type"]]
    if pattern := (part.get("validate") or {}).get("pattern"):
        fact["pattern"] = pattern
    for name in ("scheme", "unit"):
        if name in properties:
            fact[name] = properties[name]
    if part.get("type") in CHOICE_TYPES and part.get("values"):
        fact |= {"as": "choice", "values": part["values"]}
    return fact
