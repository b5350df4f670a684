"""Renamed steps: where their paths lead now, and where what they left stands now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def renamed_path(path: str, mapping: Mapping[str, str]) -> str:
    """The path in the new release: each part by the longest path around it that was renamed."""
    found: list[str] = []
    parts = path.split("/")
    for place, part in enumerate(parts, 1):
        renamed = mapping.get("/".join(parts[:place]))
        found.append(renamed.rpartition("/")[2] if renamed else part)
    return "/".join(found)


def renamed_variables(
    variables: Mapping[str, Any], mapping: Mapping[str, str], around: str = ""
) -> dict[str, Any]:
    """What the steps left, under their new names; nothing given is changed.

    Turns of an activity (`Review[2]`) go with it.
    """
    if not mapping:
        return dict(variables)
    found: dict[str, Any] = {}
    for name, value in variables.items():
        element, bracket, turn = name.partition("[")
        path = f"{around}{element}"
        key = renamed_path(path, mapping).rpartition("/")[2] + bracket + turn
        inside = any(one.startswith(f"{path}/") for one in mapping)
        if bracket and isinstance(value, dict):
            value = renamed_variables(value, mapping, around)
        elif inside and isinstance(value, dict):
            value = renamed_variables(value, mapping, f"{path}/")
        found[key] = value
    return found
