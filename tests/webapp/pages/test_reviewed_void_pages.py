"""A destination is voided by the graduate alone before leaving school, with a review afterwards (K14)."""

from __future__ import annotations

import re

import pytest
from registering import Registration
from sqlalchemy import select

from webapp.models import Destination
from webapp.services.design import releases

SELF, REVIEWED = "self_service", "reviewed"
REASON = "已被另一所学校录取，改为升学。"


@pytest.fixture
def completed(visit, cast, session, published) -> Registration:
    registration = Registration(visit, cast, session)
    registration.submit()
    registration.review(cast.rao, outcome="pass")
    registration.review(cast.wu, outcome="pass")
    return registration


@pytest.fixture
def offers(session, cast, clock):
    """The school offers these ways of voiding."""

    def offers(*variants: str) -> None:
        session.rollback()
        offered = {"other_destination": ["registration"], "destination_void": list(variants)}
        cast.school.settings = {**cast.school.settings, "offered": offered}
        releases.publish_packaged(session, cast.school.id, clock.now)
        for variant in {SELF, REVIEWED} - set(variants):
            releases.withdraw(session, cast.school.id, "destination_void", variant)
        session.commit()

    return offers


def entry(completed, variant: str) -> str:
    return completed.void_entry().replace(SELF, variant)


def offered_on_page(completed, visit, cast) -> set[str]:
    page = visit(cast.lin).get(f"/cases/{completed.case().id}").text
    return {variant for variant in (SELF, REVIEWED) if entry(completed, variant) in page}


@pytest.mark.requirement("M08")
@pytest.mark.parametrize(
    ("days", "fits", "other"), [(0, SELF, REVIEWED), (394, SELF, REVIEWED), (395, REVIEWED, SELF)]
)
def test_the_way_of_voiding_changes_by_itself_the_day_after_leaving(
    completed, offers, visit, cast, clock, days, fits, other
):
    offers(SELF, REVIEWED)
    clock.move(days=days)  # the graduates of 2027 leave on 30 June

    assert offered_on_page(completed, visit, cast) == {fits}
    assert visit(cast.lin).get(entry(completed, fits)).status_code == 200
    assert visit(cast.lin).get(entry(completed, other)).status_code == 404
    assert visit(cast.lin).post(entry(completed, other)).status_code == 404


@pytest.mark.requirement("M08")
def test_the_day_of_leaving_is_the_schools(completed, offers, visit, cast, session):
    offers(SELF, REVIEWED)
    cast.school.settings = {**cast.school.settings, "leaving_day": "07-15"}
    cast.graduate.cohort = 2025
    session.commit()

    assert offered_on_page(completed, visit, cast) == {REVIEWED}


@pytest.mark.parametrize("only", [SELF, REVIEWED])
@pytest.mark.parametrize("days", [0, 395])
def test_a_school_with_one_way_keeps_it_all_year(completed, offers, visit, cast, clock, only, days):
    offers(only)
    clock.move(days=days)

    assert offered_on_page(completed, visit, cast) == {only}


@pytest.fixture
def asked(completed, offers, visit, cast):
    """Lin has asked to void it."""
    offers(REVIEWED)
    lin = visit(cast.lin)
    lin.post(entry(completed, REVIEWED))
    task = completed.task("destination_void")
    data = {"outcome": "submit", "reason": REASON, "do": "confirm"}
    lin.post(f"/tasks/{task.id}/answer", data=data)
    return completed


def in_force(session) -> int:
    session.rollback()
    live = select(Destination.id).where(Destination.closed_at.is_(None))
    return len(session.scalars(live).all())


def decide(asked, visit, actor, **answers):
    return visit(actor).post(f"/review/{asked.task('destination_void').id}", data=answers)


@pytest.mark.requirement("M08")
def test_a_reviewed_void_ends_the_destination_when_both_levels_agree(asked, visit, cast, session):
    page = visit(cast.rao).get(f"/review/{asked.task('destination_void').id}").text
    decide(asked, visit, cast.rao, outcome="pass")
    between = in_force(session)
    decide(asked, visit, cast.wu, outcome="pass")

    assert REASON in page
    assert (between, in_force(session)) == (1, 0)
    assert asked.case("destination_void").status == "voided"
    assert REASON in visit(cast.wu).get("/office/voids").text


@pytest.mark.requirement("M08")
def test_a_refused_void_leaves_the_destination_and_tells_why(asked, visit, cast, session):
    decide(asked, visit, cast.rao, outcome="refuse", reason="录取证明还没有交。")

    lin = visit(cast.lin)
    assert in_force(session) == 1
    assert "录取证明还没有交" in lin.get(f"/cases/{asked.case('destination_void').id}").text
    assert offered_on_page(asked, visit, cast) == {REVIEWED}


def test_a_refusal_needs_a_reason(asked, visit, cast, session):
    answer = decide(asked, visit, cast.rao, outcome="refuse", reason="")

    assert answer.status_code == 422
    assert in_force(session) == 1


@pytest.mark.requirement("M08")
def test_a_void_is_taken_back_before_the_review(asked, visit, cast, session):
    case = asked.case("destination_void")

    visit(cast.lin).post(f"/cases/{case.id}/withdraw")

    assert in_force(session) == 1
    assert asked.case("destination_void").status != "waiting_college"


@pytest.mark.requirement("M08")
def test_an_unfinished_reason_comes_back_as_typed(completed, offers, visit, cast):
    offers(REVIEWED)
    lin = visit(cast.lin)
    lin.post(entry(completed, REVIEWED))
    task = completed.task("destination_void")

    answer = lin.post(
        f"/tasks/{task.id}/answer", data={"outcome": "submit", "reason": "改", "do": "confirm"}
    )

    assert answer.status_code == 422
    assert re.search(r"<textarea id=\"reason\"[^>]*>\s*改</textarea>", answer.text)
