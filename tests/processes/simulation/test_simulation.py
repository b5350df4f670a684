"""A simulated term: what arrives is what ends, queues grow where people are too few, hours hold."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.diagram import read_diagram
from processes.roles import Role
from processes.simulation import Hours, Plan, PlanError, read_plan, simulate
from processes.simulation.plan import BEIJING

DRAWN = (
    "start A\nuser U form=f\nxor X\nboundary B on=U duration=P3D\nend Good\nend Bad\nend Late\n"
    "A > U > X > Good : U.way == 'a'\nX >> Bad\nB > Late"
)
FORMS = {"f": {"way": ["a", "b"]}}
FRIDAY = datetime(2027, 3, 5, 16, 30, tzinfo=BEIJING)


@pytest.fixture
def term(sketch):
    def run(**typed):
        plan = read_plan(**{"arrivals": 20, "days": 10, **typed})
        return simulate(read_diagram(sketch(DRAWN, lane="院系")), {}, FORMS, (), plan)

    return run


def test_everybody_who_arrives_leaves_again(term):
    found = term()

    assert found.started > 100
    assert found.ended == found.started
    assert sum(number for _, number in found.ends) == found.ended
    [step] = found.steps
    assert step.done + step.undone == found.started


def test_the_same_plan_gives_the_same_term(term):
    assert term() == term()
    assert term(seed=2) != term(seed=1)


def test_one_for_too_much_work_lets_a_queue_grow_and_deadlines_pass(term):
    few, enough = (
        term(minutes=("reviewer=60",)),
        term(minutes=("reviewer=60",), staff=("reviewer=5",)),
    )

    assert few.queues[0].load > 1 > enough.queues[0].load
    assert max(few.queues[0].waiting) > max(enough.queues[0].waiting)
    assert few.median_hours > enough.median_hours
    assert dict(few.ends).get("Late", 0) > dict(enough.ends).get("Late", 0)
    assert few.bottleneck.element == "U"


def test_weights_decide_how_often_an_answer_is_given(term):
    found = dict(term(weights=("U.way=a:1,b:0",)).ends)

    assert "Bad" not in found
    assert found["Good"] > 50


@pytest.mark.parametrize(
    "typed",
    [
        {"arrivals": 0}, {"days": 0}, {"staff": ("reviewer",)}, {"staff": ("reviewer=0",)},
        {"staff": ("nobody=1",)}, {"minutes": ("reviewer=x",)}, {"reply": ("graduate=soon",)},
        {"weights": ("U.way=a",)}, {"weights": ("U.way=a:0",)}, {"hours": "late"}, {"hours": "17:00-8:30"},
    ],
)  # fmt: skip
def test_what_cannot_be_assumed_is_told(typed):
    with pytest.raises(PlanError) as told:
        read_plan(**{"arrivals": 20, "days": 10, **typed})

    assert told.value.story.endswith("。")


def test_work_begun_on_friday_evening_ends_on_monday():
    done = Hours().after(FRIDAY, timedelta(hours=1))

    assert done == datetime(2027, 3, 8, 9, 0, tzinfo=BEIJING)


@settings(deadline=None)
@given(
    st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 1)),
    st.timedeltas(timedelta(minutes=1), timedelta(days=3)),
)
def test_work_takes_exactly_its_time_within_hours(moment, work):
    hours, begin = Hours(), moment.replace(tzinfo=BEIJING)

    done = hours.after(begin, work)

    assert hours.between(begin, done) == work
    assert hours.next_open(done - timedelta(microseconds=1)) < done


def test_a_plan_has_people_for_every_role_of_the_school():
    assert Plan().staff == dict.fromkeys((Role.REVIEWER, Role.OFFICE, Role.ADMIN), 1)
