"""What was posted, as WTForms wants to read it: names with lists of texts.

A draft keeps the same names and texts, so a form loads from its own draft as if it were posted
again; nothing that was typed is lost, also what could not be understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

TYPED = "_typed"


class Posted:
    """Names with lists of texts."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = values

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getlist(self, name: str) -> list[str]:
        return list(self._values.get(name, ()))


def as_posted(formdata: Any) -> Posted | None:
    """Accept a framework's multi-dict or a plain dictionary of texts or lists of texts."""
    if formdata is None or isinstance(formdata, Posted):
        return formdata
    if hasattr(formdata, "getlist"):
        return Posted({name: list(formdata.getlist(name)) for name in formdata})
    return Posted({name: _as_list(value) for name, value in formdata.items()})


def _as_list(value: Any) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [str(one) for one in values]


def posted_of_draft(values: Mapping[str, Any] | None) -> Posted | None:
    """Return what a draft holds, or None when the values are plain answers."""
    typed = values.get(TYPED) if values else None
    return as_posted(typed) if isinstance(typed, Mapping) else None


def row_numbers(posted: Posted, name: str) -> list[int]:
    """Return the numbers of the rows of one repeatable part, in order."""
    pattern = re.compile(re.escape(name) + r"-(\d{1,4})-")
    return sorted({int(match[1]) for key in posted if (match := pattern.match(key))})


def renumbered(posted: Posted, name: str, old: int, new: int) -> Posted:
    """Return one row alone, under another number."""
    start, wanted = f"{name}-{old}-", f"{name}-{new}-"
    return Posted(
        {
            wanted + key.removeprefix(start): posted.getlist(key)
            for key in posted
            if key.startswith(start)
        }
    )
