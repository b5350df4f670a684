"""Conditional flows, inclusive gateways and races: every step is dumped and restored."""

import pytest

from processes.engine import DiagramRefused, EngineError


def inclusive(id, default=None):
    return f'<inclusiveGateway id="{id}"' + (f' default="{default}"/>' if default else "/>")


def task_with_default(draw, id, default):
    return draw.user(id).replace("<userTask", f'<userTask default="{default}"', 1)


def branching(draw, *, always=""):
    """A task with two conditional flows and a default."""
    return (
        draw.start(), task_with_default(draw, "A", "A_Other"), draw.user("Low"), draw.user("High"),
        draw.user("Other"), draw.path("s", "A"), draw.flow("A", "Low", "A.n < 5"),
        draw.flow("A", "High", "A.n > 2"), draw.flow("A", "Other"), always,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("n", "goes_to"), [(1, ["Low"]), (4, ["High", "Low"]), (9, ["High"]), (2, ["Low"])]
)
def test_every_conditional_flow_that_holds_leaves_a_task(draw, play, n, goes_to):
    case = play(*branching(draw))

    case.answer("A", n=n)

    assert sorted(case.waiting) == goes_to


def test_the_default_leaves_a_task_when_no_condition_holds(draw, play):
    case = play(
        draw.start(), task_with_default(draw, "A", "A_C"), draw.user("B"), draw.user("C"),
        draw.path("s", "A"), draw.flow("A", "B", "A.n == 1"), draw.flow("A", "C"),
    )  # fmt: skip

    case.answer("A", n=2)

    assert case.waiting == ["C"]


def test_a_flow_without_a_condition_is_taken_beside_those_that_hold(draw, play):
    parts = (
        draw.start(), draw.user("A"), draw.user("B"), draw.user("C"),
        draw.path("s", "A", "C"), draw.flow("A", "B", "A.n == 1"),
    )  # fmt: skip
    with_both, alone = play(*parts), play(*parts)

    with_both.answer("A", n=1)
    alone.answer("A", n=2)

    assert sorted(with_both.waiting) == ["B", "C"]
    assert alone.waiting == ["C"]


def test_a_task_whose_conditions_all_fail_says_so(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.user("B"), draw.user("C"), draw.path("s", "A"),
        draw.flow("A", "B", "A.n == 1"), draw.flow("A", "C", "A.n == 2"),
    )  # fmt: skip

    with pytest.raises(EngineError, match="A 之后没有一个条件成立"):
        case.answer("A", n=3)


def test_an_event_has_no_conditional_flows(draw):
    with pytest.raises(DiagramRefused, match="条件只能写在"):
        draw.compiled(
            draw.start(), draw.user("A"), draw.user("B"), draw.flow("s", "A", "case.x == 1"),
            draw.flow("s", "B"),
        )  # fmt: skip


def three_ways(draw):
    """An inclusive fork over A.n into B, C and the default D, joined again before E."""
    return (
        draw.start(), draw.user("A"), inclusive("fork", "fork_D"), draw.user("B"), draw.user("C"),
        draw.user("D"), inclusive("join"), draw.user("E"), draw.path("s", "A", "fork"),
        draw.flow("fork", "B", "A.n < 5"), draw.flow("fork", "C", "A.n > 2"),
        draw.flow("fork", "D"), draw.path("B", "join", "E"), draw.path("C", "join"),
        draw.path("D", "join"),
    )  # fmt: skip


@pytest.mark.parametrize(("n", "goes_to"), [(1, ["B"]), (4, ["B", "C"]), (9, ["C"])])
def test_an_inclusive_gateway_takes_every_flow_that_holds_and_joins_them(draw, play, n, goes_to):
    case = play(*three_ways(draw))

    case.answer("A", n=n)
    assert sorted(case.waiting) == goes_to

    for number, task in enumerate(goes_to, 1):
        case.answer(task)
        assert case.waiting == (["E"] if number == len(goes_to) else goes_to[number:])


def test_an_inclusive_gateway_takes_the_default_when_nothing_holds(draw, play):
    case = play(
        draw.start(), draw.user("A"), inclusive("g", "g_C"), draw.user("B"), draw.user("C"),
        draw.path("s", "A", "g"), draw.flow("g", "B", "A.n == 1"), draw.flow("g", "C"),
    )  # fmt: skip

    case.answer("A", n=2)

    assert case.waiting == ["C"]


def test_an_inclusive_join_waits_for_a_token_that_may_come_the_long_way(draw, play):
    """Only B arrives directly; C may turn to the join or to another end, so the join waits."""
    case = play(
        draw.start(), draw.parallel("fork"), draw.user("B"), draw.user("C"), draw.gateway("x", "x_j"),
        inclusive("j"), draw.user("E"), draw.end("away"), draw.path("s", "fork", "B", "j", "E"),
        draw.path("fork", "C", "x"), draw.flow("x", "j"), draw.flow("x", "away", "C.n == 1"),
    )  # fmt: skip

    case.answer("B")
    assert case.waiting == ["C"]

    case.answer("C", n=1)
    assert case.waiting == ["E"]


def test_an_inclusive_join_does_not_wait_for_who_can_only_come_where_a_token_is(draw, play):
    """C can reach the join only by B's flow, which has a token already: nothing to wait for."""
    case = play(
        draw.start(), draw.parallel("fork"), draw.user("B"), draw.user("C"), draw.gateway("m"),
        draw.user("Never"), inclusive("j"), draw.user("E"), draw.gateway("never", "never_m"),
        draw.path("s", "fork", "B", "m", "j", "E"), draw.path("fork", "C", "m"),
        draw.path("Never", "j"),
    )  # fmt: skip

    case.answer("B")

    assert sorted(case.waiting) == ["C", "E"]


def test_an_inclusive_join_waits_for_the_way_from_a_border(draw, play):
    case = play(
        draw.start(), draw.parallel("fork"), draw.user("B"), draw.user("C"), inclusive("j"),
        draw.boundary("Late", "C", draw.timer("P1D")), draw.end("done"), draw.user("E"),
        draw.path("s", "fork", "B", "j", "E"), draw.path("fork", "C", "done"),
        draw.path("Late", "j"),
    )  # fmt: skip

    case.answer("B")
    assert case.waiting == ["C"]

    case.later(days=1)
    assert case.waiting == ["E"]


def test_an_inclusive_join_in_a_loop_starts_each_lap_anew(draw, play):
    parts = (
        draw.start(), draw.gateway("again"), draw.user("A"), inclusive("fork"), draw.user("B"),
        draw.user("C"), inclusive("join"), draw.gateway("x", "x_e"), draw.end(),
        draw.path("s", "again", "A", "fork"), draw.flow("fork", "B", "A.n < 5"),
        draw.flow("fork", "C", "A.n > 2"), draw.path("B", "join", "x", "e"), draw.path("C", "join"),
        draw.flow("x", "again", "A.more == 1"),
    )  # fmt: skip
    case = play(*parts)

    for n, tasks in ((4, ["C", "B"]), (1, ["B"]), (4, ["B", "C"]), (9, ["C"])):
        case.answer("A", n=n, more=1)
        for task in tasks:
            case.answer(task)
        assert case.waiting == ["A"]
    case.answer("A", n=1, more=0)
    assert case.answer("B").finished


def test_two_inclusive_joins_that_wait_for_each_other_are_told(draw, play):
    """Each may still get a token from the other: by the standard neither goes on."""
    case = play(
        draw.start(), draw.parallel("fork"), draw.user("A"), draw.user("B"), inclusive("j"),
        inclusive("k"), draw.gateway("x", "x_e"), draw.gateway("y", "y_f"), draw.end(),
        draw.end("f"), draw.path("s", "fork", "A", "j", "x"), draw.path("fork", "B", "k", "y"),
        draw.path("x", "e"), draw.path("y", "f"), draw.flow("x", "k", "A.n == 1"),
        draw.flow("y", "j", "A.n == 1"),
    )  # fmt: skip

    case.answer("A", n=0)
    with pytest.raises(EngineError, match="再也等不到其他分支"):
        case.answer("B")


@pytest.mark.parametrize(("days", "goes_to"), [(1, ["Soon"]), (3, ["Soon"])])
def test_several_timers_race_and_the_earliest_decides(draw, play, days, goes_to):
    case = play(
        draw.start(), '<eventBasedGateway id="race"/>', draw.catch("Far", draw.timer("P3D")),
        draw.catch("Near", draw.timer("P1D")), draw.catch("Said", draw.message("hello")),
        draw.user("Late"), draw.user("Soon"), draw.user("Heard"), draw.path("s", "race", "Far", "Late"),
        draw.path("race", "Near", "Soon"), draw.path("race", "Said", "Heard"),
    )  # fmt: skip

    case.later(days=days)

    assert case.waiting == goes_to
    assert case.step.wake_at is None
    assert case.step.messages == ()
