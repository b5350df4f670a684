"""Whether the JSON of a definition has the right kinds of values in the right places.

Runs before anything is read, so the rest may rely on it: a definition that somebody wrote by
hand, or that came over the wire, ends in a finding and never in a crash.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forms.components import TYPES

MOST_COMPONENTS = 300
MOST_VALUES = 500
DEEPEST = 5

_Kind = type | tuple[type, ...]
_NUMBER = (int, float)
_PART: dict[str, _Kind] = {
    "type": str, "key": str, "label": str, "description": str, "text": str, "values": list,
    "validate": dict, "conditional": dict, "properties": dict, "components": list, "items": list,
    "source": (str, list), "decides": bool, "warn": list,
    "defaultValue": (str, int, float, bool, list),
}  # fmt: skip
_RULES: dict[str, _Kind] = {
    "required": (bool, dict), "requiredMessage": str, "pattern": str, "regex": str,
    "regexMessage": str, "allowNone": bool, "minLength": int, "maxLength": int,
    "decimals": int, "min": (str, int, float), "max": (str, int, float),
    "atLeast": (dict, list),
}  # fmt: skip
_PROPERTIES: dict[str, _Kind] = {
    "unit": str, "prefill": str, "internal": bool, "autocomplete": str, "scheme": str,
    "lowest": bool, "tone": str, "short": bool, "addLabel": str, "rowLabel": str,
    "dense": bool, "checks": bool, "whole": bool, "evidence": str, "compare": str,
    "private": bool, "credential": bool, "version": str,
    "paragraphs": bool, "proved": bool,
}  # fmt: skip
_VALUE: dict[str, _Kind] = {"value": str, "label": str, "description": str, "when": str}
_ITEM: dict[str, _Kind] = {
    "label": str, "source": str, "as": str, "scheme": str, "unit": str, "pattern": str,
    "values": list,
}  # fmt: skip
_WARN: dict[str, _Kind] = {"rule": str, "field": str, "value": _NUMBER, "message": str}


def check_shape(raw: Mapping[str, Any]) -> list[str]:
    """Return every fault of shape; the rest of the checks needs an empty list."""
    findings: list[str] = []
    if not isinstance(raw.get("title"), str) or not raw["title"].strip():
        findings.append("表单没有标题，请写 title")
    components = raw.get("components")
    if not isinstance(components, list) or not components:
        return [*findings, "表单没有内容，请在 components 里至少写一个构件"]
    count = 0
    for part, depth in _all_parts(components, 1):
        count += 1
        if depth > DEEPEST:
            return [*findings, f"构件套得太深，最多 {DEEPEST} 层，请拆开"]
        findings += _check_part(part, count)
    if count > MOST_COMPONENTS:
        findings.append(f"表单最多 {MOST_COMPONENTS} 个构件，现在是 {count} 个，请拆成几张")
    return findings


def _all_parts(parts: list[Any], depth: int) -> Iterator[tuple[Any, int]]:
    for part in parts:
        yield part, depth
        inner = part.get("components") if isinstance(part, Mapping) else None
        if isinstance(inner, list) and depth <= DEEPEST:
            yield from _all_parts(inner, depth + 1)


def _check_part(part: Any, place: int) -> Iterator[str]:
    if not isinstance(part, Mapping):
        yield f"第 {place} 个构件不是对象，请写成 {{“type”: …}}"
        return
    name = f"构件“{part.get('key') or part.get('label') or f'第 {place} 个'}”"
    faults = [*_words(part, _PART, "")]
    if not isinstance(part.get("type"), str) or part["type"] not in TYPES:
        faults.append(f"不认识类型“{part.get('type')}”，可用：{'、'.join(sorted(TYPES))}")
    faults += _words(part.get("validate"), _RULES, "validate 里的")
    faults += _words(part.get("properties"), _PROPERTIES, "properties 里的")
    faults += _rows(part.get("values"), _VALUE, "values", ("value", "label"))
    faults += _rows(part.get("items"), _ITEM, "items", ("label", "source"))
    faults += _rows(part.get("warn"), _WARN, "warn", ("rule",))
    for item in _mappings(part.get("items")):
        faults += _rows(item.get("values"), _VALUE, "values", ("value", "label"))
    source = part.get("source")
    if isinstance(source, list) and not all(isinstance(path, str) for path in source):
        faults.append("“source”里每一项要写路径，如 case.Fill_invitation")
    yield from (f"{name}：{fault}" for fault in faults)


def _words(raw: Any, known: Mapping[str, _Kind], where: str) -> Iterator[str]:
    if not isinstance(raw, Mapping):
        return
    for word, value in raw.items():
        if word not in known:
            yield f"{where or '不认识'}“{word}”{'不认识' if where else ''}，可用：{'、'.join(known)}"
        elif not _is(value, known[word]):
            yield f"{where}“{word}”的写法不对，请参照说明"


def _rows(
    rows: Any, known: Mapping[str, _Kind], word: str, needed: tuple[str, ...]
) -> Iterator[str]:
    if not isinstance(rows, list):
        return
    if len(rows) > MOST_VALUES:
        yield f"“{word}”最多 {MOST_VALUES} 项，现在是 {len(rows)} 项"
    for row in rows:
        if not isinstance(row, Mapping) or not all(row.get(column) for column in needed):
            yield f"“{word}”里每一项都要写 {' 和 '.join(needed)}"
        else:
            yield from _words(row, known, f"{word} 里的")


def _mappings(rows: Any) -> Iterator[Mapping[str, Any]]:
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping):
            yield row


def _is(value: Any, kind: _Kind) -> bool:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, kinds)
