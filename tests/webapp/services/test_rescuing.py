"""A case that stands still is set down at another step, or a review is given to others."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from webapp.errors import NotYours
from webapp.models import Audit, Case, History, Incident, Notification, Task, new_id
from webapp.services.cases import rescuing
from webapp.services.cases.history import broken_links

REASON = "系统故障，按当事人的要求重新填写"


@pytest.fixture
def incident(session, story, cast):
    """An accepted invitation in review whose case has failed."""

    def of(case):
        row = Incident(
            id=new_id(),
            school_id=cast.school.id,
            case_id=case.id,
            at=story.monday,
            story="没有办成",
        )
        session.add(row)
        session.commit()
        return row.id

    return of


@pytest.fixture
def reviewed(story, cast):
    case, task = story.invite()
    story.accept(cast.lin, task)
    return case


def skip(session, actor, incident_id, target, now, reason=REASON):
    case = rescuing.skip(session, actor, incident_id, target, reason, now)
    session.commit()
    return case


def test_the_case_waits_at_the_chosen_step_and_goes_on_to_its_end(
    session, cast, story, incident, reviewed
):
    broken = incident(reviewed)

    skip(session, cast.ada, broken, "School_review", story.monday)

    states = session.scalars(
        select(Task.state).where(Task.case_id == reviewed.id).order_by(Task.id)
    ).all()
    assert states == ["done", "done", "cancelled", "open"]
    assert session.get_one(Incident, broken).solved_at is not None
    story.submit(cast.rao, story.open_task(reviewed), outcome="pass")
    ended = story.submit(cast.wu, story.open_task(reviewed), outcome="pass")
    assert ended.end_element == "Signing_completed"
    assert broken_links(session, reviewed.id) == []


def test_history_and_audit_say_who_and_why(session, cast, story, incident, reviewed):
    skip(session, cast.ada, incident(reviewed), "School_review", story.monday)

    row = session.scalars(
        select(History).where(History.case_id == reviewed.id, History.kind == "skipped")
    ).one()
    assert (row.person_id, row.body["reason"]) == (cast.ada.person_id, REASON)
    said = session.scalars(select(Audit.about).where(Audit.act == "incident_skipped")).one()
    assert REASON in said


def test_a_step_that_cannot_be_chosen_is_refused_and_nothing_is_written(
    session, cast, story, incident
):
    case, _ = story.invite()
    before = (session.get_one(Case, case.id).state, session.get_one(Case, case.id).version)
    broken = incident(case)

    with pytest.raises(rescuing.SkipRefused) as refused:
        skip(session, cast.ada, broken, "Nothing_here", story.monday)
    session.rollback()

    assert "Nothing_here" in refused.value.story
    assert (session.get_one(Case, case.id).state, session.get_one(Case, case.id).version) == before


def test_no_reason_no_skip(session, cast, story, incident, reviewed):
    with pytest.raises(rescuing.RescueReasonNeeded):
        skip(session, cast.ada, incident(reviewed), "School_review", story.monday, " ")


def test_only_the_own_admin_skips_and_reassigns(session, cast, story, incident, reviewed):
    elsewhere = cast.make.school("远方大学", "10003")
    stranger = cast.make.actor(cast.make.person("远老师"), "admin", school_id=elsewhere.id)
    session.commit()
    broken, task = incident(reviewed), story.open_task(reviewed)

    for other in (stranger, cast.wu, cast.rao):
        with pytest.raises(NotYours):
            skip(session, other, broken, "School_review", story.monday)
        session.rollback()
        with pytest.raises(NotYours):
            rescuing.reassign(session, other, reviewed.id, task.id, REASON, story.monday)
        session.rollback()


def test_a_review_is_given_to_the_office_which_can_then_answer_it(session, cast, story, reviewed):
    task = story.open_task(reviewed)

    rescuing.reassign(session, cast.ada, reviewed.id, task.id, REASON, story.monday)
    session.commit()

    with pytest.raises(NotYours):
        story.submit(cast.rao, task, outcome="pass")
    session.rollback()
    story.submit(cast.wu, task, outcome="pass")
    told = session.scalars(
        select(Notification.person_id).where(Notification.case_id == reviewed.id)
    ).all()
    assert cast.wu.person_id in told
    row = session.scalars(
        select(History).where(History.case_id == reviewed.id, History.kind == "reassigned")
    ).one()
    assert row.body["holder"] == "学校"
    assert broken_links(session, reviewed.id) == []


def test_and_back_to_the_college(session, cast, story, reviewed):
    task = story.open_task(reviewed)
    for _ in range(2):
        rescuing.reassign(session, cast.ada, reviewed.id, task.id, REASON, story.monday)
        session.commit()

    story.submit(cast.rao, task, outcome="pass")


def test_a_step_of_the_parties_is_nobody_elses(session, cast, story):
    case, task = story.invite()

    with pytest.raises(rescuing.CannotReassign):
        rescuing.reassign(session, cast.ada, case.id, task.id, REASON, story.monday)
