"""The bench runs all three contestants on both databases and gives the figures it promises."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine

from bench.measure import Result, measure
from bench.report import AIMS, as_object, as_table
from webapp.commands.bench import postgresql, sqlite


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    found = {}
    for name, opened in (("sqlite", sqlite()), ("postgresql", postgresql())):
        with opened as engine:
            found[name] = a_short_race(engine)
    return found


def a_short_race(engine: Engine) -> Result:
    return measure(engine, laps=(1, 3), rounds=1, steps=3, told=lambda line: None)


def test_the_object_for_programs_has_every_figure_and_the_versions(results):
    told = json.loads(json.dumps(as_object(results)))

    assert set(AIMS) <= set(told)
    assert all(told[key] > 0 for key in AIMS)
    assert {"SpiffWorkflow", "sqlite", "postgresql", "python", "machine"} <= set(told["versions"])


def test_every_contestant_really_moved_its_case(results):
    for result in results.values():
        assert result.bare > 0
        assert set(result.ours) == {1, 3}
        assert all(result.plain.values())


def test_our_state_does_not_grow_with_laps_while_the_plain_one_does(results):
    sqlite = results["sqlite"]

    assert sqlite.state_bytes < 4096
    assert sqlite.plain_bytes[3] > sqlite.plain_bytes[1]


def test_the_table_for_people_names_each_aim(results):
    told = as_table(results)

    assert all(key in told for key in AIMS)
