"""Posts of employers, résumés of graduates, and which was sent where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('post',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('category', sa.String(length=8), nullable=False),
    sa.Column('work_place', sa.String(length=120), nullable=False),
    sa.Column('wanted', sa.Integer(), nullable=False),
    sa.Column('open_until', sa.Date(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('posted_by', sa.Uuid(), nullable=False),
    sa.Column('posted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('wanted > 0', name=op.f('ck_post_wants_somebody')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_post_employer_id_employer')),
    sa.ForeignKeyConstraint(['posted_by'], ['person.id'], name=op.f('fk_post_posted_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post'))
    )
    op.create_index('ix_post_employer', 'post', ['employer_id', 'id'], unique=False)
    op.create_index('ix_post_open', 'post', ['id'], unique=False, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_index('ix_post_open_category', 'post', ['category', 'id'], unique=False, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_index('ix_post_title', 'post', ['title'], unique=False)
    op.create_table('resume',
    sa.Column('graduate_id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['school_id', 'graduate_id'], ['graduate.school_id', 'graduate.id'], name=op.f('fk_resume_school_id_graduate_id_graduate')),
    sa.PrimaryKeyConstraint('graduate_id', name=op.f('pk_resume'))
    )
    op.create_table('application',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('graduate_id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=False),
    sa.Column('post_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_application_employer_id_employer')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_application_post_id_post')),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_application_school_id_case_id_case')),
    sa.ForeignKeyConstraint(['school_id', 'graduate_id'], ['graduate.school_id', 'graduate.id'], name=op.f('fk_application_school_id_graduate_id_graduate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
    sa.UniqueConstraint('case_id', name=op.f('uq_application_case_id'))
    )
    op.create_index('ix_application_employer', 'application', ['employer_id', 'id'], unique=False)
    op.create_index('ix_application_graduate', 'application', ['school_id', 'graduate_id', 'id'], unique=False)
    op.create_index('ix_application_post', 'application', ['post_id', 'id'], unique=False)
    op.create_index('one_open_application', 'application', ['post_id', 'graduate_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    add_trigram_index()


def add_trigram_index() -> None:
    """Posts by any part of their title, where PostgreSQL has pg_trgm; else the open ones are read."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    wanted = "SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"
    if connection.exec_driver_sql(wanted).scalar():
        connection.exec_driver_sql(
            "CREATE INDEX ix_post_title_trgm ON post USING gin (title gin_trgm_ops)"
        )


def downgrade() -> None:
    op.drop_index('one_open_application', table_name='application', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index('ix_application_post', table_name='application')
    op.drop_index('ix_application_graduate', table_name='application')
    op.drop_index('ix_application_employer', table_name='application')
    op.drop_table('application')
    op.drop_table('resume')
    op.drop_index('ix_post_title', table_name='post')
    op.drop_index('ix_post_open_category', table_name='post', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index('ix_post_open', table_name='post', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index('ix_post_employer', table_name='post')
    op.drop_table('post')
