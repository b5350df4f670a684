"""Looks up codes: what a code is called, which ones may be chosen, what lies beneath one.

A table is one JSON file in forms/codes, read when first asked for and kept. Codes are text and
mean nothing without their scheme: 31 is 本科 in one table and 专科 in another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("codes")

# Short names that fields and registers use for the same tables.
ALIASES = {
    "nature": "employer_nature",
    "hukou": "hukou_acceptance",
    "political": "political_status",
    "education": "education_level",
    "hardship": "hardship_type",
    "normal_student": "normal_student_type",
    "destination": "destination_type",
}


# Tables that are no file: the application brings them in the context under `tables`.
REGISTERS = frozenset({"registered_employer"})


class UnknownScheme(LookupError):
    """No code table has this name."""


@dataclass(frozen=True)
class Code:
    """One row: its code, its name, the code it stands under, and whether people may choose it."""

    code: str
    name: str
    parent: str | None = None
    selectable: bool = True
    more: Mapping[str, Any] = field(default_factory=dict, compare=False)


class CodeTable:
    """One scheme of codes, in the order of its file."""

    def __init__(self, scheme: str, title: str, items: Sequence[Code]) -> None:
        self.scheme = scheme
        self.title = title
        self.items = tuple(items)
        self._by_code = {item.code: item for item in items}
        self._beneath: dict[str | None, list[Code]] = {}
        for item in items:
            if item.selectable:
                self._beneath.setdefault(item.parent, []).append(item)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def find(self, code: str) -> Code | None:
        """Return the row of a code."""
        return self._by_code.get(code)

    def name(self, code: str, otherwise: str | None = None) -> str:
        """Return what the code is called; an unknown code is shown as it is."""
        row = self._by_code.get(code)
        if row is not None:
            return row.name
        return code if otherwise is None else otherwise

    def path(self, code: str) -> tuple[Code, ...]:
        """Return the rows from the top down to this code."""
        steps: list[Code] = []
        row = self._by_code.get(code)
        while row is not None:
            steps.append(row)
            row = self._by_code.get(row.parent) if row.parent else None
        return tuple(reversed(steps))

    def path_name(self, code: str) -> str:
        """Return the names from the top down, as in 安徽省 合肥市 蜀山区."""
        return " ".join(row.name for row in self.path(code)) or code

    def children(self, code: str | None = None) -> tuple[Code, ...]:
        """Return what may be chosen or opened beneath a code; None gives the top."""
        return tuple(self._beneath.get(code, ()))

    def selectable(self, code: str, *, lowest: bool = False) -> bool:
        """Tell whether people may choose this code; `lowest` asks for one without children."""
        row = self._by_code.get(code)
        if row is None or not row.selectable:
            return False
        return not (lowest and self._beneath.get(code))

    def search(self, text: str, limit: int = 50, *, lowest: bool = False) -> tuple[Code, ...]:
        """Return rows whose name holds every word of the text, or whose code begins with it.

        The best come first: the whole name, then its beginning, then the rest. Words may name
        a row above (安徽 蜀山). Empty text finds nothing.
        """
        words = text.split()
        if not words:
            return ()
        code_start = words[0].upper() if len(words) == 1 else None
        found: list[tuple[int, int, Code]] = []
        for place, row in enumerate(self.items):
            if not self.selectable(row.code, lowest=lowest):
                continue
            rank = self._rank(row, words, code_start)
            if rank is not None:
                found.append((rank, place, row))
        found.sort(key=lambda hit: hit[:2])
        return tuple(row for _, _, row in found[:limit])

    def _rank(self, row: Code, words: list[str], code_start: str | None) -> int | None:
        last = words[-1]
        if code_start is not None and row.code.startswith(code_start):
            return 0 if row.code == code_start else 2
        if last not in row.name:
            return None
        if len(words) > 1:
            above = self.path_name(row.code)
            if not all(word in above for word in words):
                return None
        if row.name == last:
            return 0
        return 1 if row.name.startswith(last) else 3


@cache
def schemes() -> frozenset[str]:
    """Return the names of all tables, with their short names."""
    return frozenset(path.stem for path in FOLDER.glob("*.json")) | frozenset(ALIASES)


def table(scheme: str) -> CodeTable:
    """Return a table by name; raises UnknownScheme."""
    name = ALIASES.get(scheme, scheme)
    if name in REGISTERS:
        return CodeTable(name, name, ())
    if name not in schemes():
        raise UnknownScheme(f"没有代码表“{scheme}”，现有：{'、'.join(sorted(schemes()))}")
    return _load(name)


@cache
def _load(name: str) -> CodeTable:
    raw = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    known = ("code", "name", "parent", "selectable")
    items = [
        Code(
            code=row["code"],
            name=row["name"],
            parent=row.get("parent"),
            selectable=row.get("selectable", True),
            more={key: value for key, value in row.items() if key not in known},
        )
        for row in raw["items"]
    ]
    return CodeTable(raw["scheme"], raw["title"], items)
