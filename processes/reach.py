"""From where a flow into an inclusive gateway can still be reached, as BPMN 2.0 (13.4.3) counts it."""

from __future__ import annotations

from collections.abc import Iterator

from processes.elements import Diagram


def reachers(diagram: Diagram, gateway: str) -> dict[str, frozenset[str]]:
    """For each flow into the gateway, the elements whose tokens can come to it, on the same level.

    Paths do not pass through the gateway itself. A token in an activity may leave it by the
    events at its border, and a throwing link event leads to the catching one.
    """
    return {flow.id: _before(diagram, flow.source, gateway) for flow in diagram.incoming(gateway)}


def _before(diagram: Diagram, source: str, gateway: str) -> frozenset[str]:
    found: set[str] = set()
    waiting = [source]
    while waiting:
        element = waiting.pop()
        if element not in found and element != gateway:
            found.add(element)
            waiting += _sources(diagram, element)
    return frozenset(found)


def _sources(diagram: Diagram, element_id: str) -> Iterator[str]:
    element = diagram.elements[element_id]
    for flow in diagram.incoming(element_id):
        yield flow.source
    if element.attached_to is not None:
        yield element.attached_to
    if element.kind == "intermediateCatchEvent" and element.has("link"):
        for throw in diagram.of_kind("intermediateThrowEvent"):
            if element in diagram.links_from(throw):
                yield throw.id
