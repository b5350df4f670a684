"""Are conditions written where they decide, and nowhere else?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import DECIDING, Inspection, about, titled
from processes.diagram import Element, Flow
from processes.findings import Finding
from processes.kinds import label_of


def look(inspection: Inspection) -> Iterator[Finding]:
    """Every way out of a deciding gateway has a condition, or is the default (trap 10)."""
    diagram = inspection.diagram
    for element in diagram.elements.values():
        flows = diagram.outgoing(element.id)
        if element.kind in DECIDING:
            yield from _default(element, flows)
            yield from _gateway(element, flows)
        elif element.is_activity and any(flow.condition is not None for flow in flows):
            yield from _default(element, flows)
            yield from _activity(element, flows)
        else:
            yield from _nowhere(element, flows)


def _nowhere(element: Element, flows: tuple[Flow, ...]) -> Iterator[Finding]:
    label = label_of(element.kind)
    for flow in flows:
        if flow.condition is not None:
            yield about(
                flow,
                f"{label} {element.id} 之后的连线上写了条件，不会生效。",
                "请在后面加一个排他网关，把条件写在网关的连线上。",
            )
    if element.default is not None:
        yield about(
            element,
            f"{label}上标了默认连线，不会生效。",
            "默认连线只用在排他网关、包容网关，和有条件连线的任务上。",
        )


def _default(element: Element, flows: tuple[Flow, ...]) -> Iterator[Finding]:
    if element.default is not None and element.default not in {flow.id for flow in flows}:
        yield about(
            element,
            f"默认连线 {element.default} 不是从{titled(element)} 出发的。",
            "请在离开它的连线里选一条作默认。",
        )
    for flow in flows:
        if flow.id == element.default and flow.condition is not None:
            yield about(
                flow,
                "默认连线上写了条件，条件不起作用。",
                "请删掉条件，或取消默认。",
                severity="warning",
            )


def _gateway(gateway: Element, flows: tuple[Flow, ...]) -> Iterator[Finding]:
    for flow in flows:
        if flow.id != gateway.default and flow.condition is None and len(flows) > 1:
            yield about(
                flow,
                f"{label_of(gateway.kind)} {gateway.id} 的这条连线没有条件。",
                "请写上条件，或把它设为默认连线。",
            )


def _activity(element: Element, flows: tuple[Flow, ...]) -> Iterator[Finding]:
    """BPMN 2.0: such a flow needs another one beside it, or nothing may go on."""
    if len(flows) == 1:
        yield about(
            flows[0],
            f"{label_of(element.kind)} {element.id} 之后只有这一条连线，又写了条件；"
            "条件不成立时无路可走。",
            "请再画一条默认连线，或删掉条件。",
        )
    always = [flow for flow in flows if flow.condition is None and flow.id != element.default]
    if always and element.default is not None:
        yield about(
            element,
            f"{titled(element)} 之后既有默认连线，又有不带条件的连线 {always[0].id}，"
            "分不清何时走默认。",
            "请给它写上条件，或取消默认。",
        )
