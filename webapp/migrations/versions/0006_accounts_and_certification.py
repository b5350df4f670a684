"""Certifications and managers of employers, bindings, changes of the register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.models import guards

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('binding',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('graduate_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('provider', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('bound_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_by', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_binding_person_id_person')),
    sa.ForeignKeyConstraint(['released_by'], ['person.id'], name=op.f('fk_binding_released_by_person')),
    sa.ForeignKeyConstraint(['school_id', 'graduate_id'], ['graduate.school_id', 'graduate.id'], name=op.f('fk_binding_school_id_graduate_id_graduate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_binding'))
    )
    op.create_index('one_live_binding', 'binding', ['graduate_id', 'provider'], unique=True, sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'))
    op.create_index('one_record_per_subject', 'binding', ['provider', 'subject'], unique=True, sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'))
    op.create_table('certification',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('level', sa.String(length=64), nullable=False),
    sa.Column('seal', sa.String(length=64), nullable=False),
    sa.Column('looked_up', sa.String(length=64), nullable=False),
    sa.Column('manager_name', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("level IN ('letter', 'register')", name=op.f('ck_certification_level_known')),
    sa.CheckConstraint("looked_up IN ('found', 'exempt')", name=op.f('ck_certification_look_up_known')),
    sa.CheckConstraint("seal IN ('official', 'personnel')", name=op.f('ck_certification_seal_accepted')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_certification_employer_id_employer')),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_certification_school_id_case_id_case')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_certification_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certification'))
    )
    op.create_index('ix_certification_employer', 'certification', ['employer_id', 'id'], unique=False)
    op.create_index('one_certification_per_case', 'certification', ['case_id'], unique=True)
    op.create_table('manager',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('mobile', sa.String(length=20), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_manager_case_id_case')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_manager_employer_id_employer')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_manager_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_manager'))
    )
    op.create_index('ix_manager_employer', 'manager', ['employer_id', 'id'], unique=False)
    op.create_index('one_manager_per_employer', 'manager', ['employer_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('register_change',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('graduate_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changes', sa.Text(), nullable=False),
    sa.CheckConstraint("source IN ('correction', 'import')", name=op.f('ck_register_change_source_known')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_register_change_case_id_case')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_register_change_person_id_person')),
    sa.ForeignKeyConstraint(['school_id', 'graduate_id'], ['graduate.school_id', 'graduate.id'], name=op.f('fk_register_change_school_id_graduate_id_graduate')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_register_change_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_change'))
    )
    op.create_index('ix_register_change_graduate', 'register_change', ['graduate_id', 'id'], unique=False)
    op.create_index('ix_register_change_school', 'register_change', ['school_id', 'id'], unique=False)
    op.add_column('graduate', sa.Column('plan', sa.String(length=8), nullable=False, server_default=''))
    op.add_column('upload', sa.Column('private', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index('ix_upload_private', 'upload', ['at'], unique=False, sqlite_where=sa.text('private'), postgresql_where=sa.text('private'))
    for statement in guards.change_statements(op.get_bind().dialect.name):
        op.execute(statement)
    

def downgrade() -> None:
    op.drop_index('ix_upload_private', table_name='upload')
    op.drop_column('upload', 'private')
    op.drop_column('graduate', 'plan')
    op.drop_index('ix_register_change_school', table_name='register_change')
    op.drop_index('ix_register_change_graduate', table_name='register_change')
    op.drop_table('register_change')
    op.drop_index('one_manager_per_employer', table_name='manager', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index('ix_manager_employer', table_name='manager')
    op.drop_table('manager')
    op.drop_index('one_certification_per_case', table_name='certification')
    op.drop_index('ix_certification_employer', table_name='certification')
    op.drop_table('certification')
    op.drop_index('one_record_per_subject', table_name='binding', sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'))
    op.drop_index('one_live_binding', table_name='binding', sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'))
    op.drop_table('binding')
    