"""Is there a loop that never waits for anybody?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from processes.checks.graph import flat_graph, loops, reachable, without
from processes.checks.inspection import Inspection, about
from processes.diagram import Diagram, Element
from processes.findings import Finding

_WAITING = frozenset(
    {"userTask", "manualTask", "receiveTask", "intermediateCatchEvent", "boundaryEvent"}
)


def look(inspection: Inspection) -> Iterator[Finding]:
    """Take away every step that waits; a loop that is left would run without a stop."""
    waits = partial(_waits, inspection, inspection.diagram)
    for loop in loops(without(inspection.graph, waits)):
        elements = inspection.diagram.elements
        steps = [node for node in loop if node in elements]
        first = min((elements[node] for node in steps), key=lambda element: element.line)
        shown = " → ".join([*steps[:6], *(["……"] if len(steps) > 6 else [])])
        yield about(
            first,
            f"这里是一个自动循环，没有人办理也没有等待，会无休止地运行：{shown}。",
            "请在循环里放一个由人办理的任务或定时等待，或去掉返回的连线。",
        )


def _waits(inspection: Inspection, diagram: Diagram, node: str) -> bool:
    element = diagram.elements.get(node)
    if element is None:
        return False
    if element.kind == "callActivity" and not (element.loop and element.loop.may_be_skipped):
        return not _passes_at_once(inspection, element, frozenset({diagram.process}))
    return _pauses(element)


def _pauses(element: Element) -> bool:
    """Whether a token surely rests here; one that comes over a link does not."""
    if element.loop is not None and element.loop.may_be_skipped:
        return False
    return element.kind in _WAITING and not element.has("link")


def _passes_at_once(inspection: Inspection, call: Element, above: frozenset[str]) -> bool:
    """Whether the called diagram can run from start to end without waiting."""
    called = inspection.called.get(call.called or "")
    if called is None or called.process in above:
        return False  # another rule speaks of it
    below = above | {called.process}

    def waits(node: str) -> bool:
        element = called.elements.get(node)
        if element is None:
            return False
        if element.kind == "callActivity" and not (element.loop and element.loop.may_be_skipped):
            return not _passes_at_once(inspection, element, below)
        return _pauses(element)

    edges = without(flat_graph(called), waits)
    top = called.children(called.process)
    starts = [e.id for e in top if e.kind == "startEvent" and e.id in edges]
    return any(e.kind == "endEvent" and e.id in reachable(edges, starts) for e in top)
