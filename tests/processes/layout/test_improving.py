"""Rows that the greedy placing chose are moved while that saves crossings, and only then."""

from __future__ import annotations

import pytest

from processes.layout import composing, measure, renew_drawing
from processes.layout.improving import improve
from processes.library import called_diagrams, find_diagram_files

PACKAGED = {
    **{found.source: found.read() for found in find_diagram_files()},
    **called_diagrams(),
}
FEW = 4  # what packaged drawings may keep, where people pass the work to and fro


@pytest.fixture
def greedily(monkeypatch):
    """Draws as if nothing were tried after the first placing."""

    def draw(data: bytes) -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(composing, "improve", lambda plan, route: route(None))
            return renew_drawing(data)

    return draw


@pytest.mark.parametrize("source", PACKAGED)
def test_trials_never_make_more_crossings(greedily, source):
    data = PACKAGED[source]

    before, after = measure(greedily(data)), measure(renew_drawing(data))

    assert after.crossings <= before.crossings
    assert after.flaws == ()


def test_trials_save_most_crossings_of_the_packaged_diagrams(greedily):
    before = sum(measure(greedily(data)).crossings for data in PACKAGED.values())
    after = sum(measure(renew_drawing(data)).crossings for data in PACKAGED.values())

    assert after < before / 2


def test_a_drawing_without_crossings_stays_as_it_was(greedily):
    clear = [data for data in PACKAGED.values() if not measure(greedily(data)).crossings]

    assert clear
    for data in clear:
        assert renew_drawing(data) == greedily(data)


@pytest.mark.parametrize("source", PACKAGED)
def test_packaged_drawings_have_few_crossings(source):
    assert measure(PACKAGED[source]).crossings <= FEW


@pytest.mark.parametrize("source", PACKAGED)
def test_nothing_rises_above_the_main_path(source, monkeypatch):
    plans = []

    def spy(plan, route):
        plans.append(plan)
        return improve(plan, route)

    monkeypatch.setattr(composing, "improve", spy)
    renew_drawing(PACKAGED[source])

    assert plans
    for plan in plans:
        assert {plan.items[id_].row for id_ in plan.path} == {0}
