"""What leaves the house: the outbox, one-time codes, contacts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('contact',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('openid', sa.String(length=64), nullable=True),
    sa.Column('bound_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('no_mail_since', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_contact_person_id_person')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_contact')),
    sa.UniqueConstraint('openid', name=op.f('uq_contact_openid'))
    )
    op.create_table('delivery',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=True),
    sa.Column('notification_id', sa.Uuid(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('channel', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('secret', sa.String(length=64), nullable=False),
    sa.Column('once_key', sa.String(length=160), nullable=False),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('story', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'unsure', 'failed')", name=op.f('ck_delivery_state_known')),
    sa.ForeignKeyConstraint(['notification_id'], ['notification.id'], name=op.f('fk_delivery_notification_id_notification')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_delivery_person_id_person')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_delivery_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('once_key', name=op.f('uq_delivery_once_key'))
    )
    op.create_index('ix_delivery_due', 'delivery', ['next_at', 'id'], unique=False, sqlite_where=sa.text("state IN ('waiting', 'sending')"), postgresql_where=sa.text("state IN ('waiting', 'sending')"))
    op.create_index('ix_delivery_school', 'delivery', ['school_id', 'id'], unique=False)
    op.create_index('ix_delivery_school_state', 'delivery', ['school_id', 'state', 'id'], unique=False)
    op.create_table('one_time_code',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('place', sa.String(length=64), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['id'], ['delivery.id'], name=op.f('fk_one_time_code_id_delivery')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_code'))
    )
    op.create_index('ix_one_time_code_place', 'one_time_code', ['place', 'id'], unique=False)
    op.add_column('notification', sa.Column('role', sa.String(length=64), nullable=False, server_default=''))
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('notification', 'role', server_default=None)
    op.execute('ALTER TABLE notification RENAME COLUMN sent_at TO passed_on_at')
    op.execute('ALTER TABLE notification DROP COLUMN attempts')


def downgrade() -> None:
    op.execute('ALTER TABLE notification ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0')
    op.execute('ALTER TABLE notification RENAME COLUMN passed_on_at TO sent_at')
    op.drop_column('notification', 'role')
    op.drop_index('ix_one_time_code_place', table_name='one_time_code')
    op.drop_table('one_time_code')
    op.drop_index('ix_delivery_school_state', table_name='delivery')
    op.drop_index('ix_delivery_school', table_name='delivery')
    op.drop_index('ix_delivery_due', table_name='delivery', sqlite_where=sa.text("state IN ('waiting', 'sending')"), postgresql_where=sa.text("state IN ('waiting', 'sending')"))
    op.drop_table('delivery')
    op.drop_table('contact')
