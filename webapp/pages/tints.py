"""Coverage on a drawing: what was taken is green, what was not is red, with how often.

Needs processes only: the command line draws with it, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from processes.coverage import Coverage, FlowKey
from processes.diagram import Diagram


def missing_flows(coverage: Coverage) -> Iterator[str]:
    """Each flow that was not taken, in words."""
    for key in coverage.missing:
        flow = coverage.flows[key]
        name = f"“{flow.name}”" if flow.name else ""
        yield f"{key.process} · {flow.id}{name}（{flow.source} → {flow.target}）"


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
