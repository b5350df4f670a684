"""The audit: who logged in, reset, blocked, imported, printed beyond the quota or retried."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.models import guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('act', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('about_id', sa.Uuid(), nullable=True),
    sa.Column('about', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['about_id'], ['person.id'], name=op.f('fk_audit_about_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_audit_person_id_person')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_audit_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    op.create_index('ix_audit_about', 'audit', ['about_id', 'id'], unique=False)
    op.create_index('ix_audit_person', 'audit', ['person_id', 'id'], unique=False)
    op.create_index('ix_audit_school', 'audit', ['school_id', 'id'], unique=False)
    for statement in guards.audit_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index('ix_audit_school', table_name='audit')
    op.drop_index('ix_audit_person', table_name='audit')
    op.drop_index('ix_audit_about', table_name='audit')
    op.drop_table('audit')
