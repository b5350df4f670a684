"""What is stored of a case, and the cache of compiled releases."""

import json
from threading import Thread

import pytest

from processes.diagram import read_diagram
from processes.engine import EngineError, ExecutableCache, Run, StateUnreadable


@pytest.fixture
def simple(draw):
    return draw.document(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))


def test_the_state_is_short_json_with_text_ids(draw, play):
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))

    version, last_id, [[holder, [row]]] = json.loads(case.run.dump())

    assert (version, last_id, holder) == (1, 2, "")
    assert row[:2] == ["2", "A"]
    assert len(case.run.dump()) < 120


def test_a_finished_case_stays_finished(draw, play):
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))
    case.answer("A")

    case.restore()

    assert case.run.is_finished
    assert case.run.waiting == ()
    assert case.run.wake_at is None


@pytest.mark.parametrize(
    "state", ["", "{}", "[]", "[9,1,[]]", '[1,2,[["",[["2","Gone",16,-1,0]]]]]', '[1,2,[["7",[]]]]',
              '[1,2,[["",[["2","A",16,5,0]]]]]'],
)  # fmt: skip
def test_a_state_that_does_not_fit_is_refused(draw, play, state):
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))

    with pytest.raises(StateUnreadable):
        Run.restore(case.executable, state, variables={}, facts={})


def test_deadlines_are_kept_as_moments(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.boundary("Late", "A", draw.timer("P5D")), draw.end("x"),
        draw.path("s", "A"), draw.flow("Late", "x"),
    )  # fmt: skip
    case.later(days=3)

    case.restore()

    assert case.run.wake_at == case.task("A").silent_at
    assert case.run.wake_at.isoformat() == "2026-06-06T01:00:00+00:00"


def test_the_token_of_a_waiting_task_is_stable(draw, play):
    case = play(
        draw.start(), draw.parallel("fork"), draw.user("A"), draw.user("B"), draw.user("C"),
        draw.path("s", "fork", "A", "C"), draw.path("fork", "B"),
    )  # fmt: skip
    before = case.task("B")

    case.answer("A")
    case.restore()

    assert [task for task in case.run.waiting if task.element == "B"] == [before]


def test_a_release_is_compiled_once(simple):
    cache, loads = ExecutableCache(), []

    def load():
        loads.append(1)
        return read_diagram(simple), {}

    first, second = cache.load_executable("h", load), cache.load_executable("h", load)

    assert first is second
    assert len(loads) == 1


def test_the_cache_forgets_what_was_not_used_for_longest(simple):
    cache, loads = ExecutableCache(size=2), []

    def load(name):
        def read():
            loads.append(name)
            return read_diagram(simple), {}

        cache.load_executable(name, read)

    for name in ("a", "b", "a", "c", "a", "b"):
        load(name)

    assert loads == ["a", "b", "c", "b"]
    assert len(cache) == 2


def test_threads_that_ask_together_get_one_release(simple):
    cache, found = ExecutableCache(), []

    def ask():
        found.append(cache.load_executable("h", lambda: (read_diagram(simple), {})))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len({id(executable) for executable in found}) == 1


def test_an_error_names_the_path_of_its_place(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.service("S", "notify", to="A.who"), draw.end(),
        draw.path("s", "A", "S", "e"),
    )  # fmt: skip

    with pytest.raises(EngineError) as failed:
        case.answer("A")

    assert failed.value.element == "S"
