"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from webapp.models import guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('blob',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_blob'))
    )
    op.create_table('employer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('uscc', sa.String(length=18), nullable=False),
    sa.Column('nature', sa.String(length=8), nullable=False),
    sa.Column('industry', sa.String(length=8), nullable=False),
    sa.Column('region', sa.String(length=6), nullable=False),
    sa.Column('address', sa.String(length=240), nullable=False),
    sa.Column('postcode', sa.String(length=6), nullable=False),
    sa.Column('contact_name', sa.String(length=60), nullable=False),
    sa.Column('contact_phone', sa.String(length=40), nullable=False),
    sa.Column('contact_mobile', sa.String(length=20), nullable=False),
    sa.Column('contact_email', sa.String(length=120), nullable=False),
    sa.Column('superior', sa.String(length=200), nullable=False),
    sa.Column('verification', sa.String(length=12), nullable=False),
    sa.CheckConstraint("verification IN ('none', 'phone', 'letter', 'register')", name=op.f('ck_employer_verification_level')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employer'))
    )
    op.create_index('ix_employer_name', 'employer', ['name'], unique=False)
    op.create_index('one_employer_per_code', 'employer', ['uscc'], unique=True, sqlite_where=sa.text("uscc <> '' AND uscc <> '无'"), postgresql_where=sa.text("uscc <> '' AND uscc <> '无'"))
    op.create_table('job',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('args', sa.Text(), nullable=False),
    sa.Column('once_key', sa.String(length=160), nullable=True),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('story', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f('ck_job_state_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('once_key', name=op.f('uq_job_once_key'))
    )
    op.create_index('ix_job_due', 'job', ['run_at', 'id'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('person',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('login', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mobile', sa.String(length=20), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('blocked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('login', name=op.f('uq_person_login'))
    )
    op.create_table('school',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=5), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('settings', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_school')),
    sa.UniqueConstraint('code', name=op.f('uq_school_code'))
    )
    op.create_table('setting',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_setting'))
    )
    op.create_table('throttle',
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_throttle'))
    )
    op.create_table('agreement_counter',
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('cohort', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_agreement_counter_school_id_school')),
    sa.PrimaryKeyConstraint('school_id', 'cohort', name=op.f('pk_agreement_counter'))
    )
    op.create_table('college',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_college_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_college')),
    sa.UniqueConstraint('school_id', 'code', name=op.f('uq_college_school_id_code')),
    sa.UniqueConstraint('school_id', 'id', name=op.f('uq_college_school_id_id'))
    )
    op.create_table('release',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('family', sa.String(length=64), nullable=False),
    sa.Column('variant', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('diagram', sa.LargeBinary(), nullable=False),
    sa.Column('called', sa.Text(), nullable=False),
    sa.Column('forms', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('in_force', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_release_author_id_person')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_release_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_release')),
    sa.UniqueConstraint('school_id', 'family', 'variant', 'number', name=op.f('uq_release_school_id_family_variant_number'))
    )
    op.create_index('one_release_in_force', 'release', ['school_id', 'family', 'variant'], unique=True, sqlite_where=sa.text('in_force'), postgresql_where=sa.text('in_force'))
    op.create_table('graduate',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('college_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('cohort', sa.Integer(), nullable=False),
    sa.Column('student_no', sa.String(length=40), nullable=False),
    sa.Column('exam_no', sa.String(length=40), nullable=False),
    sa.Column('id_no', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('gender', sa.String(length=8), nullable=False),
    sa.Column('nation', sa.String(length=8), nullable=False),
    sa.Column('political_status', sa.String(length=8), nullable=False),
    sa.Column('education', sa.String(length=8), nullable=False),
    sa.Column('training_mode', sa.String(length=8), nullable=False),
    sa.Column('major', sa.String(length=120), nullable=False),
    sa.Column('class_name', sa.String(length=80), nullable=False),
    sa.Column('years', sa.String(length=8), nullable=False),
    sa.Column('origin_region', sa.String(length=6), nullable=False),
    sa.Column('hardship', sa.String(length=8), nullable=False),
    sa.Column('normal_student', sa.String(length=8), nullable=False),
    sa.Column('mobile', sa.String(length=20), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('qq', sa.String(length=20), nullable=False),
    sa.Column('home_address', sa.String(length=240), nullable=False),
    sa.Column('register', sa.Text(), nullable=False),
    sa.Column('online_signing_allowed', sa.Boolean(), nullable=False),
    sa.Column('base_data_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_graduate_person_id_person')),
    sa.ForeignKeyConstraint(['school_id', 'college_id'], ['college.school_id', 'college.id'], name=op.f('fk_graduate_school_id_college_id_college')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_graduate_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_graduate')),
    sa.UniqueConstraint('person_id', name=op.f('uq_graduate_person_id')),
    sa.UniqueConstraint('school_id', 'id', name=op.f('uq_graduate_school_id_id')),
    sa.UniqueConstraint('school_id', 'student_no', name=op.f('uq_graduate_school_id_student_no'))
    )
    op.create_index('ix_graduate_college', 'graduate', ['school_id', 'college_id', 'id'], unique=False)
    op.create_index('ix_graduate_school_id_name', 'graduate', ['school_id', 'name'], unique=False)
    op.create_table('membership',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('role', sa.String(length=64), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=True),
    sa.Column('college_id', sa.Uuid(), nullable=True),
    sa.Column('employer_id', sa.Uuid(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(role = 'employer') = (employer_id IS NOT NULL) AND (role = 'reviewer') = (college_id IS NOT NULL) AND (role = 'employer') = (school_id IS NULL)", name=op.f('ck_membership_role_has_its_place')),
    sa.CheckConstraint("role IN ('graduate', 'employer', 'reviewer', 'office', 'admin')", name=op.f('ck_membership_role_known')),
    sa.ForeignKeyConstraint(['college_id'], ['college.id'], name=op.f('fk_membership_college_id_college')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_membership_employer_id_employer')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id_person')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_membership_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership'))
    )
    op.create_index('ix_membership_person_id', 'membership', ['person_id'], unique=False)
    op.create_table('case',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('release_id', sa.Uuid(), nullable=False),
    sa.Column('family', sa.String(length=64), nullable=False),
    sa.Column('variant', sa.String(length=64), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('graduate_id', sa.Uuid(), nullable=True),
    sa.Column('employer_id', sa.Uuid(), nullable=True),
    sa.Column('opened_by', sa.Uuid(), nullable=True),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('variables', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=64), nullable=False),
    sa.Column('wake_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_element', sa.String(length=120), nullable=False),
    sa.Column('messages', sa.Text(), nullable=False),
    sa.Column('history_count', sa.Integer(), nullable=False),
    sa.Column('history_hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint('ended_at IS NULL OR wake_at IS NULL', name=op.f('ck_case_ended_never_wakes')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_case_employer_id_employer')),
    sa.ForeignKeyConstraint(['opened_by'], ['person.id'], name=op.f('fk_case_opened_by_person')),
    sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_case_release_id_release')),
    sa.ForeignKeyConstraint(['school_id', 'graduate_id'], ['graduate.school_id', 'graduate.id'], name=op.f('fk_case_school_id_graduate_id_graduate')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_case_school_id_school')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case')),
    sa.UniqueConstraint('school_id', 'id', name=op.f('uq_case_school_id_id'))
    )
    op.create_index('ix_case_due', 'case', ['wake_at', 'id'], unique=False, sqlite_where=sa.text('wake_at IS NOT NULL'), postgresql_where=sa.text('wake_at IS NOT NULL'))
    op.create_index('ix_case_employer', 'case', ['employer_id', 'id'], unique=False)
    op.create_index('ix_case_graduate', 'case', ['school_id', 'graduate_id', 'id'], unique=False)
    op.create_index('ix_case_status', 'case', ['school_id', 'status', 'id'], unique=False)
    op.create_table('agreement',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('graduate_id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=True),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('snapshot', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('valid', 'rescinded', 'superseded')", name=op.f('ck_agreement_state_known')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_agreement_employer_id_employer')),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_agreement_school_id_case_id_case')),
    sa.ForeignKeyConstraint(['school_id', 'graduate_id'], ['graduate.school_id', 'graduate.id'], name=op.f('fk_agreement_school_id_graduate_id_graduate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement')),
    sa.UniqueConstraint('number', 'version', name=op.f('uq_agreement_number_version')),
    sa.UniqueConstraint('school_id', 'id', name=op.f('uq_agreement_school_id_id'))
    )
    op.create_index('ix_agreement_school', 'agreement', ['school_id', 'id'], unique=False)
    op.create_index('one_valid_agreement', 'agreement', ['graduate_id'], unique=True, sqlite_where=sa.text("state = 'valid'"), postgresql_where=sa.text("state = 'valid'"))
    op.create_table('claim',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('graduate_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('acquired_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_claim_school_id_case_id_case')),
    sa.ForeignKeyConstraint(['school_id', 'graduate_id'], ['graduate.school_id', 'graduate.id'], name=op.f('fk_claim_school_id_graduate_id_graduate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim'))
    )
    op.create_index('ix_claim_case', 'claim', ['case_id'], unique=False)
    op.create_index('one_live_claim', 'claim', ['graduate_id'], unique=True, sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'))
    op.create_table('destination',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('graduate_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('snapshot', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_destination_school_id_case_id_case')),
    sa.ForeignKeyConstraint(['school_id', 'graduate_id'], ['graduate.school_id', 'graduate.id'], name=op.f('fk_destination_school_id_graduate_id_graduate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_destination'))
    )
    op.create_index('ix_destination_school', 'destination', ['school_id', 'code', 'id'], unique=False)
    op.create_index('one_destination_in_force', 'destination', ['graduate_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_table('history',
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('element', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(actor = 'person') = (person_id IS NOT NULL)", name=op.f('ck_history_automatic_has_no_person')),
    sa.CheckConstraint("actor IN ('person', 'timer', 'system', 'guest')", name=op.f('ck_history_actor_known')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_history_person_id_person')),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_history_school_id_case_id_case')),
    sa.PrimaryKeyConstraint('case_id', 'seq', name=op.f('pk_history'))
    )
    op.create_table('incident',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('story', sa.Text(), nullable=False),
    sa.Column('trace', sa.Text(), nullable=False),
    sa.Column('solved_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_incident_school_id_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident'))
    )
    op.create_index('ix_incident_school', 'incident', ['school_id', 'id'], unique=False)
    op.create_index('one_open_incident', 'incident', ['case_id'], unique=True, sqlite_where=sa.text('solved_at IS NULL'), postgresql_where=sa.text('solved_at IS NULL'))
    op.create_table('invitation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('graduate_id', sa.Uuid(), nullable=False),
    sa.Column('employer_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reply_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_invitation_employer_id_employer')),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_invitation_school_id_case_id_case')),
    sa.ForeignKeyConstraint(['school_id', 'graduate_id'], ['graduate.school_id', 'graduate.id'], name=op.f('fk_invitation_school_id_graduate_id_graduate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('case_id', name=op.f('uq_invitation_case_id'))
    )
    op.create_index('ix_invitation_graduate', 'invitation', ['school_id', 'graduate_id', 'id'], unique=False)
    op.create_index('one_live_invitation', 'invitation', ['employer_id', 'graduate_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_table('notification',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('event', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('once_key', sa.String(length=160), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_notification_case_id_case')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notification_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification')),
    sa.UniqueConstraint('once_key', name=op.f('uq_notification_once_key'))
    )
    op.create_index('ix_notification_person', 'notification', ['person_id', 'id'], unique=False)
    op.create_index('ix_notification_unsent', 'notification', ['id'], unique=False, sqlite_where=sa.text('sent_at IS NULL'), postgresql_where=sa.text('sent_at IS NULL'))
    op.create_table('task',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('token', sa.String(length=40), nullable=False),
    sa.Column('element', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('form', sa.String(length=120), nullable=False),
    sa.Column('role', sa.String(length=64), nullable=False),
    sa.Column('queue', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=64), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.Uuid(), nullable=True),
    sa.Column('draft', sa.Text(), nullable=True),
    sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f('ck_task_closed_has_a_moment')),
    sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name=op.f('ck_task_state_known')),
    sa.ForeignKeyConstraint(['closed_by'], ['person.id'], name=op.f('fk_task_closed_by_person')),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_task_school_id_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    op.create_index('ix_task_case', 'task', ['case_id'], unique=False)
    op.create_index('ix_task_done_by', 'task', ['closed_by', 'id'], unique=False)
    op.create_index('ix_task_queue', 'task', ['queue', 'id'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.create_index('one_open_task_per_token', 'task', ['case_id', 'token'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.create_table('document',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('rendered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['school_id', 'agreement_id'], ['agreement.school_id', 'agreement.id'], name=op.f('fk_document_school_id_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_document_sha256_blob')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('agreement_id', 'kind', name=op.f('uq_document_agreement_id_kind'))
    )
    op.create_table('print',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('copy', sa.String(length=64), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_print_person_id_person')),
    sa.ForeignKeyConstraint(['school_id', 'agreement_id'], ['agreement.school_id', 'agreement.id'], name=op.f('fk_print_school_id_agreement_id_agreement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_print'))
    )
    op.create_index('ix_print_agreement', 'print', ['agreement_id', 'id'], unique=False)
    op.create_table('rescission',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=False),
    sa.Column('agreement_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['school_id', 'agreement_id'], ['agreement.school_id', 'agreement.id'], name=op.f('fk_rescission_school_id_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['school_id', 'case_id'], ['case.school_id', 'case.id'], name=op.f('fk_rescission_school_id_case_id_case')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rescission'))
    )
    op.create_index('one_open_rescission', 'rescission', ['agreement_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_table('upload',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('school_id', sa.Uuid(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('task_id', sa.Uuid(), nullable=True),
    sa.Column('field', sa.String(length=120), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('content_type', sa.String(length=60), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_upload_person_id_person')),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_upload_sha256_blob')),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_upload_task_id_task')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload'))
    )
    op.create_index('ix_upload_task', 'upload', ['task_id'], unique=False)
    for statement in guards.statements(op.get_bind().dialect.name):
        op.execute(statement)
    add_trigram_index()


def add_trigram_index() -> None:
    """Employers by any part of their name, where PostgreSQL may create pg_trgm; else by prefix."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.exec_driver_sql(
                "CREATE INDEX ix_employer_name_trgm ON employer USING gin (name gin_trgm_ops)"
            )
    except sa.exc.DBAPIError:
        pass  # start-up says so: webapp.database.check_database


def downgrade() -> None:
    for statement in guards.removals(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_index('ix_upload_task', table_name='upload')
    op.drop_table('upload')
    op.drop_index('one_open_rescission', table_name='rescission', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_table('rescission')
    op.drop_index('ix_print_agreement', table_name='print')
    op.drop_table('print')
    op.drop_table('document')
    op.drop_index('one_open_task_per_token', table_name='task', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.drop_index('ix_task_queue', table_name='task', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.drop_index('ix_task_done_by', table_name='task')
    op.drop_index('ix_task_case', table_name='task')
    op.drop_table('task')
    op.drop_index('ix_notification_unsent', table_name='notification', sqlite_where=sa.text('sent_at IS NULL'), postgresql_where=sa.text('sent_at IS NULL'))
    op.drop_index('ix_notification_person', table_name='notification')
    op.drop_table('notification')
    op.drop_index('one_live_invitation', table_name='invitation', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index('ix_invitation_graduate', table_name='invitation')
    op.drop_table('invitation')
    op.drop_index('one_open_incident', table_name='incident', sqlite_where=sa.text('solved_at IS NULL'), postgresql_where=sa.text('solved_at IS NULL'))
    op.drop_index('ix_incident_school', table_name='incident')
    op.drop_table('incident')
    op.drop_table('history')
    op.drop_index('one_destination_in_force', table_name='destination', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_index('ix_destination_school', table_name='destination')
    op.drop_table('destination')
    op.drop_index('one_live_claim', table_name='claim', sqlite_where=sa.text('released_at IS NULL'), postgresql_where=sa.text('released_at IS NULL'))
    op.drop_index('ix_claim_case', table_name='claim')
    op.drop_table('claim')
    op.drop_index('one_valid_agreement', table_name='agreement', sqlite_where=sa.text("state = 'valid'"), postgresql_where=sa.text("state = 'valid'"))
    op.drop_index('ix_agreement_school', table_name='agreement')
    op.drop_table('agreement')
    op.drop_index('ix_case_status', table_name='case')
    op.drop_index('ix_case_graduate', table_name='case')
    op.drop_index('ix_case_employer', table_name='case')
    op.drop_index('ix_case_due', table_name='case', sqlite_where=sa.text('wake_at IS NOT NULL'), postgresql_where=sa.text('wake_at IS NOT NULL'))
    op.drop_table('case')
    op.drop_index('ix_membership_person_id', table_name='membership')
    op.drop_table('membership')
    op.drop_index('ix_graduate_school_id_name', table_name='graduate')
    op.drop_index('ix_graduate_college', table_name='graduate')
    op.drop_table('graduate')
    op.drop_index('one_release_in_force', table_name='release', sqlite_where=sa.text('in_force'), postgresql_where=sa.text('in_force'))
    op.drop_table('release')
    op.drop_table('college')
    op.drop_table('agreement_counter')
    op.drop_table('throttle')
    op.drop_table('setting')
    op.drop_table('school')
    op.drop_table('person')
    op.drop_index('ix_job_due', table_name='job', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table('job')
    op.drop_index('one_employer_per_code', table_name='employer', sqlite_where=sa.text("uscc <> '' AND uscc <> '无'"), postgresql_where=sa.text("uscc <> '' AND uscc <> '无'"))
    op.drop_index('ix_employer_name', table_name='employer')
    op.drop_table('employer')
    op.drop_table('blob')
