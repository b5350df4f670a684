"""A signing that the graduate begins: what each act binds and tells (003)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from student_acts import events, live_claims, signing

from webapp.errors import CannotWithdraw, NotAllowed, NotYours
from webapp.models import Agreement, Case, Employer
from webapp.pages.task_form import task_form
from webapp.services.cases import case_page, cases, messages, tasks
from webapp.services.cases.sweep import run_sweep
from webapp.services.signing.signings import count_to_sign, waiting_to_sign

__all__ = ["signing"]


@pytest.fixture
def dialect():
    """The store is shown in test_student_signing_store.py."""
    return "sqlite"


@pytest.mark.requirement("G04", "G11", "G21")
def test_the_agreement_prints_what_each_side_wrote(signing, session):
    signing.approve()

    values = session.scalars(select(Agreement)).one().snapshot["values"]
    assert values["opinions"]["graduate"]["text"] == "同意，七月中旬报到"
    assert values["opinions"]["employer"]["text"] == "同意录用"
    assert values["opinions"]["superior"]["text"] == "同意接收档案"
    assert values["graduate"]["mobile"] == "13800000077"
    assert values["school"]["contact"] == "饶老师"
    assert values["school"]["address"] == "学院楼 101"


@pytest.mark.requirement("G04", "G13")
def test_a_graduate_who_goes_to_another_employer_does_not_type_the_opinion_again(
    signing, session, cast
):
    first = signing.submit()
    signing.answer(cast.hengxin, first, "Sign_with_graduate", outcome="return", reason="岗位已满")
    returned = task_form(session, signing.task(first, "Fill_agreement"), signing.now).saved()
    signing.answer(cast.lin, first, "Fill_agreement", outcome="cancel")
    signing.later(days=1)

    second = signing.begin()
    begun = task_form(session, signing.task(second, "Fill_agreement"), signing.now).saved()

    assert returned.own_fields["graduate_opinion"].data == "同意，七月中旬报到"
    assert begun.own_fields["graduate_opinion"].data == "同意，七月中旬报到"
    assert not begun.own_fields["employer"].data


def test_the_first_agreement_begins_with_the_usual_opinion(signing, session, cast):
    case = signing.begin()

    begun = task_form(session, signing.task(case, "Fill_agreement"), signing.now).saved()

    assert begun.own_fields["graduate_opinion"].data == "同意"


@pytest.mark.requirement("G05")
def test_a_draft_is_nobodys_business_and_its_unit_is_free(signing, session, cast):
    case = signing.begin()

    with pytest.raises(NotYours):
        cases.find_case(session, cast.hengxin, case.id)
    assert session.get_one(Case, case.id).employer_id is None
    assert live_claims(session) == 0
    assert count_to_sign(session, cast.hengxin) == 0


@pytest.mark.requirement("G06", "G08", "G09", "N06")
def test_submitting_puts_it_before_the_employer(signing, session, cast):
    case = signing.submit()

    (one,) = waiting_to_sign(session, cast.hengxin, 10)
    assert count_to_sign(session, cast.hengxin) == 1
    assert (one.row.graduate_name, one.opinion, one.alone) == ("林知夏", "同意，七月中旬报到", "")
    assert cases.find_case(session, cast.hengxin, case.id).title.startswith("线上签约 · 恒信")
    assert waiting_to_sign(session, cast.hengxin, 10, "林") != []
    assert waiting_to_sign(session, cast.hengxin, 10, "别人") == []


@pytest.mark.requirement("G07", "G13")
def test_after_a_return_the_graduate_may_sign_with_another_employer(signing, session, cast):
    other, their = cast.make.employer("云杉软件有限公司")
    session.commit()
    case = signing.submit()
    signing.answer(cast.hengxin, case, "Sign_with_graduate", outcome="return", reason="岗位已满")
    signing.answer(cast.lin, case, "Fill_agreement", outcome="cancel")

    again = signing.submit(employer=other)

    assert session.get_one(Case, case.id).status == "cancelled"
    assert count_to_sign(session, their) == 1
    with pytest.raises(NotYours):
        cases.find_case(session, cast.hengxin, again.id)
    with pytest.raises(NotYours):
        cases.find_case(session, their, case.id)


@pytest.mark.requirement("G07")
def test_what_was_submitted_is_not_taken_back_by_the_graduate(signing, session, cast):
    case = signing.submit()

    with pytest.raises(CannotWithdraw):
        cases.withdraw_case(session, cast.lin, case.id, signing.now)

    session.rollback()
    found = cases.find_case(session, cast.lin, case.id)
    assert not case_page.describe(session, cast.lin, found).can_withdraw
    assert found.status == "waiting_employer"


@pytest.mark.requirement("G13")
def test_a_refusal_ends_it_and_frees_the_graduate(signing, session, cast):
    case = signing.submit()

    ended = signing.answer(
        cast.hengxin, case, "Sign_with_graduate", outcome="refuse", reason="岗位已满"
    )

    assert ended.status == "employer_refused"
    assert live_claims(session) == 0
    assert events(session)[-1] == "signing_refused"


@pytest.mark.requirement("B05")
@pytest.mark.parametrize(
    "facts",
    [{"base_data_confirmed_at": None}, {"training_mode": "2"}, {"online_signing_allowed": False}],
)
def test_who_may_not_sign_online_gets_the_form_back(signing, session, cast, facts):
    graduate, actor = cast.make.graduate(cast.school, cast.college, "同学", **facts)
    session.commit()

    case = signing.submit(signing.begin(actor, graduate), actor)

    assert case.status == "drafting"
    assert live_claims(session) == 0


def test_a_unit_that_is_not_registered_is_not_chosen(signing, session, cast):
    stranger = Employer(name="没有账号的单位")
    session.add(stranger)
    session.commit()

    case = signing.submit(employer=stranger)

    assert case.status == "drafting"
    assert live_claims(session) == 0


@pytest.mark.requirement("G14")
def test_taking_back_puts_it_before_the_employer_and_resets_the_clock(signing, session, cast):
    case = signing.sign()
    signing.later(days=6)

    taken = messages.do(session, cast.hengxin, case.id, "take_back", signing.now)
    session.commit()
    signing.sign(case)

    assert taken.status == "waiting_employer"
    due = signing.task(case, "Confirm_signing").due_at
    assert due == signing.now + timedelta(days=7)
    told = case_page.describe(session, cast.lin, cases.find_case(session, cast.lin, case.id))
    assert any(line.text.endswith("拿回重签") for line in told.lines)


@pytest.mark.requirement("G14")
def test_taking_back_after_the_confirmation_is_refused(signing, session, cast):
    case = signing.confirm()

    with pytest.raises(CannotWithdraw, match="不能再拿回重签"):
        messages.do(session, cast.hengxin, case.id, "take_back", signing.now)


def test_only_the_employer_takes_back(signing, session, cast):
    case = signing.sign()
    _, other = cast.make.employer("云杉软件有限公司")
    session.commit()

    with pytest.raises(NotAllowed):
        messages.do(session, cast.lin, case.id, "take_back", signing.now)
    with pytest.raises(NotYours):
        messages.do(session, other, case.id, "take_back", signing.now)


@pytest.mark.requirement("G19")
def test_an_objection_stops_the_clock_and_is_read_by_the_employer(signing, sessions, session, cast):
    case = signing.sign()
    signing.answer(cast.lin, case, "Confirm_signing", outcome="object", proposal="起薪应为 9000")

    run_sweep(sessions, signing.later(days=8))

    session.rollback()
    (one,) = waiting_to_sign(session, cast.hengxin, 10)
    assert session.get_one(Case, case.id).status == "waiting_employer"
    assert one.alone == "毕业生有异议"


@pytest.mark.requirement("G20")
def test_a_school_that_refuses_frees_the_graduate(signing, session, cast):
    case = signing.confirm()

    ended = signing.answer(cast.rao, case, "College_review", outcome="refuse", reason="与学籍不符")

    assert ended.status == "review_refused"
    assert live_claims(session) == 0
    assert session.scalars(select(Agreement)).all() == []


@pytest.mark.requirement("G26")
def test_the_papers_way_may_be_recorded_and_does_not_hold_the_filing_up(signing, session, cast):
    signing.settle(paper_trail=True)
    case = signing.approve()
    signing.answer(cast.lin, case, "Record_papers", outcome="more", college_sealed_on="2026-06-10")

    waiting = {task.element for task in tasks.open_tasks(session, case.id)}
    ended = signing.file(case)

    assert waiting == {"Record_papers", "File_agreement"}
    assert ended.status == "filed"
    assert tasks.open_tasks(session, case.id) == []
