"""Rescinding an agreement through the services: who may begin, what ends, what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from racing import race
from sqlalchemy import func, select

from webapp.errors import CannotWithdraw, NotAllowed, NotInForce, NotYours, TaskWithdrawn
from webapp.models import Agreement, Case, Claim, Destination, Notification, Rescission
from webapp.pages.task_form import task_form
from webapp.services.agreements import verification
from webapp.services.agreements.agreements import verification_code
from webapp.services.cases import cases, operators, steps
from webapp.services.cases.rows import lock_case, rows_of
from webapp.services.design import releases

ASKED = {
    "outcome": "send",
    "rescission_reason": "S3",
    "explanation": "已与对方协商一致，双方同意解除协议。",
}


@pytest.fixture
def agreement(story, session, cast, monday):
    """Lin and Hengxin have signed online, at a school that offers every way out."""
    ways_out = ["online_two_party", "offline_material", "counsellor_decision"]
    cast.school.settings = {**cast.school.settings, "offered": {"rescission": ways_out}}
    releases.publish_packaged(session, cast.school.id, monday)
    session.commit()
    story.complete()
    return session.scalars(select(Agreement)).one()


@pytest.fixture
def rescission(story, session, cast, monday, agreement):
    """Acts of a rescission, each committed."""

    class Acts:
        def begin(self, actor, variant="online_two_party", **given):
            case = cases.start_case(
                session,
                actor,
                "rescission",
                variant=variant,
                graduate=given.get("graduate", cast.graduate),
                employer=None,
                now=monday,
                about=given.get("about", agreement),
            )
            session.commit()
            return case

        def ask(self, actor, variant="online_two_party"):
            case = self.begin(actor, variant)
            return story.submit(actor, story.open_task(case), **ASKED)

        def accept(self, actor, case):
            return story.submit(actor, story.open_task(case), outcome="accept")

        def review(self, actor, case, outcome="pass", **answers):
            return story.submit(actor, story.open_task(case), outcome=outcome, **answers)

    return Acts()


def open_claims(session):
    return session.scalar(select(func.count(Claim.id)).where(Claim.released_at.is_(None)))


def destinations_in_force(session):
    return session.scalar(select(func.count(Destination.id)).where(Destination.closed_at.is_(None)))


def requests(session):
    """Every request as (is open, how it ended)."""
    found = session.scalars(select(Rescission).execution_options(populate_existing=True))
    return [(row.closed_at is None, row.outcome) for row in found]


def state_of(session, agreement):
    return session.scalar(select(Agreement.state).where(Agreement.id == agreement.id))


def is_in_force(session, agreement):
    bound = (open_claims(session), destinations_in_force(session))
    return state_of(session, agreement) == "valid" and bound == (1, 1)


@pytest.mark.requirement("I01", "I04", "I06", "F19")
def test_both_sides_and_the_school_agree_and_the_graduate_is_free(
    rescission, story, session, cast, agreement
):
    case = rescission.ask(cast.lin)
    rescission.accept(cast.hengxin, case)
    rescission.review(cast.rao, case)

    ended = rescission.review(cast.wu, case)

    assert ended.status == "rescinded"
    assert state_of(session, agreement) == "rescinded"
    assert session.scalar(select(Agreement.changed_at)) == story.monday
    assert (open_claims(session), destinations_in_force(session)) == (0, 0)
    assert requests(session) == [(False, "rescinded")]


@pytest.mark.requirement("I06", "F19")
def test_after_a_rescission_the_graduate_signs_again(rescission, story, session, cast):
    case = rescission.ask(cast.lin)
    rescission.accept(cast.hengxin, case)
    rescission.review(cast.rao, case)
    rescission.review(cast.wu, case)

    story.complete()

    assert (open_claims(session), destinations_in_force(session)) == (1, 1)
    states = session.scalars(select(Agreement.state).order_by(Agreement.state)).all()
    assert states == ["rescinded", "valid"]


@pytest.mark.requirement("I01", "I03")
def test_an_employer_asks_and_the_graduate_is_told_and_answers(rescission, story, session, cast):
    case = rescission.ask(cast.hengxin)

    waiting = story.open_task(case)

    assert waiting.queue in cast.lin.queues
    told = session.scalars(
        select(Notification.person_id).where(Notification.event == "rescission_asked")
    )
    assert told.all() == [cast.lin.person_id]
    assert rescission.accept(cast.lin, case).status == "waiting_college"


@pytest.mark.requirement("I05")
def test_a_refusal_leaves_everything_in_force_and_another_request_may_follow(
    rescission, story, session, cast, agreement
):
    case = rescission.ask(cast.lin)

    story.submit(cast.hengxin, story.open_task(case), outcome="refuse", reason="希望按约报到")

    assert is_in_force(session, agreement)
    assert requests(session) == [(False, "refused")]
    assert rescission.ask(cast.lin).status == "waiting_reply"


@pytest.mark.requirement("I07")
def test_a_school_that_does_not_agree_leaves_everything_in_force(
    rescission, session, cast, agreement
):
    case = rescission.ask(cast.lin)
    rescission.accept(cast.hengxin, case)

    ended = rescission.review(cast.rao, case, "refuse", reason="说明与协议不符")

    assert ended.status == "rescission_failed"
    assert is_in_force(session, agreement)
    assert requests(session) == [(False, "refused")]


@pytest.mark.requirement("I09", "I5")
def test_a_second_request_is_told_of_the_first_and_ends(rescission, session, cast, agreement):
    rescission.ask(cast.lin)

    second = rescission.ask(cast.hengxin)

    assert (second.status, second.is_finished) == ("rescission_not_opened", True)
    assert requests(session) == [(True, "")]
    assert is_in_force(session, agreement)


@pytest.mark.requirement("I08")
def test_the_other_side_has_no_deadline_unless_the_school_sets_one(
    rescission, story, session, cast, agreement
):
    endless = rescission.ask(cast.lin)
    without = endless.wake_at
    cases.withdraw_case(session, cast.lin, endless.id, story.monday)
    cast.school.settings = {**cast.school.settings, "rescission_reply_days": 7}
    session.commit()

    limited = rescission.ask(cast.lin)
    lapsed = cases.wake_case(session, limited.id, story.later(days=7))

    assert without is None
    assert limited.wake_at == story.later(days=7)
    assert lapsed.status == "rescission_failed"
    assert is_in_force(session, agreement)
    assert requests(session) == [(False, "withdrawn"), (False, "refused")]


@pytest.mark.requirement("K5", "P10")
def test_a_school_may_let_the_university_alone_decide_on_rescissions(
    rescission, story, session, cast
):
    cast.school.settings = {**cast.school.settings, "review_levels_rescission": "office"}
    session.commit()
    case = rescission.ask(cast.lin)

    rescission.accept(cast.hengxin, case)

    assert story.open_task(case).queue in cast.wu.queues


@pytest.mark.requirement("I6")
@pytest.mark.parametrize("round_", range(3))
def test_withdrawing_a_request_and_accepting_it_exclude_each_other(
    rescission, story, sessions, session, cast, monday, round_
):
    case = rescission.ask(cast.lin)
    task = story.open_task(case)

    results = race(
        sessions,
        [
            lambda s: cases.submit_task(
                s, cast.hengxin, task.id, {"outcome": "accept"}, [], monday
            ),
            lambda s: cases.withdraw_case(s, cast.lin, case.id, monday),
        ],
    )

    (lost,) = [result for result in results if isinstance(result, Exception)]
    assert isinstance(lost, CannotWithdraw | TaskWithdrawn)
    status = session.get_one(Case, case.id, populate_existing=True).status
    expected = {"waiting_college": (True, ""), "withdrawn": (False, "withdrawn")}
    assert requests(session) == [expected[status]]


@pytest.mark.requirement("I5", "I06")
def test_an_agreement_is_rescinded_once(rescission, sessions, session, cast, monday):
    case = rescission.ask(cast.lin)

    def rescind(session):
        steps.begin(session)
        locked = lock_case(rows_of(session), case.id)
        return operators.CaseOperators(session, locked, monday).rescind_agreement()

    assert sorted(race(sessions, [rescind] * 3)) == ["not_valid", "not_valid", "ok"]
    assert requests(session) == [(False, "rescinded")]


@pytest.mark.requirement("F16", "F17", "F20")
def test_a_counsellor_agrees_and_the_employer_has_no_task(
    rescission, story, session, cast, agreement
):
    case = rescission.ask(cast.lin, "counsellor_decision")
    task = story.open_task(case)

    ended = rescission.review(cast.rao, case, "agree")

    assert task.queue in cast.rao.queues
    assert ended.status == "rescinded"
    assert state_of(session, agreement) == "rescinded"


@pytest.mark.requirement("K07", "I01", "K9")
def test_each_way_out_is_open_to_its_own_side_and_its_own_agreements(rescission, cast):
    with pytest.raises(NotAllowed):
        rescission.begin(cast.hengxin, "counsellor_decision")
    with pytest.raises(NotAllowed):
        rescission.begin(cast.lin, "offline_material")  # this agreement was made online
    with pytest.raises(NotAllowed):
        rescission.begin(cast.lin, about=None)


@pytest.mark.requirement("I01")
def test_a_stranger_s_agreement_cannot_be_rescinded(rescission, session, cast, monday):
    other, stranger = cast.make.graduate(cast.school, cast.college, "陈默")
    _, bank = cast.make.employer("安泰银行")
    session.commit()

    for actor, graduate in ((stranger, other), (stranger, cast.graduate), (bank, cast.graduate)):
        with pytest.raises(NotAllowed):
            rescission.begin(actor, graduate=graduate)


def test_what_is_no_longer_in_force_cannot_be_begun_with(rescission, cast):
    case = rescission.ask(cast.lin, "counsellor_decision")
    rescission.review(cast.rao, case, "agree")

    with pytest.raises(NotInForce):
        rescission.begin(cast.lin)


def test_a_draft_finds_its_agreement_gone_when_it_is_sent(rescission, story, session, cast):
    draft = rescission.begin(cast.hengxin)
    case = rescission.ask(cast.lin, "counsellor_decision")
    rescission.review(cast.rao, case, "agree")

    sent = story.submit(cast.hengxin, story.open_task(draft), **ASKED)

    assert sent.status == "rescission_not_opened"
    assert len(requests(session)) == 1


def test_a_case_about_an_agreement_knows_its_number_its_employer_and_who_began(
    rescission, cast, agreement
):
    case = rescission.begin(cast.lin)

    known = case.facts["case"]
    assert (known["agreement"], known["initiator"]) == (agreement.number, "graduate")
    assert (case.employer_id, known["employer_name"]) == (cast.employer.id, cast.employer.name)


@pytest.mark.requirement("F15")
def test_the_verification_page_says_rescinded_at_once(
    rescission, story, session, cast, agreement, monday
):
    number = agreement.number
    code = verification_code(number)
    before = verification.verify(session, number, code, monday)
    case = rescission.ask(cast.lin, "counsellor_decision")
    later = monday + timedelta(hours=1)

    story.submit(cast.rao, story.open_task(case), later, outcome="agree")

    after = verification.verify(session, number, code, later)
    assert (before.state, before.changed_at) == ("valid", None)
    assert (after.state, after.changed_at) == ("rescinded", later)


@pytest.mark.requirement("F18")
def test_who_answers_and_who_reviews_sees_the_agreement_as_it_was_approved(
    rescission, story, session, cast, agreement, monday
):
    case = rescission.ask(cast.lin, "counsellor_decision")
    cast.employer.name = "改名后的公司"
    session.commit()

    form = task_form(session, story.open_task(case), monday).fill()

    (shown,) = [node for node in form.layout if node.label == "原协议书"]
    lines = {fact.label: fact.text for fact in shown.facts}
    assert (lines["协议书编号"], lines["用人单位"]) == (agreement.number, "恒信科技有限公司")
    assert lines["签约日期"] == "2026年6月1日"


@pytest.mark.requirement("I01", "I03")
@pytest.mark.parametrize(("first", "second"), [("lin", "hengxin"), ("hengxin", "lin")])
def test_a_request_is_seen_by_the_other_side_once_it_is_sent(
    rescission, story, session, cast, first, second
):
    asking, other = getattr(cast, first), getattr(cast, second)
    draft = rescission.begin(asking)

    with pytest.raises(NotYours):
        cases.find_case(session, other, draft.id)
    story.submit(asking, story.open_task(draft), **ASKED)

    assert cases.find_case(session, other, draft.id).id == draft.id


def test_everybody_at_the_employer_sees_its_draft(rescission, session, cast):
    colleague = cast.make.employer_member(cast.employer, "郑同事")
    session.commit()

    draft = rescission.begin(cast.hengxin)

    assert cases.find_case(session, colleague, draft.id).id == draft.id
