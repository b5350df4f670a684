"""The measure of moves really tries, moves and takes back, and says what answers took meanwhile."""

from __future__ import annotations

import pytest

from bench import moving
from webapp.commands.bench import sqlite


def test_every_phase_is_measured_and_checked(monkeypatch):
    monkeypatch.setattr(moving, "IDLE", 2)
    told = []
    with sqlite() as engine:
        found = moving.measure(engine, 3, told.append)

    assert set(found) == {"idle", "trial", "move", "undo"}
    assert all(one["answers"] and one["median"] > 0 for one in found.values())
    assert all(found[one]["milliseconds_a_case"] > 0 for one in ("trial", "move", "undo"))
    assert "building 3 running cases" in told


def test_what_did_not_come_of_it_is_no_figure():
    with pytest.raises(RuntimeError, match="moved"):
        moving.expect({"refused": 3}, {"moved": 3})
