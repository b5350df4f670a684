"""Voiding with a review, and unlocking by two people of the office (K14, E06)."""

from __future__ import annotations

import pytest
from racing import race
from sqlalchemy import func, select

from webapp.errors import AnotherPersonNeeded, NotAllowed
from webapp.models import Claim, Destination, DestinationVoid, Notification
from webapp.services.cases import cases, tasks
from webapp.services.design.releases import publish_packaged


@pytest.fixture
def mo(session, cast):
    """A colleague of Wu's in the office."""
    found = cast.make.actor(cast.make.person("莫老师"), "office", school_id=cast.school.id)
    session.commit()
    return found


@pytest.fixture
def registered(story, session, cast, monday):
    """Lin goes on to study; the school offers all three ways of voiding."""
    cast.school.settings = {
        **cast.school.settings,
        "offered": {
            "other_destination": ["registration"],
            "destination_void": ["self_service", "reviewed", "admin_unlock"],
        },
    }
    publish_packaged(session, cast.school.id, monday)
    session.commit()
    case = cases.start_case(
        session,
        cast.lin,
        "other_destination",
        graduate=cast.graduate,
        employer=None,
        now=monday,
    )
    session.commit()
    story.submit(cast.lin, story.open_task(case), outcome="fill", code="801")
    story.submit(cast.lin, story.open_task(case), outcome="submit", study_school="江南大学")
    story.submit(cast.rao, story.open_task(case), outcome="pass")
    story.submit(cast.wu, story.open_task(case), outcome="pass")
    return session.scalars(select(Destination)).one()


@pytest.fixture
def begin(session, cast, monday, registered):
    def start(variant, actor):
        case = cases.start_case(
            session,
            actor,
            "destination_void",
            variant=variant,
            graduate=cast.graduate,
            employer=None,
            now=monday,
            about=registered,
        )
        session.commit()
        return case

    return start


@pytest.fixture
def requested(begin, story, cast):
    """Wu asks to unlock Lin: the case that waits for a second person."""
    case = begin("admin_unlock", cast.wu)
    asked = {"outcome": "unlock", "reason": "毕业生放弃入学，已交书面说明"}
    return story.submit(cast.wu, story.open_task(case), **asked)


def in_force(session):
    codes = select(Destination.code).where(Destination.closed_at.is_(None))
    return session.scalars(codes).all()


def live_claims(session):
    return session.scalar(select(func.count(Claim.id)).where(Claim.released_at.is_(None)))


@pytest.mark.requirement("E06", "K14")
def test_who_gave_the_reason_may_not_confirm_it(requested, story, session, cast, monday):
    task = story.open_task(requested)

    with pytest.raises(AnotherPersonNeeded) as refused:
        cases.submit_task(session, cast.wu, task.id, {"outcome": "confirm"}, [], monday)

    session.rollback()
    assert "另一位老师" in refused.value.story
    assert requested.status == "waiting_second_person"
    assert in_force(session) == ["801"]


@pytest.mark.requirement("E06", "K14")
def test_a_second_person_unlocks_and_the_destination_is_waiting_for_work(
    requested, story, session, mo
):
    case = story.submit(mo, story.open_task(requested), outcome="confirm")

    record = session.scalars(select(DestinationVoid)).one()
    assert case.status == "unlocked"
    assert in_force(session) == ["70"]
    assert live_claims(session) == 0
    assert record.reason == "毕业生放弃入学，已交书面说明"
    assert session.scalars(select(Notification.event)).all()[-1] == "destination_unlocked"


@pytest.mark.requirement("E06")
def test_a_second_person_may_refuse(requested, story, session, mo):
    case = story.submit(mo, story.open_task(requested), outcome="refuse", reason="没有书面说明")

    assert case.status == "unlock_refused"
    assert in_force(session) == ["801"]
    assert live_claims(session) == 1


@pytest.mark.requirement("E06", "I6")
def test_two_who_confirm_at_once_unlock_once(requested, story, sessions, session, cast, mo, monday):
    nie = cast.make.actor(cast.make.person("聂老师"), "office", school_id=cast.school.id)
    session.commit()
    task_id = story.open_task(requested).id

    def confirm(actor):
        answers = {"outcome": "confirm"}
        return lambda own: cases.submit_task(own, actor, task_id, answers, [], monday).status

    race(sessions, [confirm(mo), confirm(nie)])

    session.rollback()
    assert session.scalar(select(func.count(DestinationVoid.id))) == 1
    assert in_force(session) == ["70"]


@pytest.mark.requirement("E06")
def test_a_school_may_let_one_person_unlock(begin, story, session, cast):
    cast.school.settings = {**cast.school.settings, "unlock_needs_second": False}
    session.commit()
    case = begin("admin_unlock", cast.wu)

    unlocked = story.submit(cast.wu, story.open_task(case), outcome="unlock", reason="放弃入学")

    assert unlocked.status == "unlocked"


@pytest.mark.requirement("K14")
def test_only_the_office_unlocks_and_only_the_graduate_voids(begin, cast):
    for variant, actor in (
        ("admin_unlock", cast.lin),
        ("admin_unlock", cast.rao),
        ("self_service", cast.wu),
        ("reviewed", cast.wu),
    ):
        with pytest.raises(NotAllowed):
            begin(variant, actor)


@pytest.mark.requirement("K14")
@pytest.mark.parametrize(
    ("outcome", "status", "left"),
    [("pass", "voided", []), ("refuse", "void_refused", ["801"])],
)
def test_a_void_that_is_reviewed_waits_for_college_and_school(
    begin, story, session, cast, outcome, status, left
):
    case = begin("reviewed", cast.lin)
    story.submit(cast.lin, story.open_task(case), outcome="submit", reason="改为就业")
    story.submit(cast.rao, story.open_task(case), outcome="pass")
    assert in_force(session) == ["801"]

    ended = story.submit(cast.wu, story.open_task(case), outcome=outcome, reason="说明不清")

    assert ended.status == status
    assert in_force(session) == left
    assert live_claims(session) == len(left)
    reasons = session.scalars(select(DestinationVoid.reason)).all()
    assert reasons == ([] if left else ["改为就业"])


@pytest.mark.requirement("K14", "I6")
def test_a_void_under_review_can_be_taken_back(begin, story, session, cast, monday):
    case = begin("reviewed", cast.lin)
    story.submit(cast.lin, story.open_task(case), outcome="submit", reason="改为就业")

    cases.withdraw_case(session, cast.lin, case.id, monday)
    session.commit()

    assert [task.name for task in tasks.waiting_for_me(session, cast.lin)] == ["填写作废原因"]
    assert tasks.waiting_for_me(session, cast.rao) == []
    assert in_force(session) == ["801"]
