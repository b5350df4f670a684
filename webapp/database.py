"""Opens the database, SQLite or PostgreSQL, and brings its schema up to date.

On SQLite a transaction begins deferred, so pages that only read never wait; a service that is
about to write calls `begin_write`, which takes the write lock before it reads what it decides on.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, sessionmaker

from .postgresql import keep_prepared, ping_after_rest

log = logging.getLogger(__name__)

BUSY_MILLISECONDS = 15_000
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32000",
)


class UnusableDatabase(Exception):
    """The database cannot carry this system; the message says why and what to do."""


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for `url`; `postgresql://` means psycopg 3."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        connect_args = {"factory": SqliteConnection, **options.pop("connect_args", {})}
        engine = create_engine(parsed, connect_args=connect_args, **options)
        prepare_sqlite(engine)
    else:
        engine = create_engine(parsed, **options)
        keep_prepared(engine)
        ping_after_rest(engine)
    return engine


class QuickSession(Session):
    """A session whose end costs nothing where nothing is left to end, as after a step."""

    def close(self) -> None:
        if self.in_transaction() or len(self.identity_map):
            super().close()


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions that keep what they loaded after a commit."""
    return sessionmaker(engine, class_=QuickSession, expire_on_commit=False)


class SqliteConnection(sqlite3.Connection):
    """A connection that knows whether its transaction holds the write lock, and has written."""

    holds_lock = False
    changes_before = 0

    def begin(self) -> None:
        """Begin a transaction that takes no lock before it reads or writes."""
        self.execute("BEGIN")
        self.holds_lock = False
        self.changes_before = self.total_changes

    def take_lock(self) -> None:
        """Become a writing transaction: one that has only read ends here and begins again."""
        if not self.holds_lock and self.total_changes == self.changes_before:
            self.execute("COMMIT")
            self.execute("BEGIN IMMEDIATE")
        self.holds_lock = True


def prepare_sqlite(engine: Engine) -> None:
    """Let SQLAlchemy begin transactions itself, and set what SQLite leaves off by default.

    The dialect begins them, not a listener: a listener makes every connection pass all its events.
    """

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        for pragma in PRAGMAS:
            raw.execute(pragma)

    def do_begin(connection: Any) -> None:
        connection.dbapi_connection.begin()

    engine.dialect.do_begin = do_begin  # type: ignore[method-assign, assignment]


def begin_write(session: Session) -> Connection:
    """Take the write lock now, so what is read next cannot change before it is written.

    On SQLite a deferred transaction that has read cannot wait for the lock (SQLITE_BUSY_SNAPSHOT),
    so one that has only read ends here and begins again as a writing one. PostgreSQL locks rows.
    """
    connection = session.connection()
    raw = _raw(connection)
    if isinstance(raw, SqliteConnection):
        raw.take_lock()
    return connection


def insert_for(session: Session, table: Any) -> Any:
    """INSERT in the words of the session's database, which know ON CONFLICT."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return (sqlite_insert if is_sqlite else postgresql_insert)(table)


def check_database(engine: Engine) -> list[str]:
    """Messages for the start-up log; raises UnusableDatabase where data would be damaged."""
    if engine.dialect.name == "sqlite":
        return []
    with engine.connect() as connection:
        encoding = connection.scalar(text("SHOW server_encoding"))
        ctype = connection.scalar(
            text("SELECT datctype FROM pg_database WHERE datname = current_database()")
        )
        trigrams = connection.scalar(
            text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        )
    if encoding != "UTF8" or "UTF" not in str(ctype).upper():
        raise UnusableDatabase(
            f"数据库的字符设置是 {encoding} / {ctype}，中文无法检索。"
            "请用 UTF-8 重新创建：CREATE DATABASE … ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' TEMPLATE template0"
        )
    if not trigrams:
        return ["数据库没有 pg_trgm 扩展：单位名称只能从开头检索"]
    return []


def upgrade(url: str) -> None:
    """Bring the schema of `url` up to the latest revision."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    engine = make_engine(url)
    try:
        check_database(engine)
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _raw(connection: Connection) -> Any:
    """The driver's own connection."""
    return connection.connection.dbapi_connection
