"""A reviewer's edit beside everybody else: a withdrawal, a decision, another edit (M07, I6)."""

from __future__ import annotations

import pytest
from racing import race
from sqlalchemy import select

from forms.changes import Change
from webapp.errors import CaseError, ChangedMeanwhile, NotYours, TaskAlreadyDone, TaskWithdrawn
from webapp.models import Case, Destination, History, Notification
from webapp.services.cases import cases
from webapp.services.cases.history import broken_links
from webapp.services.reviewing import review_edits
from webapp.services.reviewing.review_edits import StepEdit

OLD, NEW = "江南大学", "南京大学"
STEP = "Fill_destination"
DATA = {"study_school": OLD, "study_proof_kind": "notice", "study_proof": ["file-1"]}


def edited(school: str = NEW) -> StepEdit:
    labelled = [{"key": "study_school", "label": "录取院校", "text": school}]
    change = Change("study_school", "录取院校", OLD, school)
    return StepEdit(STEP, {**DATA, "study_school": school}, labelled, (change,))


@pytest.fixture
def under_review(story, session, cast, monday) -> Case:
    """Lin's registration of a study, which the college reviews now."""
    case = cases.start_case(
        session,
        cast.lin,
        "other_destination",
        variant="registration",
        graduate=cast.graduate,
        employer=None,
        now=monday,
    )
    session.commit()
    story.submit(cast.lin, story.open_task(case), outcome="fill", code="801")
    story.submit(cast.lin, story.open_task(case), outcome="submit", **DATA)
    return session.get_one(Case, case.id)


@pytest.fixture
def acts(under_review, story, session, cast, monday):
    """What may happen at one moment, each as a function of its own session."""
    case_id, version = under_review.id, under_review.version
    task_id = story.open_task(under_review).id
    session.rollback()

    class Acts:
        @staticmethod
        def edit(own, school=NEW, actor=cast.rao, at=version, task=task_id):
            return review_edits.change(own, actor, task, [edited(school)], at, monday).version

        @staticmethod
        def take_back(own):
            return cases.withdraw_case(own, cast.lin, case_id, monday).version

        @staticmethod
        def decide(own, outcome="pass"):
            said = {"outcome": outcome, "reason": "请补充"}
            return cases.submit_task(own, cast.rao, task_id, said, [], monday).version

    return Acts


def school_now(session, case_id) -> str:
    session.rollback()
    session.expire_all()
    return session.get_one(Case, case_id).variables[STEP]["study_school"]


def edits(session) -> int:
    session.rollback()
    return len(session.scalars(select(History).where(History.kind == "amended")).all())


def told(session) -> int:
    wanted = select(Notification.event).where(Notification.event == "amended")
    return len(session.scalars(wanted).all())


def require_whole(session, case_id, edit) -> None:
    """The edit is there with history and notice, or it left no trace; the chain holds."""
    happened = not isinstance(edit, Exception)
    assert school_now(session, case_id) == (NEW if happened else OLD)
    assert (edits(session), told(session)) == ((1, 1) if happened else (0, 0))
    assert broken_links(session, case_id) == []


@pytest.mark.requirement("M07", "I6")
def test_an_edit_and_a_withdrawal_at_once_end_one_way(sessions, session, acts, under_review):
    case_id = under_review.id

    edit, withdrawal = race(sessions, [acts.edit, acts.take_back])

    assert not isinstance(withdrawal, Exception), withdrawal
    if isinstance(edit, Exception):
        assert isinstance(edit, TaskWithdrawn | ChangedMeanwhile | NotYours)
    require_whole(session, case_id, edit)
    assert session.get_one(Case, case_id).status != "destination_under_review"


@pytest.mark.requirement("M07", "I6")
@pytest.mark.parametrize("outcome", ["pass", "return", "refuse"])
def test_an_edit_and_a_decision_at_once_end_one_way(sessions, session, acts, under_review, outcome):
    case_id = under_review.id

    edit, decision = race(sessions, [acts.edit, lambda own: acts.decide(own, outcome)])

    assert not isinstance(decision, Exception), decision
    if isinstance(edit, Exception):
        assert isinstance(edit, TaskAlreadyDone | ChangedMeanwhile)
    require_whole(session, case_id, edit)


@pytest.mark.requirement("M07")
def test_what_is_written_is_what_the_reviewers_saw_last(
    sessions, session, cast, acts, story, under_review
):
    acts.decide(session)
    session.commit()
    case = session.get_one(Case, under_review.id)
    task_id, version = story.open_task(case).id, case.version
    session.rollback()

    edit, decision = race(
        sessions,
        [
            lambda own: acts.edit(own, actor=cast.wu, at=version, task=task_id),
            lambda own: (
                cases.submit_task(
                    own, cast.wu, task_id, {"outcome": "pass"}, [], story.monday
                ).status
            ),
        ],
    )

    assert decision == "destination_completed"
    require_whole(session, case.id, edit)
    written = session.scalars(select(Destination)).one()
    assert written.snapshot["study_school"] == school_now(session, case.id)


@pytest.mark.requirement("M07", "I6")
def test_of_two_edits_that_read_the_same_page_one_is_kept(sessions, session, acts, under_review):
    schools = ["南京大学", "浙江大学"]

    results = race(sessions, [lambda own, s=s: acts.edit(own, s) for s in schools])

    lost = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in lost] == [ChangedMeanwhile]
    won = schools[0 if results[1] in lost else 1]
    assert school_now(session, under_review.id) == won
    assert (edits(session), told(session)) == (1, 1)
    assert broken_links(session, under_review.id) == []


@pytest.mark.requirement("M07")
def test_after_a_withdrawal_nothing_is_changed_any_more(session, acts, under_review):
    acts.take_back(session)
    session.commit()

    with pytest.raises(CaseError):
        acts.edit(session)

    assert school_now(session, under_review.id) == OLD
    assert edits(session) == 0
