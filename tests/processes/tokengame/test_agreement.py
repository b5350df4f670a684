"""Two executions of one diagram, written apart: they agree, and a fault in either is found."""

from __future__ import annotations

import pytest

from forms.definitions import facts
from processes import library
from processes.diagram import read_diagram
from processes.engine import compile_release, specs
from processes.explore import explore
from processes.scenario import read_scenarios
from processes.tokengame import compare_executions
from processes.tokengame.agreement import _Comparison
from processes.tokengame.play import Play

FORMS = {"f": {"way": ["a", "b"]}}


def explored(data: bytes, called=None):
    diagram = read_diagram(data)
    inner = {name: read_diagram(xml) for name, xml in (called or {}).items()}
    return explore(diagram, inner, FORMS), compile_release(diagram, inner)


@pytest.mark.parametrize(
    "found", library.find_diagram_files(), ids=lambda found: f"{found.family}/{found.variant}"
)
def test_engine_and_game_agree_on_every_packaged_diagram_in_every_state(found):
    diagram, called = library.load_family(found.family, found.variant)
    walked = explore(diagram, called, facts(), read_scenarios(found.scenarios.read_text("utf-8")))
    comparison = _Comparison(walked, compile_release(diagram, called), 20)

    assert comparison.run() == []
    assert len(comparison.standing) == len(walked.states)


PARALLEL = "start A\nuser U form=f\nand F\nmanual M\nmanual N\nand J\nend E\nA > U > F\nF > M > J\nF > N > J\nJ > E"
CHOICE = "start A\nuser U form=f\nxor X\nmanual M\nmanual N\nend E\nend G\nA > U > X\nX > M : U.way == 'a'\nX >> N\nM > E\nN > G"
LATE = "start A\nmanual M\nboundary B on=M duration=P5D\nend E\nend L\nA > M > E\nB > L"
REMINDED = "start A\nmanual M\nboundary B on=M duration=P5D free\nmanual R\nend E\nend L\nA > M > E\nB > R > L"
OR_JOIN = (
    "start A\nuser U form=f\nor F\nmanual M\nmanual N\nor J\nend E\nA > U > F\n"
    "F > M : U.way == 'a'\nF > N : U.way in ['a', 'b']\nM > J\nN > J\nJ > E"
)
DRAWN = {"parallel": PARALLEL, "choice": CHOICE, "late": LATE, "reminded": REMINDED, "or": OR_JOIN}


@pytest.mark.parametrize("name", DRAWN)
def test_small_diagrams_agree(sketch, name):
    walked, executable = explored(sketch(DRAWN[name]))

    assert compare_executions(walked, executable) == []
    assert len(walked.states) > 1


def test_an_engine_whose_join_waits_for_one_branch_only_is_found(sketch, monkeypatch):
    """SpiffWorkflow's own join does that in a second lap."""
    monkeypatch.setattr(specs.Parallel, "_update_hook", lambda self, token: True)

    walked, executable = explored(sketch(PARALLEL))
    found = compare_executions(walked, executable)

    assert found
    assert found[0].engine != found[0].game


def test_an_engine_that_takes_the_default_always_is_found(sketch, monkeypatch):
    monkeypatch.setattr(specs.Choice, "ways_on", lambda self, token: (self.default,))

    walked, executable = explored(sketch(CHOICE))
    [part, *_] = compare_executions(walked, executable)

    assert part.act.element == "U"
    assert (part.engine, part.game) == ("等待 N", "等待 M")


@pytest.mark.parametrize(
    ("name", "broken", "instead"),
    [
        ("parallel", "open_parallel", lambda self, level, gateway: None),
        ("or", "open_inclusive", lambda self: False),
        ("or", "is_activated", lambda self, level, gateway: True),
        ("late", "ring", lambda self, level, token, event, alarm: token.alarms.clear()),
    ],
)
def test_a_fault_in_the_game_is_found_as_well(sketch, monkeypatch, name, broken, instead):
    walked, executable = explored(sketch(DRAWN[name]))
    monkeypatch.setattr(Play, broken, instead)

    assert compare_executions(walked, executable)


def test_a_diagram_with_a_race_agrees(sketch):
    walked, executable = explored(
        sketch(
            "start A\nevent R\ncatch T duration=P1D\ncatch M message=go\nend E\nend L\n"
            "A > R\nR > T > L\nR > M > E"
        )
    )

    assert compare_executions(walked, executable) == []
    assert walked.findings == ()


def test_of_two_alike_tasks_both_executions_answer_the_same(sketch):
    """The two began at different times, so it matters which of them is done."""
    walked, executable = explored(
        sketch(
            "start A\nand F\nuser U form=f\ncatch W duration=P1D\nxor M\nuser T\n"
            "boundary B on=T duration=P3D\nend E\nend L\n"
            "A > F\nF > U > M\nF > W > M\nM > T > E\nB > L"
        )
    )

    assert [finding.rule for finding in walked.findings] == ["doubled_token"]
    assert compare_executions(walked, executable) == []
