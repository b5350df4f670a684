"""Every step writes the task's indexes: one less, and one that only what is done enters."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
DONE = sa.text("closed_by IS NOT NULL")


def upgrade() -> None:
    op.drop_index("one_open_task_per_token", table_name="task")
    op.drop_index("ix_task_case", table_name="task")
    op.drop_index("ix_task_done_by", table_name="task")
    op.create_index("one_task_per_token", "task", ["case_id", "token"], unique=True)
    op.create_index(
        "ix_task_done_by",
        "task",
        ["closed_by", "id"],
        sqlite_where=DONE,
        postgresql_where=DONE,
    )


def downgrade() -> None:
    op.drop_index("ix_task_done_by", table_name="task")
    op.drop_index("one_task_per_token", table_name="task")
    op.create_index("ix_task_done_by", "task", ["closed_by", "id"])
    op.create_index("ix_task_case", "task", ["case_id"])
    op.create_index(
        "one_open_task_per_token",
        "task",
        ["case_id", "token"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
