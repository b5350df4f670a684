"""Turns of a parallel multi-instance that stand alike count once, and a scenario can name each of them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from processes.engine import compile_release
from processes.explore import explore, states
from processes.explore.paths import shortest_paths, titled_path
from processes.explore.scenarios import scenario_text
from processes.explore.trying import try_out
from processes.rehearsal import rehearse
from processes.scenario import ScenarioError, ScenarioFailed, play, play_thoroughly, read_scenarios
from processes.tokengame import compare_executions

FORMS = {"f": {"outcome": ["a", "b"]}}
ONE_STEP = (
    "start Begin\nuser Ask form=f count={0}\nxor X\nend A\nend B\nBegin > Ask > X\n"
    "X > A : Ask.outcome == 'a'\nX >> B"
)
TWO_STEPS = (
    "start Begin\nsub Each count={0}\nstart I in=Each\nuser Ask form=f in=Each\nuser Check in=Each\n"
    "xor X in=Each\nend Good in=Each\nuser Again in=Each\nend Bad in=Each\nend Done\n"
    "Begin > Each > Done\nI > Ask > Check > X\nX > Good : Ask.outcome == 'a'\nX >> Again\nAgain > Bad"
)
HEAD = 'starts = "2027-03-01T09:00:00+08:00"\n[[scenario]]\ntitle = "走"\nends_at = "Done"\n'


def count(diagram) -> int:
    found = explore(diagram, {}, FORMS)
    assert found.complete
    return len(found.states)


def test_one_more_turn_of_one_step_adds_one_state(draw):
    """How many are left is all that counts, for of the answers only the last is read."""
    counts = [count(draw(ONE_STEP.format(turns))) for turns in (2, 3, 4, 12)]

    assert [after - before for before, after in pairwise(counts)] == [1, 1, 8]


def test_turns_of_several_steps_count_as_a_bag(draw):
    """Four places a turn can stand at, and what was answered: so many turns at each."""
    counts = [count(draw(TWO_STEPS.format(turns))) for turns in (1, 2, 3, 4)]

    assert counts == [5, 15, 35, 70]  # turns spread over waiting, a, b, again and over


@pytest.mark.parametrize("text", [ONE_STEP, TWO_STEPS])
def test_nothing_is_lost_by_it(draw, monkeypatch, text):
    diagram = draw(text.format(3))
    short = explore(diagram, {}, FORMS)
    assert compare_executions(short, compile_release(diagram, {})) == []

    monkeypatch.setattr(states, "may_change_places", lambda loop: False)
    long = explore(diagram, {}, FORMS)

    assert len(short.states) < len(long.states)
    assert (short.findings, short.ends) == (long.findings, long.ends)
    assert short.coverage.taken == long.coverage.taken


def test_turns_that_know_different_things_do_not_change_places(draw):
    """What a list gives a turn is read inside it: Ask for x only leads to Extra."""
    diagram = draw(
        "start Begin\nsub Each each=one of=case.names most=3\nstart I in=Each\nuser Ask form=f in=Each\n"
        "xor X in=Each\nuser Extra in=Each\nend E in=Each\nend Done\nBegin > Each > Done\n"
        "I > Ask > X\nX > Extra : one == 'x'\nX >> E\nExtra > E"
    )
    told = read_scenarios(
        HEAD
        + "facts.case.names = ['x', 'y', 'y']\n[[scenario.step]]\nafter = 'P1D'\nexpect_waiting = ['Ask']"
    )

    found = explore(diagram, {}, FORMS, told)

    answered = {act.turns for act, _ in found.states[0].following}
    assert answered == {(1,), (2,)}  # the third is like the second
    assert found.coverage.missing == ()


def test_written_paths_name_the_turn_that_waits_and_replay(draw):
    diagram = draw(TWO_STEPS.format(3))

    paths = shortest_paths(explore(diagram, {}, FORMS))
    text = "\n".join(scenario_text(titled_path(p, diagram, n)) for n, p in enumerate(paths))

    assert "turn = 3" in text
    rehearsed = rehearse(diagram, {}, read_scenarios(text, "paths.toml"))
    assert [one.story for one in rehearsed.results if not one.passed] == []
    assert rehearsed.coverage.missing == ()


def test_a_path_put_together_of_states_that_count_as_one_is_retraced(draw):
    """Only the second answer `b` leads to Odd, and the way home was found for other turns."""
    diagram = draw(
        "start Begin\nsub Each count=2\nstart I in=Each\nuser Ask form=f in=Each\nuser Then form=f in=Each\n"
        "xor X in=Each\nxor Y in=Each\nuser Odd in=Each\nuser Even in=Each\nend E in=Each\nend F in=Each\n"
        "end G in=Each\nend Done\nBegin > Each > Done\nI > Ask > X\nX > Then : Ask.outcome == 'a'\n"
        "X >> Even\nEven > F\nThen > Y\nY > Odd : Then.outcome == 'b'\nY >> E\nOdd > G"
    )

    paths = shortest_paths(explore(diagram, {}, FORMS))
    text = "\n".join(scenario_text(titled_path(p, diagram, n)) for n, p in enumerate(paths))

    rehearsed = rehearse(diagram, {}, read_scenarios(text, "paths.toml"))
    assert [one.story for one in rehearsed.results if not one.passed] == []
    assert rehearsed.coverage.missing == ()


def step(task: str, more: str = "") -> str:
    return f'[[scenario.step]]\nwho = "office"\ntask = "{task}"\n{more}\n'


def lively(draw):
    inner = draw("start S\nuser Fill\nend Out outcome=ok\nS > Fill > Out", process="Inner")
    top = draw(
        "start Begin\ncall Call calls=Inner count=2\nsub Outer count=2\nstart I in=Outer\n"
        "user Sign in=Outer count=2\nend E in=Outer\nend Done\nBegin > Call > Outer > Done\nI > Sign > E"
    )
    return top, {"Inner": inner}


def test_a_scenario_names_the_turn_it_answers(draw):
    top, called = lively(draw)
    acts = step("Call/Fill", "turn = 2") + step("Call/Fill")
    acts += step("Sign", "turn = [2, 1]") + step("Sign", "turn = [1, 2]")
    acts += step("Sign", "turn = [2, 1]\nrefused = true")
    acts += step("Sign", "turn = [1, 1]") + step("Sign")

    played = play_thoroughly(compile_release(top, called), read_scenarios(HEAD + acts)[0])

    left = [[task.turns for task in one.waiting] for one in played.steps]
    assert left == [
        [(1,), (2,)],
        [(1,)],
        [(1, 1), (1, 2), (2, 1), (2, 2)],
        [(1, 1), (1, 2), (2, 2)],
        [(1, 1), (2, 2)],
        [(1, 1), (2, 2)],
        [(2, 2)],
        [],
    ]


@pytest.mark.parametrize(
    ("more", "story"),
    [
        ("", "同时有 2 份在等，分不清办哪一份，请写明：turn = 1；turn = 2"),
        ("turn = 3", "停着的不是这一份，现在停着的是：turn = 1；turn = 2"),
        ("turn = [1, 1]", "停着的不是这一份"),
        ("turn = 1\nwhich = 2", "没有第 2 份在等，只有 1 份"),
    ],
)
def test_what_is_not_told_apart_is_an_error_that_says_how(draw, more, story):
    top, called = lively(draw)
    scenario = read_scenarios(HEAD + step("Call/Fill", more))[0]

    with pytest.raises(ScenarioFailed) as failed:
        play(compile_release(top, called), scenario)

    assert story in failed.value.story


def test_what_no_turn_tells_apart_is_counted_by_age(draw):
    diagram = draw(
        "start Begin\nand Fork\nuser A\nuser B\nxor Meet\nuser Then form=f\nend Done\n"
        "Begin > Fork\nFork > A > Meet\nFork > B > Meet\nMeet > Then > Done"
    )
    acts = step("A") + step("B") + step("Then", "which = 2") + step("Then")

    played = play(compile_release(diagram, {}), read_scenarios(HEAD + acts)[0])

    before, after = (played.steps[place].waiting for place in (2, 3))
    assert [task.token for task in after] == [before[0].token]


@pytest.mark.parametrize(
    ("more", "story"),
    [
        ("turn = 0", "turn 要写成从 1 数起的整数"),
        ('turn = "2"', "turn 要写成从 1 数起的整数"),
        ("turn = [1, true]", "turn 要写成从 1 数起的整数"),
        ("which = -1", "which 要写成从 1 数起的整数"),
    ],
)
def test_a_turn_is_a_number_or_several(more, story):
    with pytest.raises(ScenarioError, match=story):
        read_scenarios(HEAD + step("A", more))


def test_a_turn_needs_a_task():
    with pytest.raises(ScenarioError, match="turn 只能和 task 一起写"):
        read_scenarios(HEAD + "[[scenario.step]]\nafter = 'P1D'\nturn = 1\n")


def test_a_walk_takes_the_turn_of_a_finding(draw):
    top, called = lively(draw)
    acts = [{"kind": "start"}, {"kind": "answer", "element": "Call/Fill", "turns": [2], "which": 0}]

    tried = try_out(top, called, {}, (), facts=None, acts=acts)
    wrong = try_out(top, called, {}, (), facts=None, acts=[*acts, acts[1]])

    assert "turn = 2" in tried.scenario
    assert "现在停着的是：turn = 1" in wrong.problem
