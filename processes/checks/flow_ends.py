"""Do flows begin and end where they may?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about, titled
from processes.diagram import Diagram, Element
from processes.findings import Finding

_GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "eventBasedGateway", "inclusiveGateway"}
    | {"complexGateway"}
)


def look(inspection: Inspection) -> Iterator[Finding]:
    """Flows stay on their level, reach no start, leave no end, and part only at gateways."""
    diagram = inspection.diagram
    for flow in diagram.flows.values():
        source, target = diagram.elements[flow.source], diagram.elements[flow.target]
        if source.parent != target.parent:
            yield about(
                flow,
                f"连线穿过了子流程的边框：{source.id} → {target.id}。",
                "请连到子流程本身，里面用它自己的开始和结束事件。",
            )
        if target.kind == "startEvent":
            yield about(flow, "连线指向了开始事件。", "请连到开始之后的那一步。")
        if target.kind == "boundaryEvent":
            yield about(flow, "连线指向了边界事件。", "请连到边界事件所依附的任务。")
        if source.kind == "endEvent":
            yield about(flow, "连线从结束事件出发。", "请删掉连线，或把结束事件换成任务。")
    for element in diagram.elements.values():
        count = len(diagram.outgoing(element.id))
        if count > 1 and element.kind not in _GATEWAYS and element.kind != "boundaryEvent":
            if element.is_activity and _is_decided(diagram, element):
                continue
            yield about(
                element,
                f"{titled(element)} 有 {count} 条连线离开，分不清走哪条。",
                "请在后面加一个网关：选一条用排他网关，都走用并行网关；或给任务后的连线写上条件。",
            )


def _is_decided(diagram: Diagram, element: Element) -> bool:
    return any(flow.condition is not None for flow in diagram.outgoing(element.id))
