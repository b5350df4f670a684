"""Connections to PostgreSQL that keep what they prepared, and that notice a restarted server."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format, TransactionStatus
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

RESTED_SECONDS = 5.0
STATEMENTS_KEPT = 100  # of those that `first_row` prepared; each costs the server memory
TEXT, BINARY = Format.TEXT.value, Format.BINARY.value


class SteadyConnection(psycopg.Connection[Any]):
    """A connection whose prepared statements outlive a rollback.

    A page that only read ends with ROLLBACK, and psycopg then deallocates every statement of the
    connection: what was rolled back might have created the tables that they use. Nothing here
    creates tables outside migrations, and parsing and planning anew cost a step more than doing it.

    `first_row` is the short way to the server for statements that come again and again: a cursor
    costs as much processor time as the rest of the client's part.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._named: dict[str, bytes] = {}
        self._last_name = 0

    def commit(self) -> None:
        self._end(b"COMMIT")

    def rollback(self) -> None:
        self._end(b"ROLLBACK")

    def first_row(
        self, sql: str, values: Sequence[Any], formats: Sequence[int]
    ) -> list[bytes | None] | None:
        """The first row of a prepared statement, each value as PostgreSQL writes it as text.

        `values` stand for `$1`, `$2` … in `sql`: bytes, text or binary (`formats`), None for NULL.
        Begins a transaction where there is none. Raises what a cursor raises.
        """
        with self.lock:
            pgconn = self.pgconn
            if pgconn.transaction_status == TransactionStatus.IDLE:
                self._checked(pgconn.exec_(b"BEGIN"))
            name = self._named.get(sql) or self._prepare(sql)
            result = self._checked(pgconn.exec_prepared(name, values, formats))
        if not result.ntuples:
            return None
        get_value = result.get_value
        return [get_value(0, column) for column in range(result.nfields)]

    def _prepare(self, sql: str) -> bytes:
        """Name a statement. The server finds the types, so one text is one statement."""
        if len(self._named) >= STATEMENTS_KEPT:
            oldest = self._named.pop(next(iter(self._named)))
            self._checked(self.pgconn.exec_(b"DEALLOCATE " + oldest))
        self._last_name += 1
        name = b"step_%d" % self._last_name
        self._checked(self.pgconn.prepare(name, sql.encode()))
        self._named[sql] = name
        return name

    def _deallocate(self, name: bytes | None) -> Any:
        """psycopg forgets a statement, or all of them: after ROLLBACK TO SAVEPOINT, for one."""
        if name is None:
            self._named.clear()
        return super()._deallocate(name)

    def _end(self, how: bytes) -> None:
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            return
        with self.lock:
            self._checked(self.pgconn.exec_(how))

    def _checked(self, result: Any) -> Any:
        if result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
            return result
        if self.closed or self.broken:
            raise psycopg.OperationalError(result.get_error_message())
        raise error_from_result(result)


def keep_prepared(engine: Engine) -> None:
    """Let the engine open such connections."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Any, options: Any) -> Any:
        return SteadyConnection.connect(*args, **options)


def ping_after_rest(engine: Engine) -> None:
    """Try a connection that rested before using it, so a restarted server is not noticed by people.

    `pool_pre_ping` asks before every use, which costs a step a round trip; a connection that
    worked moments ago needs no asking.
    """

    @event.listens_for(engine, "checkin")
    def rests(_raw: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def wakes(raw: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("rests_since", math.inf) > RESTED_SECONDS:
            try:
                engine.dialect.do_ping(raw)
            except engine.dialect.loaded_dbapi.Error as gone:
                raise DisconnectionError(
                    "the server went away while the connection rested"
                ) from gone
