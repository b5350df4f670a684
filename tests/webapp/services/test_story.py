"""The whole story of an invitation, with the real engine, diagrams and databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from webapp.models import (
    Agreement,
    Case,
    Claim,
    Destination,
    History,
    Invitation,
    Job,
    Notification,
)
from webapp.services.cases import history


@pytest.mark.requirement("H02", "H03", "H04", "H11", "H12")
def test_an_invitation_becomes_an_agreement(story, session, cast):
    case = story.complete()

    assert (case.status, case.end_element) == ("completed", "Signing_completed")
    agreement = session.scalars(select(Agreement)).one()
    assert agreement.graduate_id == cast.graduate.id
    assert session.scalars(select(Destination)).one().code == "10"
    assert session.scalars(select(Claim)).one().released_at is None
    assert session.scalars(select(Invitation)).one().closed_at is not None
    assert session.scalars(select(Job.args).where(Job.name == "render_agreement")).one() == {
        "agreement": agreement.id.hex
    }


@pytest.mark.requirement("H05", "H10")
def test_after_a_refusal_the_employer_may_invite_again(story, cast):
    case, answer = story.invite()

    refused = story.submit(cast.lin, answer, outcome="refuse", reason="另有打算")
    again, _ = story.invite()

    assert refused.status == "refused"
    assert again.id != case.id
    assert again.status == "waiting_answer" or story.open_task(again).element == "Answer_invitation"


@pytest.mark.requirement("H13", "H14")
def test_a_failed_review_lets_the_graduate_go(story, session, cast):
    case, answer = story.invite()
    story.accept(cast.lin, answer)

    failed = story.submit(cast.rao, story.open_task(case), outcome="refuse", reason="专业不符")

    assert (failed.status, failed.is_finished) == ("failed", True)
    assert session.scalars(select(Claim)).one().released_at is not None
    told = {notice.person_id for notice in session.scalars(select(Notification))}
    assert {cast.lin.person_id, cast.hengxin.person_id} <= told


def test_the_graduate_is_told_of_an_invitation(story, session, cast):
    story.invite()

    notice = session.scalars(select(Notification)).one()

    assert notice.person_id == cast.lin.person_id
    assert "恒信科技有限公司邀请您签约" in notice.text


@pytest.mark.requirement("I8")
def test_automatic_acts_have_no_person(story, session):
    case = story.complete()

    rows = session.scalars(select(History).where(History.case_id == case.id)).all()

    by_hand = {row.kind for row in rows if row.actor == "person"}
    assert by_hand == {"started", "answered"}
    operators = [row.body["operator"] for row in rows if row.kind == "operator"]
    assert {"open_invitation", "acquire_claim", "issue_agreement", "notify"} <= set(operators)
    assert all(row.person_id is None for row in rows if row.kind == "operator")
    assert history.broken_links(session, case.id) == []


def test_facts_are_fixed_at_the_start(story, session, cast):
    case = story.start()
    cast.school.settings = {"review_levels": "college"}
    session.commit()

    kept = session.get(Case, case.id)

    assert kept.facts["school"]["review_levels"] == "both"
    assert kept.facts["case"]["initiator"] == "employer"
