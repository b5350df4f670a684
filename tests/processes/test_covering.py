"""What scenarios take, measured in a process that can be killed."""

from __future__ import annotations

from processes.coverage import measure
from processes.covering import rehearse_in_process
from processes.diagram import read_diagram
from processes.library import find_diagram, load_family
from processes.rehearsal import rehearse
from processes.scenario import read_scenarios

DRAWN = (
    "start A\nuser U form=f\nxor X\nend Good\nend Bad\nA > U > X > Good : U.way == 'a'\nX >> Bad"
)
GOOD = """
[[scenario]]
title = "好"
[[scenario.step]]
task = "U"
answers = { way = "a" }
[scenario.expect]
end = "Good"
"""


def test_the_process_counts_what_playing_here_counts():
    diagram, called = load_family("online_signing", "employer_invitation")
    text = find_diagram("online_signing", "employer_invitation").scenarios.read_text("utf-8")

    found = rehearse_in_process(diagram, called, text)

    here = rehearse(diagram, called, read_scenarios(text)).coverage
    assert (found.failed, found.problem) == ((), "")
    assert dict(found.coverage.times) == {key: n for key, n in here.times.items() if n}
    assert found.coverage.flows == here.flows


def test_without_scenarios_nothing_is_taken(sketch):
    diagram = read_diagram(sketch(DRAWN, lane="院系"))

    found = rehearse_in_process(diagram, {}, "")

    assert found.played == 0
    assert found.coverage.taken == ()
    assert found.coverage.flows == measure(diagram, {}, ()).flows


def test_a_text_that_is_no_scenario_is_told(sketch):
    found = rehearse_in_process(read_diagram(sketch(DRAWN, lane="院系")), {}, "[[scenario]")

    assert found.coverage is None
    assert found.problem
