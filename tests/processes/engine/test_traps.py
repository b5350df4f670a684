"""One test for each surprise of SpiffWorkflow 3.2.0 that the engine answers at run time.

The numbers are those of processes/engine/README.md. Surprises of its XML parser belong to the checks.
"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from processes.engine import (
    DiagramRefused,
    EndlessLoop,
    EngineError,
    Run,
    TaskNotWaiting,
)
from processes.engine.scripts import EXPRESSIONS_ONLY

LAPS = 500


@pytest.fixture
def signing(draw):
    """Draft, two signatures side by side, review, and back."""
    return draw.compiled(
        draw.start(), draw.user("Draft"), draw.parallel("fork"), draw.user("Sign_graduate"),
        draw.user("Sign_employer"), draw.parallel("join"), draw.user("Review"),
        draw.gateway("g", default="g_e"), draw.end(),
        draw.path("s", "Draft", "fork", "Sign_graduate", "join", "Review", "g", "e"),
        draw.path("fork", "Sign_employer", "join"), draw.flow("g", "Draft", "Review.returned"),
    )  # fmt: skip


def test_the_parallel_join_waits_for_every_branch_in_every_lap(signing, play):
    """Trap 1: the library's join counts branches of earlier laps."""
    case = play(signing, restores=False, compacts=False)
    for lap in range(6):
        case.answer("Draft")
        first, second = ["Sign_graduate", "Sign_employer"][:: 1 if lap % 2 else -1]

        case.answer(first)
        assert case.waiting == [second]

        case.answer(second)
        assert case.waiting == ["Review"]
        case.answer("Review", returned=lap < 5)

    assert case.step.finished


def test_a_second_token_on_the_same_branch_does_not_fire_the_join(draw, play):
    """Trap 1: one token per incoming flow, as BPMN says; the surplus one waits for its turn."""
    case = play(
        draw.start(), draw.parallel("fork"), draw.user("A"), draw.user("B"), draw.user("C"),
        draw.gateway("merge"), draw.parallel("join"), draw.user("D"),
        draw.path("s", "fork", "A", "merge", "join", "D"), draw.path("fork", "B", "merge"),
        draw.path("fork", "C", "join"),
    )  # fmt: skip

    case.answer("A")
    case.answer("B")
    assert case.waiting == ["C"]
    case.answer("C")

    assert case.waiting == ["D"]


def test_many_laps_with_a_deadline_neither_overflow_nor_grow(draw, play):
    """Trap 2: the tree deepens with every lap, at 1,000 deep ready tasks become invisible."""
    case = play(
        draw.start(), draw.user("Draft"), draw.boundary("Late", "Draft", draw.timer("P9D")),
        draw.gateway("g", default="g_e"), draw.end(), draw.end("lapsed"),
        draw.path("s", "Draft", "g", "e"), draw.flow("g", "Draft", "Draft.again"),
        draw.flow("Late", "lapsed"),
    )  # fmt: skip
    sizes = set()

    for _ in range(LAPS):
        case.answer("Draft", again=True)
        sizes.add(len(case.run.dump()))

    assert max(sizes) - min(sizes) <= 4 * len(str(LAPS))
    assert max(sizes) < 400
    assert case.answer("Draft", again=False).finished


def test_a_thousand_operators_in_a_row_run_in_one_step(draw, play):
    """Traps 2 and 11: neither the stack nor the depth of the tree bounds a diagram."""
    ids = [f"S{n}" for n in range(1000)]

    case = play(
        draw.start(), *(draw.service(id) for id in ids), draw.end(), draw.path("s", *ids, "e")
    )

    assert case.step.finished
    assert len(case.operators.calls) == 1000


def test_a_thousand_tasks_in_a_row_are_answered_one_by_one(draw, play):
    """Traps 2 and 11, also without compaction."""
    ids = [f"A{n}" for n in range(1000)]
    drawing = [draw.start(), *(draw.user(id) for id in ids), draw.end(), draw.path("s", *ids, "e")]
    case = play(*drawing, restores=False, compacts=False)

    for id in ids:
        case.answer(id)

    assert case.step.finished


def test_the_state_holds_no_answers_and_survives_reordered_variables(draw, play):
    """Trap 3: data are copied along the tree, and key order and the key `typename` matter."""
    case = play(
        draw.start(), draw.user("A"), draw.user("B"), draw.gateway("g", default="g_C"),
        draw.user("C"), draw.user("D"), draw.path("s", "A", "B", "g", "C"),
        draw.flow("g", "D", "A.typename == 'x' and B.n == 1"),
    )  # fmt: skip
    case.answer("A", typename="x", secret="13800000000")
    state = case.run.dump()

    shuffled = json.loads(json.dumps(case.run.variables, sort_keys=True))
    run = Run.restore(case.executable, state, variables=shuffled, facts=case.facts)
    step = run.answer(case.task("B").token, {"n": 1}, case.now, case.operators)

    assert "13800000000" not in state
    assert [task.element for task in step.tasks] == ["D"]


def test_a_token_cannot_hold_data(signing, play):
    """Trap 3: whatever writes task.data is stopped."""
    case = play(signing, restores=False)
    token = case.run._waiting_token(case.task("Draft").token)

    with pytest.raises((TypeError, AttributeError)):
        token.set_data(answer=42)


@pytest.mark.parametrize(
    "text", ["__import__('os').getcwd()", "A.__class__", "exec('1')", "[x for x in (1,)]"]
)
def test_code_in_a_condition_is_refused_before_anything_runs(draw, text):
    """Trap 4: the library gives every expression to eval."""
    with pytest.raises(DiagramRefused) as refused:
        draw.compiled(
            draw.start(), draw.user("A"), draw.gateway("g", default="g_e"), draw.end(),
            draw.user("B"), draw.path("s", "A", "g", "e"), draw.flow("g", "B", text),
        )  # fmt: skip

    assert [finding.element for finding in refused.value.findings] == ["g"]


def test_the_script_engine_runs_no_text_at_all(signing, play):
    """Traps 4 and 12: text that was not compiled has no way into eval, exec or a service."""
    case = play(signing, restores=False)
    token = case.run._waiting_token(case.task("Draft").token)

    with pytest.raises(EngineError):
        EXPRESSIONS_ONLY.evaluate(token, "1 + 1")
    with pytest.raises(EngineError):
        EXPRESSIONS_ONLY.execute(token, "x = 1")
    with pytest.raises(EngineError):
        EXPRESSIONS_ONLY.call_service(token, operation_name="x")


def test_after_an_exception_the_stored_state_still_carries_on(draw, play):
    """Traps 5 and 16: exceptions reach the caller, never a boundary event."""
    case = play(
        draw.start(), draw.user("A"), draw.service("S"),
        draw.boundary("Late", "S", draw.timer("P1D")), draw.user("B"), draw.end("x"),
        draw.path("s", "A", "S", "B"), draw.flow("Late", "x"),
        answers={"S": RuntimeError("the registry is away")},
    )  # fmt: skip
    token, state = case.task("A").token, case.run.dump()

    with pytest.raises(RuntimeError, match="the registry is away"):
        case.run.answer(token, {"n": 1}, case.now, case.operators)
    case.operators.answers.clear()
    again = Run.restore(case.executable, state, variables={}, facts=case.facts)
    step = again.answer(token, {"n": 1}, case.now, case.operators)

    assert [task.element for task in step.tasks] == ["B"]


def test_a_task_cannot_be_answered_after_its_deadline(draw, play):
    """Trap 6: the library completes it unless timers were refreshed first."""
    case = play(
        draw.start(), draw.user("A"), draw.boundary("Late", "A", draw.timer("P5D")), draw.end(),
        draw.end("lapsed"), draw.path("s", "A", "e"), draw.flow("Late", "lapsed"),
    )  # fmt: skip
    case.now += timedelta(days=5)

    with pytest.raises(TaskNotWaiting):
        case.answer("A")


@pytest.mark.parametrize("text", ["P5D", "'P5D'", "A.span"])
def test_a_duration_is_read_bare_quoted_or_from_a_step(draw, play, text):
    """Trap 7: the library needs quotes."""
    case = play(
        draw.start(), draw.user("A"), draw.user("B"), draw.boundary("Late", "B", draw.timer(text)),
        draw.end("x"), draw.path("s", "A", "B"), draw.flow("Late", "x"),
    )  # fmt: skip

    step = case.answer("A", span="P5D")

    assert step.wake_at == case.now + timedelta(days=5)


@pytest.mark.parametrize("text", ["", "P", "1D", "P1DT", "P2W3D", "-P1D"])
def test_a_sloppy_duration_does_not_compile(draw, text):
    """Trap 7: the library accepts '', 'P' and '1D'."""
    with pytest.raises(DiagramRefused) as refused:
        draw.compiled(
            draw.start(), draw.catch("W", draw.timer(text)), draw.end(), draw.path("s", "W", "e")
        )

    assert refused.value.findings[0].element == "W"


@pytest.mark.parametrize("value", [5, None, "soon", "P"])
def test_a_computed_timer_that_gives_nonsense_says_where(draw, play, value):
    """Trap 7."""
    case = play(
        draw.start(), draw.user("A"), draw.catch("W", draw.timer("A.by")), draw.end(),
        draw.path("s", "A", "W", "e"),
    )  # fmt: skip

    with pytest.raises(EngineError, match="W 的定时"):
        case.answer("A", by=value)


def test_after_downtime_a_cycle_catches_up_once(draw, play):
    """Trap 7: the library fires every missed turn at once."""
    case = play(
        draw.start(), draw.user("A"),
        draw.boundary("Remind", "A", draw.timer("R10/P1D", "timeCycle"), False),
        draw.service("Notify", "notify"), draw.end("n"), draw.path("s", "A"),
        draw.path("Remind", "Notify", "n"),
    )  # fmt: skip
    begun = case.now

    step = case.later(days=4, hours=2)

    assert len(case.operators.calls) == 1
    assert step.wake_at == begun + timedelta(days=5)


@pytest.mark.parametrize("year", [1999, 2026, 2099])
def test_only_the_clock_that_is_passed_in_counts(draw, play, year):
    """Trap 8: the library reads the system clock."""
    moment = datetime(year, 3, 1, tzinfo=UTC)
    executable = draw.compiled(
        draw.start(), draw.user("A"), draw.boundary("Late", "A", draw.timer("P1D")),
        draw.end("x"), draw.path("s", "A"), draw.flow("Late", "x"),
    )  # fmt: skip
    case = play(executable)
    run = Run.start(executable, facts={}, now=moment, operators=case.operators)

    assert run.step.wake_at == moment + timedelta(days=1)
    assert not run.wake(moment + timedelta(hours=23), case.operators).finished
    assert run.wake(moment + timedelta(hours=24), case.operators).finished


def test_a_moment_without_time_zone_is_refused(signing, play):
    """Trap 7: naive moments mean something else on another machine."""
    case = play(signing)

    with pytest.raises(ValueError, match="time zone"):
        case.run.wake(datetime(2026, 6, 1), case.operators)


@pytest.mark.parametrize(("days", "winner"), [(1, "A"), (9, "A")])
def test_two_timers_after_an_event_gateway_keep_a_moment_each(draw, play, days, winner):
    """Trap 9: the library's two share one value and the earlier one may never fire."""
    case = play(
        draw.start(), '<eventBasedGateway id="race"/>', draw.catch("Soon", draw.timer("P1D")),
        draw.catch("Later", draw.timer("P3D")), draw.user("A"), draw.user("B"),
        draw.path("s", "race", "Later", "B"), draw.path("race", "Soon", "A"),
    )  # fmt: skip

    case.later(days=days)

    assert case.waiting == [winner]


@pytest.mark.parametrize(
    ("drawing", "element"),
    [
        ('<endEvent id="x"><signalEventDefinition/></endEvent>', "x"),
        ('<endEvent id="x"><messageEventDefinition messageRef="Message_hello"/></endEvent>', "x"),
        ('<startEvent id="x"><timerEventDefinition/></startEvent>', "x"),
        ('<intermediateThrowEvent id="x"><linkEventDefinition/></intermediateThrowEvent>', "x"),
        ('<adHocSubProcess id="x"/>', "x"),
        ('<subProcess id="y" triggeredByEvent="true"><startEvent id="x"/></subProcess>', "x"),
        ('<scriptTask id="x"><script>1</script></scriptTask>', "x"),
        ('<serviceTask id="x"/>', "x"),
        ('<userTask id="x"><multiInstanceLoopCharacteristics/></userTask>', "x"),
        ('<intermediateCatchEvent id="x"/>', "x"),
        ('<boundaryEvent id="x" attachedToRef="s"><timerEventDefinition><timeDuration>P1D'
         "</timeDuration></timerEventDefinition></boundaryEvent>", "x"),
        ('<callActivity id="x" calledElement="nowhere"/>', "x"),
        ('<callActivity id="x" calledElement="p"/>', "x"),
    ],
)  # fmt: skip
def test_what_the_engine_would_get_wrong_does_not_compile(draw, drawing, element):
    """Traps 10 and 13: the library turns these into something else without a word."""
    with pytest.raises(DiagramRefused) as refused:
        draw.compiled(draw.start(), drawing, draw.end(), draw.path("s", "e"))

    assert element in [finding.element for finding in refused.value.findings]


def test_a_condition_on_a_flow_that_leaves_a_task_decides(draw, play):
    """Trap 10: the library drops it."""
    case = play(
        draw.start(), draw.user("A"), draw.user("B"), draw.user("C"), draw.path("s", "A", "C"),
        draw.flow("A", "B", "A.ok == 1"),
    )  # fmt: skip

    case.answer("A", ok=0)

    assert case.waiting == ["C"]


def test_elements_may_be_called_start_and_end(draw, play):
    """The library keeps specs of its own under these names and raises KeyError."""
    case = play(
        draw.start("Start"), draw.user("Root"), draw.end("End"), draw.path("Start", "Root", "End")
    )

    assert case.answer("Root").ended_at == ("End",)


def test_a_circle_of_operators_is_stopped_with_a_clear_error(draw, play):
    """Trap 19: the library overflows the stack while it predicts."""
    with pytest.raises(EndlessLoop, match="循环不止"):
        play(draw.start(), draw.service("S"), draw.service("T"), draw.path("s", "S", "T", "S"))


def test_a_circle_of_timers_in_the_past_is_stopped_too(draw, play):
    """Trap 19, with a deadline that has always passed."""
    with pytest.raises(EndlessLoop):
        play(
            draw.start(), draw.user("A"),
            draw.boundary("Late", "A", draw.timer("2020-01-01", "timeDate")),
            draw.path("s", "A"), draw.flow("Late", "A"),
        )  # fmt: skip


def test_a_join_that_can_never_be_reached_again_is_an_error_and_not_silence(draw, play):
    """Trap 5: nothing would ever wake such a case."""
    case = play(
        draw.start(), draw.user("A"), draw.gateway("g", default="g_join"), draw.parallel("join"),
        draw.end(), draw.path("s", "A", "g", "join", "e"), draw.flow("g", "join", "A.x", id="other"),
    )  # fmt: skip

    with pytest.raises(EngineError, match="再也等不到"):
        case.answer("A", x=True)
