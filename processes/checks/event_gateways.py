"""Does an event-based gateway wait for things that it can wait for?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about, titled
from processes.diagram import Element
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """Two ways or more, each to a catching event or a receive task; never both for messages."""
    diagram = inspection.diagram
    for gateway in diagram.of_kind("eventBasedGateway"):
        targets = [diagram.elements[flow.target] for flow in diagram.outgoing(gateway.id)]
        if len(targets) == 1:
            yield about(
                gateway,
                "事件网关后面只有一条路，没有可选的。",
                "请再画一个等待的事件，或去掉网关直接等待。",
            )
        if any(t.has("message") for t in targets) and any(t.kind == "receiveTask" for t in targets):
            yield about(
                gateway,
                "事件网关后面既有消息捕获事件，又有接收任务，BPMN 不允许混用。",
                "请都改成消息捕获事件，或都改成接收任务。",
            )
        for target in targets:
            yield from _target(inspection, gateway, target)


def _target(inspection: Inspection, gateway: Element, target: Element) -> Iterator[Finding]:
    if target.kind not in {"intermediateCatchEvent", "receiveTask"} or target.has("link"):
        yield about(
            target,
            f"{titled(target)} 不能直接接在事件网关 {gateway.id} 后面。",
            "事件网关后面只能接定时、消息、信号捕获事件或接收任务。",
        )
    elif target.loop is not None:
        yield about(
            target,
            f"{titled(target)} 接在事件网关后面，又要办几次。",
            "请去掉循环或多实例标记，在它之后重复。",
        )
    elif inspection.diagram.boundary_events(target.id):
        yield about(
            target,
            f"{titled(target)} 接在事件网关后面，上面又依附了边界事件。",
            "请把边界事件改成事件网关后面的捕获事件。",
        )
    elif len(inspection.diagram.incoming(target.id)) > 1:
        yield about(
            target,
            f"{titled(target)} 接在事件网关后面，又有别的连线指向它。",
            "请只保留从事件网关来的连线。",
        )
