"""Are decision tables ones that we carry out, without contradictions and without dead rules?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.deciding import Tried
from processes.checks.inspection import Inspection, about
from processes.checks.values import listed, look_up, tried_table
from processes.decisions import Decision, Table, problems_of
from processes.diagram import Element
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """Read every cell; try every combination of values that the cells tell apart."""
    for task in inspection.diagram.of_kind("businessRuleTask"):
        decision = task.decision
        if decision is None:
            yield about(
                task,
                "业务规则任务里没有决策表。",
                "请在任务里填写决策表（DMN）；另存的决策文件请把表放进任务。",
            )
            continue
        problems = list(problems_of(decision))
        for problem in problems:
            yield about(task, problem.message, problem.way_out, line=problem.line)
        table = inspection.tables.get(task.id)
        if table is not None:
            yield from _constants(inspection, task, decision, table)
            yield from _tried(task, decision, table, tried_table(inspection, task.id))


def _constants(
    inspection: Inspection, task: Element, decision: Decision, table: Table
) -> Iterator[Finding]:
    """A cell with a value that no form and no operator gives is a typing error."""
    for place, expression in enumerate(table.inputs):
        values = look_up(inspection, expression.text).values
        if values is None or expression.names != {expression.text}:
            continue
        for number, rule in enumerate(table.rules):
            for constant in rule.tests[place].constants:
                if constant not in values:
                    yield about(
                        task,
                        f"第 {number + 1} 条规则把 {expression.text} 和 {constant!r} 比较，"
                        f"但它只会是：{listed(values)}。",
                        "请从这些值里选一个。",
                        line=decision.rules[number].line,
                    )


def _tried(task: Element, decision: Decision, table: Table, tried: Tried) -> Iterator[Finding]:
    if not tried.complete:
        yield about(
            task,
            "决策表的情形太多，不能保证规则之间没有矛盾。",
            "请减少列数，或拆成几张表。",
            severity="warning",
        )
    for message, example in tried.clashes.items():
        yield about(
            task, f"{example} 时，{message}。", "请改写条件，或改用 FIRST。", line=decision.line
        )
    if tried.complete:
        for number, rule in enumerate(decision.rules):
            if number not in tried.used:
                yield about(
                    task,
                    f"没有任何情形会用到第 {number + 1} 条规则。",
                    "请检查条件，或删掉它。",
                    line=rule.line,
                    severity="warning",
                )
