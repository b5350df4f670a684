"""The import runs in a process that can be killed, and always answers."""

from __future__ import annotations

import sys

from processes.importing import import_diagram, import_in_process, killable

from .conftest import DIALECTS

DATA = (DIALECTS / "camunda7.bpmn").read_bytes()


def test_it_says_the_same_as_in_this_process():
    apart, here = import_in_process(DATA, "a", patience=60), import_diagram(DATA, "a")

    assert apart.notes == here.notes
    assert apart.diagram == here.diagram
    assert apart.as_dict() | {"seconds": 0} == here.as_dict() | {"seconds": 0}


def test_a_hanging_import_is_killed_and_says_so(monkeypatch):
    hanging = (sys.executable, "-c", "import time; time.sleep(60)")
    monkeypatch.setattr(killable, "WORKER", hanging)

    found = import_in_process(DATA, "a", patience=0.2)

    assert (found.status, found.stopped) == ("refused", "time")
    assert found.notes[0].rule == "import_stopped"


def test_a_crash_is_told_apart(monkeypatch):
    monkeypatch.setattr(killable, "WORKER", (sys.executable, "-c", "raise SystemExit(3)"))

    found = import_in_process(DATA, "a", patience=60)

    assert (found.diagram, found.stopped) == (None, "crash")


def test_too_much_memory_is_told_apart(monkeypatch):
    monkeypatch.setattr(killable, "WORKER", (sys.executable, "-c", "raise MemoryError"))

    assert import_in_process(DATA, "a", patience=60).stopped == "memory"
