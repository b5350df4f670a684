"""Are conditions written where they decide, and nowhere else?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.diagram import Element
from processes.findings import Finding
from processes.kinds import label_of


def look(inspection: Inspection) -> Iterator[Finding]:
    """Every way out of a deciding gateway has a condition, or is the default (trap 10)."""
    diagram = inspection.diagram
    for element in diagram.elements.values():
        if element.kind == "exclusiveGateway":
            yield from _gateway(inspection, element)
            continue
        for flow in diagram.outgoing(element.id):
            if flow.condition is not None:
                yield about(
                    flow,
                    f"{label_of(element.kind)} {element.id} 之后的连线上写了条件，不会生效。",
                    "请在后面加一个排他网关，把条件写在网关的连线上。",
                )
        if element.default is not None:
            yield about(
                element,
                f"{label_of(element.kind)}上标了默认连线，不会生效。",
                "默认连线只用在排他网关上。",
            )


def _gateway(inspection: Inspection, gateway: Element) -> Iterator[Finding]:
    flows = inspection.diagram.outgoing(gateway.id)
    if gateway.default is not None and gateway.default not in {flow.id for flow in flows}:
        yield about(
            gateway,
            f"默认连线 {gateway.default} 不是从这个网关出发的。",
            "请在离开网关的连线里选一条作默认。",
        )
    for flow in flows:
        if flow.id == gateway.default and flow.condition is not None:
            yield about(
                flow,
                "默认连线上写了条件，条件不起作用。",
                "请删掉条件，或取消默认。",
                severity="warning",
            )
        elif flow.id != gateway.default and flow.condition is None and len(flows) > 1:
            yield about(
                flow,
                f"排他网关 {gateway.id} 的这条连线没有条件。",
                "请写上条件，或把它设为默认连线。",
            )
