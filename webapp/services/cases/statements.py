"""Sends statements straight to the driver: the path of a step, where the ORM costs more than the engine.

Statements are written once, with `?` for values. A batch of them goes out as one data-modifying CTE
on PostgreSQL and as a few prepared statements on SQLite. The text of a batch depends on its shape
alone, so it is made once per shape, and the server plans it once per connection.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain, count
from typing import Any

from psycopg import RawCursor

SHAPES_KEPT = 1024
IDS_KEPT = 4096
MOMENTS_KEPT = 64


@dataclass
class Batch:
    """What one step writes, in order. `counted` statements must touch exactly one row."""

    statements: list[tuple[str, tuple[Any, ...], bool]] = field(default_factory=list)

    def add(self, sql: str, values: tuple[Any, ...], counted: bool = False) -> None:
        self.statements.append((sql, values, counted))

    def add_rows(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """An INSERT of several rows; `{}` in `sql` becomes the placeholders."""
        if rows:
            values = tuple(chain.from_iterable(rows))
            self.add(insert_of(sql, len(rows), len(rows[0])), values)


@lru_cache(SHAPES_KEPT)
def insert_of(sql: str, rows: int, columns: int) -> str:
    """The INSERT with placeholders for so many rows."""
    one = f"({', '.join('?' * columns)})"
    return sql.format(", ".join([one] * rows))


class SqliteRows:
    """SQLite: ids as hex, moments as naive UTC text. `BEGIN IMMEDIATE` already holds the lock."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def fetch(self, sql: str, values: tuple[Any, ...], skip_locked: bool = False) -> Any:
        return self.raw.execute(sql, stored(values)).fetchone()

    def send(self, batch: Batch) -> bool:
        """Write the batch; False when a counted statement met no row."""
        for sql, values, counted in batch.statements:
            cursor = self.raw.execute(sql, stored(values))
            if counted and cursor.rowcount != 1:
                return False
        return True

    @staticmethod
    def id(value: Any) -> Any:
        return None if value is None else read_id(value)

    @staticmethod
    def moment(value: Any) -> Any:
        return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


def stored(values: tuple[Any, ...]) -> list[Any]:
    """The values as SQLite keeps them."""
    return [WRITTEN[kind](value) if (kind := type(value)) in WRITTEN else value for value in values]


@lru_cache(IDS_KEPT)
def read_id(text: str) -> uuid.UUID:
    """Schools, releases and people come by in every step; ids are never changed."""
    return uuid.UUID(int=int(text, 16))


@lru_cache(MOMENTS_KEPT)
def moment_text(moment: datetime) -> str:
    """As SQLite keeps a moment. One step writes the same one many times."""
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    return naive.isoformat(sep=" ", timespec="microseconds")


WRITTEN: dict[type, Callable[[Any], str]] = {
    uuid.UUID: lambda value: value.hex,
    datetime: moment_text,
}


class PostgresqlRows:
    """PostgreSQL through psycopg: the row lock is part of the SELECT, the batch is one statement."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def fetch(self, sql: str, values: tuple[Any, ...], skip_locked: bool = False) -> Any:
        return self.execute(numbered(locking(sql, skip_locked)), values)

    def send(self, batch: Batch) -> bool:
        """Write the batch as one statement; False when a counted part met no row."""
        shape = tuple((sql, counted) for sql, _, counted in batch.statements)
        values = tuple(chain.from_iterable(given for _, given, _ in batch.statements))
        return all(met == 1 for met in self.execute(one_statement(shape), values))

    def execute(self, sql: str, values: tuple[Any, ...]) -> Any:
        """The first row. Prepared at its first use: every step comes by here again."""
        cursor = RawCursor(self.raw)
        cursor.execute(sql, values, prepare=True)
        return cursor.fetchone()

    @staticmethod
    def id(value: Any) -> Any:
        return value

    @staticmethod
    def moment(value: Any) -> Any:
        return None if value is None else value.astimezone(UTC)


@lru_cache(SHAPES_KEPT)
def numbered(sql: str) -> str:
    """The statement with PostgreSQL's own placeholders, which the driver need not translate."""
    first, *others = sql.split("?")
    numbers = count(1)
    return first + "".join(f"${next(numbers)}{text}" for text in others)


def locking(sql: str, skip_locked: bool) -> str:
    return sql + " FOR UPDATE OF c" + (" SKIP LOCKED" if skip_locked else "")


@lru_cache(SHAPES_KEPT)
def one_statement(shape: tuple[tuple[str, bool], ...]) -> str:
    """The statements of a batch as one, which answers how many rows each counted part met."""
    parts = [f"s{number} AS ({sql} RETURNING 1)" for number, (sql, _) in enumerate(shape)]
    counts = [
        f"(SELECT count(*) FROM s{number})" for number, (_, counted) in enumerate(shape) if counted
    ]
    return numbered(f"WITH {', '.join(parts)} SELECT {', '.join(counts)}")


Rows = SqliteRows | PostgresqlRows
