"""Mobiles that a code has proved for the form of a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mobile_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("mobile", sa.String(length=20), nullable=False),
        sa.Column("proved_by_id", sa.Uuid(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mobile <> ''", name=op.f("ck_mobile_proof_has_a_mobile")),
        sa.ForeignKeyConstraint(
            ["proved_by_id"], ["person.id"], name=op.f("fk_mobile_proof_proved_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "case_id"], ["case.school_id", "case.id"],
            name=op.f("fk_mobile_proof_school_id_case"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_mobile_proof_school_id_school")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mobile_proof")),
        sa.UniqueConstraint("case_id", "mobile", name=op.f("uq_mobile_proof_case_id_mobile")),
    )


def downgrade() -> None:
    op.drop_table("mobile_proof")
