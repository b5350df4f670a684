"""An employer is certified at one school and counts at all; its manager changes, its tasks stay."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select

from webapp.errors import NotAllowed, NotYours
from webapp.models import (
    Blob,
    Case,
    Certification,
    Employer,
    Manager,
    Membership,
    Notification,
    Person,
    Task,
    Upload,
)
from webapp.services.accounts.actors import actors_of
from webapp.services.cases import cases, mobile_proofs, tasks
from webapp.services.employers import certifying, levels, managers
from webapp.services.files import retention, uploads
from webapp.services.files.attachments import attachments_of
from webapp.services.imports.values import uscc_check_digit

FAMILY, CODE = "employer_certification", "91340100MA2MRBFK0"
FILLED = {
    "outcome": "next",
    "employer_name": "恒信软件有限公司",
    "uscc": CODE + uscc_check_digit(CODE),
    "nature": "39",
    "industry": "I65",
    "region": "340104",
    "address": "示例大道 1 号",
    "contact_name": "周宁",
    "contact_mobile": "13800000002",
    "contact_email": "hr@example.com",
    "legal_person": "周建国",
    "manager_name": "周宁",
    "manager_id_no": "340104199001011234",
    "manager_mobile": "13800000002",
}
PASSED = {"outcome": "pass", "seal": "official", "looked_up": "found"}
FILES = ("licence", "letter", "manager_id_front", "manager_id_back")


ON_BOTH = {  # what rests on locks, indexes or types of the store
    "test_the_office_accepts_and_the_employer_counts_as_certified",
    "test_a_code_of_another_employer_certifies_nobody",
    "test_identity_cards_are_deleted_when_their_time_is_over",
    "test_a_new_manager_takes_over_what_waits_for_the_employer",
}


def pytest_generate_tests(metafunc):
    if "dialect" in metafunc.fixturenames and metafunc.function.__name__ not in ON_BOTH:
        metafunc.parametrize("dialect", ["sqlite"])


def photo(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 120), (shade, shade, shade)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def certifying_acts(story, session, cast, monday):
    """Acts of a certification, each committed."""

    class Acts:
        def begin(self, variant="authorisation_letter", actor=None, school="10001"):
            case_id = certifying.begin(
                session,
                actor or cast.hengxin,
                school,
                FAMILY,
                variant,
                cast.employer.id,
                monday,
            )
            session.commit()
            return session.get_one(Case, case_id)

        def upload(self, case, actor=None, fields=FILES):
            task = story.open_task(case)
            found = {
                field: [
                    uploads.store(
                        session,
                        actor or cast.hengxin,
                        task.id,
                        field,
                        f"{field}.png",
                        photo(60 + 35 * number),
                        monday,
                    ).id.hex
                ]
                for number, field in enumerate(fields, start=1)
            }
            session.commit()
            return story.submit(
                actor or cast.hengxin, story.open_task(case), outcome="submit", **found
            )

        def prove(self, case, mobile=FILLED["manager_mobile"]):
            mobile_proofs.keep_proof(session, cast.hengxin, case, mobile, monday)
            session.commit()

        def fill(self, case, **changed):
            filled = {**FILLED, **changed}
            self.prove(case, filled["manager_mobile"])
            return story.submit(cast.hengxin, story.open_task(case), **filled)

        def submitted(self, **changed):
            case = self.begin()
            self.fill(case, **changed)
            return self.upload(case)

        def accepted(self, **changed):
            case = self.submitted(**changed)
            return story.submit(cast.wu, story.open_task(case), **PASSED)

    return Acts()


def file_of(session, field):
    return session.scalars(select(Upload).where(Upload.field == field)).first()


@pytest.mark.requirement("A09", "A10", "A17", "A18")
def test_the_office_accepts_and_the_employer_counts_as_certified(certifying_acts, session, cast):
    case = certifying_acts.accepted()

    session.expire_all()
    employer = session.get_one(Employer, cast.employer.id)
    (accepted,) = levels.certifications_of(session, employer.id)
    manager = session.scalars(select(Manager)).one()
    assert case.status == "certified"
    assert (employer.verification, employer.name) == ("register", "恒信软件有限公司")
    assert (accepted.school, accepted.seal, accepted.looked_up) == ("青禾大学", "公章", "可查到")
    assert manager.name == "周宁"
    assert manager.ended_at is None
    assert "certified" in session.scalars(select(Notification.event)).all()


@pytest.mark.requirement("A18")
def test_the_system_tells_the_reviewer_what_it_knows_of_code_and_name(certifying_acts, session):
    case = certifying_acts.submitted()

    known = session.get_one(Case, case.id).variables["Look_up_register"]
    assert known["code"] == "校验位相符；没有其他单位使用"
    assert known["name"] == "账号上的名称是“恒信科技有限公司”"
    assert known["certified"] == "还没有"


def test_a_code_of_another_employer_certifies_nobody(certifying_acts, session, cast, story):
    other, _ = cast.make.employer("云杉软件有限公司")
    session.commit()
    case = certifying_acts.submitted(uscc=other.uscc)

    story.submit(cast.wu, story.open_task(case), **PASSED)

    session.expire_all()
    assert session.get_one(Case, case.id).status == "certification_returned"
    assert session.get_one(Employer, cast.employer.id).verification == "none"
    assert session.scalar(select(func.count(Certification.id))) == 0


@pytest.mark.requirement("A14")
def test_a_returned_letter_comes_back_with_its_reason_and_is_mended(
    certifying_acts, session, cast, story
):
    case = certifying_acts.submitted()

    story.submit(cast.wu, story.open_task(case), outcome="return", reason="看不见红章")

    task = story.open_task(case)
    assert (task.element, task.queue) == ("Fill_certification", cast.hengxin.queues[0])
    assert session.get_one(Case, case.id).status == "certification_returned"


def test_a_case_without_a_graduate_is_seen_by_its_employer_and_its_office_alone(
    certifying_acts, session, cast
):
    case = certifying_acts.submitted()
    _, other = cast.make.employer("云杉软件有限公司")
    elsewhere = cast.make.actor(
        cast.make.person("外校老师"), "office", school_id=cast.nils.school_id
    )
    session.commit()

    for actor in (cast.hengxin, cast.wu, cast.ada):
        assert cases.find_case(session, actor, case.id).id == case.id
    for stranger in (cast.lin, cast.rao, cast.nils, other, elsewhere):
        with pytest.raises(NotYours):
            cases.find_case(session, stranger, case.id)


def test_one_certification_runs_at_a_school_at_a_time(certifying_acts, session, cast):
    colleague = cast.make.employer_member(cast.employer, "沈一")
    session.commit()

    first = certifying_acts.begin()
    second = certifying_acts.begin(actor=colleague)

    assert second.id == first.id


def test_nobody_begins_for_another_employer_or_at_a_school_that_offers_nothing(
    certifying_acts, cast, session
):
    _, other = cast.make.employer("云杉软件有限公司")
    session.commit()

    with pytest.raises(NotAllowed):
        certifying_acts.begin(actor=other)
    with pytest.raises(NotYours):
        certifying_acts.begin(school="10002")
    with pytest.raises(certifying.NotCertifiedYet):
        certifying_acts.begin("change_manager")


@pytest.mark.requirement("A13")
def test_identity_cards_are_shown_to_the_office_with_a_mark_and_to_nobody_else(
    certifying_acts, session, cast
):
    certifying_acts.submitted()
    card = file_of(session, "manager_id_front")
    stored = session.get_one(Blob, card.sha256).content

    _, own = uploads.read(session, cast.hengxin, card.id)
    _, shown = uploads.read(session, cast.wu, card.id)

    assert card.private
    assert own == stored
    assert shown != stored
    assert Image.open(io.BytesIO(shown)).size == (200, 120)
    for stranger in (cast.ada, cast.rao, cast.lin, cast.nils):
        with pytest.raises(NotYours):
            uploads.read(session, stranger, card.id)


@pytest.mark.requirement("A21")
def test_the_licence_is_open_to_who_reviews_a_signing_with_the_employer(
    certifying_acts, session, cast, story
):
    certifying_acts.accepted()
    licence, card = file_of(session, "licence"), file_of(session, "manager_id_back")
    with pytest.raises(NotYours):
        uploads.read(session, cast.rao, licence.id)

    story.invite()

    upload, shown = uploads.read(session, cast.rao, licence.id)
    assert shown != session.get_one(Blob, upload.sha256).content
    with pytest.raises(NotYours):
        uploads.read(session, cast.rao, card.id)
    elsewhere = cast.make.actor(
        cast.make.person("外校老师"), "office", school_id=cast.nils.school_id
    )
    session.commit()
    with pytest.raises(NotYours):
        uploads.read(session, elsewhere, licence.id)
    certified = session.get_one(Case, session.get_one(Task, licence.task_id).case_id)
    assert attachments_of(session, elsewhere, certified) == []  # what does not open is not shown
    beside = {one.upload_id for one in attachments_of(session, cast.rao, certified)}
    assert licence.id in beside
    assert card.id not in beside


@pytest.mark.requirement("A13")
def test_identity_cards_are_deleted_when_their_time_is_over(
    certifying_acts, session, sessions, monday
):
    certifying_acts.accepted()

    kept = retention.forget_private(sessions, monday + timedelta(days=29))
    gone = retention.forget_private(sessions, monday + timedelta(days=31))

    session.expire_all()
    assert (kept, gone) == (0, 2)
    assert sorted(session.scalars(select(Upload.field))) == ["letter", "licence"]
    assert session.scalar(select(func.count()).select_from(Blob)) == 2
    assert retention.forget_private(sessions, monday + timedelta(days=32)) == 0


@pytest.mark.requirement("A13")
def test_a_card_of_an_application_nobody_finished_goes_after_half_a_year(
    certifying_acts, session, sessions, monday
):
    certifying_acts.submitted()

    assert retention.forget_private(sessions, monday + timedelta(days=179)) == 0
    assert retention.forget_private(sessions, monday + timedelta(days=181)) == 2


@pytest.mark.requirement("A16", "A17")
def test_a_new_manager_takes_over_what_waits_for_the_employer(
    certifying_acts, session, cast, story, monday
):
    certifying_acts.accepted(manager_mobile="13800000012", manager_name="周宁")
    old = session.scalars(select(Manager)).one().person_id
    draft = story.start()
    case = certifying_acts.begin("change_manager")
    change = {"outcome": "next", "manager_name": "沈一", "manager_mobile": "13800000009"}
    certifying_acts.prove(case, "13800000009")
    story.submit(
        cast.hengxin,
        story.open_task(case),
        **change,
        manager_id_no="340104199001011234",
        change_reason="离职",
    )
    certifying_acts.upload(case, fields=FILES[1:])

    story.submit(cast.wu, story.open_task(case), outcome="pass", seal="personnel")

    session.expire_all()
    shen = session.scalars(select(Person).where(Person.login == "13800000009")).one()
    (actor,) = actors_of(session, shen.id)
    assert managers.current_manager(session, cast.employer.id) == shen.id
    assert actors_of(session, old) == []
    assert [row.name for row in managers.managers_of(session, cast.employer.id)] == ["沈一", "周宁"]
    assert shen.must_change_password
    (task,) = tasks.open_tasks(session, draft.id)
    assert tasks.find_task(session, actor, task.id).id == task.id
    assert cases.find_case(session, actor, draft.id).id == draft.id


@pytest.mark.requirement("A08")
def test_the_office_recovers_an_account_from_a_letter_by_two_people(
    certifying_acts, session, cast, story
):
    colleague = cast.make.actor(cast.make.person("郑老师"), "office", school_id=cast.school.id)
    session.commit()
    case = certifying_acts.begin("recover_account", actor=cast.wu)
    entered = {"outcome": "enter", "manager_name": "沈一", "manager_mobile": "13800000009"}
    story.submit(cast.wu, story.open_task(case), **entered, how_verified="回拨证照上的电话核实")

    story.submit(colleague, story.open_task(case), outcome="pass")

    session.expire_all()
    assert session.get_one(Case, case.id).status == "account_recovered"
    members = managers.members_of(session, cast.employer.id)
    assert [person.name for _, person in members] == ["沈一"]
    with pytest.raises(NotYours):
        certifying_acts.begin("recover_account", actor=cast.rao)


@pytest.mark.requirement("A17")
def test_the_manager_alone_adds_and_ends_members(session, cast, story, monday):
    later = monday + timedelta(days=400)  # members are in the order in which they came
    added = managers.add_member(session, cast.hengxin, "沈一", "13800000009", later)
    session.commit()
    (shen,) = actors_of(session, added.id)
    membership = session.scalars(select(Membership).where(Membership.person_id == added.id)).one()
    own = session.scalars(
        select(Membership).where(Membership.person_id == cast.hengxin.person_id)
    ).one()

    with pytest.raises(NotAllowed):
        managers.add_member(session, shen, "郑二", "13800000010", monday)
    with pytest.raises(managers.AlreadyMember):
        managers.add_member(session, cast.hengxin, "沈一", "13800000009", monday)
    with pytest.raises(managers.ManagerStays):
        managers.end_member(session, cast.hengxin, own.id, monday)
    managers.end_member(session, cast.hengxin, membership.id, monday)
    assert actors_of(session, added.id) == []


@pytest.mark.requirement("A20")
def test_a_school_that_wants_a_letter_lets_nobody_invite_without_one(
    certifying_acts, session, cast, monday
):
    cast.school.settings = {**cast.school.settings, "minimum_verification": "letter"}
    session.commit()
    with pytest.raises(levels.NotVerifiedEnough, match="青禾大学要求用人单位已核验授权书"):
        levels.require_level(session, cast.employer, cast.school, monday)

    certifying_acts.accepted()

    session.expire_all()
    levels.require_level(session, cast.employer, cast.school, monday)
