"""Publications that wait for a second person, and running cases moved to another release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UNDECIDED = sa.text("decided_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_case_release", "case", ["release_id", "id"])
    op.create_table(
        "publication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("variant", sa.String(length=64), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('', 'published', 'refused', 'outdated')",
            name=op.f("ck_publication_outcome_known"),
        ),
        sa.CheckConstraint(
            "(outcome = '') = (decided_at IS NULL)", name=op.f("ck_publication_decided_has_a_moment")
        ),
        sa.CheckConstraint(
            "decided_by_id <> asked_by_id", name=op.f("ck_publication_a_second_person_decides")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_publication_asked_by_id_person")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_publication_decided_by_id_person")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_publication_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_index(
        "one_open_publication", "publication", ["school_id", "family", "variant"], unique=True,
        sqlite_where=UNDECIDED, postgresql_where=UNDECIDED,
    )
    op.create_table(
        "move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_move_author_id_person")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_move_release_id_release")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_move_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
    )
    op.create_index("ix_move_school", "move", ["school_id", "id"])
    op.create_table(
        "moved_case",
        sa.Column("move_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('waiting', 'moved', 'refused', 'undone', 'kept')",
            name=op.f("ck_moved_case_outcome_known"),
        ),
        sa.CheckConstraint(
            "outcome IN ('waiting', 'refused') OR version IS NOT NULL",
            name=op.f("ck_moved_case_moved_has_a_version"),
        ),
        sa.ForeignKeyConstraint(["move_id"], ["move.id"], name=op.f("fk_moved_case_move_id_move")),
        sa.ForeignKeyConstraint(
            ["school_id", "case_id"], ["case.school_id", "case.id"],
            name=op.f("fk_moved_case_school_id_case"),
        ),
        sa.PrimaryKeyConstraint("move_id", "case_id", name=op.f("pk_moved_case")),
    )
    op.create_index("ix_moved_case_outcome", "moved_case", ["move_id", "outcome", "case_id"])
    op.create_index("ix_moved_case_case", "moved_case", ["case_id"])


def downgrade() -> None:
    op.drop_table("moved_case")
    op.drop_table("move")
    op.drop_table("publication")
    op.drop_index("ix_case_release", "case")
