"""An employer enters a graduate directly: found exactly, confirmed by the graduate, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from student_acts import entering, events, live_claims

from webapp.errors import CannotWithdraw
from webapp.models import Case, Claim, Graduate
from webapp.services.accounts.throttles import TooManyTries
from webapp.services.cases import case_page, cases
from webapp.services.cases.sweep import run_sweep
from webapp.services.signing.direct_entry import NobodyLikeThat, schools_that_offer
from webapp.services.signing.signings import list_signings

__all__ = ["entering"]


@pytest.fixture
def dialect():
    """Nothing here is the store's own; the invariants have tests on both."""
    return "sqlite"


@pytest.fixture
def bound_elsewhere(session, cast, entering):
    """Lin is bound by another employer's entry."""
    _, actor = cast.make.employer("云杉软件有限公司")
    session.commit()
    case = entering.fill(actor=actor)
    entering.answer(cast.lin, case, outcome="confirm")
    return case


@pytest.mark.requirement("D02")
def test_the_graduate_confirms_and_is_bound(entering, session, cast):
    case = entering.fill()
    before = live_claims(session)

    confirmed = entering.answer(cast.lin, case, outcome="confirm")

    assert (case.status, before) == ("waiting_graduate", 0)
    assert (confirmed.status, live_claims(session)) == ("signed_waiting_school", 1)
    assert events(session) == ["direct_entered"]


@pytest.mark.requirement("D02")
def test_a_graduate_who_does_not_agree_is_not_bound(entering, session, cast):
    ended = entering.answer(cast.lin, entering.fill(), outcome="refuse", reason="没有商定")

    assert ended.status == "refused"
    assert live_claims(session) == 0


@pytest.mark.requirement("D02")
def test_silence_binds_nobody(entering, sessions, session):
    case = entering.fill()

    run_sweep(sessions, entering.now + timedelta(days=6))

    session.rollback()
    assert session.get_one(Case, case.id).status == "expired"
    assert live_claims(session) == 0


@pytest.mark.requirement("D02")
def test_a_school_may_do_without_the_graduates_yes(entering, session):
    entering.settle(student_confirm=False)

    case = entering.fill()

    assert case.status == "signed_waiting_school"
    assert live_claims(session) == 1


@pytest.mark.requirement("D02", "H08")
def test_where_no_yes_is_asked_the_employer_is_not_told_of_another(
    entering, session, cast, bound_elsewhere
):
    entering.settle(student_confirm=False)

    case = entering.fill()

    told = case_page.describe(
        session, cast.hengxin, cases.find_case(session, cast.hengxin, case.id)
    )
    assert case.status == "drafting"
    assert not any("签约" in line.text and "已与" in line.text for line in told.lines)
    assert session.scalars(select(Claim.case_id)).all() == [bound_elsewhere.id]


@pytest.mark.requirement("D02")
def test_the_end_of_the_identity_number_finds_as_well(entering, session, cast):
    graduate = session.get_one(Graduate, cast.graduate.id)
    graduate.id_no = "00000020040102123x".upper()
    session.commit()

    found = entering.look_up("林知夏", "02123X")
    again = entering.look_up("林知夏", "０２１２３ｘ")

    assert found.graduate_id == graduate.id
    assert again.id == found.id


@pytest.mark.requirement("D02")
def test_two_with_the_same_end_are_not_told_apart(entering, session, cast):
    for student_no in ("77771", "77772"):
        cast.make.graduate(
            cast.school, cast.college, "同名", student_no=student_no, id_no="000000200401021234"
        )
    session.commit()

    with pytest.raises(NobodyLikeThat):
        entering.look_up("同名", "021234")
    assert entering.look_up("同名", "77771").graduate_id is not None


@pytest.mark.requirement("D02")
@pytest.mark.parametrize("number", ["", "1", "000000", "%", "______"])
def test_nobody_is_found_by_less(entering, number):
    with pytest.raises(NobodyLikeThat):
        entering.look_up("林知夏", number)


@pytest.mark.requirement("D02")
def test_guessing_is_slowed_down(entering):
    for _ in range(5):
        with pytest.raises(NobodyLikeThat):
            entering.look_up("林知夏", "000000")

    with pytest.raises(TooManyTries):
        entering.look_up("林知夏", "000000")


def test_one_at_a_time_waits_for_the_same_graduate(entering):
    entering.fill()

    second = entering.fill()

    assert second.status == "drafting"


def test_it_is_taken_back_until_the_graduate_answers(entering, session, cast):
    case = entering.fill()
    taken = cases.withdraw_case(session, cast.hengxin, case.id, entering.now)
    session.commit()
    other = entering.fill()
    entering.answer(cast.lin, other, outcome="confirm")

    assert taken.status == "withdrawn"
    with pytest.raises(CannotWithdraw):
        cases.withdraw_case(session, cast.hengxin, other.id, entering.now)


@pytest.mark.requirement("D03")
def test_the_record_keeps_drafts_out_and_tells_who_agreed(entering, session, cast):
    entering.look_up("林知夏", cast.graduate.student_no)
    before = list_signings(session, cast.hengxin, (), limit=10)
    case = entering.fill()
    (waiting,) = list_signings(session, cast.hengxin, (), limit=10)
    is_agreed = waiting.is_agreed
    entering.answer(cast.lin, case, outcome="confirm")

    session.expire_all()
    (row,) = list_signings(session, cast.hengxin, (), limit=10, text="林")
    assert before == []
    assert (is_agreed, row.is_agreed, row.position) == (False, True, "后端开发工程师")
    assert list_signings(session, cast.hengxin, (), limit=10, text="别人") == []


@pytest.mark.requirement("D01")
def test_only_schools_that_offer_it_are_named(entering, session, cast):
    cast.make.school("北山大学", "10003")
    session.commit()

    assert [one.name for one in schools_that_offer(session, "employer_direct")] == ["青禾大学"]
