"""How the two databases are opened, and what their triggers refuse."""

from __future__ import annotations

import threading
from datetime import timedelta
from sqlite3 import OperationalError

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from webapp.clock import set_demo_offset, utc_now
from webapp.config import load_config
from webapp.database import (
    UnusableDatabase,
    begin_write,
    check_database,
    make_engine,
    make_sessions,
    upgrade,
)
from webapp.demo.setup import MIGRATIONS
from webapp.models import AgreementCounter, School, guards


@pytest.fixture
def sqlite_engine(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/new/folder/qianyue.db")
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 15000)],
)
def test_sqlite_keeps_what_was_committed(sqlite_engine, pragma, value):
    with sqlite_engine.connect() as connection:
        assert connection.scalar(text(f"PRAGMA {pragma}")) == value


def test_a_writer_that_read_first_sees_what_others_committed(sessions, session, cast):
    """SQLite refuses a reader who turns writer after somebody else wrote; begin_write prevents it."""
    session.get(School, cast.school.id)
    with sessions.begin() as other:
        begin_write(other)
        other.add(AgreementCounter(school_id=cast.school.id, cohort=2027, last=7))

    begin_write(session)
    seen = session.get(AgreementCounter, (cast.school.id, 2027))
    seen.last += 1
    session.commit()

    assert session.get(AgreementCounter, (cast.school.id, 2027), populate_existing=True).last == 8


@pytest.mark.parametrize("reads_first", [False, True])
def test_who_begins_to_write_holds_the_lock_at_once(sqlite_engine, reads_first):
    """Also where nothing was read before, and the transaction begins as a writing one."""
    sessions = make_sessions(sqlite_engine)
    with sessions() as session, sqlite_engine.connect() as other:
        if reads_first:
            session.execute(text("SELECT 1"))
        begin_write(session)
        raw = other.connection.dbapi_connection
        raw.execute("COMMIT") if raw.in_transaction else None
        raw.execute("PRAGMA busy_timeout = 0")
        with pytest.raises(OperationalError, match="locked"):
            raw.execute("BEGIN IMMEDIATE")

        session.rollback()
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("ROLLBACK")


def test_two_writers_wait_for_each_other(sessions, session, cast):
    session.add(AgreementCounter(school_id=cast.school.id, cohort=2027, last=0))
    session.commit()

    def count_up():
        for _ in range(10):
            with sessions.begin() as own:
                begin_write(own)
                key = (cast.school.id, 2027)
                own.get(AgreementCounter, key, with_for_update=True).last += 1

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert session.get(AgreementCounter, (cast.school.id, 2027), populate_existing=True).last == 40


def test_what_was_added_before_the_write_began_is_kept(session, cast):
    session.get(School, cast.school.id)
    session.add(AgreementCounter(school_id=cast.school.id, cohort=2026, last=3))

    begin_write(session)
    session.commit()

    assert session.get(AgreementCounter, (cast.school.id, 2026), populate_existing=True).last == 3


def test_every_guard_is_in_the_database(engine):
    assert triggers(engine) == known_guards()


def known_guards() -> set[str]:
    """The names of all guards of the module, whichever revision brought them."""
    groups = [group for group in vars(guards).values() if isinstance(group, tuple)]
    kinds = (guards.Guard, guards.Exclusion)
    return {guard.name for group in groups for guard in group if isinstance(guard, kinds)}


def triggers(engine) -> set[str]:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        return set(connection.scalars(text(catalogue[engine.dialect.name])))


def test_guards_can_be_taken_back_and_come_again(engine, database_url):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    assert triggers(engine) == set()
    upgrade(database_url)
    assert triggers(engine) == known_guards()


def test_foreign_keys_hold(run_sql):
    with pytest.raises(DBAPIError):
        run_sql(
            "INSERT INTO agreement_counter (school_id, cohort, last) VALUES (:id, 2027, 0)",
            id="0" * 32,
        )


def test_a_database_that_cannot_read_chinese_is_refused(cluster):
    cluster.run(
        "CREATE DATABASE latin TEMPLATE template0 ENCODING 'UTF8' LC_CTYPE 'C' LC_COLLATE 'C'"
    )
    engine = make_engine(cluster.url("latin"))

    try:
        with pytest.raises(UnusableDatabase, match=r"C\.UTF-8"):
            check_database(engine)
    finally:
        engine.dispose()
        cluster.drop_database("latin")


def test_the_demo_clock_moves_every_process(sessions, session):
    before = utc_now(session)
    set_demo_offset(session, timedelta(days=3))
    session.commit()

    with sessions() as other:
        after = utc_now(other)

    assert timedelta(days=3) <= after - before < timedelta(days=3, minutes=5)


def test_two_starters_agree_on_one_key(instance_folder):
    first = load_config().key("sample")
    second = load_config().key("sample")

    assert first == second
    assert len(first) == 64
    assert (instance_folder / "sample.key").stat().st_mode & 0o077 == 0
