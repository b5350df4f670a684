"""How long steps take, read from what happened; the same on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from webapp.models import Release
from webapp.services.cases import cases
from webapp.services.design.heat import Asked, measure, share


@pytest.fixture
def release(session, story, published) -> Release:
    return next(one for one in published if one.family == "online_signing")


def steps(session, release, **asked):
    found = {one.element: one for one in measure(session, release, Asked(**asked))}
    session.commit()
    return found


def test_the_median_and_the_ninth_tenth_are_spans_that_happened():
    spans = [timedelta(hours=n) for n in (5, 1, 4, 2, 3, 6, 7, 8, 9, 10)]

    assert share(spans, 0.5) == timedelta(hours=5)
    assert share(spans, 0.9) == timedelta(hours=9)
    assert share([timedelta(hours=3)], 0.9) == timedelta(hours=3)
    assert share([], 0.5) is None


def test_a_step_counts_what_was_done_and_how_long_it_took(session, story, cast, release):
    for name, days in (("甲", 1), ("乙", 2), ("丙", 4)):
        graduate, lin = cast.make.graduate(cast.school, cast.college, name)
        session.commit()
        _, answer = story.invite(graduate=graduate)
        story.accept(lin, answer, story.later(days=days))

    found = steps(session, release)

    answered = found["Answer_invitation"]
    assert (answered.count, answered.median, answered.slow) == (
        3, timedelta(days=2), timedelta(days=4),
    )  # fmt: skip
    assert found["School_review/College_review"].waiting == 3
    assert found["Fill_invitation"].median == timedelta(0)


def test_a_lapse_is_counted_at_the_step_it_ended(session, story, release):
    case, _ = story.invite()
    cases.wake_case(session, case.id, story.later(days=6))
    session.commit()

    answered = steps(session, release)["Answer_invitation"]

    assert (answered.lapses, answered.cancelled, answered.count) == (1, 1, 0)
    assert answered.median is None


def test_a_step_that_comes_again_is_a_return(session, story, cast, release):
    """An invitation that was refused by the register comes back to whoever wrote it."""
    story.invite()
    again = story.start()
    task = story.open_task(again)
    later = story.later(days=5).isoformat()
    story.submit(cast.hengxin, task, outcome="send", reply_by=later)

    filled = steps(session, release)["Fill_invitation"]

    assert (filled.returns, filled.count, filled.waiting) == (1, 2, 1)


def test_only_what_was_asked_for_is_measured(session, story, cast, release):
    elsewhere = cast.make.college(cast.school, "外国语学院", "09")
    graduate, _ = cast.make.graduate(cast.school, elsewhere, "外院的")
    session.commit()
    story.invite()
    story.invite(graduate=graduate, now=story.later(days=3), reply_by=story.later(days=9))

    def waiting(**asked):
        step = steps(session, release, **asked).get("Answer_invitation")
        return step.waiting if step else 0

    assert waiting() == 2
    assert waiting(college_id=elsewhere.id) == 1
    assert waiting(since=story.later(days=2)) == 1
    assert waiting(until=story.later(days=2)) == 1
    assert waiting(since=story.later(days=4)) == 0
