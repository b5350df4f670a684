"""What every rule looks at: the diagram, what it calls, the forms, and what follows from them.

Costly conclusions (the graph, compiled expressions, the values that a step can have) are drawn
once and shared by all rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from processes.checks.certain import Certainty
from processes.checks.deciding import Tried
from processes.checks.graph import Edges, exit_of, flat_graph
from processes.decisions import DecisionError, Table, compile_decision
from processes.diagram import DataObject, Diagram, Element, Flow
from processes.durations import literal_in
from processes.expressions import Expression, ExpressionError, compile_expression
from processes.findings import Finding, Severity
from processes.kinds import CONTAINERS, label_of

FormFacts = Mapping[str, Mapping[str, Sequence[str] | None]]

ROOTS = frozenset({"case", "school", "parameters"})
DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway"})
OPERATED = frozenset({"serviceTask", "sendTask"})
MOST_TURNS = 200
PRODUCERS = OPERATED | {
    *("userTask", "manualTask", "callActivity", "receiveTask", "businessRuleTask")
}


@dataclass(frozen=True)
class Spot:
    """A text in the diagram that is an expression: where it stands and what it is for.

    `after` tells that it is read when the element is left (a flow's condition), not when it is
    entered.
    """

    owner: Element | Flow
    node: str
    text: str
    what: str
    after: bool = False


@dataclass(frozen=True)
class Inspection:
    """One look at one diagram. `forms` is None when nothing is known of the forms."""

    diagram: Diagram
    called: Mapping[str, Diagram] = field(default_factory=dict)
    forms: FormFacts | None = None

    @cached_property
    def graph(self) -> Edges:
        """Successors of every node, sub-processes opened."""
        return flat_graph(self.diagram)

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """Start events of the process itself."""
        top = self.diagram.children(self.diagram.process)
        return tuple(element.id for element in top if element.kind == "startEvent")

    @cached_property
    def certainty(self) -> Certainty:
        """Which steps have certainly run before a place is reached."""
        makers = [
            element.id
            for element in self.diagram.elements.values()
            if element.kind in PRODUCERS or any(e.kind == "message" for e in element.events)
            if element.loop is None or not element.loop.may_be_skipped
        ]
        joins = {
            gateway.id
            for gateway in self.diagram.of_kind("parallelGateway")
            if len(self.diagram.incoming(gateway.id)) > 1
        }
        asides = {event.id for event in self.diagram.of_kind("boundaryEvent")}
        asides |= {element.id for element in self.diagram.elements.values() if element.triggered}
        also = {e.id: frozenset(e.writes) for e in self.diagram.elements.values() if e.writes}
        return Certainty(
            self.graph,
            self.starts,
            makers=[*makers, *self.diagram.data],
            joins=joins,
            asides=asides,
            also=also,
        )

    @cached_property
    def is_called(self) -> bool:
        """Whether the diagram is written to be called: its ends name an outcome."""
        return any("outcome" in end.properties for end in self.diagram.of_kind("endEvent"))

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        """Every expression of the diagram, in the order of the elements."""
        return tuple(self._find_spots())

    def _find_spots(self) -> Iterator[Spot]:
        for element in self.diagram.elements.values():
            if element.operator is not None:
                for name, text in element.operator.parameters.items():
                    yield Spot(element, element.id, text, f"参数 {name}")
            if element.kind == "callActivity":
                for name, text in element.properties.items():
                    yield Spot(element, element.id, text, f"调用参数 {name}")
            yield from self._loop_spots(element)
            if element.id in self.tables:
                for column in self.tables[element.id].inputs:
                    yield Spot(element, element.id, column.text, "决策输入")
            for event in element.events:
                if event.kind == "timer" and event.text and literal_in(event.text) is None:
                    yield Spot(element, element.id, event.text, "定时")
        for flow in self.diagram.flows.values():
            if flow.condition is not None and self.decides(flow.source):
                yield Spot(flow, flow.source, flow.condition, "条件", after=True)

    def _loop_spots(self, element: Element) -> Iterator[Spot]:
        loop = element.loop
        if loop is None:
            return
        end = exit_of(element.id) if element.kind in CONTAINERS else element.id
        if loop.condition is not None:
            node = element.id if loop.before else end
            yield Spot(element, node, loop.condition, "循环条件", after=not loop.before)
        if loop.count is not None:
            yield Spot(element, element.id, loop.count, "次数")
        if loop.items is not None:
            yield Spot(element, element.id, loop.items, "列表")
        if loop.until is not None:
            yield Spot(element, end, loop.until, "完成条件", after=True)

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The decision tables that can be carried out, by task."""
        found: dict[str, Table] = {}
        for task in self.diagram.of_kind("businessRuleTask"):
            with suppress(DecisionError):
                if task.decision is not None:
                    found[task.id] = compile_decision(task.decision)
        return found

    @cached_property
    def tried(self) -> dict[str, Tried]:
        """What is known of the tables by task, as far as it was asked for."""
        return {}

    @cached_property
    def let_out(self) -> dict[str, list[tuple[str, str]]]:
        """Errors and escalations that called diagrams let out, as far as it was asked for."""
        return {}

    @cached_property
    def items(self) -> Mapping[str, Element]:
        """What the values of multi-instances are called inside them, and the activity."""
        elements = self.diagram.elements.values()
        return {e.loop.item: e for e in elements if e.loop is not None and e.loop.item}

    def turns_around(self, element_id: str) -> tuple[str, ...]:
        """The multi-instances whose turns an element lies in, itself left out."""
        elements = self.diagram.elements
        return tuple(
            around
            for around in self.diagram.ancestors(element_id)
            if (loop := elements[around].loop) is not None and loop.is_multiple
        )

    def decides(self, element_id: str) -> bool:
        """Whether the flows of an element are chosen by their conditions."""
        element = self.diagram.elements[element_id]
        return element.kind in DECIDING or element.is_activity

    def compiled(self, text: str) -> Expression | ExpressionError:
        """Compile an expression once; an error is returned, not raised."""
        if text not in self._expressions:
            try:
                self._expressions[text] = compile_expression(text)
            except ExpressionError as error:
                self._expressions[text] = error
        return self._expressions[text]

    @cached_property
    def _expressions(self) -> dict[str, Expression | ExpressionError]:
        return {}


def about(
    owner: Element | Flow | Diagram,
    message: str,
    way_out: str,
    *,
    line: int = 0,
    severity: Severity = "error",
) -> Finding:
    """Write a finding; the registry puts the rule's name in."""
    id_ = owner.process if isinstance(owner, Diagram) else owner.id
    return Finding("", severity, id_, owner.name, line or owner.line, message, way_out)


def titled(element: Element | DataObject) -> str:
    """Name an element in a sentence: its kind, its id and what is written on it."""
    name = f"「{element.name}」" if element.name else ""
    kind = element.kind if isinstance(element, Element) else "dataObject"
    return f"{label_of(kind)} {element.id}{name}"
