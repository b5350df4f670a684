"""The employer's name as somebody typed it, so that lists find cases whose employer has no account."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TYPED = sa.text("typed_employer <> ''")
FINAL = "ended_case_never_changes"


def upgrade() -> None:
    op.add_column(
        "case",
        sa.Column("typed_employer", sa.String(length=200), nullable=False, server_default=""),
    )
    name_earlier_cases()
    op.create_index(
        "ix_case_typed_employer",
        "case",
        ["typed_employer", "id"],
        sqlite_where=TYPED,
        postgresql_where=TYPED,
    )


def downgrade() -> None:
    op.drop_index("ix_case_typed_employer", table_name="case")
    op.drop_column("case", "typed_employer")


def name_earlier_cases() -> None:
    """Ended cases are guarded against every change, so their guard rests while they get the name."""
    connection = op.get_bind()
    rows = connection.exec_driver_sql(
        'SELECT id, variables, facts FROM "case" WHERE employer_id IS NULL'
    ).fetchall()
    named = [{"key": id, "name": name} for id, *texts in rows if (name := typed_in(*texts))]
    if not named:
        return
    guard = rest_guard(connection)
    connection.execute(
        sa.text('UPDATE "case" SET typed_employer = :name WHERE id = :key'), named
    )
    connection.exec_driver_sql(guard)


def rest_guard(connection: Any) -> str:
    """Switch the guard off; gives the SQL that switches it on again."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f'ALTER TABLE "case" DISABLE TRIGGER {FINAL}')
        return f'ALTER TABLE "case" ENABLE TRIGGER {FINAL}'
    wanted = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    guard: str = connection.scalar(wanted, {"name": FINAL})
    connection.exec_driver_sql(f"DROP TRIGGER {FINAL}")
    return guard


def typed_in(variables: str, facts: str) -> str:
    """The newest name in the answers, else the one fixed at the start."""
    for step in reversed(list(json.loads(variables or "{}").values())):
        if isinstance(step, dict) and step.get("employer_name"):
            return str(step["employer_name"])[:200]
    fixed = json.loads(facts or "{}").get("case", {}).get("employer_name", "")
    return str(fixed or "")[:200]
