"""Which shared group of fields a part of a form came from, and who else has it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from forms.definitions import FOLDER, packaged, packaged_groups
from forms.editing import walk


@dataclass(frozen=True)
class Origin:
    """A shared group: its name as `FG-EMP`, what it is called, the forms that draw it in.

    `is_changed` tells that the part says something else than the group does.
    """

    name: str
    label: str
    forms: tuple[str, ...]
    is_changed: bool


def origin_of(form: str, part: Mapping[str, Any]) -> Origin | None:
    """The group behind a part of a packaged form; None for a part of the form's own."""
    if form not in packaged():
        return None
    for name in included_by(form):
        for found in parts_of_group(name):
            same = found.get("key") == part.get("key") and found.get("type") == part.get("type")
            if same and part.get("key"):
                group = packaged_groups()[name]
                code = name.rpartition("/")[2].replace("_", "-").upper()
                label = str(group.get("label") or code)
                return Origin(code, label, forms_with(name), found != part)
    return None


def parts_of_group(name: str) -> Iterator[Mapping[str, Any]]:
    group = packaged_groups()[name]
    yield group
    yield from (part.raw for part in walk(group))


@cache
def included_by(form: str) -> tuple[str, ...]:
    """The groups that a packaged form draws in as fields or blocks, also by way of others."""
    raw = json.loads((FOLDER / f"{form}.json").read_text(encoding="utf-8"))
    found: list[str] = []
    waiting = list(includes_in(raw))
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += includes_in(packaged_groups()[name])
    return tuple(found)


def includes_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("include"), str):
            yield value["include"]
        for inner in value.values():
            yield from includes_in(inner)
    elif isinstance(value, list):
        for one in value:
            yield from includes_in(one)


@cache
def forms_with(group: str) -> tuple[str, ...]:
    """The titles of the packaged forms that draw this group in."""
    return tuple(
        dict.fromkeys(one.title for key, one in packaged().items() if group in included_by(key))
    )
