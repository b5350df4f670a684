"""What a path such as `Answer_invitation.outcome` means, and the values that it can have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from processes.checks.deciding import Tried, try_table
from processes.checks.inspection import OPERATED, ROOTS, Inspection, titled
from processes.diagram import DataObject, Element
from processes.operators import CATALOGUE


@dataclass(frozen=True)
class Variable:
    """A path that was looked up: who makes it, its known values, or what is wrong with it.

    `values` is None when they are not known; an empty `problem` means the path is fine.
    `unseen` tells that the form, operator or diagram behind it was not there to be looked at.
    """

    maker: Element | DataObject | None = None
    values: tuple[Any, ...] | None = None
    problem: str = ""
    way_out: str = ""
    unseen: bool = False


def look_up(inspection: Inspection, path: str) -> Variable:
    """Find out what a path in an expression of this diagram means."""
    step, *rest = path.split(".")
    if step in ROOTS:
        return Variable()
    if step in inspection.items:
        return Variable()
    if step in inspection.diagram.data:
        return _data_field(inspection, step, rest)
    maker = inspection.diagram.elements.get(step)
    if maker is None:
        return _unknown_step(inspection, path, step)
    if not rest:
        return Variable(
            maker, problem=f"{path} 只写了步骤，没有写字段。", way_out="请写成 步骤.字段。"
        )
    return _field(inspection, maker, rest)


def _unknown_step(inspection: Inspection, path: str, step: str) -> Variable:
    near = nearest(step, [*inspection.diagram.elements, *ROOTS])
    return Variable(
        problem=f"变量 {path} 不存在：图里没有编号为 {step} 的步骤。",
        way_out=f"请改成 {near}。" if near else "请写成 步骤编号.字段，例如 Answer.outcome。",
    )


def _field(inspection: Inspection, maker: Element, rest: list[str]) -> Variable:
    if maker.kind in {"userTask", "manualTask"}:
        return _form_field(inspection, maker, rest[0])
    if maker.kind in OPERATED:
        return _operator_field(maker, rest[0])
    if maker.kind == "businessRuleTask":
        return _decided_field(inspection, maker, rest[0])
    if maker.kind == "callActivity":
        return _call_field(inspection, maker, rest)
    if maker.kind == "receiveTask" or any(event.kind == "message" for event in maker.events):
        return Variable(maker)
    return Variable(
        maker, problem=f"{titled(maker)} 不产生变量。", way_out="请改用填写表单或执行操作的步骤。"
    )


def _form_field(inspection: Inspection, maker: Element, key: str) -> Variable:
    if maker.form is None:
        return Variable(
            maker,
            problem=f"{titled(maker)} 没有表单，不会有 {key}。",
            way_out="请给它选择表单，或改用别的步骤。",
        )
    fields = None if inspection.forms is None else inspection.forms.get(maker.form)
    if fields is None:
        return Variable(maker, unseen=True)  # an unknown form has its own rule
    if key not in fields:
        near = nearest(key, fields)
        return Variable(
            maker,
            problem=f"表单 {maker.form} 里没有字段 {key}。",
            way_out=f"请改成 {maker.id}.{near}。" if near else "请对照表单里的字段名。",
        )
    values = fields[key]
    return Variable(maker, None if values is None else tuple(values))


def _operator_field(maker: Element, key: str) -> Variable:
    spec = None if maker.operator is None else CATALOGUE.get(maker.operator.id)
    if spec is None:
        return Variable(maker, unseen=True)  # another rule asks for the operator
    if key == "outcome":
        return Variable(maker, spec.outcomes)
    return Variable(
        maker,
        problem=f"操作「{spec.label}」没有 {key} 这个结果。",
        way_out=f"请改成 {maker.id}.outcome。",
    )


def _decided_field(inspection: Inspection, maker: Element, name: str) -> Variable:
    table = inspection.tables.get(maker.id)
    if table is None:
        return Variable(maker, unseen=True)  # another rule asks for the table
    if name not in table.names:
        near = nearest(name, table.names)
        return Variable(
            maker,
            problem=f"决策表没有名为 {name} 的结果列。",
            way_out=f"请改成 {maker.id}.{near}。" if near else "请对照决策表的结果列。",
        )
    if table.gives_lists:
        return Variable(maker)
    none_fits = tried_table(inspection, maker.id).none_fits
    return Variable(maker, table.outcomes(name, none_fits=none_fits))


def _data_field(inspection: Inspection, name: str, rest: list[str]) -> Variable:
    """What a data object holds is what the steps that write it leave."""
    object_ = inspection.diagram.data[name]
    if not rest:
        return Variable(
            object_,
            problem=f"{name} 只写了数据对象，没有写字段。",
            way_out="请写成 数据对象.字段。",
        )
    values: list[Any] = []
    unknown = unseen = False
    for writer in inspection.diagram.elements.values():
        if name not in writer.writes:
            continue
        found = look_up(inspection, ".".join((writer.id, *rest)))
        if found.problem:
            return replace(found, maker=object_)
        unknown |= found.values is None
        unseen |= found.unseen
        values += found.values or ()
    known = None if unknown else tuple({repr(value): value for value in values}.values())
    return Variable(object_, known, unseen=unseen)


def tried_table(inspection: Inspection, task: str) -> Tried:
    """What a decision table does with everything that its inputs can be; found out once.

    Tables that decide each other's inputs in a loop know nothing of each other's values.
    """
    if task not in inspection.tried:
        inspection.tried[task] = Tried(complete=False, none_fits=True)
        table = inspection.tables[task]
        inspection.tried[task] = try_table(table, lambda path: look_up(inspection, path).values)
    return inspection.tried[task]


def _call_field(inspection: Inspection, maker: Element, rest: list[str]) -> Variable:
    called = inspection.called.get(maker.called or "")
    if called is None:
        return Variable(maker, unseen=True)  # another rule asks for the diagram
    if rest == ["outcome"]:
        return Variable(maker, call_outcomes(inspection, maker))
    inner = look_up(Inspection(called, inspection.called, inspection.forms), ".".join(rest))
    if rest[0] in ROOTS or (inner.maker is None and inner.problem):
        return Variable(
            maker,
            problem=f"被调用的 {maker.called} 没有 {'.'.join(rest)}。",
            way_out=f"请改成 {maker.id}.outcome，或被调用图里的 步骤.字段。",
        )
    return replace(inner, maker=maker)


def call_outcomes(inspection: Inspection, call: Element) -> tuple[str | None, ...] | None:
    """What a call's `outcome` can be; None among them when an end event names no outcome."""
    called = inspection.called.get(call.called or "")
    if called is None:
        return None
    ends = [e for e in called.children(called.process) if e.kind == "endEvent"]
    return tuple(dict.fromkeys(end.properties.get("outcome") for end in ends))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like a mistyped one."""
    found = get_close_matches(word[:100], list(known)[:500], 1, 0.6)
    return str(found[0]) if found else None


def listed(values: Sequence[object], limit: int = 8) -> str:
    """Write values for a sentence."""
    shown = "、".join("空" if value is None else str(value) for value in values[:limit])
    return shown + (" 等" if len(values) > limit else "")
