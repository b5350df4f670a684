"""An older schema takes what it can say, and is refused where it cannot: nothing is falsified."""

from __future__ import annotations

from datetime import timedelta

import pytest
from alembic.util import CommandError
from downgrading import downgrade
from sqlalchemy import inspect, select

from webapp.database import check_database, upgrade
from webapp.models import Agreement, Base, Case, GuestLink


@pytest.fixture
def agreement(session, story) -> Agreement:
    """A valid agreement of a signing that the school approved."""
    story.complete()
    return session.scalars(select(Agreement)).one()


def test_agreements_outlive_the_way_back_and_forth(database_url, engine, session, agreement):
    before = (agreement.id, agreement.number, agreement.state, agreement.snapshot)
    session.close()

    downgrade(engine, "0007")
    upgrade(database_url)

    kept = session.scalars(select(Agreement)).one()
    assert (kept.id, kept.number, kept.state, kept.snapshot) == before
    assert check_database(engine) == []


def test_what_the_older_schema_cannot_say_stops_the_way_back(engine, session, agreement):
    agreement.state = "void"
    session.commit()
    session.close()

    with pytest.raises(CommandError, match=r"作废的协议书 1 条.*备份"):
        downgrade(engine, "0007")

    assert session.scalars(select(Agreement.state)).all() == ["void"]
    assert set(inspect(engine).get_table_names()) == set(Base.metadata.tables) | {"alembic_version"}
    assert session.scalars(select(Case.status)).all() == ["completed"]


def test_links_of_guests_stop_the_way_back(engine, session, cast, monday):
    link = GuestLink(
        school_id=cast.school.id,
        token_hash="0" * 64,
        graduate_id=cast.graduate.id,
        mobile="",
        uses_left=3,
        created_at=monday,
        valid_until=monday + timedelta(days=7),
    )
    session.add(link)
    session.commit()
    session.close()

    with pytest.raises(CommandError, match="访客链接 1 条"):
        downgrade(engine, "0007")

    assert session.scalars(select(GuestLink.uses_left)).all() == [3]
