"""Who reads what: the steps and facts that the expressions of a diagram, and of all it calls, need.

Only values that some condition, timer or call reads can change the way of a case. So an explorer
has to vary those and no others, and may forget each of them once nothing ahead reads it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from processes.checks.inspection import Inspection, Spot
from processes.diagram import Diagram
from processes.expressions import Expression, ExpressionError

FACTS = ("case", "school")
DECIDING = ("条件", "循环条件", "完成条件", "次数", "列表", "决策输入")


@dataclass
class Reads:
    """What is known of one value: the constants it is compared with, and what it is read for.

    `plainly` tells that some expression uses it otherwise than by comparing it with constants, so
    that two values which no comparison tells apart may still make a difference.
    """

    compared: set[Any] = field(default_factory=set)
    plainly: bool = False
    decides: bool = False
    times: bool = False


@dataclass
class Reading:
    """All readings of a release.

    `fields` by (process, element, field), `facts` by path (`school.review_levels`); `readers` by
    process: for each step the nodes whose expressions read it.
    """

    diagrams: Mapping[str, Diagram]
    fields: dict[tuple[str, str, str], Reads] = field(default_factory=dict)
    facts: dict[str, Reads] = field(default_factory=dict)
    readers: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    graphs: dict[str, Mapping[str, Any]] = field(default_factory=dict)


def read_release(diagram: Diagram, called: Mapping[str, Diagram]) -> Reading:
    """Go through every expression of a diagram and of what it calls."""
    diagrams = {diagram.process: diagram, **called}
    reading = Reading(diagrams)
    inspections = {name: Inspection(one, called) for name, one in diagrams.items()}
    parameters = _constants_of_parameters(inspections)
    for name, inspection in inspections.items():
        reading.graphs[name] = inspection.graph
        reading.readers[name] = {}
        for spot, expression in _expressions(inspection):
            for path in expression.names:
                handed = _handed_on(spot, expression, diagrams[name], parameters)
                for reads in _places(reading, diagrams[name], spot, path):
                    reads.compared |= {v for known, v in expression.compared if known == path}
                    reads.compared |= _told_apart(inspection, spot) | handed
                    decides = spot.what in DECIDING or spot.what.startswith("调用参数")
                    reads.plainly |= decides and not (handed or _only_compared(expression, path))
                    reads.decides |= decides
                    reads.times |= spot.what == "定时"
    return reading


def _expressions(inspection: Inspection) -> Iterator[tuple[Spot, Expression]]:
    for spot in inspection.spots:
        expression = inspection.compiled(spot.text)
        if not isinstance(expression, ExpressionError):
            yield spot, expression


def _only_compared(expression: Expression, path: str) -> bool:
    """Whether an expression reads a path in comparisons with constants and nowhere else."""
    tree = ast.parse(expression.text, mode="eval").body
    compared = [
        side
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and len(node.comparators) == 1
        for side, other in (
            (node.left, node.comparators[0]),
            (node.comparators[0], node.left),
        )
        if isinstance(other, ast.Constant | ast.Tuple | ast.List)
    ]
    places = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    reading = [
        n for n in places if isinstance(n, ast.Name | ast.Attribute) and ast.unparse(n) == path
    ]
    return all(any(node is side for side in compared) for node in reading)


def _places(reading: Reading, diagram: Diagram, spot: Spot, path: str) -> list[Reads]:
    """Where the readings of a path are kept; none for parameters, whose source is kept instead.

    A data object holds what the steps left that write it.
    """
    parts = path.split(".")
    if parts[0] in FACTS:
        return [reading.facts.setdefault(path, Reads())]
    if parts[0] == "parameters":
        return []
    if parts[0] not in diagram.data:
        return [_place(reading, diagram, spot, parts)]
    reading.readers[diagram.process].setdefault(parts[0], set()).add(spot.node)
    writers = [e.id for e in diagram.elements.values() if parts[0] in e.writes]
    return [_place(reading, diagram, spot, [writer, *parts[1:]]) for writer in writers]


def _place(reading: Reading, diagram: Diagram, spot: Spot, parts: list[str]) -> Reads:
    reading.readers[diagram.process].setdefault(parts[0], set()).add(spot.node)
    current = diagram
    while len(parts) > 2 and (inner := _called_at(reading, current, parts[0])) is not None:
        if parts[1] not in inner.elements:
            break
        current, parts = inner, parts[1:]
    key = (current.process, parts[0], parts[1] if len(parts) > 1 else "")
    return reading.fields.setdefault(key, Reads())


def _told_apart(inspection: Inspection, spot: Spot) -> set[Any]:
    """The constants that a decision table tells the values of an input apart by."""
    table = inspection.tables.get(spot.node)
    if table is None or spot.what != "决策输入":
        return set()
    return {
        constant
        for place, column in enumerate(table.inputs)
        if column.text == spot.text
        for rule in table.rules
        for constant in rule.tests[place].constants
    }


def _called_at(reading: Reading, diagram: Diagram, step: str) -> Diagram | None:
    element = diagram.elements.get(step)
    return reading.diagrams.get(element.called or "") if element is not None else None


def _constants_of_parameters(
    inspections: Mapping[str, Inspection],
) -> dict[tuple[str, str], set[Any]]:
    """By (process, parameter) the constants that the called diagram compares it with.

    A parameter that is only handed on counts with what the next diagram compares.
    """
    found: dict[tuple[str, str], set[Any]] = {}
    for _ in inspections:
        for name, inspection in inspections.items():
            for spot, expression in _expressions(inspection):
                for path in expression.names:
                    if not path.startswith("parameters."):
                        continue
                    own = found.setdefault((name, path.partition(".")[2]), set())
                    own |= {value for known, value in expression.compared if known == path}
                    own |= _handed_on(spot, expression, inspection.diagram, found)
    return found


def _handed_on(
    spot: Spot,
    expression: Expression,
    diagram: Diagram,
    parameters: Mapping[tuple[str, str], set[Any]],
) -> set[Any]:
    """What the called diagram compares with, where a call hands one value on as it is."""
    if not spot.what.startswith("调用参数") or expression.names != {expression.text}:
        return set()
    called = diagram.elements[spot.node].called or ""
    return parameters.get((called, spot.what.removeprefix("调用参数 ")), set())
