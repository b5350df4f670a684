"""The record of voided destinations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "destination_void",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("graduate_id", sa.Uuid(), nullable=False),
        sa.Column("destination_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "graduate_id"],
            ["graduate.school_id", "graduate.id"],
            name=op.f("fk_destination_void_school_id_graduate_id_graduate"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "case_id"],
            ["case.school_id", "case.id"],
            name=op.f("fk_destination_void_school_id_case_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["destination_id"],
            ["destination.id"],
            name=op.f("fk_destination_void_destination_id_destination"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destination_void")),
        sa.UniqueConstraint("destination_id", name=op.f("uq_destination_void_destination_id")),
    )
    op.create_index("ix_destination_void_school", "destination_void", ["school_id", "id"])
    op.create_index("ix_destination_void_graduate", "destination_void", ["graduate_id", "id"])


def downgrade() -> None:
    op.drop_table("destination_void")
