"""The migrated schema is the one the models describe, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from downgrading import downgrade
from sqlalchemy import inspect

from webapp.database import check_database, upgrade
from webapp.models import Base

OURS = {"ix_employer_name_trgm", "ix_post_title_trgm"}


def include(item, name, kind, reflected, compare_to):
    return name not in OURS and name != "alembic_version"


def test_models_and_migrations_agree(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": include, "compare_type": True}
        )
        difference = compare_metadata(context, Base.metadata)

    assert difference == []


def test_every_table_is_there(engine):
    names = set(inspect(engine).get_table_names())

    assert names == set(Base.metadata.tables) | {"alembic_version"}


def test_upgrading_twice_is_once(database_url, engine):
    before = inspect(engine).get_table_names()

    upgrade(database_url)

    assert inspect(engine).get_table_names() == before


def test_every_revision_can_be_taken_back(database_url, engine):
    downgrade(engine, "base")

    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}

    upgrade(database_url)
    assert "case" in inspect(engine).get_table_names()


def test_a_fresh_database_is_usable(engine):
    messages = check_database(engine)

    assert all("pg_trgm" in message for message in messages)
