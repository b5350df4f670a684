"""Checks a diagram: every fault in one pass, each with a reason and a way out.

A rule is a module with a function `look(inspection)` that yields findings; the module's name is
the rule's. To add one, write the module, put it in the list and give tests one diagram that
passes and one that fails.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import ModuleType

from processes.checks import (
    automatic_loop,
    boundary_events,
    calls,
    compared_values,
    conditions,
    data_objects,
    dead_ends,
    decision_tables,
    decisions,
    end_status,
    event_gateways,
    event_sub_processes,
    expressions,
    flow_ends,
    forms_known,
    ids,
    lanes,
    links,
    loop_without_decision,
    loops,
    messages,
    names,
    operators,
    recursion,
    size,
    soundness,
    starts,
    supported,
    thrown_events,
    timers,
    unreachable,
    variables,
)
from processes.checks.inspection import FormFacts, Inspection
from processes.diagram import Diagram, Element
from processes.findings import Finding, in_order

MAX_FINDINGS = 1000

__all__ = ["RULES", "FormFacts", "check"]

RULES: tuple[ModuleType, ...] = (
    supported,
    size,
    starts,
    unreachable,
    dead_ends,
    flow_ends,
    conditions,
    decisions,
    decision_tables,
    expressions,
    variables,
    data_objects,
    compared_values,
    event_gateways,
    boundary_events,
    event_sub_processes,
    thrown_events,
    links,
    loops,
    timers,
    messages,
    operators,
    forms_known,
    lanes,
    calls,
    recursion,
    automatic_loop,
    loop_without_decision,
    soundness,
    ids,
    names,
    end_status,
)


def check(
    diagram: Diagram,
    *,
    called: Mapping[str, Diagram] | None = None,
    forms: FormFacts | None = None,
    rules: tuple[ModuleType, ...] = RULES,
) -> list[Finding]:
    """Return every fault of a diagram, sorted by line; no error among them means it may run.

    `called` holds the diagrams that call activities may name, by process id. `forms` holds the
    fields of each form with the values of those that decide; None leaves forms unchecked.
    """
    known = called or {}
    found = _own(diagram, known, forms, rules)
    errors: dict[str, list[Finding]] = {}
    for call in diagram.of_kind("callActivity"):
        for name in sorted(_reached(call, diagram, known)):
            if name not in errors:
                own = _own(known[name], known, forms, rules)
                errors[name] = [finding for finding in own if finding.forbids_running]
            if errors[name]:
                found.append(_broken_call(call, name, errors[name]))
    return _bounded(in_order(found))


def _own(
    diagram: Diagram,
    called: Mapping[str, Diagram],
    forms: FormFacts | None,
    rules: tuple[ModuleType, ...],
) -> list[Finding]:
    """What is wrong with the diagram itself, whatever it calls."""
    inspection = Inspection(diagram, called, forms)
    found = list(diagram.notes)
    if len(diagram.elements) > size.MAX_ELEMENTS:
        found += _look(size, inspection)
    elif diagram.elements:
        for rule in rules:
            found += _look(rule, inspection)
    return found


def _reached(call: Element, diagram: Diagram, called: Mapping[str, Diagram]) -> set[str]:
    """The diagrams that a call leads to, other than the one it stands in."""
    found: set[str] = set()
    waiting = [call.called or ""]
    while waiting:
        name = waiting.pop()
        if name in called and name not in found and name != diagram.process:
            found.add(name)
            waiting += called[name].called
    return found


def _broken_call(call: Element, name: str, errors: list[Finding]) -> Finding:
    return Finding(
        "called_diagram",
        "error",
        call.id,
        call.name,
        call.line,
        f"被调用的流程 {name} 有 {len(errors)} 处错误，例如：{errors[0].message}",
        f"请先检查并改正流程 {name}。",
    )


def _bounded(found: list[Finding]) -> list[Finding]:
    """Keep a list that a person can read; errors go before warnings where it is cut."""
    if len(found) <= MAX_FINDINGS:
        return found
    kept = sorted(found, key=lambda finding: not finding.forbids_running)[:MAX_FINDINGS]
    rest = Finding(
        "too_many_findings",
        "error" if any(finding.forbids_running for finding in found) else "warning",
        "",
        "",
        0,
        f"一共发现 {len(found)} 处问题，这里只列出 {MAX_FINDINGS} 处。",
        "请先改正列出的问题，再检查一次。",
    )
    return in_order([rest, *kept])


def _look(rule: ModuleType, inspection: Inspection) -> Iterator[Finding]:
    name = rule.__name__.rsplit(".", 1)[-1]
    try:
        for finding in rule.look(inspection):
            yield replace(finding, rule=name)
    except Exception:
        logging.getLogger(__name__).exception(
            "rule %s crashed on %s", name, inspection.diagram.source
        )
        yield Finding(
            "rule_crashed",
            "error",
            inspection.diagram.process,
            inspection.diagram.name,
            inspection.diagram.line,
            f"检查规则 {name} 没有完成，这张图是否可用还不能确定。",
            "请把这个文件交给系统维护人员；修好之前不要发布。",
        )
