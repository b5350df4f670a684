"""The way of a case in words: what is done, where it stands, what comes if all goes well.

This list is the text equivalent of the diagram, and is read from it: nothing here knows a process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from processes.diagram import Diagram, Element, Flow
from processes.expressions import ExpressionError, compile_expression
from webapp.pages.wording import say_moment, say_so_far
from webapp.services.cases.case_page import CasePage

HOPED_FOR = (
    *("send", "ok", "accept", "accepted", "pass", "passed"),
    *("submit", "submitted", "confirm", "confirmed", "upload", "invite", "sign", "done"),
)
TASKS = {"userTask", "manualTask"}
GATEWAYS_FOR_ONE = {"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"}


@dataclass(frozen=True)
class Step:
    """One line: `done`, `here` or `todo`, with what to know about it."""

    name: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class Map:
    """A release's diagram, the ones it calls, and the facts its conditions read."""

    diagram: Diagram
    called: Mapping[str, Diagram]
    facts: Mapping[str, Any]


def steps_of(plan: Map, told: CasePage, now: datetime) -> list[Step]:
    """What is done, what waits and what would follow; an ended case closes with its end event."""
    last = {step.name: step for step in told.steps}
    again = {holder.name for holder in told.holders}
    steps = [
        Step(step.name, "done", say_moment(step.at))
        for step in told.steps
        if last[step.name] is step and step.name not in again
    ]
    if told.ending:
        return [*steps, Step(told.ending, "done")]
    steps += [
        Step(holder.name, "here", f"进行中，{say_so_far(holder.since, now)}")
        for holder in told.holders
    ]
    if told.tokens.here:
        steps += [Step(name, "todo") for name in names_ahead(plan, told.tokens.here[0])]
    return steps


def names_ahead(plan: Map, path: str) -> list[str]:
    """What comes after this element if everybody agrees: tasks, and the end it leads to."""
    first, _, inner = path.partition("/")
    call = plan.diagram.elements.get(first)
    names: list[str] = []
    if call is not None and inner and call.called in plan.called:
        names += [e.name for e in ahead(inside(plan, call), inner) if e.kind in TASKS]
    for element in ahead(plan, first):
        names += names_of(plan, element)
    return names


def find_place(plan: Map, path: str) -> tuple[Diagram, str]:
    """The diagram that holds the element of a path such as `School_review/College_review`."""
    *calls, last = path.split("/")
    diagram = plan.diagram
    for call in calls:
        diagram = plan.called[diagram.elements[call].called or ""]
    return diagram, last


def names_of(plan: Map, element: Element) -> list[str]:
    if element.kind in TASKS or element.kind == "endEvent":
        return [element.name or element.id]
    if element.called in plan.called:
        within = inside(plan, element)
        start = next(e for e in within.diagram.elements.values() if e.kind == "startEvent")
        return [e.name for e in ahead(within, start.id) if e.kind in TASKS]
    return []


def inside(plan: Map, call: Element) -> Map:
    """The called diagram with the call's parameters worked out."""
    parameters = {key: worked_out(text, plan.facts) for key, text in call.properties.items()}
    facts = {**plan.facts, "parameters": parameters}
    return Map(plan.called[call.called or ""], plan.called, facts)


def worked_out(text: str, facts: Mapping[str, Any]) -> Any:
    try:
        return compile_expression(text)(facts)
    except (ExpressionError, LookupError):
        return None


def ahead(plan: Map, element_id: str) -> Iterator[Element]:
    """The elements after this one along the hoped-for flows, each once."""
    seen = {element_id}
    current: str | None = element_id
    while current is not None:
        following = next_place(plan, current)
        current = following if following not in seen else None
        if current is not None:
            seen.add(current)
            yield plan.diagram.elements[current]


def next_place(plan: Map, element_id: str) -> str | None:
    """Where the hoped-for flow leads; a link leads on where it is caught."""
    caught = plan.diagram.links_from(plan.diagram.elements[element_id])
    if caught and plan.diagram.elements[element_id].kind == "intermediateThrowEvent":
        return caught[0].id
    flow = next_flow(plan, element_id)
    return flow.target if flow else None


def next_flow(plan: Map, element_id: str) -> Flow | None:
    flows = plan.diagram.outgoing(element_id)
    decides = any(flow.condition for flow in flows)
    if plan.diagram.elements[element_id].kind not in GATEWAYS_FOR_ONE and not decides:
        return flows[0] if flows else None
    hoped = [flow for flow in flows if flow.condition and is_hoped_for(flow.condition, plan.facts)]
    if hoped:
        return hoped[0]
    default = plan.diagram.elements[element_id].default
    return next((flow for flow in flows if flow.id == default or not flow.condition), None)


def is_hoped_for(condition: str, facts: Mapping[str, Any]) -> bool:
    """Whether the condition holds when every step ends with one of the good outcomes."""
    try:
        ask = compile_expression(condition)
    except ExpressionError:
        return False
    return any(holds(ask, Hope(facts, outcome)) for outcome in HOPED_FOR)


def holds(ask: Any, hope: Mapping[str, Any]) -> bool:
    try:
        return bool(ask(hope))
    except (ExpressionError, LookupError):
        return False


class Hope(dict[str, Any]):
    """The known facts; every step not yet taken is supposed to end with this outcome."""

    def __init__(self, facts: Mapping[str, Any], outcome: str) -> None:
        super().__init__(facts)
        self.outcome = outcome

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> dict[str, str]:
        return {"outcome": self.outcome}

    def get(self, name: str, default: Any = None) -> Any:
        return self[name]
