"""Which sequence flows were taken, computed from what happened.

A flow belongs to the diagram it is drawn in: two calls of one diagram count together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from processes.diagram import Diagram, Flow
from processes.engine import Happening


@dataclass(frozen=True)
class FlowKey:
    """A flow and the process that it is drawn in."""

    process: str
    flow: str


@dataclass(frozen=True)
class Coverage:
    """How often each flow of a diagram and of what it calls was taken."""

    flows: Mapping[FlowKey, Flow]
    times: Mapping[FlowKey, int]

    @property
    def taken(self) -> tuple[FlowKey, ...]:
        """Flows that were taken at least once, in the order of the diagrams."""
        return tuple(key for key in self.flows if self.times.get(key))

    @property
    def missing(self) -> tuple[FlowKey, ...]:
        """Flows that were never taken."""
        return tuple(key for key in self.flows if not self.times.get(key))

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def story(self) -> str:
        """One Chinese line, then one for each flow that was not taken."""
        lines = [f"连线 {len(self.flows)} 条，走过 {len(self.taken)} 条。"]
        lines += [f"没有走过：{self._describe(key)}" for key in self.missing]
        return "\n".join(lines)

    def _describe(self, key: FlowKey) -> str:
        flow = self.flows[key]
        name = f"「{flow.name}」" if flow.name else ""
        return f"{key.process} · {flow.id}{name}（{flow.source} → {flow.target}）"


def measure(
    diagram: Diagram, called: Mapping[str, Diagram], happened: Iterable[Happening]
) -> Coverage:
    """Count the flows of a diagram, and of every diagram it calls, in what happened."""
    flows = {
        FlowKey(drawn.process, flow.id): flow
        for drawn in (diagram, *called.values())
        for flow in drawn.flows.values()
    }
    times = Counter(
        _key(happening.element, diagram, called)
        for happening in happened
        if happening.kind == "flow"
    )
    return Coverage(flows, times)


def _key(path: str, diagram: Diagram, called: Mapping[str, Diagram]) -> FlowKey:
    """Find the diagram that a path like `School_review/By_college` leads into."""
    *containers, flow = path.split("/")
    current = diagram
    for container in containers:
        element = current.elements[container]
        if element.called:
            current = called[element.called]
    return FlowKey(current.process, flow)
