"""Which flows a token takes, and what it could still reach."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from processes.diagram import Diagram
from processes.elements import Element, Flow
from processes.expressions import Expression, compile_expression

compiled = lru_cache(4096)(compile_expression)


def holds(flow: Flow, known: Mapping[str, Any]) -> bool:
    condition: Expression = compiled(flow.condition or "True")
    return bool(condition(known))


def one_way(diagram: Diagram, gateway: Element, known: Mapping[str, Any]) -> list[Flow]:
    """Exclusive: the first flow whose condition holds, else the default."""
    flows = diagram.outgoing(gateway.id)
    for flow in flows:
        if flow.id != gateway.default and flow.condition and holds(flow, known):
            return [flow]
    return [flow for flow in flows if flow.id == gateway.default or not flow.condition][:1]


def every_way(diagram: Diagram, element: Element, known: Mapping[str, Any]) -> list[Flow]:
    """Inclusive, and out of activities: every flow whose condition holds or that has none, else
    the default.
    """
    flows = diagram.outgoing(element.id)
    taken = [f for f in flows if f.id != element.default and (not f.condition or holds(f, known))]
    return taken or [flow for flow in flows if flow.id == element.default]


def leaving(diagram: Diagram, element: Element) -> list[Flow]:
    """Every flow by which a token may come away from an element, by its border events too."""
    flows = list(diagram.outgoing(element.id))
    for event in diagram.boundary_events(element.id):
        flows += diagram.outgoing(event.id)
    return flows


def reachable(diagram: Diagram, start: Element, without: str) -> set[str]:
    """The flows that a token at `start` may come by, not passing through the gateway `without`."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        element = waiting.pop()
        for caught in diagram.links_from(element) if is_link(element) else ():
            waiting.append(caught)
        for flow in leaving(diagram, element):
            if flow.id in found:
                continue
            found.add(flow.id)
            if flow.target != without:
                waiting.append(diagram.elements[flow.target])
    return found


def is_link(element: Element) -> bool:
    return element.kind == "intermediateThrowEvent" and any(
        e.kind == "link" for e in element.events
    )
