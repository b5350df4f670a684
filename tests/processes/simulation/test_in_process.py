"""A term of somebody's diagram in a process that can be killed, and what may be assumed of it."""

from __future__ import annotations

import pytest

from processes.library import find_diagram, load_family
from processes.simulation import Plan, simulate_in_process
from processes.simulation.running import fitting

DRAWN = (
    "start A\nuser U form=f\nxor X\nend Good\nend Bad\nA > U > X > Good : U.way == 'a'\nX >> Bad"
)
FORMS = {"f": {"way": ["a", "b"], "note": None}}


@pytest.fixture
def ask(sketch):
    def run(plan=None, drawn=DRAWN, **limits):
        return simulate_in_process(
            sketch(drawn, lane="院系"), "x", called={}, forms=FORMS, plan=plan, **limits
        )

    return run


def test_only_what_decides_is_asked(ask):
    found = ask().questions

    assert found.roles == ("reviewer",)
    [decision] = found.decisions
    assert (decision.key, decision.form, decision.values) == ("U.way", "f", ("a", "b"))
    assert (found.results, found.facts) == ((), {})


def test_a_packaged_diagram_asks_for_its_called_review_and_its_operators_too():
    diagram, called = load_family("online_signing", "employer_invitation")
    scenarios = find_diagram("online_signing", "employer_invitation").scenarios.read_text("utf-8")

    found = simulate_in_process(
        diagram.xml,
        "x",
        called={name: one.xml for name, one in called.items()},
        forms={"review/decide": {"outcome": ["pass", "return", "refuse"]}},
        scenarios=scenarios,
    ).questions

    assert "College_review.outcome" in {one.key for one in found.decisions}
    assert "acquire_claim" in {one.operator for one in found.results}
    assert set(found.facts["school.review_levels"]) == {"both", "college", "office"}


def test_a_plan_gives_a_term_and_the_questions_with_it(ask):
    found = ask({"arrivals": 5, "days": 3, "weights": ("U.way=a:1,b:0",)})

    assert found.questions is not None
    assert found.problem == ""
    assert dict(found.simulated.ends) == {"Good": found.simulated.started}


def test_a_plan_that_cannot_be_read_is_told_and_the_questions_stay(ask):
    found = ask({"arrivals": 0, "days": 3})

    assert found.questions is not None
    assert found.simulated is None
    assert "大于 0" in found.problem


def test_too_much_work_ends_and_says_what_to_do(ask):
    found = ask({"arrivals": 5000, "days": 366}, seconds=1)

    assert found.simulated is None
    assert "减少每天发起的件数或天数" in found.problem


def test_a_file_that_is_no_diagram_is_told():
    found = simulate_in_process(b"<no", "x", called={}, forms={})

    assert found.questions is None
    assert found.problem


def test_a_fixed_fact_holds_for_every_case():
    varied = [{"case": {}, "school": {"levels": one}} for one in ("both", "college")]

    assert fitting(varied, {"school.levels": "office"}) == [
        {"case": {}, "school": {"levels": "office"}}
    ]
    assert fitting(varied, {}) == varied
    assert Plan().facts == {}
