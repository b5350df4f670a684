"""Can an end be reached from everywhere?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.graph import exit_of, reachable, turned
from processes.checks.inspection import Inspection, about
from processes.diagram import Element
from processes.findings import Finding
from processes.kinds import CONTAINERS


def look(inspection: Inspection) -> Iterator[Finding]:
    """Name elements without a way on, and those that can only go round for ever."""
    diagram = inspection.diagram
    inner = {end.id for end in diagram.of_kind("endEvent") if end.parent is not None}
    ends = [
        end.id
        for end in diagram.of_kind("endEvent")
        if end.parent is None or any(e.kind == "terminate" for e in end.events)
    ]
    stops = [
        exit_of(e.id) if e.triggered else e.id
        for e in diagram.elements.values()
        if not diagram.outgoing(e.id) and not _leads_over(e)
    ]
    finishing = reachable(turned(inspection.graph), [*ends, *(s for s in stops if s not in inner)])
    for element in diagram.elements.values():
        if element.kind == "endEvent" or element.triggered or _leads_over(element):
            continue
        if not diagram.outgoing(element.id):
            yield about(
                element, "没有连线离开这里，流程会停在中途。", "请连到下一步或一个结束事件。"
            )
        elif element.id not in finishing and element.kind not in CONTAINERS:
            yield about(
                element, "从这里走不到任何结束事件，案件永远办不完。", "请给循环画一个出口。"
            )


def _leads_over(element: Element) -> bool:
    """Whether a link leads on from here, of which another rule speaks."""
    return element.kind == "intermediateThrowEvent" and element.has("link")
