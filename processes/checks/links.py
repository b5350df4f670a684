"""Does every link lead from somewhere to one place on the same level?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.diagram import Diagram, Element
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """A link is a flow that is not drawn: throwing ends lead to the one catching end of its name."""
    diagram = inspection.diagram
    for element in diagram.of_kind("intermediateThrowEvent", "intermediateCatchEvent"):
        if not element.has("link"):
            continue
        if element.event is not None and element.event.word is None:
            yield about(element, "链接事件没有名称，找不到另一端。", "请在两端填写同一个链接名称。")
        elif element.kind == "intermediateThrowEvent":
            yield from _throwing(diagram, element)
        else:
            yield from _catching(diagram, element)


def _throwing(diagram: Diagram, throw: Element) -> Iterator[Finding]:
    ends = diagram.links_from(throw)
    if not ends:
        yield about(
            throw,
            f"同一层里没有名为「{_name(throw)}」的链接捕获事件，流程会停在这里。",
            "请画出接收的一端；链接不能进出子流程。",
        )
    elif len(ends) > 1:
        shown = "、".join(end.id for end in ends)
        yield about(
            throw, f"链接「{_name(throw)}」有 {len(ends)} 个接收端：{shown}。", "请只留一个接收端。"
        )
    if diagram.outgoing(throw.id):
        yield about(throw, "链接抛出事件后面又画了连线。", "请删掉连线，流程会从链接的另一端继续。")


def _catching(diagram: Diagram, catch: Element) -> Iterator[Finding]:
    throws = diagram.of_kind("intermediateThrowEvent")
    if not any(catch in diagram.links_from(throw) for throw in throws):
        yield about(
            catch,
            f"同一层里没有名为「{_name(catch)}」的链接抛出事件，走不到这里。",
            "请画出抛出的一端，或删掉它。",
        )
    if diagram.incoming(catch.id):
        yield about(catch, "链接捕获事件前面又画了连线。", "请删掉连线，流程会从链接的另一端过来。")


def _name(element: Element) -> str:
    return (element.event.word if element.event else None) or ""
