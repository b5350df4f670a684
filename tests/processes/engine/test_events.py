"""Links, signals, errors, escalations and event sub-processes: dumped and restored at every step."""

import pytest

from processes.engine import DiagramRefused, EngineError


def failing(draw, *, code="one", name="Sub", before=(), beside=()):
    """A sub-process whose task A leads to an error end; B waits beside it."""
    return draw.sub_process(
        name, draw.start(f"{name}_s"), draw.parallel(f"{name}_f"), draw.user("A"), draw.user("B"),
        draw.throwing_end(f"{name}_bad", draw.error(code)), draw.end(f"{name}_e"),
        draw.path(f"{name}_s", f"{name}_f", "A", *before, f"{name}_bad"),
        draw.path(f"{name}_f", "B", f"{name}_e"), *beside,
    )  # fmt: skip


# Links ---------------------------------------------------------------------------------------


def test_a_link_leads_from_every_throw_to_the_one_catch(draw, play):
    case = play(
        draw.start(), draw.parallel("f"), draw.user("A"), draw.user("B"),
        draw.throw("t1", draw.link("over")), draw.throw("t2", draw.link("over")),
        draw.catch("c", draw.link("over")), draw.user("C"), draw.end(),
        draw.path("s", "f", "A", "t1"), draw.path("f", "B", "t2"), draw.path("c", "C", "e"),
    )  # fmt: skip

    case.answer("A")
    assert sorted(case.waiting) == ["B", "C"]
    case.answer("B")
    assert case.waiting == ["C", "C"]


def test_an_inclusive_join_waits_for_who_may_come_over_a_link(draw, play):
    case = play(
        draw.start(), draw.parallel("f"), draw.user("A"), draw.user("B"),
        draw.throw("t", draw.link("over")), draw.catch("c", draw.link("over")),
        '<inclusiveGateway id="j"/>', draw.user("C"), draw.path("s", "f", "A", "j", "C"),
        draw.path("f", "B", "t"), draw.path("c", "j"),
    )  # fmt: skip

    case.answer("A")
    assert case.waiting == ["B"]
    case.answer("B")
    assert case.waiting == ["C"]


@pytest.mark.parametrize("wrong", ["nowhere", "two", "inside"])
def test_a_link_needs_exactly_one_catch_on_its_level(draw, wrong):
    catches = {
        "nowhere": "",
        "two": draw.catch("c", draw.link("over")) + draw.catch("d", draw.link("over")),
        "inside": draw.sub_process("Sub", draw.start("i"), draw.catch("c", draw.link("over"))),
    }[wrong]
    with pytest.raises(DiagramRefused, match="链接"):
        draw.compiled(
            draw.start(), draw.throw("t", draw.link("over")), draw.path("s", "t"), catches
        )


# Signals -------------------------------------------------------------------------------------


def test_a_signal_is_heard_by_all_who_wait_for_it_in_the_case(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("i"), draw.catch("c", draw.signal("go")), draw.user("C"), draw.end("j"),
        draw.path("i", "c", "C", "j"),
    )  # fmt: skip
    case = play(
        draw.start(), draw.parallel("f"), draw.user("A"), draw.throw("t", draw.signal("go")),
        draw.user("After"), draw.user("B"), draw.boundary("Stop", "B", draw.signal("go")),
        draw.boundary("Other", "B", draw.signal("stop")), draw.user("Stopped"), draw.user("Never"),
        inside, draw.path("s", "f", "A", "t", "After"), draw.path("f", "B"), draw.path("f", "Sub"),
        draw.path("Stop", "Stopped"), draw.path("Other", "Never"),
    )  # fmt: skip

    case.answer("A")

    assert sorted(case.waiting) == ["After", "C", "Stopped"]
    assert case.step.messages == ()


def test_a_signal_crosses_into_called_diagrams_and_is_not_kept_for_later(draw, play):
    called = draw.document(
        draw.start("i"), draw.user("In"), draw.catch("c", draw.signal("go")), draw.end("j"),
        draw.path("i", "In", "c", "j"), process="q",
    )  # fmt: skip
    parts = (
        draw.start(), draw.parallel("f"), draw.call("Call", "q"), draw.user("A"),
        draw.throwing_end("t", draw.signal("go")), draw.user("B"),
        draw.throwing_end("u", draw.signal("go")), draw.user("Done"), draw.end(),
        draw.path("s", "f", "Call", "Done", "e"), draw.path("f", "A", "t"), draw.path("f", "B", "u"),
    )  # fmt: skip
    case = play(*parts, called={"q": called})

    case.answer("A")  # nobody waits for it yet
    case.answer("Call/In")
    assert case.waiting == ["B"]
    case.answer("B")

    assert case.waiting == ["Done"]


def test_a_signal_that_does_not_interrupt_is_heard_each_time(draw, play):
    case = play(
        draw.start(), draw.parallel("f"), draw.gateway("again"), draw.user("A"),
        draw.throw("t", draw.signal("go")), draw.user("B"),
        draw.boundary("Heard", "B", draw.signal("go"), False), draw.user("C"),
        draw.path("s", "f", "again", "A", "t", "again"), draw.path("f", "B"),
        draw.path("Heard", "C"),
    )  # fmt: skip

    case.answer("A")
    case.answer("A")

    assert sorted(case.waiting) == ["A", "B", "C", "C"]


def test_a_signal_that_takes_its_own_thrower_away_goes_no_further(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("i"), draw.user("A"), draw.throw("t", draw.signal("stop")),
        draw.service("Never", "notify"), draw.end("j"), draw.path("i", "A", "t", "Never", "j"),
    )  # fmt: skip
    case = play(
        draw.start(), inside, draw.boundary("Stop", "Sub", draw.signal("stop")), draw.user("B"),
        draw.end(), draw.path("s", "Sub", "e"), draw.path("Stop", "B"),
    )  # fmt: skip

    case.answer("A")

    assert case.waiting == ["B"]
    assert case.operators.calls == []


def test_a_signal_decides_a_race(draw, play):
    case = play(
        draw.start(), draw.parallel("f"), '<eventBasedGateway id="race"/>', draw.user("A"),
        draw.throwing_end("t", draw.signal("go")), draw.catch("c", draw.signal("go")),
        draw.catch("l", draw.timer("P1D")), draw.user("Heard"), draw.user("Late"),
        draw.path("s", "f", "A", "t"), draw.path("f", "race", "c", "Heard"),
        draw.path("race", "l", "Late"),
    )  # fmt: skip

    case.answer("A")

    assert case.waiting == ["Heard"]
    assert case.step.wake_at is None


# Errors --------------------------------------------------------------------------------------


def test_an_error_ends_its_sub_process_and_goes_on_at_its_border(draw, play):
    case = play(
        draw.start(), failing(draw), draw.boundary("Failed", "Sub", draw.error("one")),
        draw.user("Repair"), draw.end(), draw.path("s", "Sub", "e"), draw.path("Failed", "Repair"),
    )  # fmt: skip

    step = case.answer("A")

    assert case.waiting == ["Repair"]
    assert ("cancelled", "B") in case.kinds
    assert step.ended_at == ("Sub_bad",)


@pytest.mark.parametrize(("code", "goes_to"), [("one", "Exact"), ("two", "Any")])
def test_the_border_that_names_the_code_goes_before_the_one_for_all(draw, play, code, goes_to):
    case = play(
        draw.start(), failing(draw, code=code), draw.boundary("all", "Sub", draw.error()),
        draw.boundary("named", "Sub", draw.error("one")), draw.user("Exact"), draw.user("Any"),
        draw.end(), draw.path("s", "Sub", "e"), draw.path("all", "Any"),
        draw.path("named", "Exact"),
    )  # fmt: skip

    case.answer("A")

    assert case.waiting == [goes_to]


def test_an_error_climbs_out_of_calls_to_the_first_that_catches_it(draw, play):
    called = draw.document(
        draw.start("i"), failing(draw, code="two"), draw.end("j"),
        draw.boundary("wrong", "Sub", draw.error("one")), draw.end("w"),
        draw.path("i", "Sub", "j"), draw.path("wrong", "w"), process="q",
    )  # fmt: skip
    case = play(
        draw.start(), draw.sub_process("Outer", draw.start("o"), draw.call("Call", "q"),
        draw.end("p"), draw.path("o", "Call", "p")),
        draw.boundary("Failed", "Outer", draw.error("two")), draw.user("Repair"), draw.end(),
        draw.path("s", "Outer", "e"), draw.path("Failed", "Repair"), called={"q": called},
    )  # fmt: skip

    case.answer("Call/A")

    assert case.waiting == ["Repair"]
    assert case.step.wake_at is None


def test_an_error_that_nobody_catches_is_told(draw, play):
    case = play(
        draw.start(), failing(draw), draw.boundary("Failed", "Sub", draw.error("two")),
        draw.end("f"), draw.end(), draw.path("s", "Sub", "e"), draw.path("Failed", "f"),
    )  # fmt: skip

    with pytest.raises(EngineError, match="错误 one 没有人接"):
        case.answer("A")


@pytest.mark.parametrize("kind", ["user", "free"])
def test_errors_come_out_of_sub_processes_and_always_interrupt(draw, kind):
    where, on = (draw.user("T"), "T") if kind == "user" else (failing(draw), "Sub")
    with pytest.raises(DiagramRefused, match="错误"):
        draw.compiled(
            draw.start(), where, draw.boundary("Failed", on, draw.error("one"), kind == "user"),
            draw.end("f"), draw.path("s", on), draw.path("Failed", "f"),
        )  # fmt: skip


# Escalations ---------------------------------------------------------------------------------


def escalating(draw):
    """A sub-process that escalates after A and goes on with C."""
    return draw.sub_process(
        "Sub", draw.start("i"), draw.user("A"), draw.throw("up", draw.escalation("one")),
        draw.user("C"), draw.end("j"), draw.path("i", "A", "up", "C", "j"),
    )  # fmt: skip


@pytest.mark.parametrize(("interrupting", "goes_to"), [(True, ["Told"]), (False, ["C", "Told"])])
def test_an_escalation_starts_something_at_the_border(draw, play, interrupting, goes_to):
    case = play(
        draw.start(), escalating(draw),
        draw.boundary("Up", "Sub", draw.escalation("one"), interrupting), draw.user("Told"),
        draw.end(), draw.path("s", "Sub", "e"), draw.path("Up", "Told"),
    )  # fmt: skip

    case.answer("A")

    assert sorted(case.waiting) == goes_to


def test_an_escalation_that_nobody_catches_changes_nothing(draw, play):
    case = play(draw.start(), escalating(draw), draw.end(), draw.path("s", "Sub", "e"))

    case.answer("A")

    assert case.waiting == ["C"]


def test_an_escalating_end_ends_its_token_only(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("i"), draw.parallel("f"), draw.user("A"), draw.user("B"),
        draw.throwing_end("up", draw.escalation("two")), draw.end("j"),
        draw.path("i", "f", "A", "up"), draw.path("f", "B", "j"),
    )  # fmt: skip
    case = play(
        draw.start(), inside, draw.boundary("Up", "Sub", draw.escalation(), False),
        draw.user("Told"), draw.user("After"), draw.path("s", "Sub", "After"),
        draw.path("Up", "Told"),
    )  # fmt: skip

    case.answer("A")
    assert sorted(case.waiting) == ["B", "Told"]
    case.answer("B")
    assert sorted(case.waiting) == ["After", "Told"]


# Event sub-processes -------------------------------------------------------------------------


def handler(draw, definition, *, interrupting=True, task="Handle", id="Event"):
    return draw.event_sub_process(
        id, definition, draw.user(task), draw.end(f"{id}_e"),
        draw.path(f"{id}_start", task, f"{id}_e"), interrupting=interrupting,
    )  # fmt: skip


def test_an_interrupting_event_sub_process_takes_its_level_over(draw, play):
    case = play(
        draw.start(), draw.parallel("f"), draw.user("A"), draw.user("B"), draw.end(),
        handler(draw, draw.message("withdraw")), draw.path("s", "f", "A", "e"), draw.path("f", "B", "e"),
    )  # fmt: skip
    assert case.run.can_withdraw

    case.message("withdraw", {"why": "late"})
    assert case.waiting == ["Handle"]
    assert case.step.variables["Event_start"] == {"why": "late"}
    assert case.step.messages == ()
    step = case.answer("Handle")

    assert step.finished
    assert step.ended_at == ("Event_e",)


def test_one_that_does_not_interrupt_runs_beside_and_may_come_again(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.end(),
        handler(draw, draw.message("hello"), interrupting=False), draw.path("s", "A", "e"),
    )  # fmt: skip

    case.message("hello")
    case.message("hello")
    assert case.waiting == ["A", "Handle", "Handle"]

    assert not case.answer("A").finished
    for task in case.step.tasks:
        step = case._move(lambda t=task: case.run.answer(t.token, {}, case.now, case.operators))
    assert step.finished


def test_a_level_ends_although_its_event_never_came(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("i"), draw.user("A"), draw.end("j"), draw.path("i", "A", "j"),
        handler(draw, draw.timer("P3D")), handler(draw, draw.signal("stop"), id="Heard", task="Other"),
    )  # fmt: skip
    case = play(draw.start(), inside, draw.user("B"), draw.end(), draw.path("s", "Sub", "B", "e"))
    assert case.task("A").silent_at == case.step.wake_at

    case.answer("A")

    assert case.waiting == ["B"]
    assert case.step.wake_at is None


def test_a_timed_event_sub_process_counts_from_the_start_of_its_level(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("i"), draw.user("A"), draw.user("B"), draw.end("j"),
        draw.path("i", "A", "B", "j"), handler(draw, draw.timer("P3D")),
    )  # fmt: skip
    case = play(draw.start(), inside, draw.user("C"), draw.end(), draw.path("s", "Sub", "C", "e"))

    case.later(days=2)
    case.answer("A")
    case.later(days=1)
    assert case.waiting == ["Handle"]
    case.answer("Handle")

    assert case.waiting == ["C"]


def test_a_cycle_starts_an_event_sub_process_as_often_as_it_says(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.end(),
        handler(draw, draw.timer("R2/P1D", "timeCycle"), interrupting=False),
        draw.path("s", "A", "e"),
    )  # fmt: skip

    for _ in range(4):
        case.later(days=1)

    assert case.waiting == ["A", "Handle", "Handle"]
    assert case.step.wake_at is None


def test_an_error_is_caught_by_the_event_sub_process_of_its_level_first(draw, play):
    case = play(
        draw.start(), failing(draw, beside=[handler(draw, draw.error("one"))]),
        draw.boundary("Failed", "Sub", draw.error("one")), draw.user("Outside"), draw.user("After"),
        draw.path("s", "Sub", "After"), draw.path("Failed", "Outside"),
    )  # fmt: skip

    case.answer("A")
    assert case.waiting == ["Handle"]
    case.answer("Handle")

    assert case.waiting == ["After"]


def test_an_error_in_a_handler_climbs_out_of_its_level(draw, play):
    rethrow = draw.event_sub_process(
        "Event", draw.error("one"), draw.user("Handle"), draw.throwing_end("again", draw.error("one")),
        draw.path("Event_start", "Handle", "again"),
    )  # fmt: skip
    case = play(
        draw.start(), failing(draw, beside=[rethrow]),
        draw.boundary("Failed", "Sub", draw.error("one")), draw.user("Outside"), draw.end(),
        draw.path("s", "Sub", "e"), draw.path("Failed", "Outside"),
    )  # fmt: skip

    case.answer("A")
    case.answer("Handle")

    assert case.waiting == ["Outside"]


def test_an_escalation_starts_an_event_sub_process_beside(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.throw("up", draw.escalation("one")), draw.user("B"),
        draw.end(), handler(draw, draw.escalation("one"), interrupting=False),
        draw.path("s", "A", "up", "B", "e"),
    )  # fmt: skip

    case.answer("A")

    assert sorted(case.waiting) == ["B", "Handle"]


def test_a_terminating_end_in_a_handler_ends_the_handler_only(draw, play):
    stop = draw.event_sub_process(
        "Event", draw.message("hello"), draw.parallel("f"), draw.user("C"), draw.user("D"),
        draw.terminate("t"), draw.end("j"), draw.path("Event_start", "f", "C", "t"),
        draw.path("f", "D", "j"), interrupting=False,
    )  # fmt: skip
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"), stop)

    case.message("hello")
    case.answer("C")

    assert case.waiting == ["A"]


def test_a_terminating_end_takes_the_waiting_events_of_its_level_away(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("i"), draw.user("A"), draw.terminate("t"), draw.path("i", "A", "t"),
        handler(draw, draw.message("hello"), interrupting=False),
    )  # fmt: skip
    case = play(draw.start(), inside, draw.user("B"), draw.path("s", "Sub", "B"))

    case.message("hello")
    case.answer("A")

    assert case.waiting == ["B"]
    assert case.step.messages == ()


def test_waiting_for_a_signal_that_nobody_can_throw_is_told(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.catch("c", draw.signal("go")), draw.end(),
        draw.path("s", "A", "c", "e"),
    )  # fmt: skip

    with pytest.raises(EngineError, match="再也等不到"):
        case.answer("A")


def test_the_state_does_not_grow_with_handlers_that_have_ended(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.end(),
        handler(draw, draw.message("hello"), interrupting=False), draw.path("s", "A", "e"),
    )  # fmt: skip
    sizes = []

    for _ in range(30):
        case.message("hello")
        case.answer("Handle")
        sizes.append(len(case.run.dump()))

    assert max(sizes) - min(sizes) <= 8


def test_a_race_takes_the_flow_of_what_happened_and_no_other(draw, play):
    case = play(
        draw.compiled(
            draw.start(), '<eventBasedGateway id="race"/>', draw.catch("late", draw.timer("P1D")),
            draw.catch("said", draw.message("hello")), draw.end(),
            draw.path("s", "race", "late", "e"), draw.path("race", "said", "e"),
        )
    )  # fmt: skip
    before = {h.element for h in case.history if h.kind == "flow"}
    case.message("hello")

    assert before == {"s_race"}
    assert {h.element for h in case.history if h.kind == "flow"} == {
        "s_race",
        "race_said",
        "said_e",
    }
