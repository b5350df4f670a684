"""Random structured diagrams, random answers and clock moves: however a run is stored, it is the same.

Three runs go side by side: a plain one (nothing is ever dropped), a compacted one, and one that is
dumped and restored before every step.
"""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from processes.engine.placing import place
from processes.tokengame import Game
from tests.processes.engine.artist import BESIDE_IN_A_LOOP, BLOCKS, MOVES, Artist

STATE_LIMIT = 4096
LAPS = 500
OUTERMOST = "Again_2"  # a loop draws its question before its body
CALM = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def assert_joins_waited_for_all(joins, history):
    """Per join: it fired as often as its rarest branch arrived, and never before."""
    for join in joins:
        arrived, fired = dict.fromkeys(join.arriving, 0), 0
        for happening in history:
            if happening.kind == "entered" and happening.element in join.inside:
                arrived, fired = dict.fromkeys(join.arriving, 0), 0
            elif happening.element in arrived:
                arrived[happening.element] += 1
            elif happening.element == join.leaving:
                fired += 1
                assert fired <= min(arrived.values()), "a join fired early"
        assert fired == min(arrived.values()), "a join did not fire"


def move(case, action, index, way):
    if action == "later":
        return case.later(days=index)
    if action == "message" and case.step.messages:
        return case.message(case.step.messages[index % len(case.step.messages)], {"way": way})
    if not case.step.tasks:
        return case.later(hours=1)
    task = case.step.tasks[index % len(case.step.tasks)]
    return case.answer(task.element, way=way) if _alone(case, task) else _answer(case, task, way)


def _alone(case, task):
    return case.waiting.count(task.element) == 1


def _answer(case, task, way):
    """Several tokens may wait at the same reminder; take this one."""
    return case._move(lambda: case.run.answer(task.token, {"way": way}, case.now, case.operators))


@settings(CALM, max_examples=200)
@given(shape=BLOCKS | BESIDE_IN_A_LOOP, moves=MOVES)
def test_stored_compacted_and_plain_runs_take_the_same_path(draw, play, shape, moves):
    artist = Artist(draw)
    executable = artist.whole(shape)
    plain = play(executable, restores=False, compacts=False)
    compacted = play(executable, restores=False)
    restored = play(executable)
    runs = [plain, compacted, restored]

    for action in moves:
        for case in runs:
            assert case.step == plain.step
            assert len(case.run.dump()) < STATE_LIMIT or case is plain
        if plain.step.finished:
            break
        for case in runs:
            move(case, *action)

    assert compacted.history == restored.history == plain.history
    assert compacted.run.dump() == restored.run.dump()
    assert compacted.operators.calls == plain.operators.calls
    assert_joins_waited_for_all(artist.joins, plain.history)
    event("finished" if plain.step.finished else "still running")


@settings(CALM, max_examples=25)
@given(
    shape=BLOCKS, order=st.lists(st.integers(0, 5), min_size=3, max_size=3), days=st.integers(0, 2)
)
def test_every_lap_of_a_loop_is_like_the_first(draw, play, shape, order, days):
    artist = Artist(draw)
    case = play(artist.whole(("loop", ("parallel", shape, ("task",)))))
    outer = OUTERMOST

    def lap():
        begun = case.now
        for _ in range(200):
            if case.waiting == [outer]:
                break
            open_tasks = [t for t in case.step.tasks if t.element != outer]
            if open_tasks:
                _answer(case, open_tasks[order[len(open_tasks) % 3] % len(open_tasks)], 1)
            else:
                case.later(days=max(days, 1))
        path = [(h.kind, h.element) for h in case.history]
        size, case.history = len(case.run.dump()), []
        case.answer(outer, way=0)
        return path, size, case.now - begun

    first = lap()
    laps = [lap() for _ in range(20)]

    assert all(path == laps[0][0] for path, _, _ in laps)
    assert max(size for _, size, _ in laps) <= first[1] + 40
    assert not case.step.finished


@pytest.mark.parametrize(
    "shape",
    [
        ("task",),
        ("parallel", ("lapse",), ("loop", ("remind",))),
        ("parallel", ("sub", ("parallel", ("task",), ("cycle",))), ("task",), ("service",)),
        ("timed_sub", ("call", ("parallel", ("task",), ("choice", ("task",), ("lapse",))))),
    ],
)
def test_the_state_stays_small_and_flat_over_many_laps(draw, play, shape):
    artist = Artist(draw)
    case = play(artist.whole(("loop", shape)))
    outer = OUTERMOST
    sizes = []

    for _ in range(LAPS):
        while case.waiting != [outer]:
            inner = next(task for task in case.step.tasks if task.element != outer)
            _answer(case, inner, 1)
        sizes.append(len(case.run.dump()))
        case.now += timedelta(minutes=1)
        case.answer(outer, way=0)

    assert len(sizes) == LAPS
    assert max(sizes) < STATE_LIMIT
    assert max(sizes) - min(sizes) <= 2 * len("99999")
    assert_joins_waited_for_all(artist.joins, case.history)


@settings(CALM, max_examples=100)
@given(shape=BLOCKS | BESIDE_IN_A_LOOP, moves=MOVES)
def test_a_case_placed_on_the_same_diagram_stands_as_before(draw, play, shape, moves):
    """At every step: the same tokens as text, the same variables, and nothing is refused."""
    executable, twin = Artist(draw).whole(shape), Artist(draw).whole(shape)
    case = play(executable)

    for action in moves:
        state, variables = case.run.dump(), case.run.variables
        placed = place(executable, twin, state, variables=variables, facts=case.facts, now=case.now)
        assert (placed.state, placed.variables) == (state, variables)
        if case.step.finished:
            break
        move(case, *action)


@settings(CALM, max_examples=200)
@given(shape=BLOCKS | BESIDE_IN_A_LOOP, moves=MOVES)
def test_the_engine_and_the_token_game_agree(draw, play, shape, moves):
    """Two executions, written apart, stand at the same steps with the same time left after each act."""
    executable = Artist(draw).whole(shape)
    case = play(executable)
    game = Game(executable.diagram, executable.called)
    marking = game.start({"case": {}, "school": {}}, case.now, done)

    for action, index, way in moves:
        assert seen(marking) == (
            tuple(sorted(case.waiting)), case.step.messages, case.step.wake_at,
            case.step.finished,
        )  # fmt: skip
        if case.step.finished:
            break
        marking = the_same_move(game, marking, case, action, index, way)


def done(path, operator):
    return "ok"


def seen(marking):
    return marking.waiting, marking.messages, marking.wake_at, marking.ended_at is not None


def the_same_move(game, marking, case, action, index, way):
    """What `move` does, in both."""
    step = case.step
    move(case, action, index, way)
    if action == "message" and step.messages:
        name = step.messages[index % len(step.messages)]
        return game.message(marking, name, case.now, done, {"way": way})
    if action == "later" or not step.tasks:
        return game.wait(marking, case.now, done)
    task = step.tasks[index % len(step.tasks)]
    alike = [one.token for one in step.tasks if one.element == task.element]
    place = alike.index(task.token) if len(alike) > 1 else 0
    return game.answer(marking, task.element, {"way": way}, case.now, done, place)
