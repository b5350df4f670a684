"""Changes a form definition piece by piece: each function takes JSON and gives new JSON.

A place is where a part stands: `(2,)` is the third part, `(2, 0)` the first one inside it. Nothing
here judges; `parse_definition` tells what is wrong with the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from forms.components import CHOICE_TYPES, FIELD_TYPES
from forms.definition_rules import RESERVED

Raw = dict[str, Any]
Place = tuple[int, ...]
HOLDERS = frozenset({"group", "rows"})
NEW_BLOCK = {
    "type": "block",
    "label": "毕业生",
    "source": "register.graduate",
    "items": [{"label": "姓名", "source": "name"}, {"label": "学号", "source": "student_no"}],
}
NEW_CHOICES = [{"value": "yes", "label": "是"}, {"value": "no", "label": "否"}]


class NoSuchPlace(LookupError):
    """The form has no part there, because it was changed meanwhile."""


@dataclass(frozen=True)
class Part:
    """One part of a form and where it stands."""

    place: Place
    raw: Mapping[str, Any]

    @property
    def depth(self) -> int:
        return len(self.place) - 1

    @property
    def address(self) -> str:
        """The place as a page writes it: `2.0`."""
        return ".".join(map(str, self.place))


def place_of(address: str) -> Place:
    """The place behind `2.0`. Raises NoSuchPlace for anything else."""
    steps = address.split(".")
    if not all(step.isascii() and step.isdigit() and len(step) < 4 for step in steps):
        raise NoSuchPlace(address)
    return tuple(map(int, steps))


def walk(raw: Mapping[str, Any]) -> Iterator[Part]:
    """Every part, those inside a group or a row after their holder."""
    yield from _inside(raw, ())


def _inside(holder: Mapping[str, Any], above: Place) -> Iterator[Part]:
    for number, part in enumerate(holder.get("components", ())):
        place = (*above, number)
        yield Part(place, part)
        if part.get("type") in HOLDERS:
            yield from _inside(part, place)


def part_at(raw: Mapping[str, Any], place: Place) -> Raw:
    """The part at a place. Raises NoSuchPlace."""
    return _siblings(raw, place)[place[-1]]


def replaced(raw: Raw, place: Place, part: Raw) -> Raw:
    """The form with another part at this place; conditions follow a field that gets a new key."""
    before = part_at(raw, place).get("key", "")
    changed = deepcopy(raw)
    _siblings(changed, place)[place[-1]] = deepcopy(part)
    after = part.get("key", "")
    return renamed(changed, before, after) if before and after and before != after else changed


def removed(raw: Raw, place: Place) -> Raw:
    """The form without this part and what is inside it."""
    changed = deepcopy(raw)
    del _siblings(changed, place)[place[-1]]
    return changed


def moved(raw: Raw, place: Place, by: int) -> tuple[Raw, Place]:
    """The part one step up (-1) or down (1) among its neighbours; at the edge it stays."""
    changed = deepcopy(raw)
    parts = _siblings(changed, place)
    to = min(max(place[-1] + by, 0), len(parts) - 1)
    parts.insert(to, parts.pop(place[-1]))
    return changed, (*place[:-1], to)


def put_into(raw: Raw, place: Place, holder: Place) -> tuple[Raw, Place]:
    """The part at the end of a group, or of the form where `holder` is ()."""
    changed = deepcopy(raw)
    target = part_at(changed, holder) if holder else changed
    if holder[: len(place)] == place or (holder and target.get("type") not in HOLDERS):
        raise NoSuchPlace(holder)
    parts = target["components"]
    part = _siblings(changed, place).pop(place[-1])
    parts.append(part)
    return changed, next(one.place for one in walk(changed) if one.raw is part)


def inserted(raw: Raw, after: Place, part: Raw) -> tuple[Raw, Place]:
    """The form with one more part behind another; at the end where `after` is ()."""
    changed = deepcopy(raw)
    if not after:
        changed.setdefault("components", []).append(part)
        return changed, (len(changed["components"]) - 1,)
    parts = _siblings(changed, after)
    parts.insert(after[-1] + 1, part)
    return changed, (*after[:-1], after[-1] + 1)


def renamed(raw: Raw, old: str, new: str) -> Raw:
    """The form with every condition and bound that names a field following its new key."""

    def follow(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {
                key: new if key == "field" and inner == old else follow(inner)
                for key, inner in value.items()
            }
        return [follow(one) for one in value] if isinstance(value, list) else value

    return {**raw, "components": follow(raw["components"])}


def new_part(kind: str, raw: Mapping[str, Any]) -> Raw:
    """A part of this type that is complete in itself, with a key that is free."""
    if kind == "note":
        return {"type": "note", "text": "写给填表人的说明。"}
    if kind == "group":
        return {"type": "group", "label": "新的分组", "components": [new_part("text", raw)]}
    if kind == "block":
        return deepcopy(NEW_BLOCK)
    if kind not in FIELD_TYPES:
        raise NoSuchPlace(kind)
    part: Raw = {"type": kind, "key": free_key(raw), "label": "新的字段"}
    if kind in CHOICE_TYPES:
        part["values"] = deepcopy(NEW_CHOICES)
    if kind == "picker":
        part["properties"] = {"scheme": "region"}
    if kind == "rows":
        inner = {"components": [*raw.get("components", ()), part]}
        part["components"] = [{**new_part("text", inner), "label": "第一栏"}]
    return part


def free_key(raw: Mapping[str, Any]) -> str:
    """`field_1`, or the next one that no part has."""
    taken = {one.raw.get("key") for one in walk(raw)} | RESERVED
    number = 1
    while f"field_{number}" in taken:
        number += 1
    return f"field_{number}"


def _siblings(raw: Mapping[str, Any], place: Place) -> list[Raw]:
    holder: Any = raw
    for step in place[:-1]:
        parts = holder.get("components", [])
        if step >= len(parts):
            raise NoSuchPlace(place)
        holder = parts[step]
    parts = holder.get("components", [])
    if not place or place[-1] >= len(parts):
        raise NoSuchPlace(place)
    siblings: list[Raw] = parts
    return siblings
