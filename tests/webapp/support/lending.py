"""What one test after the other borrows: a PostgreSQL database, and the engines.

Making a database costs ten times what emptying one does, and an engine that lasts has compiled
its statements already. Both were most of the time of a short test.
"""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import Engine, event, make_url

from bench.cluster import Cluster
from webapp.database import make_engine

# Whatever a test may do to tables, columns, constraints, triggers and functions leaves a new xmin.
SHAPE = " UNION ALL ".join(
    f"SELECT '{catalogue}', count(*), coalesce(sum(xmin::text::bigint), 0) FROM {catalogue} {where}"
    for catalogue, where in (
        ("pg_class", "WHERE oid >= 16384"),
        ("pg_attribute", "WHERE attrelid >= 16384"),
        ("pg_constraint", "WHERE oid >= 16384"),
        ("pg_trigger", "WHERE oid >= 16384"),
        ("pg_proc", "WHERE oid >= 16384"),
        ("alembic_version", ""),
    )
)
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND oid >= 16384"
SEQUENCES = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"
OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
KEPT = "alembic_version"


class Lender:
    """Lends a migrated, empty database; what a test did to its tables is never handed on."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self.cluster, self.template = cluster, template
        self.made = 0
        self.shape: Any = None
        self.tables: list[str] = []

    def lend(self) -> str:
        """The address of the database, which nobody else uses."""
        if not self.made or not self._emptied():
            self._make()
        return self.url

    @property
    def url(self) -> str:
        return self.cluster.url(f"lent_{self.made}")

    def _make(self) -> None:
        if self.made:
            self.cluster.drop_database(f"lent_{self.made}")
        self.made += 1
        self.cluster.create_database(f"lent_{self.made}", self.template)
        with psycopg.connect(self.url) as connection:
            self.shape = connection.execute(SHAPE).fetchall()
            self.tables = [name for (name,) in connection.execute(TABLES) if name != KEPT]
            assert not self._filled(connection), "a migration brings rows: let the lender keep them"

    def _emptied(self) -> bool:
        """Remove every row; False where the tables are no longer those of the template."""
        with psycopg.connect(self.url) as connection:
            connection.execute(OTHERS)
            if connection.execute(SHAPE).fetchall() != self.shape:
                return False
            connection.execute("SET session_replication_role = replica")  # no trigger guards a row
            for name in self._filled(connection):
                connection.execute(f'DELETE FROM "{name}"')
            connection.execute(SEQUENCES)
        return True

    def _filled(self, connection: psycopg.Connection[Any]) -> list[str]:
        asked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in self.tables)
        return [name for (name,) in connection.execute(" UNION ALL ".join(asked))]


class Engines:
    """Lends an engine for a database; one for all files of SQLite, led to the file in hand."""

    def __init__(self) -> None:
        self.kept: dict[str, Engine] = {}
        self.file = ""

    def lend(self, url: str) -> Engine:
        """An engine that has no connection open yet."""
        if not url.startswith("sqlite:"):
            return self.kept.setdefault(url, make_engine(url))
        self.file = str(make_url(url).database)
        if "sqlite" not in self.kept:
            engine = self.kept["sqlite"] = make_engine(url)
            event.listen(engine, "do_connect", self._lead)
        return self.kept["sqlite"]

    def _lead(self, _dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
        arguments[0] = self.file
