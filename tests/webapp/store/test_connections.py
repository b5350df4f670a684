"""Connections to PostgreSQL keep what they prepared, and roll back what they should."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from webapp.models import AgreementCounter, School
from webapp.postgresql import BINARY, STATEMENTS_KEPT, TEXT

PREPARED = text("SELECT count(*) FROM pg_prepared_statements")


@pytest.fixture
def dialect():
    return "postgresql"


def look(sessions, times):
    """Pages that only read: each session ends with a rollback."""
    for _ in range(times):
        with sessions() as session:
            session.scalars(select(School)).all()


def test_a_page_that_only_read_leaves_its_statements_prepared(sessions, session):
    look(sessions, 10)

    with sessions() as own:
        prepared = own.scalar(PREPARED)

    assert prepared > 0


def test_what_was_rolled_back_is_gone_and_the_connection_works_on(sessions, cast):
    key = {"school_id": cast.school.id, "cohort": 2027}
    with sessions() as session:
        session.add(AgreementCounter(**key, last=7))
        session.flush()
        session.rollback()

    with sessions() as session:
        assert session.get(AgreementCounter, (cast.school.id, 2027)) is None


def test_a_failed_transaction_does_not_spoil_what_was_prepared(sessions, cast):
    key = {"school_id": cast.school.id, "cohort": 2027}
    for _ in range(8):
        with sessions() as session:
            session.add(AgreementCounter(**key, last=7))
            session.flush()
            session.add(AgreementCounter(**key, last=8))
            with pytest.raises(IntegrityError):
                session.flush()

    with sessions.begin() as session:
        session.add(AgreementCounter(**key, last=9))
    with sessions() as session:
        assert session.get(AgreementCounter, (cast.school.id, 2027)).last == 9


@pytest.fixture
def steady(engine):
    """One connection of the driver, as a step uses it."""
    with engine.connect() as connection:
        yield connection.connection.dbapi_connection


def first(steady, sql, *values):
    return steady.first_row(sql, values, [TEXT] * len(values))


def test_a_named_statement_outlives_commit_and_rollback(steady):
    for end in (steady.commit, steady.rollback, steady.commit):
        assert first(steady, "SELECT $1::int + 1, NULL", b"41") == [b"42", None]
        assert steady.pgconn.transaction_status == TransactionStatus.INTRANS
        end()

    assert steady.pgconn.transaction_status == TransactionStatus.IDLE
    assert len(steady._named) == 1


def test_no_row_is_none(steady):
    assert first(steady, "SELECT 1 WHERE $1::int = 0", b"1") is None


def test_a_statement_comes_again_after_a_savepoint_was_rolled_back(engine):
    """psycopg then deallocates every statement of the connection, also those it did not name."""
    with engine.connect() as connection:
        steady = connection.connection.dbapi_connection
        for _ in range(3):
            assert first(steady, "SELECT $1::int", b"7") == [b"7"]
            savepoint = connection.begin_nested()
            for _ in range(8):
                connection.execute(text("SELECT 2"))
            savepoint.rollback()

        assert first(steady, "SELECT $1::int", b"7") == [b"7"]


def test_only_so_many_statements_are_kept(steady):
    for number in range(STATEMENTS_KEPT + 5):
        first(steady, f"SELECT {number}")

    kept = first(steady, "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'step%'")
    assert kept == [str(STATEMENTS_KEPT).encode()]
    assert first(steady, "SELECT 0") == [b"0"]


def test_the_driver_s_errors_come_as_they_are(steady):
    with pytest.raises(psycopg.errors.DivisionByZero):
        first(steady, "SELECT 1 / $1::int", b"0")
    steady.rollback()
    with pytest.raises(psycopg.errors.CharacterNotInRepertoire):
        steady.first_row("SELECT $1::text", [b"a\0b"], [BINARY])
    steady.rollback()

    assert first(steady, "SELECT 1") == [b"1"]


def test_a_lost_server_is_told_as_such(engine, steady):
    pid = first(steady, "SELECT pg_backend_pid()")[0]
    steady.commit()
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": int(pid)})

    with pytest.raises(psycopg.OperationalError):
        first(steady, "SELECT 1")
