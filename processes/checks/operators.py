"""Does every service and send task name an operator, with the parameters that it takes?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import OPERATED, Inspection, about
from processes.checks.values import listed, nearest
from processes.diagram import Element, OperatorCall
from processes.durations import IsoError, parse_moment
from processes.expressions import Expression
from processes.findings import Finding
from processes.kinds import label_of
from processes.operators import CATALOGUE, OperatorSpec, ParameterSpec


def look(inspection: Inspection) -> Iterator[Finding]:
    """Compare each call with the catalogue."""
    for element in inspection.diagram.elements.values():
        if element.kind not in OPERATED:
            if element.operator is not None:
                yield about(
                    element,
                    f"{label_of(element.kind)}上的操作 {element.operator.id} 不会执行。",
                    "请改成服务任务，或删掉操作。",
                    severity="warning",
                )
            continue
        if element.operator is None:
            yield about(
                element,
                f"{label_of(element.kind)}没有选择操作，系统不知道要做什么。",
                f"请选择一个操作：{listed(list(CATALOGUE), 20)}。",
            )
        elif element.operator.id:  # an empty id was said while reading
            yield from _call(inspection, element, element.operator)


def _call(inspection: Inspection, element: Element, call: OperatorCall) -> Iterator[Finding]:
    spec = CATALOGUE.get(call.id)
    if spec is None:
        near = nearest(call.id, CATALOGUE)
        yield about(
            element,
            f"没有名为 {call.id} 的操作。",
            f"请改成 {near}。" if near else f"请选择一个操作：{listed(list(CATALOGUE), 20)}。",
        )
        return
    for name, parameter in spec.parameters.items():
        if parameter.required and not call.parameters.get(name, "").strip():
            yield about(
                element,
                f"操作「{spec.label}」缺少参数 {name}（{parameter.label}）。",
                f"请补上参数 {name}。",
            )
    for name, text in call.parameters.items():
        yield from _parameter(inspection, element, spec, name, text)


def _parameter(
    inspection: Inspection, element: Element, spec: OperatorSpec, name: str, text: str
) -> Iterator[Finding]:
    parameter = spec.parameters.get(name)
    if parameter is None:
        known = listed(list(spec.parameters)) or "没有参数"
        yield about(
            element,
            f"操作「{spec.label}」没有参数 {name}。",
            f"请删掉它。可用的参数：{known}。",
        )
        return
    expression = inspection.compiled(text)
    if isinstance(expression, Expression) and expression.constant:
        problem = _constant_problem(parameter, expression({}))
        if problem:
            yield about(element, f"参数 {name} 的值不对：{problem}。", "请改正这个值。")


def _constant_problem(parameter: ParameterSpec, value: object) -> str:
    if parameter.values is not None and value not in parameter.values:
        return f"{value!r} 不在 {listed(parameter.values)} 之中"
    if parameter.type == "number":
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if is_number else f"{value!r} 不是数字"
    if not isinstance(value, str):
        return f"{value!r} 不是文字，请加引号"
    if parameter.type == "moment":
        try:
            parse_moment(value)
        except IsoError as error:
            return error.message
    return ""
