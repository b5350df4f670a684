"""Do call activities call a diagram that exists, and give it what it needs?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.checks.values import call_outcomes, listed, nearest
from processes.diagram import Diagram, Element
from processes.expressions import Expression
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """Compare the call's properties with the parameters that the called diagram reads."""
    for call in inspection.diagram.of_kind("callActivity"):
        if call.called is None:
            yield about(call, "调用活动没有选择要调用的流程。", "请填写被调用流程的编号。")
            continue
        called = inspection.called.get(call.called)
        if called is not None:
            yield from _parameters(inspection, call, called)
            if None in (call_outcomes(inspection, call) or ()) and _outcome_is_read(
                inspection, call
            ):
                yield about(
                    call,
                    f"被调用的 {call.called} 有的结束事件没有写明 outcome。",
                    "请给它的每个结束事件加上扩展属性 outcome。",
                )
        elif call.called != inspection.diagram.process:  # calling itself has its own rule
            near = nearest(call.called, inspection.called)
            yield about(
                call,
                f"找不到被调用的流程 {call.called}。",
                f"请改成 {near}。" if near else "请先上传这个流程，或改正编号。",
            )


def _parameters(inspection: Inspection, call: Element, called: Diagram) -> Iterator[Finding]:
    needed = parameters_of(called, inspection)
    missing = [name for name in needed if name not in call.properties]
    if missing:
        yield about(
            call,
            f"调用 {call.called} 时缺少参数：{listed(missing)}。",
            "请在扩展属性里补上，值写成表达式。",
        )
    spare = [name for name in call.properties if name not in {*needed, "status"}]
    if spare:
        yield about(
            call,
            f"被调用的 {call.called} 不使用这些参数：{listed(spare)}。",
            "请检查名称，或删掉它们。",
            severity="warning",
        )


def parameters_of(called: Diagram, inspection: Inspection) -> list[str]:
    """Names that a called diagram reads under `parameters`, itself or in its forms.

    What only forms read is named in the property `form_parameters` of its process.
    """
    inner = Inspection(called, inspection.called, inspection.forms)
    found: set[str] = set()
    for spot in inner.spots:
        expression = inner.compiled(spot.text)
        if isinstance(expression, Expression):
            parts = [name.split(".") for name in expression.names]
            found.update(path[1] for path in parts if path[0] == "parameters" and len(path) > 1)
    found.update(called.properties.get("form_parameters", "").split())
    return sorted(found)


def _outcome_is_read(inspection: Inspection, call: Element) -> bool:
    for spot in inspection.spots:
        expression = inspection.compiled(spot.text)
        if isinstance(expression, Expression) and f"{call.id}.outcome" in expression.names:
            return True
    return False
