"""The lists of work: what is on them, for whom, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from webapp.errors import NotYours, TaskAlreadyDone
from webapp.services.cases import batches, tasks
from webapp.services.reviewing import review


@pytest.fixture
def reviews(story, session, cast):
    """Four graduates whose signing waits for the college, an hour apart."""
    made = []
    for number, name in enumerate(["安宁", "安静", "白露", "陈晨"]):
        graduate, actor = cast.make.graduate(cast.school, cast.college, name)
        session.commit()
        moment = story.later(hours=number)
        case, answer = story.invite(graduate=graduate, now=moment)
        story.accept(actor, answer, now=moment)
        made.append(story.open_task(case))
    return made


def names(rows):
    return [row.graduate_name for row in rows]


def test_what_waits_moves_from_hand_to_hand(story, session, cast):
    case, answer = story.invite()

    assert [r.name for r in tasks.waiting_for_me(session, cast.lin)] == ["应约"]
    assert tasks.waiting_for_me(session, cast.hengxin) == []
    assert [r.case_id for r in tasks.waiting_for_others(session, cast.hengxin)] == [case.id]
    story.accept(cast.lin, answer)
    assert tasks.waiting_for_me(session, cast.lin) == []
    assert [r.name for r in tasks.done_by_me(session, cast.lin)] == ["应约"]
    assert [r.name for r in tasks.waiting_for_others(session, cast.lin)] == ["院系审核"]


def test_ended_cases_have_a_list_of_their_own(story, session, cast):
    case = story.complete()

    for actor in (cast.lin, cast.hengxin, cast.rao, cast.wu):
        (row,) = tasks.ended_cases(session, actor)
        assert (row.case_id, row.status, row.closed_at) == (case.id, "completed", story.monday)
        assert tasks.waiting_for_others(session, actor) == []
    assert tasks.ended_cases(session, cast.nils) == []


def test_a_queue_pages_by_key_oldest_first(session, cast, reviews):
    first = review.queue(session, cast.rao, limit=3)
    second = review.queue(session, cast.rao, limit=3, after=first[-1].id)

    assert names(first) == ["安宁", "安静", "白露"]
    assert names(second) == ["陈晨"]
    assert names(tasks.waiting_for_me(session, cast.rao, limit=2)) == ["陈晨", "白露"]
    assert tasks.count_waiting(session, cast.rao) == 4


def test_a_queue_is_searched_by_beginnings(session, cast, reviews):
    assert names(review.queue(session, cast.rao, text="安")) == ["安宁", "安静"]
    assert names(review.queue(session, cast.rao, text="恒信")) == ["安宁", "安静", "白露", "陈晨"]
    assert review.queue(session, cast.rao, text="%") == []
    assert review.queue(session, cast.rao, text="信") == []


def test_a_queue_is_filtered_by_waiting_time_and_kind(story, session, cast, reviews):
    long = review.queue(session, cast.rao, waiting_since=story.later(hours=1))

    assert names(long) == ["安宁", "安静"]
    assert review.queue(session, cast.rao, family="offline_signing") == []
    element = "School_review/College_review"
    assert len(review.queue(session, cast.rao, element=element)) == 4


@pytest.mark.requirement("I9")
def test_another_colleges_queue_stays_empty(session, cast, reviews):
    law = cast.make.college(cast.school, "法学院", "02")
    stranger = cast.make.actor(
        cast.make.person("法学院老师"), "reviewer", school_id=cast.school.id, college_id=law.id
    )

    assert review.queue(session, stranger) == []
    assert tasks.waiting_for_others(session, stranger) == []


def test_an_agreement_is_found_by_its_number(story, session, cast):
    case = story.complete()
    number = case.variables["Issue_agreement"]["number"]

    (row,) = tasks.ended_cases(session, cast.wu, text=number[:12])

    assert row.case_id == case.id
    assert tasks.ended_cases(session, cast.wu, text="9999") == []


def test_several_reviews_at_once_have_a_result_each(story, session, cast, reviews):
    story.submit(cast.rao, reviews[1], outcome="pass")
    foreign = story.open_task(story.invite()[0])

    results = batches.submit_many(
        session,
        cast.rao,
        [*(task.id for task in reviews), foreign.id],
        {"outcome": "pass"},
        [],
        story.monday + timedelta(days=1),
    )

    assert [result.done for result in results] == [True, False, True, True, False]
    assert isinstance(results[1].error, TaskAlreadyDone)
    assert isinstance(results[4].error, NotYours)
    assert {r.status for r in results if r.done} == {"waiting_university"}
    assert tasks.count_waiting(session, cast.wu) == 4
