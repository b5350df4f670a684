"""Is there a way on wherever conditions decide, and only one after an exclusive gateway?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

from processes.checks.inspection import Inspection, about
from processes.checks.values import listed, look_up
from processes.diagram import Element, Flow
from processes.expressions import Expression, ExpressionError
from processes.findings import Finding

MAX_COMBINATIONS = 4096

Domains = dict[str, tuple[Any, ...]]
Guard = tuple[Expression, bool]  # an expression and what it must be


def look(inspection: Inspection) -> Iterator[Finding]:
    """Try every combination of the deciding values that a gateway's conditions read."""
    for element in inspection.diagram.elements.values():
        if inspection.decides(element.id) and not _always_goes_on(inspection, element):
            yield from _gateway(inspection, element)


def _always_goes_on(inspection: Inspection, element: Element) -> bool:
    """Whether a flow leaves an activity whatever its conditions say."""
    flows = inspection.diagram.outgoing(element.id)
    return element.is_activity and any(
        flow.condition is None and flow.id != element.default for flow in flows
    )


def _gateway(inspection: Inspection, gateway: Element) -> Iterator[Finding]:
    conditions = _conditions(inspection, gateway)
    if not conditions:
        return
    own = {path for _, expression in conditions for path in expression.names}
    variables = {path: look_up(inspection, path) for path in sorted(own)}
    if any(variable.unseen or variable.problem for variable in variables.values()):
        return  # other rules ask for what is missing
    known = {path: v.values for path, v in variables.items() if v.values is not None}
    unknown = [path for path in variables if path not in known]
    if unknown or _combinations(known) > MAX_COMBINATIONS:
        if gateway.default is None:
            yield _unproven(gateway, unknown)
        return
    guards = _affordable(inspection, _guards(inspection, gateway, conditions), known)
    yield from _tried(gateway, conditions, guards, known)


def _affordable(inspection: Inspection, guards: list[Guard], known: Domains) -> list[Guard]:
    """Keep the guards whose values are known and few enough; their values join `known`."""
    kept: list[Guard] = []
    for expression, wanted in guards:
        values = {path: look_up(inspection, path).values for path in sorted(expression.names)}
        more = {path: found for path, found in values.items() if found is not None}
        if len(more) == len(values) and _combinations(known | more) <= MAX_COMBINATIONS:
            known |= more
            kept.append((expression, wanted))
    return kept


def _combinations(known: Domains) -> int:
    return math.prod(len(values) for values in known.values())


def _tried(
    gateway: Element,
    conditions: list[tuple[Flow, Expression]],
    guards: list[Guard],
    known: Domains,
) -> Iterator[Finding]:
    exclusive = gateway.kind == "exclusiveGateway"
    missed: list[str] = []
    doubled: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for combination in itertools.product(*known.values()):
        values = dict(zip(known, combination, strict=True))
        lookup = _nested(values)
        if not all(_is_true(expression, lookup) is wanted for expression, wanted in guards):
            continue
        chosen = [flow for flow, expression in conditions if _is_true(expression, lookup)]
        taken.update(flow.id for flow in chosen)
        if not chosen:
            missed.append(_described(values))
        for first, second in itertools.combinations(chosen, 2) if exclusive else ():
            doubled.setdefault((first.id, second.id), _described(values))
    if missed and gateway.default is None:
        yield about(
            gateway,
            f"这些情形没有路可走：{listed(missed, 4)}。",
            "请补上条件，或把一条连线设为默认。",
        )
    for (first_id, second_id), example in doubled.items():
        yield about(
            gateway,
            f"{example} 时，{first_id} 和 {second_id} 的条件都成立，会走先画的一条。",
            "请改写条件，让它们不重叠。",
            severity="warning",
        )
    for flow, _ in conditions:
        if flow.id not in taken:
            yield about(
                flow, "没有任何情形会走这条连线。", "请检查条件，或删掉它。", severity="warning"
            )


def _unproven(gateway: Element, unknown: list[str]) -> Finding:
    reason = f"{listed(unknown)} 可能是任何值" if unknown else "情形太多"
    return about(
        gateway,
        f"{reason}，不能保证总有一条路可走。",
        "请把一条连线设为默认。",
        severity="warning",
    )


def _conditions(inspection: Inspection, gateway: Element) -> list[tuple[Flow, Expression]]:
    """The conditions that are in force; empty when one of them does not compile."""
    found: list[tuple[Flow, Expression]] = []
    for flow in inspection.diagram.outgoing(gateway.id):
        if flow.id == gateway.default or flow.condition is None:
            continue
        expression = inspection.compiled(flow.condition)
        if isinstance(expression, ExpressionError):
            return []
        found.append((flow, expression))
    return found


def _guards(
    inspection: Inspection, gateway: Element, conditions: list[tuple[Flow, Expression]]
) -> list[Guard]:
    """What earlier gateways have settled, as far as a single way leads back from here."""
    diagram = inspection.diagram
    makers = {path.split(".")[0] for _, expression in conditions for path in expression.names}
    guards: list[Guard] = []
    seen = {gateway.id}
    incoming = diagram.incoming(gateway.id)
    while len(incoming) == 1:
        flow = incoming[0]
        source = diagram.elements[flow.source]
        if source.id in seen:
            break
        if inspection.decides(source.id) and not _always_goes_on(inspection, source):
            guards += _settled_by(inspection, source, flow)
        if source.id in makers:
            break
        seen.add(source.id)
        incoming = diagram.incoming(source.id)
    return guards


def _settled_by(inspection: Inspection, source: Element, flow: Flow) -> list[Guard]:
    earlier = _conditions(inspection, source)
    if flow.id == source.default:
        return [(expression, False) for _, expression in earlier]
    return [(expression, True) for other, expression in earlier if other.id == flow.id]


def _is_true(expression: Expression, lookup: Mapping[str, Any]) -> bool:
    try:
        return bool(expression(lookup))
    except ExpressionError:
        return False


def _nested(values: Mapping[str, str | None]) -> dict[str, Any]:
    lookup: dict[str, Any] = {}
    for path, value in values.items():
        *steps, last = path.split(".")
        place = lookup
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = value
    return lookup


def _described(values: Mapping[str, str | None]) -> str:
    return "，".join(f"{path} 为 {value or '空'}" for path, value in values.items()) or "任何情形"
