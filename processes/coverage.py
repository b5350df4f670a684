"""Which sequence flows were taken, computed from what happened.

A flow belongs to the diagram it is drawn in: two calls of one diagram count together. A flow that
no call can take, because all of them fix a parameter against it, is not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from processes.diagram import Diagram, Flow
from processes.engine import Happening
from processes.expressions import Expression, ExpressionError, compile_expression


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
    drawings = (diagram, *called.values())
    flows = {
        FlowKey(drawn.process, flow.id): flow
        for drawn in drawings
        for flow in drawn.flows.values()
        if drawn is diagram or _can_be_taken(flow, list(_fixed_by_calls(drawn.process, drawings)))
    }
    times = Counter(
        _key(happening.element, diagram, called)
        for happening in happened
        if happening.kind == "flow"
    )
    return Coverage(flows, times)


def _fixed_by_calls(process: str, drawings: Iterable[Diagram]) -> Iterator[dict[str, Any]]:
    """For each call of a process, the parameters that are constants."""
    for drawn in drawings:
        for call in drawn.of_kind("callActivity"):
            if call.called == process:
                found = {name: _compiled(text) for name, text in call.properties.items()}
                yield {name: e({}) for name, e in found.items() if e is not None and e.constant}


def _can_be_taken(flow: Flow, calls: list[dict[str, Any]]) -> bool:
    """Whether some call leaves the flow's condition open; what is not known yet is open."""
    condition = None if flow.condition is None else _compiled(flow.condition)
    return condition is None or not calls or any(_is_open(condition, fixed) for fixed in calls)


def _is_open(condition: Expression, fixed: dict[str, Any]) -> bool:
    try:
        return bool(condition({"parameters": fixed}))
    except ExpressionError:
        return True


def _compiled(text: str) -> Expression | None:
    try:
        return compile_expression(text)
    except ExpressionError:
        return None


def _key(path: str, diagram: Diagram, called: Mapping[str, Diagram]) -> FlowKey:
    """Find the diagram that a path like `School_review/By_college` leads into."""
    *containers, flow = path.split("/")
    current = diagram
    for container in containers:
        element = current.elements[container]
        if element.called:
            current = called[element.called]
    return FlowKey(current.process, flow)
