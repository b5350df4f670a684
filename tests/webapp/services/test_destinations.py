"""Other destinations through the services: who may register what, what it binds, how it ends."""

from __future__ import annotations

import pytest
from racing import race
from sqlalchemy import func, select

from webapp.errors import CannotWithdraw, CaseEnded, NotAllowed, NotInForce
from webapp.models import Claim, Destination, DestinationVoid, Notification
from webapp.services.cases import cases, entries, tasks
from webapp.services.design.releases import publish_packaged
from webapp.services.destinations import destinations


@pytest.fixture
def registration(story, session, cast, monday):
    """Acts of a registration, each committed."""

    class Acts:
        def begin(self, actor=None, graduate=None):
            case = cases.start_case(
                session,
                actor or cast.lin,
                "other_destination",
                variant="registration",
                graduate=graduate or cast.graduate,
                employer=None,
                now=monday,
            )
            session.commit()
            return case

        def choose(self, case, code, actor=None):
            return story.submit(actor or cast.lin, story.open_task(case), outcome="fill", code=code)

        def fill(self, case, actor=None, **data):
            return story.submit(actor or cast.lin, story.open_task(case), outcome="submit", **data)

        def submit(self, code="801", **data):
            case = self.begin()
            self.choose(case, code)
            return self.fill(case, **(data or {"study_school": "江南大学"}))

        def review(self, actor, case, outcome="pass", **answers):
            return story.submit(actor, story.open_task(case), outcome=outcome, **answers)

        def complete(self, code="801", **data):
            case = self.submit(code, **data)
            self.review(cast.rao, case)
            return self.review(cast.wu, case)

    return Acts()


@pytest.fixture
def voiding(story, session, cast, monday):
    """Acts of voiding what is in force, each committed."""

    class Acts:
        def begin(self, variant="self_service", actor=None):
            case = cases.start_case(
                session,
                actor or cast.lin,
                "destination_void",
                variant=variant,
                graduate=cast.graduate,
                employer=None,
                now=monday,
                about=in_force(session),
            )
            session.commit()
            return case

        def void(self, **answers):
            case = self.begin()
            return story.submit(cast.lin, story.open_task(case), outcome="void", **answers)

    return Acts()


def offer(session, cast, monday, **offered):
    """The school offers these variants instead."""
    cast.school.settings = {**cast.school.settings, "offered": offered}
    publish_packaged(session, cast.school.id, monday)
    session.commit()


def in_force(session):
    return session.scalars(select(Destination).where(Destination.closed_at.is_(None))).first()


def live_claims(session):
    return session.scalar(select(func.count(Claim.id)).where(Claim.released_at.is_(None)))


def events(session):
    return session.scalars(select(Notification.event).order_by(Notification.id)).all()


@pytest.mark.requirement("M03", "M06")
def test_a_registration_that_both_levels_pass_is_in_force(registration, session, cast):
    case = registration.complete()

    assert case.status == "destination_completed"
    assert (in_force(session).code, in_force(session).case_id) == ("801", case.id)
    assert live_claims(session) == 1
    assert events(session)[-1] == "destination_completed"
    assert destinations.name_of(case) == "升学：考研 · 江南大学"


@pytest.mark.requirement("M03", "I1")
@pytest.mark.parametrize("code", ["70", "71", "72"])
def test_who_has_no_work_yet_is_registered_and_stays_free_to_sign(
    registration, story, session, cast, code
):
    registration.complete(code, waiting_kind="701")
    assert in_force(session).code == code
    assert live_claims(session) == 0

    story.complete()

    assert in_force(session).code == "10"
    assert session.scalar(select(func.count(Destination.id))) == 2


@pytest.mark.requirement("M04", "B10")
@pytest.mark.parametrize(
    ("mode", "code", "waits_at"),
    [
        ("2", "DX", "Fill_destination"),
        ("4", "DX", "Fill_destination"),
        ("2", "801", "Choose_destination_type"),
        ("4", "70", "Choose_destination_type"),
        ("1", "DX", "Choose_destination_type"),
        ("1", "10", "Choose_destination_type"),
        ("1", "801", "Fill_destination"),
    ],
)
def test_the_service_lets_nobody_choose_a_type_of_others(
    registration, story, session, cast, mode, code, waits_at
):
    graduate, actor = cast.make.graduate(cast.school, cast.college, "同学", training_mode=mode)
    session.commit()
    case = registration.begin(actor, graduate)

    registration.choose(case, code, actor)

    assert story.open_task(case).element == waits_at


@pytest.mark.requirement("M04")
def test_a_school_may_let_graduates_trained_for_an_employer_choose(session, cast):
    cast.graduate.training_mode = "2"
    free = {"directed_may_sign_online": True}

    assert destinations.offered_types(cast.graduate, {}) == {
        "any_destination": False,
        "targeted_destination": True,
    }
    assert destinations.may_register(cast.graduate, free, "801")
    assert destinations.may_register(cast.graduate, free, "DX")


@pytest.mark.requirement("M05")
def test_taking_back_frees_the_graduate_and_keeps_the_case(registration, session, cast, monday):
    case = registration.submit()
    assert live_claims(session) == 1

    taken_back = cases.withdraw_case(session, cast.lin, case.id, monday)
    session.commit()

    assert taken_back.status == "drafting"
    assert live_claims(session) == 0
    assert tasks.waiting_for_me(session, cast.rao) == []
    assert registration.fill(case).status == "destination_under_review"


@pytest.mark.requirement("M05", "I6")
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

    race(sessions, [take_back, let_pass])

    session.rollback()
    assert (in_force(session) is not None) == (live_claims(session) == 1)


@pytest.mark.requirement("M05")
def test_what_is_registered_cannot_be_taken_back(registration, session, cast, monday):
    case = registration.complete()

    with pytest.raises((CannotWithdraw, CaseEnded)):
        cases.withdraw_case(session, cast.lin, case.id, monday)


@pytest.mark.requirement("M06")
def test_a_return_stays_in_the_reviewer_s_sight_and_a_refusal_is_void(registration, session, cast):
    case = registration.submit()
    returned = registration.review(cast.rao, case, "return", reason="图像看不清")
    assert returned.status == "destination_returned"
    assert cases.find_case(session, cast.rao, case.id).id == case.id
    assert live_claims(session) == 0

    registration.fill(case)
    refused = registration.review(cast.rao, case, "refuse", reason="材料不实")

    assert refused.status == "voided"
    assert (live_claims(session), in_force(session)) == (0, None)
    assert events(session) == ["destination_returned", "destination_refused"]


@pytest.mark.requirement("M09", "I1")
def test_one_thing_binds_at_a_time(registration, story, session, cast):
    _, invitation = story.invite()
    story.accept(cast.lin, invitation)

    bound = registration.submit()

    assert bound.status == "drafting"
    assert live_claims(session) == 1


@pytest.mark.requirement("I1")
def test_a_destination_without_a_claim_and_an_acceptance_at_once_leave_one_truth(
    registration, story, sessions, session, cast, monday
):
    """The check of an unemployed destination holds until its commit."""
    _, invitation = story.invite()
    case = registration.submit("70", waiting_kind="701")
    registration.review(cast.rao, case)
    (task,) = tasks.open_tasks(session, case.id)
    task_id = task.id
    session.commit()

    def accept(own):
        answers = {"outcome": "accept", "ack": True}
        return cases.submit_task(own, cast.lin, invitation.id, answers, [], monday).status

    def let_pass(own):
        return cases.submit_task(own, cast.wu, task_id, {"outcome": "pass"}, [], monday).status

    results = race(sessions, [accept, let_pass])

    session.rollback()
    assert "waiting_college" in results
    assert live_claims(session) == 1
    assert ("overtaken" in results) == (in_force(session) is None)


@pytest.mark.requirement("M08", "M09", "I10")
def test_voiding_ends_the_destination_frees_the_graduate_and_is_recorded(
    registration, voiding, story, session, cast
):
    registered = registration.complete()

    case = voiding.void(reason="改为就业")

    record = session.scalars(select(DestinationVoid)).one()
    assert case.status == "voided"
    assert (in_force(session), live_claims(session)) == (None, 0)
    assert (record.case_id, record.reason) == (case.id, "改为就业")
    destination = session.get_one(Destination, record.destination_id)
    assert destination.case_id == registered.id
    assert events(session)[-1] == "destination_voided"
    assert registration.submit("11").status == "destination_under_review"


@pytest.mark.requirement("M08")
def test_whoever_keeps_it_voids_nothing(registration, voiding, story, session, cast):
    registration.complete()
    case = voiding.begin()

    kept = story.submit(cast.lin, story.open_task(case), outcome="keep")

    assert kept.status == "kept"
    assert in_force(session) is not None
    assert session.scalar(select(func.count(DestinationVoid.id))) == 0


@pytest.mark.requirement("M10")
def test_what_an_agreement_wrote_is_not_offered_to_be_voided(story, session, cast, monday):
    story.complete()
    destination = in_force(session)

    offered = entries.acts_on(session, cast.lin, destination, monday)

    assert offered == []
    with pytest.raises(NotAllowed):
        cases.start_case(
            session,
            cast.lin,
            "destination_void",
            graduate=cast.graduate,
            employer=None,
            now=monday,
            about=destination,
        )


@pytest.mark.requirement("M10")
def test_a_void_begun_before_signing_does_not_end_what_the_agreement_wrote(
    registration, voiding, story, session, cast
):
    registration.complete("70", waiting_kind="701")
    begun = voiding.begin()
    story.complete()

    late = story.submit(cast.lin, story.open_task(begun), outcome="void")

    assert late.status == "nothing_to_void"
    assert in_force(session).code == "10"
    assert live_claims(session) == 1


@pytest.mark.requirement("M08")
def test_what_is_void_is_not_voided_again(registration, voiding, session, cast, monday):
    registration.complete()
    destination = in_force(session)
    voiding.void()

    with pytest.raises(NotInForce):
        cases.start_case(
            session,
            cast.lin,
            "destination_void",
            graduate=cast.graduate,
            employer=None,
            now=monday,
            about=destination,
        )


@pytest.mark.requirement("F27", "F32")
@pytest.mark.parametrize(
    ("region", "wage"),
    [("340104", "2060"), ("340881", "1870"), ("330106", "2490"), ("110101", "2060"), ("", "2060")],
)
def test_the_minimum_wage_is_that_of_the_place(region, wage):
    settings = {
        "region": "340104",
        "minimum_wages": ["340000 1870", "340100 2060", "330000 2490", "没有写对"],
    }

    assert destinations.minimum_wage(settings, region) == wage
    assert destinations.minimum_wage({}, region) == ""


@pytest.mark.requirement("F27")
@pytest.mark.parametrize(("day", "until"), [("06-30", "2027-12-30"), ("08-31", "2028-02-29")])
def test_another_hire_lasts_six_months_beyond_leaving(day, until):
    assert destinations.hire_until({"leaving_day": day}, 2027) == until
