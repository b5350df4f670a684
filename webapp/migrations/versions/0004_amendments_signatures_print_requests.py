"""Edits after signing, handwritten signatures, and requests for another print."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.models import guards

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('signature',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=True),
    sa.Column('graduate_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('made_by', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(employer_id IS NULL) <> (graduate_id IS NULL)', name=op.f('ck_signature_one_owner')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_signature_employer_id_employer')),
    sa.ForeignKeyConstraint(['graduate_id'], ['graduate.id'], name=op.f('fk_signature_graduate_id_graduate')),
    sa.ForeignKeyConstraint(['made_by'], ['person.id'], name=op.f('fk_signature_made_by_person')),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_signature_sha256_blob')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature')),
    sa.UniqueConstraint('employer_id', 'version', name=op.f('uq_signature_employer_id_version')),
    sa.UniqueConstraint('graduate_id', 'version', name=op.f('uq_signature_graduate_id_version'))
    )
    op.create_table('amendment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['school_id', 'agreement_id'], ['agreement.school_id', 'agreement.id'], name=op.f('fk_amendment_school_id_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_amendment_school_id_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_amendment'))
    )
    op.create_index('ix_amendment_case', 'amendment', ['case_id'], unique=False)
    op.create_index('one_open_amendment', 'amendment', ['agreement_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_table('print_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=64), nullable=False),
    sa.Column('copy', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('print_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f('ck_print_request_decided_once')),
    sa.CheckConstraint("print_id IS NULL OR state = 'granted'", name=op.f('ck_print_request_only_granted_prints')),
    sa.CheckConstraint("state IN ('waiting', 'granted', 'refused')", name=op.f('ck_print_request_state_known')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_print_request_decided_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_print_request_person_id_person')),
    sa.ForeignKeyConstraint(['print_id'], ['print.id'], name=op.f('fk_print_request_print_id_print')),
    sa.ForeignKeyConstraint(['school_id', 'agreement_id'], ['agreement.school_id', 'agreement.id'], name=op.f('fk_print_request_school_id_agreement_id_agreement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print_request')),
    sa.UniqueConstraint('print_id', name=op.f('uq_print_request_print_id'))
    )
    op.create_index('ix_print_request_school', 'print_request', ['school_id', 'id'], unique=False)
    op.create_index('one_waiting_request', 'print_request', ['agreement_id', 'role'], unique=True, sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))
    for statement in guards.version_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in guards.version_removals(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_index('one_waiting_request', table_name='print_request', sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))
    op.drop_index('ix_print_request_school', table_name='print_request')
    op.drop_table('print_request')
    op.drop_index('one_open_amendment', table_name='amendment', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index('ix_amendment_case', table_name='amendment')
    op.drop_table('amendment')
    op.drop_table('signature')
