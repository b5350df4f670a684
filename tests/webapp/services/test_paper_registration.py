"""Registering an agreement signed on paper through the services: what it binds, ends and leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from racing import race
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

import webapp.migrations
from webapp.database import upgrade
from webapp.errors import CannotWithdraw, CaseEnded, NotYours
from webapp.jobs import Job
from webapp.models import Agreement, Case, Claim, Destination, Employer, Notification
from webapp.services.agreements import documents, prints, verification
from webapp.services.agreements.agreements import verification_code
from webapp.services.cases import cases, tasks

EMPLOYER, NUMBER = "湖畔生物技术有限公司", "340001270012"
PAPER = {
    "outcome": "submit",
    "employer_name": EMPLOYER,
    "uscc": "91340100MA2MRBFK0N",
    "position_name": "技术员",
    "salary": "7200",
    "paper_number": NUMBER,
    "signed_on": "2026-05-20",
    "sealed_copy": ["scan-1"],
    "ack": True,
}


@pytest.fixture
def registration(story, session, cast, monday):
    """Acts of a registration, each committed."""

    class Acts:
        def begin(self, actor=None, graduate=None):
            case = cases.start_case(
                session,
                actor or cast.lin,
                "paper_registration",
                graduate=graduate or cast.graduate,
                employer=None,
                now=monday,
            )
            session.commit()
            return case

        def fill(self, case, actor=None, **changed):
            return story.submit(actor or cast.lin, story.open_task(case), **{**PAPER, **changed})

        def submit(self, **changed):
            return self.fill(self.begin(), **changed)

        def review(self, actor, case, outcome="pass", **answers):
            return story.submit(actor, story.open_task(case), outcome=outcome, **answers)

        def complete(self):
            case = self.submit()
            self.review(cast.rao, case)
            return self.review(cast.wu, case)

    return Acts()


def live_claims(session):
    return session.scalar(select(func.count(Claim.id)).where(Claim.released_at.is_(None)))


def notices(session):
    return session.scalars(select(Notification.event).order_by(Notification.id)).all()


@pytest.mark.requirement("L02", "L04", "L06")
def test_both_levels_pass_and_it_is_registered_without_a_document(registration, session, monday):
    case = registration.complete()

    agreement = session.scalars(select(Agreement)).one()
    assert case.status == "registered"
    assert (agreement.number, agreement.state, agreement.employer_id) == (NUMBER, "valid", None)
    assert agreement.snapshot["values"]["employer"]["name"] == EMPLOYER
    assert session.scalars(select(Destination.code)).all() == ["10"]
    assert live_claims(session) == 1
    assert notices(session)[-1] == "completed"
    assert session.scalar(select(func.count(Job.id)).where(Job.name == "render_agreement")) == 0


@pytest.mark.requirement("L06")
def test_nothing_of_a_paper_is_handed_out_or_verified(registration, session, cast, monday):
    case = registration.complete()
    agreement = session.scalars(select(Agreement)).one()

    with pytest.raises(NotYours):
        prints.hand_out(session, cast.lin, [prints.Wanted(agreement.id, "毕业生")], monday)
    with pytest.raises(NotYours):
        documents.read(session, cast.lin, agreement.id)
    with pytest.raises(NotYours):
        documents.draft(session, cast.lin, case.id)
    assert verification.verify(session, NUMBER, verification_code(NUMBER), monday) is None


@pytest.mark.requirement("L02")
def test_the_office_finds_the_typed_employer_in_its_lists(registration, session, cast):
    registration.submit()

    rows = tasks.waiting_for_me(session, cast.rao)

    assert [row.employer_name for row in rows] == [EMPLOYER]
    assert session.scalars(select(Employer.name)).all() == ["恒信科技有限公司"]
    assert len(tasks.waiting_for_me(session, cast.rao, text="湖畔")) == 1
    assert tasks.waiting_for_me(session, cast.rao, text="恒信") == []


def test_the_typed_employer_is_found_by_an_index(registration, session, engine):
    registration.submit()
    plan = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    if engine.dialect.name == "postgresql":
        session.execute(text("SET enable_seqscan = off"))
    query = (
        "SELECT id FROM \"case\" WHERE typed_employer <> ''"
        " AND typed_employer >= '湖畔' AND typed_employer < '湖畕'"
    )

    told = " ".join(str(row) for row in session.execute(text(plan + query)))

    assert "ix_case_typed_employer" in told


def test_earlier_cases_get_the_typed_name_by_the_migration(
    registration, session, cast, engine, database_url
):
    registration.complete()
    session.commit()
    session.close()
    config = Config()
    config.set_main_option("script_location", str(Path(webapp.migrations.__path__[0])))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0010")

    upgrade(database_url)

    assert len(tasks.ended_cases(session, cast.wu, text="湖畔")) == 1
    with pytest.raises(DBAPIError):
        session.execute(text("UPDATE \"case\" SET title = 'x' WHERE ended_at IS NOT NULL"))


@pytest.mark.requirement("L02", "B10", "M04")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"base_data_confirmed_at": None}, "drafting"),
        ({"training_mode": "2"}, "drafting"),
        ({"online_signing_allowed": False}, "registration_under_review"),
    ],
)
def test_who_may_register_a_paper(registration, cast, session, facts, status):
    graduate, actor = cast.make.graduate(cast.school, cast.college, "同学", **facts)
    session.commit()

    case = registration.fill(registration.begin(actor, graduate), actor)

    assert case.status == status
    assert live_claims(session) == (status != "drafting")


@pytest.mark.requirement("L03")
def test_taking_back_keeps_the_claim_and_the_reviewer_loses_the_task(
    registration, story, session, cast, monday
):
    case = registration.submit()

    taken_back = cases.withdraw_case(session, cast.lin, case.id, monday)
    session.commit()

    assert taken_back.status == "drafting"
    assert tasks.waiting_for_me(session, cast.rao) == []
    assert live_claims(session) == 1
    assert registration.fill(case).status == "registration_under_review"


@pytest.mark.requirement("L03")
def test_taking_back_and_passing_at_once_end_one_way(
    registration, story, sessions, session, cast, monday
):
    case = registration.submit()
    registration.review(cast.rao, case)
    task_id = story.open_task(case).id

    def take_back(own):
        return cases.withdraw_case(own, cast.lin, case.id, monday).status

    def let_pass(own):
        return cases.submit_task(own, cast.wu, task_id, {"outcome": "pass"}, [], monday).status

    results = race(sessions, [take_back, let_pass])

    session.rollback()
    status = session.scalar(select(Case.status))
    assert status in ("drafting", "registered")
    assert [result for result in results if result == status] == [status]
    assert session.scalar(select(func.count(Agreement.id))) == (status == "registered")


@pytest.mark.requirement("L03")
def test_after_the_review_nothing_is_taken_back(registration, session, cast, monday):
    case = registration.complete()

    with pytest.raises((CannotWithdraw, CaseEnded)):
        cases.withdraw_case(session, cast.lin, case.id, monday)


@pytest.mark.requirement("L04")
def test_a_return_keeps_the_claim_and_a_refusal_releases_it(registration, session, cast):
    case = registration.submit()
    returned = registration.review(cast.rao, case, "return", reason="图像看不清")
    assert returned.status == "registration_returned"
    assert live_claims(session) == 1

    registration.fill(case)
    refused = registration.review(cast.rao, case, "refuse", reason="协议不是本人签订")

    assert refused.status == "void"
    assert live_claims(session) == 0
    assert notices(session) == ["returned", "voided"]
    assert session.scalar(select(func.count(Agreement.id))) == 0


@pytest.mark.requirement("L05")
def test_a_registered_paper_is_rescinded_with_the_name_that_stands_on_it(
    registration, session, cast, monday
):
    registration.complete()
    agreement = session.scalars(select(Agreement)).one()

    case = cases.start_case(
        session,
        cast.lin,
        "rescission",
        variant="offline_material",
        graduate=cast.graduate,
        employer=None,
        now=monday,
        about=agreement,
    )
    session.commit()

    assert case.facts["case"]["employer_name"] == EMPLOYER
    assert tasks.waiting_for_me(session, cast.lin)[0].employer_name == EMPLOYER
