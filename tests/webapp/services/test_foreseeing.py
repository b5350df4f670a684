"""What a simulation may assume, read from what happened; the same on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from processes.simulation.questions import Decision, Questions
from webapp.services.design.foreseeing import fixed_facts, observe, values_in

ASKED = Questions(
    roles=("employer", "graduate", "reviewer", "office"),
    decisions=(
        Decision("Answer_invitation", "应约", "outcome", "signing/answer", ("accept", "refuse")),
        Decision("College_review", "院系审核", "outcome", "review/decide", ("pass", "refuse")),
    ),
    results=(),
    facts={"school.review_levels": ("both", "college"), "case.initiator": ("employer",)},
)


@pytest.fixture
def seen(session, cast):
    def look(now, variant="employer_invitation"):
        found = observe(session, cast.school.id, "online_signing", variant, ASKED, now)
        session.commit()
        return found

    return look


@pytest.fixture
def three(session, cast, story):
    """Three invitations, answered after one, two and three days; Rao passes them, ten minutes each."""
    waiting = []
    for place, name in enumerate(("甲", "乙", "丙"), start=1):
        graduate, lin = cast.make.graduate(cast.school, cast.college, name)
        session.commit()
        case, answer = story.invite(graduate=graduate)
        story.accept(lin, answer, story.later(days=place))
        waiting.append(case)
    for place, case in enumerate(waiting):
        at = story.later(days=4, minutes=10 * place)
        story.submit(cast.rao, story.open_task(case), at, outcome="pass")
    return waiting


def test_arrivals_replies_pace_and_answers_are_what_happened(seen, story, three):
    found = seen(story.later(days=6))

    assert (found.cases, found.arrivals) == (3, 0.5)
    assert found.reply["graduate"] == timedelta(days=2)
    assert found.minutes["reviewer"] == 10.0
    assert found.shares["Answer_invitation.outcome"] == {"accept": 3}
    assert found.shares["College_review.outcome"] == {"pass": 3}
    assert found.staff["reviewer"] >= 1


def test_what_lies_over_a_year_back_and_other_variants_do_not_count(seen, story, three):
    assert seen(story.later(days=400)).cases == 0
    assert seen(story.later(days=6), "qr_card").shares == {}


def test_a_long_pause_is_no_work(seen, story, cast, session):
    for name, hours in (("甲", 1), ("乙", 3)):
        graduate, lin = cast.make.graduate(cast.school, cast.college, name)
        session.commit()
        case, answer = story.invite(graduate=graduate)
        story.accept(lin, answer, story.later(minutes=5))
        story.submit(cast.rao, story.open_task(case), story.later(hours=hours), outcome="pass")

    assert "reviewer" not in seen(story.later(days=1)).minutes


def test_the_school_fixes_the_facts_that_its_settings_decide(session, cast):
    cast.school.settings = {**cast.school.settings, "review_levels_rescission": "college"}

    assert fixed_facts(cast.school, "rescission", ASKED) == {"school.review_levels": "college"}


def test_answers_inside_a_call_are_found():
    known = {
        "Review": {"outcome": "passed", "College_review": {"outcome": "pass", "n": 1.5}},
        "x": 1,
    }

    assert set(values_in(known)) == {
        ("Review", "outcome", "passed"), ("College_review", "outcome", "pass"),
    }  # fmt: skip
