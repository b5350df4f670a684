"""Connections to PostgreSQL keep what they prepared, and roll back what they should."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from webapp.models import AgreementCounter, School

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
