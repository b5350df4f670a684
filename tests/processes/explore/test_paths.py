"""The few paths through a diagram: they take every flow, and each can be replayed."""

from __future__ import annotations

import pytest

import forms
from processes import library
from processes.engine import compile_release
from processes.explore import explore
from processes.explore.paths import shortest_paths, titled_path, worthy_paths
from processes.explore.scenarios import scenario_text
from processes.explore.turns import Turn, Turns
from processes.rehearsal import rehearse
from processes.scenario import play, read_scenarios

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


REPLY = (
    "start Begin\nsub All\nboundary Late on=All duration=P5D\nboundary Back on=All message=withdraw\n"
    "start S in=All\nuser Ask form=f in=All\nuser Read in=All\nend Answered in=All\n"
    "service Take op=acquire_claim\nend Done\nend Lapsed\nend Taken\n"
    "Begin > All > Take > Done\nS > Ask > Read > Answered\nLate > Lapsed\nBack > Taken"
)


def turns_shown(diagram, paths):
    text = "\n".join(scenario_text(titled_path(path, diagram, n)) for n, path in enumerate(paths))
    turns, executable = Turns(diagram, {}), compile_release(diagram, {})
    played = [play(executable, scenario) for scenario in read_scenarios(text, "x")]
    return set().union(*map(turns.of_played, played))


def test_one_more_path_for_each_refusal_lapse_and_withdrawal_at_each_step(draw):
    diagram = draw(REPLY)
    everything = explore(diagram, {}, FORMS)

    short = shortest_paths(everything)
    paths = worthy_paths(everything, Turns(diagram, {}))

    assert paths[: len(short)] == short
    assert turns_shown(diagram, paths) == {
        Turn("outcome", "acquire_claim", "taken"),
        Turn("message", "withdraw", waiting=("Ask",)),
        Turn("message", "withdraw", waiting=("Read",)),
        Turn("time", "Late", waiting=("Ask",)),
        Turn("time", "Late", waiting=("Read",)),
    }


def test_a_turn_that_a_scenario_shows_needs_no_path(draw):
    diagram = draw(REPLY)
    everything = explore(diagram, {}, FORMS)
    turns = Turns(diagram, {})
    paths = worthy_paths(everything, turns)
    flows = {flow for path in paths for act in path.acts for flow in act.flows}

    assert worthy_paths(everything, turns, flows, turns_shown(diagram, paths)) == ()
    shown = turns_shown(diagram, paths) - {Turn("outcome", "acquire_claim", "taken")}
    (one,) = worthy_paths(everything, turns, flows, shown)
    assert one.title == "占用签约名额的结果是 taken"
    assert one.ends_at == "Done"


def test_the_title_says_where_a_case_waits_when_it_is_taken_back(draw):
    diagram = draw(REPLY)
    paths = worthy_paths(explore(diagram, {}, FORMS), Turns(diagram, {}))

    titles = [titled_path(path, diagram, 7).title for path in paths]

    assert any(
        title.startswith("路径 7：停在「")
        and title.endswith("时收到消息 withdraw，结束于「Taken」")
        for title in titles
    )


def test_every_answer_of_a_task_that_decides_is_shown(draw):
    """Two answers go the same way here; a path is found for each."""
    diagram = draw(
        "start Begin\nuser Ask form=code\nxor Which\nend A\nend B\nBegin > Ask > Which\n"
        "Which > A : Ask.outcome in ('1', '2')\nWhich >> B"
    )
    found = explore(diagram, {}, {"code": {"outcome": ["1", "2", "3"]}})

    paths = worthy_paths(found, Turns(diagram, {}))

    assert sorted(path.acts[1].answers["outcome"] for path in paths) == ["1", "2", "3"]
