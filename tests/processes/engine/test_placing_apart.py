"""Many cases are placed in another process, which may be stopped without harm to the others."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import pytest

from processes.diagram import read_diagram
from processes.engine import Run, compile_release, place, placing_apart
from processes.engine.placing_apart import BROKEN, Content, ToPlace, place_apart
from processes.killable import NoAnswer, ask_for_lines

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
DRAWN = "start A\nuser Fill\nend E\nA > Fill > E"
LONGER = "start A\nuser Fill\nuser Look\nend E\nA > Fill > Look > E"
OTHER = "start A\nuser Else\nend E\nA > Else > E"


@pytest.fixture
def old(sketch):
    return Content("old", sketch(DRAWN), {})


@pytest.fixture
def case(old):
    """Cases of the old content that wait at Fill."""
    executable = compile_release(read_diagram(old.diagram), {})
    run = Run.start(executable, facts={}, now=NOW, operators=None)
    return lambda id: ToPlace(id, old, run.dump(), run.variables, {})


def in_place_of_the_worker(monkeypatch, code):
    monkeypatch.setattr(placing_apart, "WORKER", (sys.executable, "-c", code))


def test_the_process_answers_what_placing_gives(sketch, old, case):
    new = Content("new", sketch(LONGER), {})
    other = Content("other", sketch(OTHER), {})
    before, after = (compile_release(read_diagram(one.diagram), {}) for one in (old, new))
    wanted = place(before, after, case("1").state, variables={}, facts={}, now=NOW)

    found = place_apart([case("1"), case("2")], new, NOW, {})
    refused = place_apart([case("1")], other, NOW, {})
    mapped = place_apart([case("1")], other, NOW, {"Fill": "Else"})

    assert set(found) == {"1", "2"}
    assert found["1"] == found["2"]
    assert (found["1"].refusal, found["1"].state) == ("", wanted.state)
    assert found["1"].holders == (("Fill", "office"),)
    assert "没有了" in refused["1"].refusal
    assert mapped["1"].refusal == ""


def test_a_target_that_cannot_run_refuses_all_with_its_reason(case):
    found = place_apart([case("1"), case("2")], Content("unreadable", b"<no>", {}), NOW, {})

    assert set(found) == {"1", "2"}
    assert all(one.refusal for one in found.values())


READY = "import json, os, signal, sys; print(json.dumps({'ready': ''}), flush=True);"
FIRST = READY + "print(json.dumps({'case': '1', 'refusal': 'no'}), flush=True);"


@pytest.mark.parametrize(
    ("end", "why"),
    [
        ("os.kill(os.getpid(), signal.SIGXCPU)", "time"),
        ("raise MemoryError", "memory"),
        ("raise SystemExit(3)", "crash"),
        ("print('{', end='', flush=True); raise SystemExit(3)", "crash"),
    ],
)
def test_the_case_that_stops_the_process_is_refused_and_the_rest_left_to_be_asked_again(
    old, case, monkeypatch, end, why
):
    in_place_of_the_worker(monkeypatch, FIRST + end)

    found = place_apart([case("1"), case("2"), case("3")], old, NOW, {})

    assert {key: one.refusal for key, one in found.items()} == {"1": "no", "2": BROKEN[why]}


def test_a_process_that_never_ends_is_stopped_and_what_it_said_counts(old, case, monkeypatch):
    in_place_of_the_worker(monkeypatch, FIRST + "signal.pause()")
    monkeypatch.setattr(placing_apart, "PATIENCE", 3.0)

    found = place_apart([case("1"), case("2"), case("3")], old, NOW, {})

    assert {key: one.refusal for key, one in found.items()} == {"1": "no", "2": BROKEN["time"]}


def test_who_was_killed_from_outside_blames_no_case(old, case, monkeypatch):
    in_place_of_the_worker(monkeypatch, FIRST + "os.kill(os.getpid(), signal.SIGKILL)")
    assert set(place_apart([case("1"), case("2")], old, NOW, {})) == {"1"}

    in_place_of_the_worker(monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(NoAnswer):
        place_apart([case("1")], old, NOW, {})


def test_a_process_that_says_nothing_refuses_all(old, case, monkeypatch):
    in_place_of_the_worker(monkeypatch, "raise MemoryError")

    found = place_apart([case("1"), case("2")], old, NOW, {})

    assert {one.refusal for one in found.values()} == {BROKEN["memory"]}


def test_the_limits_reach_the_process_and_hold(old):
    """The real worker, with less memory than it takes to begin."""
    order = {"contents": {}, "target": "x", "cases": [], "now": NOW.isoformat(), "mapping": {}}

    lines, why = ask_for_lines(placing_apart.WORKER, json.loads(json.dumps(order)), 20.0, 24, 60.0)

    assert lines == []
    assert why in ("memory", "crash")
