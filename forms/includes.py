"""Draws shared groups of fields into a definition, so that a release keeps a whole form."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from forms.components import CHOICE_TYPES, FIELD_TYPES

DEEPEST = 6
ASIDE = {"include", "only", "begin", "change"}
_KINDS = {"money": "money", "date": "date", "datetime": "datetime", "textarea": "lines"}


class DefinitionError(ValueError):
    """A definition that cannot become a form; `findings` say why, each with the way out."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("；".join(findings))
        self.findings = tuple(findings)


def expand_includes(raw: Mapping[str, Any], groups: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the definition with every `include` replaced by what it names.

    What stands beside `include` wins over what the group says; an include of type `block` shows
    the group's fields as facts. `only` lists the keys that are drawn in, `begin` is the path under
    which each of them finds what it begins with, `change` says by key what is different here about
    a field. Raises DefinitionError for an unknown or a cyclic include.
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
        part["items"] = facts_of(part.pop("components"))
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
    beside = {key: value for key, value in part.items() if key not in ASIDE}
    drawn = {**deepcopy(dict(groups[name])), **beside}
    if "only" in part:
        drawn["components"] = _chosen(name, drawn.get("components"), part["only"])
    if "begin" in part:
        drawn["components"] = [
            _beginning_at(child, str(part["begin"])) for child in drawn.get("components", [])
        ]
    if "change" in part:
        drawn["components"] = _changed(name, drawn.get("components"), part["change"])
    return drawn, (*trail, name)


def _chosen(name: str, components: Any, only: Any) -> list[Any]:
    """The fields of a group that `only` names, in the group's own order."""
    known = {
        part["key"]: part for part in components or () if isinstance(part, dict) and "key" in part
    }
    wanted = only if isinstance(only, list) else [only]
    if unknown := [key for key in wanted if not isinstance(key, str) or key not in known]:
        told = "、".join(map(str, unknown))
        raise DefinitionError([f"字段组“{name}”里没有“{told}”，现有：{'、'.join(known)}"])
    return [part for key, part in known.items() if key in wanted]


def _changed(name: str, components: Any, change: Any) -> list[Any]:
    """The fields of a group, with what `change` says about some of them in place of the group's."""
    by_key = change if isinstance(change, dict) else {}
    _chosen(name, components, list(by_key))  # a key that the group lacks is told
    return [
        {**part, **by_key.get(part.get("key"), {})} if isinstance(part, dict) else part
        for part in components or ()
    ]


def _beginning_at(part: Any, path: str) -> Any:
    if not isinstance(part, dict) or part.get("type") not in FIELD_TYPES:
        return part
    begun = {"prefill": f"{path}.{part.get('key', '')}"}
    return {**part, "properties": {**(part.get("properties") or {}), **begun}}


def facts_of(components: list[Any]) -> list[dict[str, Any]]:
    """The lines by which a read-only block shows these fields; rows and files have none."""
    facts: list[dict[str, Any]] = []
    for part in components:
        if not isinstance(part, dict):
            continue
        if part.get("type") == "group":
            facts += facts_of(part.get("components", []))
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
