"""A running case goes on in another release: what waits goes on waiting, or it stays with a reason."""

from __future__ import annotations

import json
from functools import cache

import pytest

from processes.engine import Run, compile_release
from processes.engine.placing import CannotPlace, place
from processes.library import find_diagram_files, load_family
from processes.scenario import play as play_scenario
from processes.scenario import read_scenarios

FILES = find_diagram_files()


@pytest.fixture
def move():
    """Move a case to a drawing: the case itself goes on there."""

    def onto(case, new, mapping=None):
        placed = place(
            case.executable, new, case.run.dump(), variables=case.run.variables,
            facts=case.facts, now=case.now, mapping=mapping,
        )  # fmt: skip
        case.executable = new
        case.run = Run.restore(new, placed.state, variables=placed.variables, facts=case.facts)
        case.step = case.run._finish_step()
        return case

    return onto


def refusal(move, case, new, mapping=None):
    with pytest.raises(CannotPlace) as refused:
        move(case, new, mapping)
    return refused.value


# -- identical ---------------------------------------------------------------------------------


@cache
def twins(file):
    diagram, called = load_family(file.family, file.variant)
    return compile_release(diagram, called), compile_release(diagram, called)


@pytest.mark.parametrize("file", FILES, ids=[file.source for file in FILES])
def test_every_scenario_goes_on_alike_when_placed_on_the_same_diagram_at_each_step(
    file, monkeypatch
):
    """The state is the same text, and the rest of the scenario ends where it says."""
    mine, twin = twins(file)
    restore = Run.restore.__func__
    placings = []

    def placed_restore(cls, executable, state, *, variables, facts):
        if json.loads(state)[2]:
            run = restore(cls, executable, state, variables=variables, facts=facts)
            now = max(task.since for task in run.waiting) if run.waiting else None
            if now is not None:
                placed = place(mine, twin, state, variables=variables, facts=facts, now=now)
                assert (placed.state, placed.variables) == (state, variables)
                placings.append(placed)
        return restore(cls, twin, state, variables=variables, facts=facts)

    monkeypatch.setattr(Run, "restore", classmethod(placed_restore))
    for scenario in read_scenarios(file.scenarios.read_text("utf-8")):
        played = play_scenario(mine, scenario, restoring=True)
        assert played.ended_at == scenario.ends_at
    assert placings


# -- changed around the step ---------------------------------------------------------------------


def test_a_waiting_step_keeps_its_token_and_goes_the_new_way(draw, play, move):
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))
    token = case.task("A").token

    move(case, draw.compiled(draw.start(), draw.user("A"), draw.user("B"), draw.end(),
                             draw.path("s", "A", "B", "e")))  # fmt: skip

    assert case.task("A").token == token
    case.answer("A")
    assert case.waiting == ["B"]
    case.answer("B")
    assert case.step.ended_at == ("e",)


def lapsing(draw, text, *, event="Late"):
    return (
        draw.start(), draw.user("A"), draw.boundary(event, "A", draw.timer(text)), draw.end(),
        draw.end("x"), draw.path("s", "A", "e"), draw.path(event, "x"),
    )  # fmt: skip


def test_a_deadline_that_runs_is_kept_though_the_new_release_gives_more_days(draw, play, move):
    case = play(*lapsing(draw, "P5D"))
    due = case.task("A").silent_at
    case.later(days=2)

    move(case, draw.compiled(*lapsing(draw, "P30D")))

    assert case.task("A").silent_at == case.run.wake_at == due
    case.later(days=4)
    assert case.step.ended_at == ("x",)


def test_a_new_deadline_runs_from_the_move(draw, play, move):
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))
    case.later(days=10)

    move(case, draw.compiled(*lapsing(draw, "P5D")))

    assert (case.run.wake_at - case.now).days == 5
    case.restore()
    case.later(days=5)
    assert case.step.ended_at == ("x",)
    assert case.run.is_finished


def test_a_new_deadline_goes_when_the_step_is_answered(draw, play, move):
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))
    move(case, draw.compiled(*lapsing(draw, "P5D")))

    case.answer("A")

    assert case.step.ended_at == ("e",)


def test_a_deadline_that_the_new_release_dropped_is_dropped(draw, play, move):
    case = play(*lapsing(draw, "P5D"))

    move(case, draw.compiled(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e")))

    assert case.run.wake_at is None
    case.later(days=9)
    assert case.waiting == ["A"]


def test_another_kind_of_border_event_begins_anew(draw, play, move):
    case = play(*lapsing(draw, "P5D"))

    move(case, draw.compiled(
        draw.start(), draw.user("A"), draw.boundary("Late", "A", draw.message("withdraw")),
        draw.end(), draw.end("x"), draw.path("s", "A", "e"), draw.path("Late", "x"),
    ))  # fmt: skip

    assert case.run.wake_at is None
    assert case.step.messages == ("withdraw",)
    case.message("withdraw")
    assert case.step.ended_at == ("x",)


def test_side_by_side_steps_each_keep_their_place(draw, play, move):
    def drawing(*more):
        return (
            draw.start(), draw.parallel("fork"), draw.user("A"), draw.user("B"),
            draw.parallel("join"), draw.end(), *more, draw.path("s", "fork", "A", "join", "e"),
            draw.path("fork", "B", "join"),
        )  # fmt: skip

    case = play(*drawing())
    timed = (draw.boundary("Late", "B", draw.timer("P1D")), draw.end("x"), draw.path("Late", "x"))

    move(case, draw.compiled(*drawing(*timed)))

    assert sorted(case.waiting) == ["A", "B"]
    case.answer("B")
    assert case.run.wake_at is None
    case.answer("A")
    assert case.step.ended_at == ("e",)


# -- renamed -------------------------------------------------------------------------------------


def deciding(draw, name, question):
    return (
        draw.start(), draw.user(name), draw.user(question), draw.gateway("which", "which_no"),
        draw.end("yes"), draw.end("no"), draw.path("s", name, question, "which", "no"),
        draw.flow("which", "yes", f"{name}.way == 'up'"),
    )  # fmt: skip


def test_a_renamed_step_is_found_by_the_mapping_and_takes_its_answers_along(draw, play, move):
    case = play(*deciding(draw, "Fill", "Ask"))
    case.answer("Fill", way="up")

    move(
        case, draw.compiled(*deciding(draw, "Enter", "Review")), {"Fill": "Enter", "Ask": "Review"}
    )

    assert case.waiting == ["Review"]
    case.answer("Review")
    assert case.step.ended_at == ("yes",)


def test_a_step_in_a_called_diagram_is_renamed_by_its_path(draw, play, move):
    def release(call, inner):
        called = draw.document(draw.start(), draw.user(inner), draw.user("Last"), draw.end(outcome="done"),
                               draw.path("s", inner, "Last", "e"), process="q")  # fmt: skip
        return draw.compiled(draw.start(), draw.call(call, "q"), draw.end(),
                             draw.path("s", call, "e"), called={"q": called})  # fmt: skip

    case = play(release("Sign", "A"))
    case.answer("Sign/A", way=1)

    move(case, release("Deal", "B"), {"Sign": "Deal", "Sign/A": "Deal/B"})

    assert case.waiting == ["Deal/Last"]
    assert case.run.variables["Deal"]["B"] == {"way": 1}
    case.answer("Deal/Last")
    assert case.step.finished


# -- refused -------------------------------------------------------------------------------------


def test_a_step_that_is_gone_is_refused_by_its_name(draw, play, move):
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))

    refused = refusal(move, case, draw.compiled(draw.start(), draw.user("B"), draw.end(),
                                                draw.path("s", "B", "e")))  # fmt: skip

    assert refused.element == "A"
    assert refused.message == "“A”在新版里没有了，也没有说明改叫什么"


def test_a_step_that_moved_into_a_sub_process_is_refused(draw, play, move):
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))
    inner = draw.sub_process("Sub", draw.start("t"), draw.user("A"), draw.end("f"),
                             draw.path("t", "A", "f"))  # fmt: skip

    refused = refusal(move, case, draw.compiled(draw.start(), inner, draw.end(),
                                                draw.path("s", "Sub", "e")))  # fmt: skip

    assert "子流程" in refused.message


def test_another_kind_of_step_under_the_same_id_is_refused(draw, play, move):
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))

    refused = refusal(move, case, draw.compiled(draw.start(), draw.catch("A", draw.timer("P1D")),
                                                draw.end(), draw.path("s", "A", "e")))  # fmt: skip

    assert "另一种步骤" in refused.message


def joining(draw, *branches):
    parts = [draw.start(), draw.parallel("fork"), draw.parallel("join"), draw.end()]
    parts += [draw.user(one) for one in branches]
    parts += [draw.path("fork", one, "join") for one in branches]
    return (*parts, draw.path("s", "fork"), draw.path("join", "e"))


def test_a_join_half_full_goes_on_only_where_the_same_branches_meet(draw, play, move):
    case = play(*joining(draw, "A", "B"))
    case.answer("A")

    refused = refusal(move, case, draw.compiled(*joining(draw, "A", "B", "C")))
    assert refused.element == "join"
    assert "汇合的分支不同" in refused.message

    move(case, draw.compiled(*joining(draw, "A", "B")))
    case.answer("B")
    assert case.step.ended_at == ("e",)


def test_a_case_that_would_read_what_nobody_gave_is_refused(draw, play, move):
    """The new release asks a question before the step at which this case already stands."""
    case = play(draw.start(), draw.user("B"), draw.end(), draw.path("s", "B", "e"))

    refused = refusal(move, case, draw.compiled(
        draw.start(), draw.user("A"), draw.user("B"), draw.gateway("which", "which_no"),
        draw.end("yes"), draw.end("no"), draw.path("s", "A", "B", "which", "no"),
        draw.flow("which", "yes", "A.way == 'up'"),
    ))  # fmt: skip

    assert "A.way" in refused.message


def test_a_value_that_will_still_be_given_on_the_way_does_not_refuse(draw, play, move):
    case = play(draw.start(), draw.user("B"), draw.end(), draw.path("s", "B", "e"))

    move(case, draw.compiled(
        draw.start(), draw.user("B"), draw.user("A"), draw.gateway("which", "which_no"),
        draw.end("yes"), draw.end("no"), draw.path("s", "B", "A", "which", "no"),
        draw.flow("which", "yes", "A.way == 'up'"),
    ))  # fmt: skip
    case.answer("B")
    case.answer("A", way="up")

    assert case.step.ended_at == ("yes",)


def test_what_was_refused_stands_as_before(draw, play, move):
    case = play(*joining(draw, "A", "B"))
    case.answer("A")
    state, variables = case.run.dump(), case.run.variables

    refusal(move, case, draw.compiled(*joining(draw, "A", "B", "C")))

    assert (case.run.dump(), case.run.variables) == (state, variables)


# -- loops and races -------------------------------------------------------------------------------


def racing(draw, *events):
    parts = [draw.start(), '<eventBasedGateway id="race"/>', draw.path("s", "race")]
    for name, definition in events:
        parts += [draw.catch(name, definition), draw.end(f"{name}_end"),
                  draw.path("race", name, f"{name}_end")]  # fmt: skip
    return draw.compiled(*parts)


def test_a_race_keeps_its_moments_and_takes_new_runners(draw, play, move):
    case = play(racing(draw, ("Late", draw.timer("P5D")), ("Heard", draw.message("hello"))))
    due = case.run.wake_at

    move(case, racing(draw, ("Late", draw.timer("P9D")), ("Heard", draw.message("hello")),
                      ("Early", draw.timer("P1D"))))  # fmt: skip

    assert (due - case.run.wake_at).days == 4
    case.later(days=1)
    assert case.step.ended_at == ("Early_end",)


def test_turns_go_on_where_the_number_of_turns_is_the_same(draw, play, move):
    def release(turns):
        return draw.compiled(draw.start(), draw.marked(draw.user("A"), draw.many(turns)),
                             draw.end(), draw.path("s", "A", "e"))  # fmt: skip

    case = play(release(2))

    assert "次数" in refusal(move, case, release(3)).message
    move(case, release(2))
    assert case.waiting == ["A", "A"]


def test_two_waiting_steps_never_become_one(draw, play, move):
    case = play(*joining(draw, "A", "B"))

    refused = refusal(move, case, draw.compiled(*joining(draw, "A", "C")), {"B": "A"})

    assert "都改成了" in refused.message
