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
        for flow in _takeable(drawn, diagram, drawings)
    }
    times = Counter(
        key_of(happening.element, diagram, called)
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


def _takeable(drawn: Diagram, outer: Diagram, drawings: Iterable[Diagram]) -> Iterable[Flow]:
    """The flows that count: all of the outer diagram, of a called one those that some call leaves open."""
    calls = [] if drawn is outer else list(_fixed_by_calls(drawn.process, drawings))
    if not calls:
        return drawn.flows.values()
    reached = set().union(*(_reached(drawn, fixed) for fixed in calls))
    return [flow for flow in drawn.flows.values() if flow.id in reached]


def _reached(drawn: Diagram, fixed: dict[str, Any]) -> set[str]:
    """The flows that can be taken when a call fixes these parameters; what is not known is open."""
    waiting = [e.id for e in drawn.elements.values() if e.kind == "startEvent"]
    seen: set[str] = set()
    taken: set[str] = set()
    while waiting:
        element = waiting.pop()
        if element in seen:
            continue
        seen.add(element)
        waiting += [event.id for event in drawn.boundary_events(element)]
        if drawn.elements[element].kind == "intermediateThrowEvent":
            waiting += [catch.id for catch in drawn.links_from(drawn.elements[element])]
        for flow in _open_flows(drawn, element, fixed):
            taken.add(flow.id)
            waiting.append(flow.target)
    return taken


def _open_flows(drawn: Diagram, element: str, fixed: dict[str, Any]) -> list[Flow]:
    """The ways out that may be taken; a default is closed where another way is certain."""
    flows = drawn.outgoing(element)
    known = {flow.id: _known(flow, fixed) for flow in flows}
    certain = drawn.elements[element].kind == "exclusiveGateway" and True in known.values()
    default = drawn.elements[element].default
    return [
        flow
        for flow in flows
        if known[flow.id] is not False and not (certain and flow.id == default)
    ]


def _known(flow: Flow, fixed: dict[str, Any]) -> bool | None:
    """What the flow's condition gives with these parameters alone; None where it needs more."""
    condition = _compiled(flow.condition) if flow.condition else None
    if condition is None:
        return None
    try:
        return bool(condition({"parameters": fixed}))
    except ExpressionError:
        return None


def _compiled(text: str) -> Expression | None:
    try:
        return compile_expression(text)
    except ExpressionError:
        return None


def key_of(path: str, diagram: Diagram, called: Mapping[str, Diagram]) -> FlowKey:
    """Find the diagram that a path like `School_review/By_college` leads into."""
    *containers, flow = path.split("/")
    current = diagram
    for container in containers:
        element = current.elements[container]
        if element.called:
            current = called[element.called]
    return FlowKey(current.process, flow)
