"""Says in words how often a step is done, what its table decides, and what it writes."""

from __future__ import annotations

from processes.decisions import Decision
from processes.elements import Element, Loop


def told_loop(element: Element) -> str:
    """How often a step is done; empty for once."""
    loop = element.loop
    if loop is None:
        return ""
    most = f"，最多 {loop.maximum} 次" if loop.maximum else ""
    if loop.kind == "standard":
        first = "先判断再办" if loop.before else "先办再判断"
        return f"{first}，{loop.condition or '没有条件'} 时再办一次{most}"
    return f"{_how(loop)}{_how_many(loop)}{most}{_until(loop)}"


def _how(loop: Loop) -> str:
    return "逐次办 " if loop.kind == "sequential" else "同时办 "


def _how_many(loop: Loop) -> str:
    if loop.items is not None:
        return f"{loop.items} 的每一项（{loop.item}）"
    return f"{loop.count} 次"


def _until(loop: Loop) -> str:
    return f"，{loop.until} 时提前结束" if loop.until else ""


def told_table(element: Element) -> str:
    """A decision table, row by row; empty where there is none."""
    table = element.decision
    if table is None:
        return ""
    defaults = [f"{c.name} 默认 {c.default}" for c in table.outputs if c.default is not None]
    return "；".join([table.policy, *_rows(table), *defaults])


def _rows(table: Decision) -> list[str]:
    rows = []
    for rule in table.rules:
        asked = zip(table.inputs, rule.tests, strict=False)
        given = zip(table.outputs, rule.results, strict=False)
        when = "，".join(f"{column.text} {test or '-'}" for column, test in asked)
        then = "，".join(f"{column.name} = {result}" for column, result in given)
        rows.append(f"{when} → {then}")
    return rows


def told_data(element: Element) -> str:
    """The data objects that a step writes."""
    return "、".join(element.writes)
