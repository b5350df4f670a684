"""Links for people without an account, the mobiles that proved them, and agreements that are void."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WITHOUT = "state IN ('valid', 'rescinded', 'superseded')"
WITH = "state IN ('valid', 'rescinded', 'superseded', 'void')"
NAME = "ck_agreement_state_known"


def let_states_be(wanted: str, known: str) -> None:
    """Change the CHECK of agreements in place.

    SQLite has no statement for it, and copying the table would drop its triggers; its manual
    (ALTER TABLE, "Making Other Kinds Of Table Schema Changes") says to rewrite the stored text.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f(NAME), "agreement", type_="check")
        op.create_check_constraint(op.f(NAME), "agreement", wanted)
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'agreement'",
        (known, wanted),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")



def upgrade() -> None:
    let_states_be(WITH, WITHOUT)
    op.create_table('guest_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('graduate_id', sa.Uuid(), nullable=True),
    sa.Column('mobile', sa.String(length=20), nullable=False),
    sa.Column('uses_left', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(case_id IS NULL) = (mobile = '')", name=op.f('ck_guest_link_case_link_names_its_mobile')),
    sa.CheckConstraint('(case_id IS NULL) <> (graduate_id IS NULL)', name=op.f('ck_guest_link_opens_one_thing')),
    sa.CheckConstraint('uses_left >= 0', name=op.f('ck_guest_link_uses_never_below_zero')),
    sa.CheckConstraint('valid_until > created_at', name=op.f('ck_guest_link_valid_for_some_time')),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_guest_link_school_id_case_id_case')),
    sa.ForeignKeyConstraint(['school_id', 'graduate_id'], ['graduate.school_id', 'graduate.id'], name=op.f('fk_guest_link_school_id_graduate_id_graduate')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_guest_link_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_guest_link_token_hash'))
    )
    op.create_index('one_standing_card_per_graduate', 'guest_link', ['graduate_id'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
    op.create_index('one_standing_link_per_case', 'guest_link', ['case_id'], unique=True, sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
    op.create_table('guest_proof',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('link_id', sa.Uuid(), nullable=False),
    sa.Column('mobile', sa.String(length=20), nullable=False),
    sa.Column('proved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("mobile <> ''", name=op.f('ck_guest_proof_has_a_mobile')),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_guest_proof_case_id_case')),
    sa.ForeignKeyConstraint(['link_id'], ['guest_link.id'], name=op.f('fk_guest_proof_link_id_guest_link')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_guest_proof')),
    sa.UniqueConstraint('link_id', 'mobile', name=op.f('uq_guest_proof_link_id_mobile'))
    )
    op.create_index('ix_guest_proof_case', 'guest_proof', ['case_id'], unique=False)


def require_nothing_lost() -> None:
    """Refuse to go back where there is something that the older schema cannot say.

    A void agreement is no rescinded one: calling it so would falsify what its public page tells.
    """
    connection = op.get_bind()
    counted = {
        "作废的协议书": "SELECT count(*) FROM agreement WHERE state = 'void'",
        "访客链接": "SELECT count(*) FROM guest_link",
        "访客验证记录": "SELECT count(*) FROM guest_proof",
    }
    found = {what: connection.exec_driver_sql(sql).scalar_one() for what, sql in counted.items()}
    if kept := "、".join(f"{what} {number} 条" for what, number in found.items() if number):
        raise CommandError(
            f"不能退回到 {down_revision} 版的数据库：已有{kept}，旧版没有地方存放。"
            "数据库没有改动。要回到旧版，请用升级前的备份恢复。"
        )


def downgrade() -> None:
    require_nothing_lost()
    let_states_be(WITHOUT, WITH)
    op.drop_index('ix_guest_proof_case', table_name='guest_proof')
    op.drop_table('guest_proof')
    op.drop_index('one_standing_link_per_case', table_name='guest_link', sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
    op.drop_index('one_standing_card_per_graduate', table_name='guest_link', sqlite_where=sa.text('revoked_at IS NULL'), postgresql_where=sa.text('revoked_at IS NULL'))
    op.drop_table('guest_link')
