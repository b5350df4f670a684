"""Opens the database, SQLite or PostgreSQL, and brings its schema up to date.

On SQLite a transaction begins deferred, so pages that only read never wait; a service that is
about to write calls `begin_write`, which takes the write lock before it reads what it decides on.
"""

from __future__ import annotations

import logging
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
WRITES = "qianyue_writes"  # of a connection: its transaction begins with the write lock
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
        engine = create_engine(parsed, **options)
        prepare_sqlite(engine)
    else:
        engine = create_engine(parsed, **options)
        keep_prepared(engine)
        ping_after_rest(engine)
    return engine


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions that keep what they loaded after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def prepare_sqlite(engine: Engine) -> None:
    """Let SQLAlchemy begin transactions itself, and set what SQLite leaves off by default."""

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        for pragma in PRAGMAS:
            raw.execute(pragma)

    @event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        raw = _raw(connection)
        writing = connection.get_execution_options().get(WRITES, False)
        raw.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
        connection.info["writing"] = writing
        connection.info["changes"] = raw.total_changes


def begin_write(session: Session) -> Connection:
    """Take the write lock now, so what is read next cannot change before it is written.

    On SQLite a deferred transaction that has read cannot wait for the lock (SQLITE_BUSY_SNAPSHOT),
    so one that has only read ends here and begins again as a writing one. PostgreSQL locks rows.
    """
    if not session.in_transaction():
        return session.connection(execution_options={WRITES: True})
    connection = session.connection()
    if connection.dialect.name != "sqlite" or connection.info.get("writing"):
        return connection
    raw = _raw(connection)
    if raw.total_changes == connection.info["changes"]:
        raw.execute("COMMIT")
        raw.execute("BEGIN IMMEDIATE")
    connection.info["writing"] = True
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
