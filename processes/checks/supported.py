"""Is every element one that we carry out?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.diagram import Element
from processes.findings import Finding
from processes.kinds import DEFINITIONS, label_of

_KINDS = {
    "task": "请改成用户任务（由人办理）或服务任务（由系统办理）。",
    "scriptTask": "请改成服务任务，并选择一个操作。",
    "complexGateway": "请改成排他网关或并行网关。",
    "transaction": "请改成普通子流程，失败的情形用排他网关画出来。",
    "adHocSubProcess": "请改成普通子流程，并画出先后顺序。",
}
_EVENTS = {
    "message": "请改成发送任务或服务任务。",
    "timer": "请改成中间捕获事件，或依附在任务上的边界事件。",
    "terminate": "请改成终止结束事件。",
    "signal": "信号请用中间抛出、中间捕获、边界、结束事件，或事件子流程的开始。",
    "error": "错误请用结束事件抛出，用子流程边框上的事件或事件子流程接住。",
    "escalation": "升级请用中间抛出或结束事件抛出，用子流程边框上的事件或事件子流程接住。",
    "compensate": "请把撤销的步骤画成普通任务，例如「释放签约名额」。",
    "conditional": "请改成排他网关上的条件，或定时事件。",
    "link": "请用连线直接连接，图太大时用子流程。",
    "cancel": "请改成普通子流程和排他网关。",
}
_EXTRAS = {
    "multiInstanceLoopCharacteristics": ("第二个循环标记", "请只留一个循环或多实例标记。"),
    "standardLoopCharacteristics": ("第二个循环标记", "请只留一个循环或多实例标记。"),
    "loopDataOutputRef": ("汇总多实例结果的列表", "请删掉它；条件可以读最后办完的那一次。"),
    "outputDataItem": ("多实例的输出项", "请删掉它；条件可以读最后办完的那一次。"),
    "complexBehaviorDefinition": ("多实例抛出的事件", "请删掉它，在任务之后用网关判断。"),
    "transformation": ("数据连线上的转换", "请删掉转换，步骤留下的值会原样写入。"),
    "assignment": ("数据连线上的赋值", "请删掉赋值，步骤留下的值会原样写入。"),
    "@isCollection": ("写入多个值的数据对象", "请取消集合标记，一个数据对象只有一个值。"),
    "@behavior": ("多实例抛出的事件（behavior）", "请改为 All，在任务之后用网关判断。"),
    "@isForCompensation": ("补偿标记", "请把撤销的步骤画成普通任务。"),
    "@instantiate": ("由消息启动流程的标记", "请画一个空的开始事件。"),
    "@eventGatewayType": ("并行事件网关标记", "请改成普通的事件网关。"),
    "@startQuantity": ("起始数量", "请删掉 startQuantity，或用并行网关。"),
    "@completionQuantity": ("完成数量", "请删掉 completionQuantity，或用并行网关。"),
    "script": ("脚本", "请删掉脚本，改用服务任务的操作。"),
    "preScript": ("前置脚本", "请删掉脚本，改用服务任务的操作。"),
    "postScript": ("后置脚本", "请删掉脚本，改用服务任务的操作。"),
    "ioSpecification": ("输入输出说明（ioSpecification）", "请删掉它；数据请用表单字段。"),
    "eventDefinitionRef": ("对公共事件定义的引用", "请把定时或消息直接写在事件上。"),
}
_CATCHING = frozenset({"boundaryEvent", "intermediateCatchEvent"})
_AT_A_BORDER = frozenset({"timer", "message", "signal", "error", "escalation"})
_ALLOWED = {
    "startEvent": frozenset[str](),
    "endEvent": frozenset({"terminate", "signal", "error", "escalation"}),
    "boundaryEvent": _AT_A_BORDER,
    "intermediateCatchEvent": frozenset({"timer", "message", "signal", "link"}),
    "intermediateThrowEvent": frozenset({"signal", "escalation", "link"}),
}
_ACCEPTED = frozenset(
    """startEvent endEvent boundaryEvent intermediateCatchEvent intermediateThrowEvent userTask manualTask serviceTask
    sendTask receiveTask subProcess callActivity exclusiveGateway parallelGateway
    inclusiveGateway eventBasedGateway businessRuleTask""".split()  # noqa: SIM905 - reads as the issue's list
)


def look(inspection: Inspection) -> Iterator[Finding]:
    """Name whatever we would have to ignore or do wrongly (engine traps 4 and 10)."""
    for element in inspection.diagram.elements.values():
        if element.kind not in _ACCEPTED:
            yield _kind(element)
        elif element.kind in _ALLOWED:
            yield from _events(element, _allowed(inspection, element))
        yield from _extras(element)


def _allowed(inspection: Inspection, element: Element) -> frozenset[str]:
    around = inspection.diagram.elements.get(element.parent or "")
    if element.kind == "startEvent" and around is not None and around.triggered:
        return _AT_A_BORDER
    return _ALLOWED[element.kind]


def _kind(element: Element) -> Finding:
    way_out = _KINDS.get(element.kind, "请换成支持的元素。")
    what = "、".join(DEFINITIONS.get(event.kind, event.kind) for event in element.events)
    return about(element, f"不支持{what}{label_of(element.kind)}。", way_out)


def _events(element: Element, allowed: frozenset[str]) -> Iterator[Finding]:
    label = label_of(element.kind)
    if len(element.events) > 1:
        yield about(
            element, f"{label}上有 {len(element.events)} 个定义，只支持一个。", "请拆成几个事件。"
        )
    for event in element.events:
        if event.kind not in allowed:
            yield _event(element, event.kind, event.line)
    if element.kind in _CATCHING and not element.events:
        yield about(element, f"{label}没有说明在等什么。", "请设为定时、消息或信号事件。")


def _event(element: Element, kind: str, line: int) -> Finding:
    what = f"{DEFINITIONS.get(kind, kind)}{label_of(element.kind)}"
    way_out = _EVENTS.get(kind, "请换成支持的事件。")
    if element.kind == "startEvent":
        way_out = "请改成空的开始事件，由人发起；到点或收到消息自动发起暂不支持。"
    elif element.kind == "endEvent" and kind == "message":
        way_out = "请在结束前加一个发送任务，结束事件保持为空。"
    return about(element, f"不支持{what}。", way_out, line=line)


def _extras(element: Element) -> Iterator[Finding]:
    for extra in element.extras:
        if element.kind == "scriptTask" and extra.kind == "script":
            continue  # the task itself is refused
        known = _EXTRAS.get(extra.kind)
        if known is not None:
            what, way_out = known
            yield about(
                element, f"{label_of(element.kind)}上不支持{what}。", way_out, line=extra.line
            )
            continue
        yield about(
            element,
            f"{label_of(element.kind)}里的 {extra.kind} 不起作用。",
            "不需要时请删掉。",
            line=extra.line,
            severity="warning",
        )
