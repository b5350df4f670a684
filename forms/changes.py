"""What somebody changed in answers that another person gave: before and after, in Chinese.

A reviewer who amends a registration (M07) fills the same form again; this is the diff that the
history keeps and the graduate is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One field that reads differently now; an empty text means there was or is no answer."""

    key: str
    label: str
    before: str
    after: str


def changes_between(
    before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]
) -> tuple[Change, ...]:
    """Compare `labelled` of two fillings of a form, in the order of the newer one.

    What is gone comes last. Notes for the own side (`internal`) are left out.
    """
    old = {part["key"]: part for part in before if not part.get("internal")}
    new = {part["key"]: part for part in after if not part.get("internal")}
    keys = [*new, *(key for key in old if key not in new)]
    return tuple(
        Change(key, label, earlier, later)
        for key in keys
        for label in [str((new.get(key) or old[key])["label"])]
        for earlier, later in [(_text(old, key), _text(new, key))]
        if earlier != later
    )


def _text(parts: Mapping[str, Mapping[str, Any]], key: str) -> str:
    return str(parts[key]["text"]) if key in parts else ""
