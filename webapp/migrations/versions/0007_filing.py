"""Filing, and cases that keep their employer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.models import guards

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('filing',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('graduate_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('sealed_on', sa.Date(), nullable=True),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['school_id', 'agreement_id'], ['agreement.school_id', 'agreement.id'], name=op.f('fk_filing_school_id_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_filing_school_id_case_id_case')),
    sa.ForeignKeyConstraint(['school_id', 'graduate_id'], ['graduate.school_id', 'graduate.id'], name=op.f('fk_filing_school_id_graduate_id_graduate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_filing')),
    sa.UniqueConstraint('number', name=op.f('uq_filing_number'))
    )
    op.create_index('ix_filing_school', 'filing', ['school_id', 'id'], unique=False)
    for statement in guards.filing_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.filing_removals(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_index('ix_filing_school', table_name='filing')
    op.drop_table('filing')
