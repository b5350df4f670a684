"""What changed from one diagram to another, in words that a school's administrator reads.

    for change in compare(old, new):
        change.element, change.kind, change.story

Only what has an effect is compared; the drawing is not. Elements are the same when their ids are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from processes.diagram import Diagram, Element
from processes.elements import Flow
from processes.kinds import DEFINITIONS, label_of
from processes.telling import told_data, told_loop, told_table

Kind = Literal["added", "removed", "changed"]

TIMERS = {"duration": "时长", "date": "时刻", "cycle": "周期"}
PROPERTIES = {
    "form": "表单",
    "status": "状态",
    "due": "提醒",
    "silence": "没人办会怎样",
    "outcome": "给出的结果",
    "season": "离校前还是离校后可以发起",
    "sent_by": "谁可以发这个消息",
    "hint": "说明文字",
    "amended_in": "审核中可改的步骤",
    "not_by": "须由另一人办的步骤",
    "entry": "入口名称",
    "entry_hint": "入口说明",
    "started_by": "谁可以发起",
    "withdrawn_by": "谁可以撤回",
    "handed_out_by": "谁给出二维码",
    "about": "这件事关于什么",
}


@dataclass(frozen=True)
class Change:
    """One difference. `element` is an id of the new diagram, of the old one for what was removed;
    `form` is the form's key for a change in a form, and `element` is then empty.
    """

    kind: Kind
    element: str
    story: str
    form: str = ""


def compare(
    old: Diagram,
    new: Diagram,
    old_forms: Mapping[str, Mapping[str, Any]] | None = None,
    new_forms: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Change]:
    """Every difference that has an effect, in the order of the new diagram, removed ones last.

    Forms are described by {field key: {"label", "required", "values": {value: words} | None}}.
    """
    changes = list(_of_process(old, new))
    for element in new.elements.values():
        before = old.elements.get(element.id)
        if before is None:
            changes.append(Change("added", element.id, f"新增{_titled(element)}"))
        else:
            changes += (
                Change("changed", element.id, story)
                for story in _of_element(old, new, before, element)
            )
    for flow in new.flows.values():
        changes += _of_flow(old, new, flow)
    for element in old.elements.values():
        if element.id not in new.elements:
            changes.append(Change("removed", element.id, f"去掉{_titled(element)}"))
    for flow in old.flows.values():
        if flow.id not in new.flows and _ends_stay(flow, new):
            changes.append(Change("removed", flow.id, f"去掉{_route(old, flow)}"))
    return changes + list(_of_forms(old_forms or {}, new_forms or {}))


def _of_process(old: Diagram, new: Diagram) -> Iterator[Change]:
    if old.name != new.name:
        yield Change("changed", "", f"流程改名：“{old.name}”改为“{new.name}”")
    for story in _properties(old.properties, new.properties):
        yield Change("changed", "", f"流程：{story}")


def _of_element(old: Diagram, new: Diagram, before: Element, after: Element) -> Iterator[str]:
    where = _titled(after)
    if before.name != after.name:
        yield f"{_titled(before)}改名为“{after.name}”"
    if before.kind != after.kind:
        yield f"{where}由{label_of(before.kind)}改为{label_of(after.kind)}"
    for what, told in TOLD.items():
        was, now = told(old, before), told(new, after)
        if was != now:
            yield f"{where}：{what}由{_said(was)}改为{_said(now)}"
    for story in _properties(before.properties, after.properties):
        yield f"{where}：{story}"


def _lane(diagram: Diagram, element: Element) -> str:
    lane = diagram.lanes.get(element.lane or "")
    if lane:
        return lane.name
    return element.role.label if element.role else ""


def _events(diagram: Diagram, element: Element) -> str:
    return "；".join(
        " ".join(
            filter(
                None,
                [
                    DEFINITIONS.get(one.kind, one.kind),
                    TIMERS.get(one.timer or "", one.timer),
                    *(one.text, one.message, one.word),
                ],
            )
        )
        for one in element.events
    )


def _operator(diagram: Diagram, element: Element) -> str:
    return element.operator.id if element.operator else ""


def _parameters(diagram: Diagram, element: Element) -> str:
    given = element.operator.parameters if element.operator else {}
    return "，".join(f"{name} = {value}" for name, value in sorted(given.items()))


TOLD: dict[str, Callable[[Diagram, Element], str]] = {
    "由谁办": _lane,
    "等待的时间或消息": _events,
    "操作": _operator,
    "参数": _parameters,
    "调用的流程": lambda diagram, element: element.called or "",
    "所在的步骤": lambda diagram, element: element.attached_to or "",
    "到时": lambda diagram, element: "中断这一步" if element.interrupting else "不中断这一步",
    "办几次": lambda diagram, element: told_loop(element),
    "决策表": lambda diagram, element: told_table(element),
    "写入的数据对象": lambda diagram, element: told_data(element),
    "事件子流程": lambda diagram, element: "由事件触发" if element.triggered else "",
    "默认走向": lambda diagram, element: element.default or "",
}


def _of_flow(old: Diagram, new: Diagram, flow: Flow) -> Iterator[Change]:
    before = old.flows.get(flow.id)
    if before is None:
        if flow.source in old.elements and flow.target in old.elements:
            yield Change("added", flow.id, f"新增{_route(new, flow)}")
        return
    if (before.source, before.target) != (flow.source, flow.target):
        yield Change("changed", flow.id, f"{_route(old, before)}改为{_route(new, flow)}")
    if (before.condition or "") != (flow.condition or ""):
        yield Change(
            "changed",
            flow.id,
            f"{_route(new, flow)}：条件由{_said(before.condition)}改为{_said(flow.condition)}",
        )


def _ends_stay(flow: Flow, new: Diagram) -> bool:
    return flow.source in new.elements and flow.target in new.elements


def _properties(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in dict.fromkeys([*was, *now]):
        if was.get(name, "") != now.get(name, ""):
            label = PROPERTIES.get(name, f"“{name}”")
            yield f"{label}由{_said(was.get(name))}改为{_said(now.get(name))}"


def _of_forms(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[Change]:
    for key, fields in new.items():
        if key not in old:
            yield Change("added", "", f"新增表单 {key}", key)
            continue
        for story in _of_fields(old[key], fields):
            yield Change("changed", "", f"表单 {key}：{story}", key)
    for key in old:
        if key not in new:
            yield Change("removed", "", f"不再用表单 {key}", key)


def _of_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key, field in new.items():
        before = old.get(key)
        label = field["label"]
        if before is None:
            yield f"新增“{label}”{'，必填' if field['required'] else ''}"
            continue
        if before["label"] != label:
            yield f"“{before['label']}”改名为“{label}”"
        if before["required"] != field["required"]:
            yield f"“{label}”{'改为必填' if field['required'] else '不再必填'}"
        yield from _of_values(label, before["values"] or {}, field["values"] or {})
    for key, field in old.items():
        if key not in new:
            yield f"去掉“{field['label']}”"


def _of_values(label: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for value, words in new.items():
        if value not in old:
            yield f"“{label}”增加一项“{words}”"
        elif old[value] != words:
            yield f"“{label}”的“{old[value]}”改为“{words}”"
    for value, words in old.items():
        if value not in new:
            yield f"“{label}”去掉一项“{words}”"


def _titled(element: Element) -> str:
    return f"{label_of(element.kind)}“{element.name or element.id}”"


def _route(diagram: Diagram, flow: Flow) -> str:
    def end(id_: str) -> str:
        found = diagram.elements.get(id_)
        return found.name or id_ if found else id_

    name = f"“{flow.name}”" if flow.name else ""
    return f"走向{name}（{end(flow.source)} → {end(flow.target)}）"


def _said(value: str | None) -> str:
    return f"“{value}”" if value else "（无）"
