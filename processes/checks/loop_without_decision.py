"""Does every loop hold a decision?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.graph import loops, without
from processes.checks.inspection import Inspection, about
from processes.findings import Finding

_DECIDING = frozenset(
    {"exclusiveGateway", "inclusiveGateway", "eventBasedGateway", "boundaryEvent"}
)


def look(inspection: Inspection) -> Iterator[Finding]:
    """A loop without one has no way out, and overflows the engine's stack (trap 19)."""
    elements = inspection.diagram.elements

    def decides(node: str) -> bool:
        if node not in elements:
            return False
        flows = inspection.diagram.outgoing(node)
        return elements[node].kind in _DECIDING or any(flow.condition for flow in flows)

    for loop in loops(without(inspection.graph, decides)):
        steps = [elements[node] for node in loop if node in elements]
        first = min(steps, key=lambda element: element.line)
        shown = " → ".join(step.id for step in steps[:6])
        yield about(
            first,
            f"循环里没有判断，走进去就出不来：{shown}。",
            "请在循环里加一个排他网关，决定是回去还是往下走。",
        )
