"""One page of a list, by key: the next page begins after the last row seen, never at an offset."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

PAGE = 30


@dataclass(frozen=True)
class Page:
    """The rows of one page, the key of the next one, and the question that led here."""

    rows: Sequence[Any]
    next: str | None = None
    before: str | None = None
    query: dict[str, Any] = field(default_factory=dict)


def read_key(text: str | None) -> uuid.UUID | None:
    """The key in an address; whatever is not one means the first page."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def page_of(rows: Sequence[Any], key: Any, query: dict[str, Any], limit: int = PAGE) -> Page:
    """Cut `limit` + 1 fetched rows to a page. `key` gives a row's id."""
    shown = rows[:limit]
    following = key(shown[-1]).hex if len(rows) > limit else None
    before = query.get("before")
    rest = {name: value for name, value in query.items() if value and name != "before"}
    return Page(shown, following, before, rest)
