"""What a signing that the graduate begins leaves in the store, and what the store refuses."""

from __future__ import annotations

import pytest
from racing import race
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from student_acts import events, live_claims, signing

from webapp.errors import CaseError
from webapp.models import Agreement, Blob, Case, Destination, Employer, Filing, School
from webapp.services.agreements.filing_search import look_up
from webapp.services.cases import cases, messages
from webapp.services.cases.sweep import run_sweep
from webapp.services.employers.registered_employers import RegisteredEmployers
from webapp.services.signing.signing_notice import notice_of

__all__ = ["signing"]


@pytest.mark.requirement("G06", "G12", "G17", "G20", "G28", "G31")
def test_all_agree_and_the_sealed_copy_is_filed(signing, session):
    case = signing.file()

    agreement = session.scalars(select(Agreement)).one()
    filing = session.scalars(select(Filing)).one()
    assert (case.status, filing.number) == ("filed", agreement.number)
    assert live_claims(session) == 1
    assert events(session) == [
        *("signing_submitted", "signing_signed"),
        *("signing_approved", "signing_approved", "signing_filed", "signing_filed"),
    ]


@pytest.mark.requirement("G02")
def test_the_text_of_the_notice_that_was_read_is_kept(signing, session, cast):
    signing.settle(signing_notice=["只能与一家单位签约。"])
    case = signing.begin()

    read = session.get_one(Case, case.id).variables["Record_consent"]
    kept = session.get_one(Blob, read["sha256"]).content.decode()
    school = session.get_one(School, cast.school.id)
    assert "只能与一家单位签约。" in kept
    assert notice_of(school.settings).sha256 == read["sha256"]


@pytest.mark.requirement("G07")
def test_a_case_never_passes_to_another_employer(signing, session, cast):
    other, _ = cast.make.employer("云杉软件有限公司")
    session.commit()
    case = signing.submit()
    signing.answer(cast.hengxin, case, "Sign_with_graduate", outcome="return", reason="手机号有误")

    moved = signing.submit(case, employer=other)

    assert moved.status == "employer_returned"
    assert session.get_one(Case, case.id).employer_id == cast.employer.id
    assert live_claims(session) == 0
    with pytest.raises(DBAPIError, match="another employer"):
        session.execute(update(Case).where(Case.id == case.id).values(employer_id=other.id))
    session.rollback()


@pytest.mark.requirement("G07", "B07")
def test_of_two_submissions_at_once_one_binds(signing, sessions, session, cast):
    cases_of_lin = [signing.begin(), signing.begin()]
    answers = {"outcome": "submit", "employer": cast.employer.id.hex}
    waiting = [signing.task(case, "Fill_agreement").id for case in cases_of_lin]

    def submit(number):
        def act(own):
            cases.submit_task(own, cast.lin, waiting[number], answers, [], signing.now)
            own.commit()

        return act

    race(sessions, [submit(0), submit(1)])

    session.rollback()
    statuses = {session.get_one(Case, case.id).status for case in cases_of_lin}
    assert statuses == {"waiting_employer", "drafting"}
    assert live_claims(session) == 1


@pytest.mark.requirement("A20")
def test_only_registered_and_verified_units_are_found(signing, session, cast, monday):
    session.add(Employer(name="恒信没有账号的分公司"))
    cast.make.employer("恒信外的一家_有限公司")
    session.commit()
    school = session.get_one(School, cast.school.id)

    known = RegisteredEmployers(session, school, monday)

    assert [row.name for row in known.search("恒信")] == [
        "恒信科技有限公司",
        "恒信外的一家_有限公司",
    ]
    assert [row.name for row in known.search("恒 科技")] == ["恒信科技有限公司"]
    assert [row.name for row in known.search("恒科公司")] == ["恒信科技有限公司"]
    assert [row.name for row in known.search("_")] == ["恒信外的一家_有限公司"]
    assert known.search("没有账号") == ()
    school.settings = {**school.settings, "minimum_verification": "letter"}
    assert RegisteredEmployers(session, school, monday).search("恒信") == ()


@pytest.mark.requirement("G10")
def test_what_the_employer_corrected_is_there_next_time(signing, session, cast):
    signing.sign(employer_name="恒信科技（集团）有限公司", uscc="91340100MA2MRBFK0N")

    employer = session.get_one(Employer, cast.employer.id, populate_existing=True)
    assert (employer.contact_name, employer.address) == ("郑敏", "示例大道 9 号")
    assert employer.name == "恒信科技有限公司"
    assert employer.uscc != "91340100MA2MRBFK0N"


@pytest.mark.requirement("G14", "G17")
def test_taking_back_and_confirming_at_once_end_one_way(signing, sessions, session, cast):
    case = signing.sign()
    task_id = signing.task(case, "Confirm_signing").id

    def take_back(own):
        messages.do(own, cast.hengxin, case.id, "take_back", signing.now)
        own.commit()

    def confirm(own):
        answers = {"outcome": "confirm"}
        cases.submit_task(own, cast.lin, task_id, answers, [], signing.now)
        own.commit()

    results = race(sessions, [take_back, confirm])

    session.rollback()
    assert sum(isinstance(result, CaseError) for result in results) == 1
    assert session.get_one(Case, case.id).status in ("waiting_employer", "waiting_college")


@pytest.mark.requirement("G18", "K2")
def test_seven_days_of_silence_confirm_and_are_recorded_as_automatic(
    signing, sessions, session, cast
):
    case = signing.sign()
    run_sweep(sessions, signing.later(days=5, hours=1))
    reminded = events(session)
    session.rollback()

    run_sweep(sessions, signing.later(days=2))

    session.rollback()
    after = session.get_one(Case, case.id)
    assert reminded[-1] == "reminder"
    assert after.status == "waiting_college"
    (fired,) = [row for row in after.history if row.kind == "fired"]
    assert (fired.actor, fired.person_id) == ("timer", None)
    assert events(session)[-2:] == ["signing_confirmed_by_silence"] * 2


@pytest.mark.requirement("K6", "K8", "F07", "F12")
@pytest.mark.parametrize(
    ("effective_on", "approved", "filed"),
    [("approval", ["10"], None), ("sealed", [], "2026-06-20"), ("filed", [], None)],
)
def test_the_school_says_when_it_takes_effect(signing, session, effective_on, approved, filed):
    signing.settle(effective_on=effective_on)
    case = signing.approve()
    at_approval = session.scalars(select(Destination.code)).all()

    signing.file(case)

    (destination,) = session.scalars(select(Destination)).all()
    assert at_approval == approved
    assert destination.code == "10"
    assert str(destination.effective_on or "") == (filed or "")


@pytest.mark.requirement("G28", "G31")
def test_filing_finds_by_student_number_agreement_number_and_qr_address(signing, session, cast):
    case = signing.approve()
    number = session.scalars(select(Agreement.number)).one()
    task = signing.task(case, "File_agreement")

    for typed in (cast.graduate.student_no, number, f" https://q.example/verify/{number}/x7_-y "):
        assert look_up(session, cast.rao, typed).task_id == task.id
    assert look_up(session, cast.rao, number[:-1]) is None
    college = cast.make.college(cast.school, "外国语学院", "09")
    stranger = cast.make.actor(
        cast.make.person("外院"), "reviewer", school_id=cast.school.id, college_id=college.id
    )
    assert look_up(session, stranger, number) is None


@pytest.mark.requirement("G28")
def test_a_filed_agreement_is_not_filed_again(signing, session, cast):
    case = signing.file()
    number = session.scalars(select(Agreement.number)).one()

    found = look_up(session, cast.rao, number)

    assert (found.task_id, found.filed_at) == (None, case.ended_at)
    with pytest.raises(DBAPIError, match="never changes"):
        session.execute(update(Filing).values(number="1"))
    session.rollback()
