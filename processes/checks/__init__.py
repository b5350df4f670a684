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
    dead_ends,
    decisions,
    end_status,
    event_gateways,
    expressions,
    flow_ends,
    forms_known,
    ids,
    lanes,
    loop_without_decision,
    messages,
    names,
    operators,
    recursion,
    size,
    soundness,
    starts,
    supported,
    timers,
    unreachable,
    variables,
)
from processes.checks.inspection import FormFacts, Inspection
from processes.diagram import Diagram
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
    expressions,
    variables,
    compared_values,
    event_gateways,
    boundary_events,
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
    inspection = Inspection(diagram, called or {}, forms)
    found = list(diagram.notes)
    if len(diagram.elements) > size.MAX_ELEMENTS:
        found += _look(size, inspection)
    elif diagram.elements:
        for rule in rules:
            found += _look(rule, inspection)
    return _bounded(in_order(found))


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
