"""Connections to PostgreSQL that keep what they prepared, and that notice a restarted server."""

from __future__ import annotations

import math
import time
from typing import Any

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

RESTED_SECONDS = 5.0


class SteadyConnection(psycopg.Connection[Any]):
    """A connection whose prepared statements outlive a rollback.

    A page that only read ends with ROLLBACK, and psycopg then deallocates every statement of the
    connection: what was rolled back might have created the tables that they use. Nothing here
    creates tables outside migrations, and parsing and planning anew cost a step more than doing it.
    """

    def rollback(self) -> None:
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            return
        with self.lock:
            result = self.pgconn.exec_(b"ROLLBACK")
        if result.status != ExecStatus.COMMAND_OK:
            raise psycopg.OperationalError(result.get_error_message())


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
