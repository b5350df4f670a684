"""Coverage on a drawing: what was taken is green, what was not is red, with how often.

Needs processes only: the command line draws with it, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from processes.coverage import Coverage, FlowKey
from processes.diagram import Diagram


def missing_flows(coverage: Coverage, diagrams: Mapping[str, Diagram]) -> Iterator[str]:
    """Each flow that was not taken, in words; `diagrams` by process id."""
    for key in coverage.missing:
        flow, drawn = coverage.flows[key], diagrams[key.process]
        way = f"“{name_of(drawn, flow.source)}”到“{name_of(drawn, flow.target)}”"
        said = f"，{flow.name}" if flow.name else ""
        yield f"{drawn.name or key.process}：{way}{said}（{flow.id}）"


def name_of(drawn: Diagram, element: str) -> str:
    found = drawn.elements.get(element)
    return (found.name if found else "") or element


def tints(
    diagram: Diagram, coverage: Coverage
) -> tuple[dict[str, str], dict[str, dict[str, object]]]:
    """Colours of flows and steps, and how often each step was reached, for the drawing's script."""
    marks: dict[str, str] = {}
    reached: dict[str, int] = {}
    for flow in diagram.flows.values():
        key = FlowKey(diagram.process, flow.id)
        if key not in coverage.flows:
            continue
        times = coverage.times.get(key, 0)
        marks[flow.id] = "added" if times else "removed"
        reached[flow.target] = reached.get(flow.target, 0) + times
    for element, times in reached.items():
        marks[element] = "added" if times else "removed"
    notes: dict[str, dict[str, object]] = {
        element: {"text": f"{times} 次", "level": 0} for element, times in reached.items() if times
    }
    return marks, notes
