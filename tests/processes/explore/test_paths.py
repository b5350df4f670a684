"""The few paths through a diagram: they take every flow, and each can be replayed."""

from __future__ import annotations

import pytest

import forms
from processes import library
from processes.explore import explore
from processes.explore.paths import shortest_paths, titled_path
from processes.explore.scenarios import scenario_text
from processes.rehearsal import rehearse
from processes.scenario import read_scenarios

FORMS = {"f": {"outcome": ["a", "b"]}}
PACKAGED = {f"{found.family}/{found.variant}": found for found in library.find_diagram_files()}


@pytest.mark.parametrize("name", sorted(PACKAGED))
def test_the_paths_of_a_packaged_diagram_take_every_flow_when_replayed(name):
    found = PACKAGED[name]
    diagram, called = library.load_family(found.family, found.variant)
    text = found.scenarios.read_text(encoding="utf-8")
    everything = explore(diagram, called, forms.facts(), read_scenarios(text, name))

    paths = shortest_paths(everything)
    written = "\n".join(
        scenario_text(titled_path(path, diagram, number)) for number, path in enumerate(paths, 1)
    )
    rehearsal = rehearse(diagram, called, read_scenarios(written, "paths.toml"))

    assert [result.story for result in rehearsal.results if not result.passed] == []
    assert rehearsal.coverage.missing == everything.coverage.missing == ()


def test_one_path_is_enough_where_one_takes_everything(draw):
    diagram = draw(
        "start Begin\nuser Ask form=f\nxor Which\nend Done\nBegin > Ask > Which\n"
        "Which > Done : Ask.outcome == 'a'\nWhich >> Ask"
    )

    (path,) = shortest_paths(explore(diagram, {}, FORMS))

    assert [act.answers.get("outcome") for act in path.acts] == [None, "b", "a"]


def test_what_is_shown_already_needs_no_path(draw):
    diagram = draw(
        "start Begin\nuser Ask form=f\nxor Which\nend A\nend B\nBegin > Ask > Which\n"
        "Which > A : Ask.outcome == 'a'\nWhich >> B"
    )
    everything = explore(diagram, {}, FORMS)

    both = shortest_paths(everything)
    (one,) = shortest_paths(everything, {"Begin_to_Ask", "Ask_to_Which", "Which_to_A"})

    assert {path.ends_at for path in both} == {"A", "B"}
    assert one.ends_at == "B"


def test_a_path_goes_on_in_time_after_a_detour(draw):
    """The way home was found at another moment than the detour ends at."""
    diagram = draw(
        "start Begin\nuser Ask form=f\nboundary Silent on=Ask duration=P5D\nxor Which\n"
        "user Then\nboundary Late on=Then duration=P2D\nend Done\nend Lapsed\n"
        "Begin > Ask > Which\nSilent > Ask\nWhich > Then : Ask.outcome == 'a'\nWhich >> Done\n"
        "Then > Done\nLate > Lapsed"
    )

    paths = shortest_paths(explore(diagram, {}, FORMS))
    moments = [[act.now for act in path.acts] for path in paths]

    assert all(times == sorted(times) for times in moments)
    text = "\n".join(scenario_text(titled_path(p, diagram, n)) for n, p in enumerate(paths))
    assert rehearse(diagram, {}, read_scenarios(text, "x")).passed
    assert {p.ends_at for p in paths} == {"Done", "Lapsed"}
