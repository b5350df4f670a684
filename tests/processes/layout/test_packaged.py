"""The packaged diagrams are drawn by the layout, and their lines cross where nothing else helps."""

from __future__ import annotations

import pytest

from processes.layout import composing, measure, renew_drawing
from processes.layout.improving import improve
from processes.library import called_diagrams, find_diagram_files

PACKAGED = {
    **{found.variant: found.read() for found in find_diagram_files()},
    **called_diagrams(),
}
# why these cannot do without is told in docs/layout.md; everything else must
UNAVOIDABLE = {
    "employer_edit": 2,
    "online_two_party": 2,
    "school_application": 1,
    "school_entered": 1,
    "student_initiated": 1,
}


@pytest.mark.parametrize("name", PACKAGED)
def test_a_packaged_drawing_is_the_one_that_the_layout_makes(name, monkeypatch):
    plans = []

    def spy(plan, route):
        plans.append(plan)
        return improve(plan, route)

    monkeypatch.setattr(composing, "improve", spy)

    assert renew_drawing(PACKAGED[name]) == PACKAGED[name], "run qianyue layout on the file"
    for plan in plans:  # nothing rises above the main path
        assert {plan.items[id_].row for id_ in plan.path} == {0}


@pytest.mark.parametrize("name", PACKAGED)
def test_a_packaged_drawing_has_no_flaw_and_no_crossing_that_can_be_avoided(name):
    measures = measure(PACKAGED[name])

    assert measures.flaws == ()
    assert measures.crossings <= UNAVOIDABLE.get(name, 0)


def test_each_drawing_that_may_cross_is_there():
    assert UNAVOIDABLE.keys() <= PACKAGED.keys()


def test_trials_save_most_crossings(monkeypatch):
    monkeypatch.setattr(composing, "improve", lambda plan, route: route(composing.Manner()))

    greedy = {name: measure(renew_drawing(data)).crossings for name, data in PACKAGED.items()}

    for name, data in PACKAGED.items():
        assert measure(data).crossings <= greedy[name]
    assert sum(UNAVOIDABLE.values()) < sum(greedy.values()) / 4
