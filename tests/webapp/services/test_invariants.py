"""What must hold across cases, raced by real connections on both databases (I1–I6, I8, I9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from racing import race
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from webapp.errors import (
    CannotWithdraw,
    ChangedMeanwhile,
    NotYours,
    OnlyToRead,
    TaskAlreadyDone,
    TaskTooLate,
    TaskWithdrawn,
)
from webapp.models import (
    Agreement,
    Case,
    Claim,
    History,
    Invitation,
    Membership,
    Rescission,
    Task,
)
from webapp.services.agreements import agreements
from webapp.services.cases import cases, history, steps
from webapp.services.cases.operators import CaseOperators
from webapp.services.cases.rows import lock_case, rows_of

ROUNDS = range(3)


def failures(results):
    return [result for result in results if isinstance(result, Exception)]


def submitting(actor, task_id, now, **answers):
    return lambda session: cases.submit_task(session, actor, task_id, answers, [], now)


def with_operators(case, now, act):
    """An operator of a case called as a step would: under the case's lock."""

    def run(session):
        steps.begin(session)
        return act(CaseOperators(session, lock_case(rows_of(session), case.id), now))

    return run


@pytest.fixture
def offers(story, session, cast):
    """Three employers wait for Lin's answer: the cases and their tasks."""
    found = []
    for name in ("云杉软件有限公司", "远航制造有限公司", "安泰银行"):
        employer, member = cast.make.employer(name)
        session.commit()
        found.append(story.invite(member, employer=employer))
    return found


@pytest.mark.requirement("I1", "H07")
def test_two_accepted_invitations_bind_once(offers, sessions, session, cast, monday):
    results = race(
        sessions,
        [submitting(cast.lin, task.id, monday, outcome="accept", ack=True) for _, task in offers],
    )

    assert [type(lost) for lost in failures(results)] == [OnlyToRead, OnlyToRead]
    (bound,) = [result for result in results if not isinstance(result, Exception)]
    assert session.scalars(select(Claim.case_id)).all() == [bound.id]
    others = select(Case.status).where(Case.id.in_([c.id for c, _ in offers if c.id != bound.id]))
    assert session.scalars(others).all() == ["waiting_answer", "waiting_answer"]


@pytest.mark.requirement("I1")
def test_three_cases_that_ask_for_the_claim_at_once_get_it_once(offers, sessions, session, monday):
    results = race(
        sessions,
        [with_operators(case, monday, lambda ask: ask.acquire_claim()) for case, _ in offers],
    )

    assert sorted(results) == ["ok", "taken", "taken"]
    assert len(session.scalars(select(Claim)).all()) == 1


@pytest.mark.requirement("H07", "H08", "B07")
@pytest.mark.parametrize("answers", [{"outcome": "accept", "ack": True}, {"outcome": "refuse"}])
def test_a_bound_graduate_answers_no_other_invitation(
    story, offers, session, cast, monday, answers
):
    (_, chosen), (case, other), _ = offers
    story.accept(cast.lin, chosen)
    before = session.get_one(Case, case.id, populate_existing=True).history_count

    with pytest.raises(OnlyToRead, match="您已与其他单位签约，这份邀请只能查看"):
        story.submit(cast.lin, other, **answers)
    session.rollback()

    kept = session.get_one(Case, case.id, populate_existing=True)
    assert (kept.status, kept.history_count) == ("waiting_answer", before)


@pytest.mark.requirement("H07")
@pytest.mark.parametrize("round_", ROUNDS)
def test_accepting_one_and_refusing_another_at_once_never_leaves_a_late_refusal(
    offers, sessions, session, cast, monday, round_
):
    (_, chosen), (case, other), _ = offers

    accepted, refused = race(
        sessions,
        [
            submitting(cast.lin, chosen.id, monday, outcome="accept", ack=True),
            submitting(cast.lin, other.id, monday, outcome="refuse", reason="已有去向"),
        ],
    )

    assert accepted.status == "waiting_college"
    status = session.get_one(Case, case.id, populate_existing=True).status
    assert isinstance(refused, OnlyToRead) == (status == "waiting_answer")
    assert status in ("waiting_answer", "refused")


@pytest.mark.requirement("H07", "H14")
def test_a_graduate_who_is_free_again_answers_the_others(story, offers, session, cast, monday):
    (first, chosen), (_, other), _ = offers
    story.accept(cast.lin, chosen)
    story.submit(cast.rao, story.open_task(first), outcome="refuse", reason="专业不符")

    assert story.accept(cast.lin, other).status == "waiting_college"


@pytest.mark.requirement("I1")
def test_a_second_live_claim_cannot_be_stored(story, session, cast, monday):
    first, answer = story.invite()
    story.accept(cast.lin, answer)
    second = Claim(
        school_id=cast.school.id, graduate_id=cast.graduate.id, case_id=first.id, acquired_at=monday
    )

    session.add(second)

    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.requirement("I2", "H09")
def test_one_pair_has_one_live_invitation(story, sessions, session, cast, monday):
    drafts = [story.open_task(story.start()) for _ in range(3)]
    offer = {"outcome": "send", "reply_by": story.later(days=5).isoformat()}

    results = race(
        sessions, [submitting(cast.hengxin, task.id, monday, **offer) for task in drafts]
    )

    assert failures(results) == []
    assert sorted(r.status for r in results) == ["drafting", "drafting", "waiting_answer"]
    assert len(session.scalars(select(Invitation)).all()) == 1


@pytest.mark.requirement("I3")
def test_an_ended_case_never_changes(story, session, run_sql, cast, monday):
    case = story.complete()
    kept = session.get(Case, case.id, populate_existing=True)
    before = (kept.version, kept.history_count, kept.status)

    with pytest.raises(CannotWithdraw):
        steps.withdraw(session, cast.hengxin, case.id, monday)
    session.rollback()
    assert cases.wake_case(session, case.id, monday + timedelta(days=365)) is None
    session.rollback()
    with pytest.raises(DBAPIError, match="never changes"):
        run_sql("""UPDATE "case" SET status = 'open'""")

    kept = session.get(Case, case.id, populate_existing=True)
    assert (kept.version, kept.history_count, kept.status) == before


@pytest.mark.requirement("I4")
def test_what_was_approved_never_changes(story, session, run_sql, cast):
    story.complete()
    before = session.scalars(select(Agreement.snapshot)).one()

    cast.graduate.major = "另一个专业"
    cast.employer.name = "改名后的公司"
    session.commit()
    for statement in (
        "UPDATE agreement SET snapshot = '{}'",
        "UPDATE agreement SET number = 'X'",
        "DELETE FROM agreement",
    ):
        with pytest.raises(DBAPIError):
            run_sql(statement)

    after = session.scalars(select(Agreement.snapshot)).one()
    assert after == before
    assert after["values"]["graduate"]["major"] == "软件工程"
    assert after["values"]["employer"]["name"] == "恒信科技有限公司"


@pytest.mark.requirement("I5", "I09")
def test_one_agreement_has_one_open_rescission(story, sessions, session, cast, monday):
    story.complete()
    asking = [story.start() for _ in range(3)]

    results = race(
        sessions,
        [with_operators(case, monday, lambda ask: ask.open_rescission()) for case in asking],
    )

    assert sorted(results) == ["already_open", "already_open", "ok"]
    assert len(session.scalars(select(Rescission)).all()) == 1


@pytest.mark.requirement("I6", "J07")
@pytest.mark.parametrize("round_", ROUNDS)
def test_withdrawing_and_answering_exclude_each_other(
    story, sessions, session, cast, monday, round_
):
    case, answer = story.invite()

    answered, withdrawn = race(
        sessions,
        [
            submitting(cast.lin, answer.id, monday, outcome="accept", ack=True),
            lambda s: cases.withdraw_case(s, cast.hengxin, case.id, monday),
        ],
    )

    lost = failures([answered, withdrawn])
    assert len(lost) == 1
    assert isinstance(lost[0], CannotWithdraw | TaskWithdrawn)
    stored = session.get(Case, case.id, populate_existing=True)
    claims = session.scalar(select(func.count()).select_from(Claim))
    assert (stored.status, claims) in [("waiting_college", 1), ("withdrawn", 0)]
    assert history.broken_links(session, case.id) == []


@pytest.mark.requirement("I6")
def test_two_answers_at_once_count_as_one(story, sessions, session, cast, monday):
    case, answer = story.invite()
    accept = submitting(cast.lin, answer.id, monday, outcome="accept", ack=True)

    results = race(sessions, [accept] * 4)

    lost = failures(results)
    assert len(lost) == 3
    assert {type(error) for error in lost} == {TaskAlreadyDone}
    assert {error.who for error in lost} == {"林知夏"}
    rows = session.scalars(select(History).where(History.case_id == case.id)).all()
    assert [row.element for row in rows if row.kind == "answered"].count("Answer_invitation") == 1


@pytest.mark.requirement("I8", "H06")
@pytest.mark.parametrize("round_", ROUNDS)
def test_the_deadline_and_an_answer_exclude_each_other(story, sessions, session, cast, round_):
    case, answer = story.invite()
    deadline = story.later(days=5)

    answered, woken, again = race(
        sessions,
        [
            submitting(cast.lin, answer.id, deadline - timedelta(seconds=1), outcome="accept"),
            lambda s: cases.wake_case(s, case.id, deadline),
            lambda s: cases.wake_case(s, case.id, deadline),
        ],
    )

    stored = session.get(Case, case.id, populate_existing=True)
    if stored.status == "lapsed":
        assert isinstance(answered, TaskTooLate)
        assert [woken is None, again is None].count(True) == 1
        fired = session.scalars(select(History).where(History.kind == "fired")).one()
        assert (fired.actor, fired.person_id) == ("timer", None)
    else:
        assert stored.status == "waiting_college"
        assert (woken, again) == (None, None)


@pytest.mark.requirement("I9")
def test_a_reviewer_of_another_college_cannot_answer(story, session, cast, monday):
    case, answer = story.invite()
    story.accept(cast.lin, answer)
    law = cast.make.college(cast.school, "法学院", "02")
    stranger = cast.make.actor(
        cast.make.person("法学院老师"), "reviewer", school_id=cast.school.id, college_id=law.id
    )
    session.commit()
    review = story.open_task(case)

    for actor in (stranger, cast.wu, cast.lin, cast.hengxin, cast.nils):
        with pytest.raises(NotYours):
            cases.submit_task(session, actor, review.id, {"outcome": "pass"}, [], monday)
        session.rollback()

    assert session.get(Task, review.id, populate_existing=True).state == "open"


@pytest.mark.requirement("I9")
def test_a_membership_that_ended_answers_nothing(story, session, cast, monday):
    case, answer = story.invite()
    story.accept(cast.lin, answer)
    review = story.open_task(case)
    session.execute(
        update(Membership).where(Membership.id == cast.rao.membership_id).values(ended_at=monday)
    )
    session.commit()

    with pytest.raises(NotYours):
        cases.submit_task(session, cast.rao, review.id, {"outcome": "pass"}, [], monday)


@pytest.mark.requirement("P09")
def test_numbers_have_no_gap_and_no_duplicate(sessions, session, cast):
    def take(session):
        steps.begin(session)
        return agreements.next_serial(session, cast.school.id, 2027)

    def take_and_fail(session):
        take(session)
        raise RuntimeError("the step failed after taking a number")

    results = race(sessions, [take, take_and_fail, take, take, take_and_fail, take])

    assert sorted(r for r in results if isinstance(r, int)) == [1, 2, 3, 4]
    assert agreements.next_serial(session, cast.school.id, 2027) == 5


def test_a_changed_case_refuses_a_step_taken_from_the_old_one(story, session, sessions, cast):
    case, _ = story.invite()
    with sessions() as other:
        steps.begin(other)
        stale = lock_case(rows_of(other), case.id)
    stale.version -= 1
    steps.begin(session)

    with pytest.raises(ChangedMeanwhile):
        steps.move(
            session,
            stale,
            lambda run, operators: run.withdraw(story.monday, operators),
            [],
            story.monday,
        )


def test_history_cannot_be_rewritten(story, run_sql, session):
    case, _ = story.invite()

    for statement in (
        "UPDATE history SET body = '{}'",
        "DELETE FROM history",
        "UPDATE task SET closed_at = NULL WHERE state = 'done'",
        "DELETE FROM task",
    ):
        with pytest.raises(DBAPIError):
            run_sql(statement)

    assert history.broken_links(session, case.id) == []


def test_a_token_waits_once_in_the_life_of_its_case(story, session):
    story.invite()
    done = session.scalars(select(Task).where(Task.state == "done")).first()
    names = ("school_id", "case_id", "token", "element", "name", "role", "queue", "opened_at")

    session.add(Task(**{name: getattr(done, name) for name in names}))

    with pytest.raises(IntegrityError):
        session.flush()


def test_tampering_with_history_shows(story, session, engine):
    case = story.complete()
    drop = "DROP TRIGGER history_never_changes"
    drop_delete = "DROP TRIGGER history_never_deleted"
    if engine.dialect.name == "postgresql":
        drop, drop_delete = f"{drop} ON history", f"{drop_delete} ON history"
    session.connection().exec_driver_sql(drop)
    session.connection().exec_driver_sql(drop_delete)
    row = session.scalars(select(History).where(History.seq == 3)).one()

    row.body = {**row.body, "answers": []} if row.body.get("answers") else {"changed": True}
    session.flush()
    changed = history.broken_links(session, case.id)
    session.execute(delete(History).where(History.seq == row.seq))
    gap = history.broken_links(session, case.id)
    session.execute(delete(History).where(History.seq > 3))
    cut = history.broken_links(session, case.id)

    assert changed == ["第 3 条被改动过"]
    assert gap != []
    assert cut != []
