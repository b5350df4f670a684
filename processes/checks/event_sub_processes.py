"""Do event sub-processes begin with one event, and hang free on their level?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.diagram import Element
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """No flow leads to or from one; its only start says what begins it."""
    diagram = inspection.diagram
    for element in diagram.elements.values():
        if not element.triggered:
            continue
        if diagram.incoming(element.id) or diagram.outgoing(element.id):
            yield about(
                element, "事件子流程上画了连线，它由事件触发，不在路上。", "请删掉进出它的连线。"
            )
        if diagram.boundary_events(element.id):
            yield about(
                element,
                "事件子流程的边框上依附了事件。",
                "请把里面的步骤放进一个普通子流程再依附。",
            )
        start = diagram.start_of(element.id)
        if start is not None:
            yield from _start(start)


def _start(start: Element) -> Iterator[Finding]:
    if not start.events:
        yield about(
            start,
            "事件子流程的开始事件没有说明由什么触发。",
            "请设为消息、定时、信号、错误或升级开始事件。",
        )
    elif len(start.events) > 1:
        yield about(
            start,
            f"开始事件上有 {len(start.events)} 个定义，只支持一个。",
            "请拆成几个事件子流程。",
        )
    if start.has("error") and not start.interrupting:
        yield about(start, "错误总会打断它所在的一层，这里却设为不打断。", "请改为打断。")
