"""Whether silence until a task's moment ends the step, or its holders are only reminded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Tasks that wait now: their moment is a deadline where the case wakes at that very moment.
MARK = """
UPDATE task SET lapses = {true}
WHERE state = 'open' AND due_at IS NOT NULL
AND due_at = (SELECT c.wake_at FROM "case" c WHERE c.id = task.case_id)
"""


def upgrade() -> None:
    op.add_column("task", sa.Column("lapses", sa.Boolean(), nullable=False, server_default=sa.false()))
    true = "true" if op.get_bind().dialect.name == "postgresql" else "1"
    op.execute(MARK.format(true=true))


def downgrade() -> None:
    op.drop_column("task", "lapses")
