"""Loops and multi-instances: every step is dumped and restored."""

import pytest

from processes.engine import DiagramRefused, EngineError, TaskNotWaiting


def single(draw, play, marker, **options):
    """s → A (marked) → B, after a question that sets what the marker reads."""
    return play(
        draw.start(), draw.user("Ask"), draw.marked(draw.user("A"), marker), draw.user("B"),
        draw.end(), draw.path("s", "Ask", "A", "B", "e"), **options,
    )  # fmt: skip


def answer_turn(case, index, **answers):
    task = case.step.tasks[index]
    return case._move(lambda: case.run.answer(task.token, answers, case.now, case.operators))


# Standard loops ------------------------------------------------------------------------------


def test_a_loop_goes_on_while_its_condition_holds(draw, play):
    case = single(draw, play, draw.again("A.more == 1", maximum=5))

    case.answer("Ask")
    for _ in range(2):
        case.answer("A", more=1)
        assert case.waiting == ["A"]
    case.answer("A", more=0)

    assert case.waiting == ["B"]
    assert case.step.variables["A"] == {"more": 0}


def test_a_loop_ends_after_the_most_turns(draw, play):
    case = single(draw, play, draw.again("A.more == 1", maximum=2))

    case.answer("Ask")
    case.answer("A", more=1)
    case.answer("A", more=1)

    assert case.waiting == ["B"]


@pytest.mark.parametrize(("more", "goes_to"), [(0, "B"), (1, "A")])
def test_a_loop_may_ask_before_its_first_turn(draw, play, more, goes_to):
    case = single(draw, play, draw.again("Ask.more == 1", before=True))

    case.answer("Ask", more=more)

    assert case.waiting == [goes_to]


def test_the_border_of_a_loop_lasts_over_all_turns(draw, play):
    case = play(
        draw.start(), draw.marked(draw.user("A"), draw.again("A.more == 1", maximum=9)),
        draw.boundary("Late", "A", draw.timer("P3D")), draw.user("B"), draw.user("Lapsed"),
        draw.path("s", "A", "B"), draw.path("Late", "Lapsed"),
    )  # fmt: skip
    begun = case.step.wake_at

    case.later(days=2)
    case.answer("A", more=1)
    assert case.step.wake_at == begun
    case.later(days=1)

    assert case.waiting == ["Lapsed"]


def test_an_operator_in_a_loop_is_asked_each_turn(draw, play):
    case = play(
        draw.start(), draw.marked(draw.service("S"), draw.again("S.outcome == 'ok'", maximum=4)),
        draw.user("B"), draw.path("s", "S", "B"),
    )  # fmt: skip

    assert len(case.operators.calls) == 4
    assert case.waiting == ["B"]


def test_a_sub_process_in_a_loop_begins_anew_each_turn(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("i"), draw.user("A"), draw.user("C"), draw.end("j"),
        draw.path("i", "A", "C", "j"),
    )  # fmt: skip
    case = play(
        draw.start(), draw.marked(inside, draw.again("C.more == 1")), draw.user("B"),
        draw.path("s", "Sub", "B"),
    )  # fmt: skip

    for more in (1, 0):
        case.answer("A")
        case.answer("C", more=more)

    assert case.waiting == ["B"]


# Multi-instances -----------------------------------------------------------------------------


def test_parallel_turns_wait_side_by_side(draw, play):
    case = single(draw, play, draw.many("Ask.n"))

    case.answer("Ask", n=3)
    assert case.waiting == ["A", "A", "A"]
    answer_turn(case, 1, who="two")
    answer_turn(case, 1, who="three")
    assert case.waiting == ["A"]
    step = answer_turn(case, 0, who="one")

    assert case.waiting == ["B"]
    assert step.variables["A"] == {"who": "one"}
    assert [step.variables[f"A[{n}]"]["A"]["who"] for n in (1, 2, 3)] == ["one", "two", "three"]


def test_sequential_turns_follow_each_other(draw, play):
    case = single(draw, play, draw.many(3, sequential=True))

    case.answer("Ask")
    for _ in range(3):
        assert case.waiting == ["A"]
        case.answer("A")

    assert case.waiting == ["B"]


@pytest.mark.parametrize("sequential", [True, False])
def test_turns_stop_when_the_completion_condition_holds(draw, play, sequential):
    marker = draw.many(3, until="A.outcome == 'refuse'", sequential=sequential)
    case = single(draw, play, marker)

    case.answer("Ask")
    answer_turn(case, 0, outcome="pass")
    old = case.step.tasks[-1].token
    step = answer_turn(case, 0, outcome="refuse")

    assert case.waiting == ["B"]
    assert step.variables["A"] == {"outcome": "refuse"}
    with pytest.raises(TaskNotWaiting):
        case.run.answer(old, {}, case.now, case.operators)


@pytest.mark.parametrize("sequential", [True, False])
def test_each_value_of_a_list_is_handed_to_its_turn(draw, play, sequential):
    marked = draw.marked(
        draw.service("S", "notify", to="one.name", about="Ask.topic"),
        draw.many(each="one in Ask.people", sequential=sequential),
    )
    case = play(
        draw.start(), draw.user("Ask"), marked, draw.user("B"), draw.path("s", "Ask", "S", "B")
    )

    case.answer("Ask", people=[{"name": "Lin"}, {"name": "Rao"}], topic="x")

    assert [call[1] for call in case.operators.calls] == [
        {"to": "Lin", "about": "x"}, {"to": "Rao", "about": "x"},
    ]  # fmt: skip
    assert [call[2] for call in case.operators.calls] == ["S[1]/S", "S[2]/S"]
    assert case.kinds.count(("called", "S")) == 2
    assert case.waiting == ["B"]


@pytest.mark.parametrize("marker", [{"count": "Ask.n"}, {"each": "one in Ask.list"}])
def test_no_turns_at_all_let_the_token_pass(draw, play, marker):
    case = single(draw, play, draw.many(**marker))

    case.answer("Ask", n=0, list=[])

    assert case.waiting == ["B"]


@pytest.mark.parametrize(
    ("marker", "answers", "says"),
    [
        ({"count": "Ask.n"}, {"n": 10}, "超过了上限 9 次"),
        ({"count": "Ask.n"}, {"n": "3"}, "不是整数"),
        ({"count": "Ask.n"}, {"n": True}, "不是整数"),
        ({"count": "Ask.n"}, {"n": -1}, "不是整数"),
        ({"each": "one in Ask.list"}, {"list": "abc"}, "不是列表"),
        ({"each": "one in Ask.list"}, {"list": list(range(10))}, "超过了上限 9 次"),
    ],
)
def test_what_cannot_be_counted_is_told(draw, play, marker, answers, says):
    case = single(draw, play, draw.many(**marker))

    with pytest.raises(EngineError, match=says):
        case.answer("Ask", **answers)


def test_parallel_turns_of_a_sub_process_keep_their_steps_apart(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("i"), draw.user("A"), draw.gateway("x", "x_j"), draw.user("More"),
        draw.end("j"), draw.end("k"), draw.path("i", "A", "x", "j"),
        draw.flow("x", "More", "A.n == 1 and Ask.n == 2"), draw.path("More", "k"),
    )  # fmt: skip
    case = play(
        draw.start(), draw.user("Ask"), draw.marked(inside, draw.many("Ask.n", until="A.n == 9")),
        draw.user("B"), draw.path("s", "Ask", "Sub", "B"),
    )  # fmt: skip

    case.answer("Ask", n=2)
    answer_turn(case, 0, n=1)
    assert case.waiting == ["A", "More"]
    answer_turn(case, 0, n=0)
    assert case.waiting == ["More"]
    case.answer("More")

    assert case.waiting == ["B"]
    assert "A" not in case.step.variables


def test_turns_of_a_call_have_outcomes_of_their_own(draw, play):
    called = draw.document(
        draw.start("i"), draw.user("In"), draw.gateway("x", "x_no"), draw.end("yes", outcome="yes"),
        draw.end("no", outcome="no"), draw.path("i", "In", "x", "no"),
        draw.flow("x", "yes", "In.n == parameters.wanted"), process="q",
    )  # fmt: skip
    marker = draw.many(each="w in Ask.list", until="Call.outcome == 'yes'")
    case = play(
        draw.start(), draw.user("Ask"), draw.marked(draw.call("Call", "q", wanted="w"), marker),
        draw.user("B"), draw.path("s", "Ask", "Call", "B"), called={"q": called},
    )  # fmt: skip

    case.answer("Ask", list=[5, 6, 7])
    assert case.waiting == ["Call/In"] * 3
    answer_turn(case, 0, n=0)
    assert case.waiting == ["Call/In"] * 2
    step = answer_turn(case, 1, n=7)

    assert case.waiting == ["B"]
    assert step.variables["Call"]["outcome"] == "yes"


def test_the_border_takes_every_turn_away(draw, play):
    case = play(
        draw.start(), draw.marked(draw.user("A"), draw.many(3)),
        draw.boundary("Back", "A", draw.message("withdraw")), draw.user("B"), draw.user("C"),
        draw.path("s", "A", "B"), draw.path("Back", "C"),
    )  # fmt: skip

    answer_turn(case, 0)
    case.message("withdraw")

    assert case.waiting == ["C"]
    assert case.kinds.count(("cancelled", "A")) == 2


def test_an_error_in_one_turn_ends_them_all(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("i"), draw.user("A"), draw.throwing_end("bad", draw.error("one")),
        draw.path("i", "A", "bad"),
    )  # fmt: skip
    case = play(
        draw.start(), draw.marked(inside, draw.many(3)),
        draw.boundary("Failed", "Sub", draw.error("one")), draw.user("B"), draw.end(),
        draw.path("s", "Sub", "e"), draw.path("Failed", "B"),
    )  # fmt: skip

    answer_turn(case, 1)

    assert case.waiting == ["B"]


def test_a_terminating_end_ends_its_own_turn_only(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("i"), draw.parallel("f"), draw.user("A"), draw.user("C"),
        draw.terminate("t"), draw.path("i", "f", "A", "t"), draw.path("f", "C", "t"),
    )  # fmt: skip
    case = play(
        draw.start(), draw.marked(inside, draw.many(2)), draw.user("B"), draw.path("s", "Sub", "B")
    )

    case._move(lambda: case.run.answer(case.step.tasks[0].token, {}, case.now, case.operators))
    assert case.waiting == ["A", "C"]
    case.answer("C")

    assert case.waiting == ["B"]


def test_conditional_flows_leave_a_multi_instance_once(draw, play):
    case = play(
        draw.start(), draw.marked(draw.user("A"), draw.many(2, sequential=True)), draw.user("B"),
        draw.user("C"), draw.path("s", "A"), draw.flow("A", "B", "A.n == 1"),
        draw.flow("A", "C", "A.n != 1"),
    )  # fmt: skip

    case.answer("A", n=1)
    case.answer("A", n=2)

    assert case.waiting == ["C"]


def test_a_second_lap_forgets_the_turns_of_the_first(draw, play):
    case = play(
        draw.start(), draw.gateway("again"), draw.user("Ask"),
        draw.marked(draw.user("A"), draw.many(each="v in Ask.list")), draw.gateway("x", "x_again"),
        draw.end(), draw.path("s", "again", "Ask", "A", "x", "again"),
        draw.flow("x", "e", "Ask.list == 0"),
    )  # fmt: skip

    case.answer("Ask", list=[1, 2])
    answer_turn(case, 0)
    answer_turn(case, 0)
    case.answer("Ask", list=[3])
    step = case.answer("A", x=1)

    assert step.variables["A[1]"] == {"v": 3, "A": {"x": 1}}
    assert not step.variables["A[2]"]


@pytest.mark.parametrize(
    "marker",
    [
        "<standardLoopCharacteristics/>",
        "<standardLoopCharacteristics><loopCondition>A.x == 1</loopCondition></standardLoopCharacteristics>",
        "<multiInstanceLoopCharacteristics/>",
        "<multiInstanceLoopCharacteristics><loopCardinality>Ask.n</loopCardinality></multiInstanceLoopCharacteristics>",
        '<multiInstanceLoopCharacteristics behavior="None"><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>',
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality><loopDataOutputRef>x</loopDataOutputRef></multiInstanceLoopCharacteristics>",
    ],
)
def test_loops_without_an_end_or_with_more_than_we_do_are_refused(draw, marker):
    with pytest.raises(DiagramRefused):
        draw.compiled(draw.start(), draw.marked(draw.user("A"), marker), draw.path("s", "A"))
