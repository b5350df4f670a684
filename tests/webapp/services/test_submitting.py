"""Answers that come late, twice, from the wrong person, or break off in the middle."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from webapp.errors import (
    CannotWithdraw,
    CaseEnded,
    NotAllowed,
    NotYours,
    TaskAlreadyDone,
    TaskTooLate,
    TaskWithdrawn,
)
from webapp.models import Case, Claim, Employer, History, Notification, Task
from webapp.services.cases import cases, late, operators, steps, tasks
from webapp.services.design import releases
from webapp.services.notices import notices


def counts(session):
    tables = (Claim, History, Task, Notification)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_second_click_changes_nothing(story, session, cast):
    case, answer = story.invite()
    story.accept(cast.lin, answer)
    before = counts(session)

    with pytest.raises(TaskAlreadyDone) as refused:
        story.accept(cast.lin, answer)
    session.rollback()

    assert refused.value.who == "林知夏"
    assert refused.value.when == story.monday
    assert refused.value.case_id == case.id
    assert counts(session) == before


def test_the_colleague_who_was_slower_reads_who_was_faster(story, session, cast):
    case, answer = story.invite()
    story.accept(cast.lin, answer)
    colleague = cast.make.actor(
        cast.make.person("韩老师"),
        "reviewer",
        school_id=cast.school.id,
        college_id=cast.college.id,
    )
    session.commit()
    review = story.open_task(case)
    story.submit(cast.rao, review, outcome="pass")

    with pytest.raises(TaskAlreadyDone, match="饶老师") as refused:
        story.submit(colleague, review, outcome="refuse", reason="不同意")

    assert "6月1日 09:00" in refused.value.story


@pytest.mark.requirement("H06")
def test_an_answer_after_the_deadline_is_too_late_even_before_the_sweep(story, session, cast):
    case, answer = story.invite()
    before = counts(session)

    with pytest.raises(TaskTooLate, match="不算您拒绝"):
        story.accept(cast.lin, answer, now=story.later(days=5, seconds=1))
    session.rollback()

    assert counts(session) == before
    assert session.get(Case, case.id, populate_existing=True).status == "waiting_answer"


@pytest.mark.requirement("H06")
def test_an_answer_after_the_sweep_is_too_late_as_well(story, session, cast):
    case, answer = story.invite()
    lapsed = cases.wake_case(session, case.id, story.later(days=5, hours=1))
    session.commit()

    with pytest.raises(TaskTooLate):
        story.accept(cast.lin, answer, now=story.later(days=6))

    assert (lapsed.status, lapsed.end_element) == ("lapsed", "Invitation_lapsed")


@pytest.mark.requirement("P07")
def test_an_answer_to_a_withdrawn_invitation_reads_so(story, session, cast):
    case, answer = story.invite()

    withdrawn = cases.withdraw_case(session, cast.hengxin, case.id, story.monday)
    session.commit()

    assert withdrawn.status == "withdrawn"
    with pytest.raises(TaskWithdrawn):
        story.accept(cast.lin, answer)
    session.rollback()
    told = session.scalars(select(Notification).where(Notification.event == "withdrawn")).one()
    assert told.person_id == cast.lin.person_id


@pytest.mark.parametrize("who", ["lin", "rao", "wu", "ada"])
def test_only_the_side_that_began_takes_it_back(story, session, cast, who):
    case, _ = story.invite()

    with pytest.raises(NotAllowed):
        cases.withdraw_case(session, getattr(cast, who), case.id, story.monday)


def test_a_school_may_forbid_taking_back(story, session, cast):
    cast.school.settings = {**cast.school.settings, "employer_may_withdraw": False}
    session.commit()
    case, _ = story.invite()

    with pytest.raises(CannotWithdraw, match="按学校的规定"):
        cases.withdraw_case(session, cast.hengxin, case.id, story.monday)


@pytest.mark.requirement("I6")
def test_what_was_answered_or_ended_cannot_be_taken_back(story, session, cast):
    case, answer = story.invite()
    story.accept(cast.lin, answer)
    with pytest.raises(CannotWithdraw, match=r"林知夏在 6月1日 09:00 已办理“应约”"):
        cases.withdraw_case(session, cast.hengxin, case.id, story.monday)
    session.rollback()
    story.submit(cast.rao, story.open_task(case), outcome="refuse", reason="专业不符")

    with pytest.raises(CannotWithdraw, match=r"计算机学院在 .*“院系审核”") as refused:
        cases.withdraw_case(session, cast.hengxin, case.id, story.monday)
    assert "不能再撤回" in refused.value.story
    assert refused.value.case_id == case.id


@pytest.mark.requirement("I6")
def test_an_act_between_reading_and_taking_back_is_told_as_well(story, session, cast, monkeypatch):
    case, answer = story.invite()
    story.accept(cast.lin, answer)
    monkeypatch.setattr(cases, "require_withdrawable", lambda *args: None)

    with pytest.raises(CannotWithdraw, match="林知夏在 6月1日 09:00"):
        cases.withdraw_case(session, cast.hengxin, case.id, story.monday)


def test_what_lapsed_by_itself_is_told_as_ended(story, session, cast):
    case, _ = story.invite()
    cases.wake_case(session, case.id, story.later(days=5, hours=1))
    session.commit()

    with pytest.raises(CaseEnded):
        cases.withdraw_case(session, cast.hengxin, case.id, story.later(days=6))


@pytest.mark.requirement("H08")
def test_an_answer_that_met_another_claim_is_not_told_to_who_takes_back(
    story, session, cast, monkeypatch
):
    monkeypatch.setattr(steps, "require_free", lambda *args: None)
    other, member = cast.make.employer("云杉软件有限公司")
    session.commit()
    _, chosen = story.invite()
    case, second = story.invite(member, employer=other)
    story.accept(cast.lin, chosen)
    story.accept(cast.lin, second)

    told = late.why_not_withdrawn(session, case.id, "employer")

    assert "林知夏" not in told.story


def test_a_stranger_finds_no_task(story, session, cast):
    _, answer = story.invite()

    assert tasks.find_task(session, cast.lin, answer.id).id == answer.id
    for actor in (cast.nils, cast.hengxin, cast.rao, cast.wu, cast.ada):
        with pytest.raises(NotYours):
            tasks.find_task(session, actor, answer.id)


def test_an_employer_starts_only_for_itself(story, session, cast):
    other = cast.make.add(Employer(name="别家公司"))

    with pytest.raises(NotAllowed):
        cases.start_case(
            session,
            cast.hengxin,
            "online_signing",
            graduate=cast.graduate,
            employer=other,
            now=story.monday,
        )


def test_a_step_that_breaks_off_leaves_nothing(story, session, cast, monkeypatch):
    _, answer = story.invite()
    before = counts(session)

    def break_off(*args, **kwargs):
        raise RuntimeError("the power failed")

    monkeypatch.setattr("webapp.services.cases.steps.take_over", break_off)
    with pytest.raises(RuntimeError):
        story.accept(cast.lin, answer)
    session.rollback()
    monkeypatch.undo()

    assert counts(session) == before
    assert session.scalars(select(Claim)).all() == []
    assert story.accept(cast.lin, answer).status == "waiting_college"


def test_an_operator_that_breaks_off_leaves_nothing(story, session, cast, monkeypatch):
    case, answer = story.invite()
    story.accept(cast.lin, answer)
    story.submit(cast.rao, story.open_task(case), outcome="pass")
    office_task = story.open_task(case)
    before = counts(session)

    def break_off(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(operators.CaseOperators, "write_destination", break_off)
    with pytest.raises(RuntimeError):
        story.submit(cast.wu, office_task, outcome="pass")
    session.rollback()
    monkeypatch.undo()

    assert counts(session) == before
    finished = story.submit(cast.wu, office_task, outcome="pass")
    assert finished.variables["Issue_agreement"]["number"][:-1] == "20271000131000001"


@pytest.mark.requirement("B05", "B10", "B04")
@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"base_data_confirmed_at": None}, "unconfirmed"),
        ({"online_signing_allowed": False}, "not_allowed"),
        ({"training_mode": "2"}, "not_allowed"),
        ({"training_mode": "4"}, "not_allowed"),
    ],
)
def test_who_may_not_sign_online_is_not_invited(story, session, cast, facts, outcome):
    graduate, _ = cast.make.graduate(cast.school, cast.college, "沈默", **facts)
    session.commit()

    case, task = story.invite(graduate=graduate)

    kept = session.get(Case, case.id, populate_existing=True)
    assert (kept.status, task.element) == ("drafting", "Fill_invitation")
    assert kept.variables["Check_eligibility"] == {"outcome": outcome}


def test_a_draft_is_kept_until_the_answer(story, session, cast):
    case = story.start()
    task = story.open_task(case)

    tasks.save_draft(session, cast.hengxin, task.id, {"salary": "9000"}, story.monday)
    session.commit()

    assert session.get(Task, task.id, populate_existing=True).draft == {"salary": "9000"}
    for actor in (cast.lin, cast.nils):
        with pytest.raises(NotYours):
            tasks.save_draft(session, actor, task.id, {"salary": "1"}, story.monday)
        session.rollback()
    story.submit(cast.hengxin, task, outcome="discard")
    with pytest.raises(TaskAlreadyDone):
        tasks.save_draft(session, cast.hengxin, task.id, {"salary": "1"}, story.monday)


def test_a_notice_is_never_doubled_when_its_step_is_tried_again(story, session, cast, monkeypatch):
    case = story.start()
    task = story.open_task(case)
    offer = {"outcome": "send", "reply_by": story.later(days=5).isoformat()}
    real = notices.notify
    monkeypatch.setattr(notices, "notify", lambda *a, **k: (real(*a, **k), 1 / 0))
    with pytest.raises(ZeroDivisionError):
        story.submit(cast.hengxin, task, **offer)
    session.rollback()
    monkeypatch.undo()

    story.submit(cast.hengxin, task, **offer)

    assert len(session.scalars(select(Notification)).all()) == 1


def test_starting_with_answers_is_one_transaction(story, session, cast):
    answers = {"outcome": "send", "reply_by": (story.monday + timedelta(days=5)).isoformat()}

    case = cases.start_case(
        session,
        cast.hengxin,
        "online_signing",
        graduate=cast.graduate,
        employer=cast.employer,
        now=story.monday,
        answers=answers,
    )
    session.commit()

    assert case.status == "waiting_answer"
    assert releases.in_force(session, cast.school.id, "online_signing").id == case.release_id
