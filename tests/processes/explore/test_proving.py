"""A diagram is proven in a process that can be killed: rules, scenarios, everything that can happen."""

from __future__ import annotations

import sys

import pytest

from forms.definitions import facts
from processes import library
from processes.explore import proving
from processes.explore.proving import prove_in_process, read_proof
from processes.scenario import read_scenarios

STRAIGHT = "start A\nmanual M\nend E\nA > M > E"


def prove(data: bytes, **more):
    return prove_in_process(data, "x.bpmn", **{"called": {}, "forms": {}, "patience": 60, **more})


@pytest.mark.parametrize(
    "found", library.find_diagram_files(), ids=lambda found: f"{found.family}/{found.variant}"
)
def test_every_packaged_diagram_is_proven_with_its_scenarios(found):
    diagram, called = library.load_family(found.family, found.variant)
    text = found.scenarios.read_text("utf-8")

    proof = prove(
        diagram.xml,
        called={process: child.xml for process, child in called.items()},
        forms=facts(),
        scenarios=text,
    )

    assert (proof.status, proof.differing) == (0, ())
    assert proof.states > 1
    assert proof.played == len(read_scenarios(text))
    assert proof.scenarios == text


def test_what_the_rules_forbid_is_not_tried(sketch):
    proof = prove(sketch(STRAIGHT + "\nmanual Lost"))

    assert (proof.status, proof.states) == (1, 0)
    assert {one.element for one in proof.findings if one.forbids_running} == {"Lost"}


def test_a_claim_never_released_is_found_with_a_path_that_replays_it(sketch):
    """No rule sees it; walking every way does."""
    proof = prove(sketch("start A\nservice C op=acquire_claim\nmanual M\nend E\nA > C > M > E"))

    kept = next(one for one in proof.proven if one.finding.rule == "claim_not_released")
    assert proof.status == 1
    assert [step["kind"] for step in kept.path] == ["start", "answer"]
    assert kept.path[0]["calls"] == [["acquire_claim", "ok"]]
    assert read_scenarios(kept.scenario)[0].steps[0].task == "M"


def test_a_scenario_that_goes_another_way_is_told_and_replaced_by_paths_that_go(sketch):
    """The way was straight; now it ends elsewhere. Who publishes decides whether that was meant."""
    scenario = (
        'starts = "2027-03-01T09:00:00+08:00"\n[[scenario]]\ntitle = "旧"\nends_at = "Gone"\n'
        '[[scenario.step]]\nwho = "office"\ntask = "M"\nanswers = {}\n'
    )

    proof = prove(sketch(STRAIGHT), scenarios=scenario)

    assert proof.status == 0
    assert proof.differing == ("旧",)
    assert [one.rule for one in proof.findings if one.rule == "scenario_differs"]
    assert "旧" not in proof.scenarios
    assert read_scenarios(proof.scenarios)[0].title


def test_a_proof_survives_being_written_down(sketch):
    proof = prove(sketch(STRAIGHT))

    assert read_proof(proof.as_dict()) == proof


def test_what_is_no_diagram_cannot_be_read():
    assert prove(b"hello").status == 2


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("while True: pass", "秒"),
        ("import sys; sys.exit(3)", "中断"),
        ("print('not json')", "中断"),
        ("import os; os.kill(os.getpid(), 9)", "中断"),
    ],
)
def test_whatever_becomes_of_the_process_there_is_an_answer(sketch, monkeypatch, code, word):
    monkeypatch.setattr(proving, "WORKER", (sys.executable, "-c", code))

    proof = prove(sketch(STRAIGHT), seconds=0.5, patience=1.0)

    assert proof.status == 1
    assert [one.rule for one in proof.findings] == ["proof_stopped"]
    assert word in proof.findings[0].message


def test_a_diagram_with_too_many_states_is_stopped_not_passed(sketch):
    """Fourteen steps wait side by side: more states than two seconds hold."""
    names = [f"T{number}" for number in range(14)]
    steps = "\n".join(f"manual {name}" for name in names)
    ways = "\n".join(f"Fork > {name}\n{name} > J" for name in names)
    data = sketch(f"start A\nand Fork\nand J\nend E\n{steps}\nA > Fork\n{ways}\nJ > E")

    proof = prove(data, seconds=1)

    assert proof.status == 1
    assert {one.rule for one in proof.findings} & {"proof_stopped", "not_explored"}
