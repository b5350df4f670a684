"""Sends statements straight to the driver: the path of a step, where the ORM costs more than the engine.

Statements are written once, with `?` for values. A batch of them goes out as one data-modifying CTE
on PostgreSQL and as a few prepared statements on SQLite. The text of a batch depends on its shape
alone, so it is made once per shape, and the server plans it once per connection.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain, count
from typing import Any

import orjson

from ...postgresql import BINARY, TEXT, SteadyConnection

Kinds = tuple[str, ...]  # of columns: id, moment, json, text, number, yes
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
            insert = insert_of(sql, len(rows), len(rows[0]))
            self.statements.append((insert, tuple(chain.from_iterable(rows)), False))


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
        """The row as it is kept, or None; `read` makes values of it."""
        return self.raw.execute(sql, as_sqlite_keeps(values)).fetchone()

    def read(self, kinds: Kinds, row: Any) -> list[Any]:
        """The values of a row; `kinds` says how each column is read."""
        return read_row(SQLITE_READS, kinds, row)

    def send(self, batch: Batch) -> bool:
        """Write the batch; False when a counted statement met no row."""
        execute = self.raw.execute
        for sql, values, counted in batch.statements:
            cursor = execute(sql, as_sqlite_keeps(values))
            if counted and cursor.rowcount != 1:
                return False
        return True


def as_sqlite_keeps(values: tuple[Any, ...]) -> list[Any]:
    """The values as SQLite keeps them."""
    return [
        f"{value.int:032x}"
        if type(value) is uuid.UUID
        else naive_text(value)
        if type(value) is datetime
        else value
        for value in values
    ]


class PostgresqlRows:
    """PostgreSQL: the row lock is part of the SELECT, the batch is one statement.

    Goes past the driver's cursors (webapp/postgresql.py): texts and ids travel binary, all else as text.
    """

    def __init__(self, raw: Any) -> None:
        self.raw: SteadyConnection = raw

    def fetch(self, sql: str, values: tuple[Any, ...], skip_locked: bool = False) -> Any:
        """The locked row as the server writes it, or None; `read` makes values of it."""
        return self.execute(numbered(locking(sql, skip_locked)), values)

    def read(self, kinds: Kinds, row: Any) -> list[Any]:
        """The values of a row; `kinds` says how each column is read."""
        return read_row(POSTGRESQL_READS, kinds, row)

    def send(self, batch: Batch) -> bool:
        """Write the batch as one statement; False when a counted part met no row."""
        shape = tuple([(sql, counted) for sql, _, counted in batch.statements])
        values = list(chain.from_iterable([given for _, given, _ in batch.statements]))
        met = self.execute(one_statement(shape), values)
        return met is not None and met.count(b"1") == len(met)

    def execute(self, sql: str, values: Sequence[Any]) -> list[bytes | None] | None:
        """The first row as the server writes it."""
        sent = [None if value is None else SENT[type(value)](value) for value in values]
        formats = [BINARY if type(value) in SENT_BINARY else TEXT for value in values]
        return self.raw.first_row(sql, sent, formats)


def read_row(
    reads: Mapping[str, Callable[[Any], Any]], kinds: Kinds, row: Iterable[Any]
) -> list[Any]:
    """The values of a row as Python has them."""
    return [
        None if value is None else reads[kind](value)
        for kind, value in zip(kinds, row, strict=True)
    ]


@lru_cache(IDS_KEPT)
def read_id(text: str | bytes) -> uuid.UUID:
    """Schools, releases and people come by in every step; ids are never changed."""
    return uuid.UUID(text.decode() if isinstance(text, bytes) else text)


def read_naive(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read_moment(text: bytes) -> datetime:
    return datetime.fromisoformat(text.decode()).astimezone(UTC)


@lru_cache(MOMENTS_KEPT)
def naive_text(moment: datetime) -> str:
    """As SQLite keeps a moment. One step writes the same one many times."""
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    return naive.isoformat(sep=" ", timespec="microseconds")


@lru_cache(MOMENTS_KEPT)
def moment_bytes(moment: datetime) -> bytes:
    """As PostgreSQL reads a moment, whatever its time zone."""
    return moment.isoformat().encode()


SQLITE_READS: Mapping[str, Callable[[Any], Any]] = {
    "id": read_id, "moment": read_naive, "json": orjson.loads, "text": str, "number": int, "yes": bool,
}  # fmt: skip
POSTGRESQL_READS: Mapping[str, Callable[[Any], Any]] = {
    **SQLITE_READS, "moment": read_moment, "text": bytes.decode, "yes": b"t".__eq__,
}  # fmt: skip
SENT: Mapping[type, Callable[[Any], bytes]] = {
    str: str.encode,
    uuid.UUID: lambda value: value.int.to_bytes(16),
    int: lambda value: b"%d" % value,
    bool: lambda value: b"t" if value else b"f",
    datetime: moment_bytes,
}
SENT_BINARY = (str, uuid.UUID)


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
