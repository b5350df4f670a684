"""The process behind `proving`: takes one order on stdin, answers on stdout, ends."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from processes.check_worker import limit_self, read_called

if TYPE_CHECKING:
    from processes.diagram import Diagram
    from processes.explore.proving import Proof, Proven
    from processes.explore.results import Act, Explored, Fault
    from processes.scenario_language import Scenario


def main() -> None:
    """Set the limits named on the command line, then prove what stdin holds."""
    limit_self(float(sys.argv[1]), int(sys.argv[2]))
    order = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(prove(order).as_dict()).encode())


def prove(order: Mapping[str, Any]) -> Proof:
    """Rules first; only what they let pass is played and explored."""
    from processes.checks import check
    from processes.diagram import UnreadableDiagram, read_diagram
    from processes.explore.proving import FORBIDDEN, UNREADABLE, Proof, Proven

    try:
        diagram = read_diagram(base64.b64decode(order["data"]), order["source"])
    except UnreadableDiagram as refusal:
        return Proof(UNREADABLE, tuple(map(Proven, refusal.findings)))
    called = read_called(diagram, order["called"])
    ruled = tuple(map(Proven, check(diagram, called=called, forms=order["forms"])))
    if any(one.finding.forbids_running for one in ruled):
        return Proof(FORBIDDEN, ruled)
    return _tried(diagram, called, order, ruled)


def _tried(
    diagram: Diagram,
    called: Mapping[str, Diagram],
    order: Mapping[str, Any],
    ruled: tuple[Proven, ...],
) -> Proof:
    from processes.engine import DiagramRefused, compile_release
    from processes.explore import explore
    from processes.explore.proving import FORBIDDEN, RUNS, Proof, Proven
    from processes.scenario import ScenarioError, read_scenarios
    from processes.tokengame.judging import faults_between

    text = order["scenarios"]
    try:
        scenarios = read_scenarios(text) if text.strip() else ()
    except ScenarioError as error:
        scenarios, ruled = (
            (),
            (*ruled, Proven(_finding("scenario_unreadable", "warning", error.story))),
        )
    try:
        differing = _differing(diagram, called, scenarios, order["forms"])
        explored = explore(diagram, called, order["forms"], scenarios)
        parted = faults_between(explored, compile_release(diagram, called))
    except DiagramRefused as refusal:
        return Proof(FORBIDDEN, (*ruled, Proven(_finding("refused", "error", refusal.message))))
    told = (Proven(_finding("scenario_differs", "warning", story)) for story in differing.values())
    proven = (*ruled, *map(_proven, (*parted, *explored.faults)), *told)
    forbidden = any(one.finding.forbids_running for one in proven)
    return Proof(
        FORBIDDEN if forbidden else RUNS,
        proven,
        states=len(explored.states),
        ends=len(explored.ends),
        played=len(scenarios),
        differing=tuple(differing),
        scenarios=text if text.strip() and not differing else _paths(explored, diagram),
    )


def _differing(
    diagram: Diagram,
    called: Mapping[str, Diagram],
    scenarios: Iterable[Scenario],
    forms: Mapping[str, Any],
) -> dict[str, str]:
    """By title the scenarios that no longer go as they say, with the story."""
    from processes.rehearsal import rehearse

    rehearsed = rehearse(diagram, called, scenarios, forms)
    return {one.scenario.title: one.story for one in rehearsed.results if not one.passed}


def _paths(explored: Explored, diagram: Diagram) -> str:
    from processes.explore.paths import shortest_paths, titled_path
    from processes.explore.scenarios import scenario_text

    found = enumerate(shortest_paths(explored), start=1)
    return "\n".join(scenario_text(titled_path(path, diagram, number)) for number, path in found)


def _proven(fault: Fault) -> Proven:
    from processes.explore.proving import Proven
    from processes.explore.scenarios import scenario_text

    if fault.path is None:
        return Proven(fault.finding)
    steps = [step_of(act) for act in fault.path.acts]
    steps[0]["facts"] = fault.path.facts
    return Proven(fault.finding, scenario_text(fault.path), tuple(steps))


def step_of(act: Act) -> dict[str, Any]:
    """An act as plain values, as the path of a finding has it."""
    from processes.explore.choices import said

    return {
        "kind": act.kind,
        "element": act.element,
        "who": act.who,
        "answers": said(act.answers, act.now),
        "now": act.now.isoformat(),
        "message": act.message,
        "calls": [list(call) for call in act.calls],
        "flows": sorted(act.flows),
        "turns": list(act.turns),
        "which": act.which,
    }


def _finding(rule: str, severity: Any, story: str) -> Any:
    from processes.findings import Finding

    way_out = {
        "scenario_differs": "是有意的改动，就在发布时确认；不是，请改回来。",
        "scenario_unreadable": "请改正场景文件；发布时会用试走得到的走法代替它。",
    }
    return Finding(rule, severity, "", "", 0, story, way_out.get(rule, "请按提示修改流程图。"))


if __name__ == "__main__":
    main()
