"""The drawing as one flat graph, so that rules need not care about nesting.

A sub-process stands for its entry; `exit_of` is where its flows leave. Boundary events hang on
their activity, and on everything inside it; an event sub-process hangs on its whole level. Nothing here recurses: a chain may be long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from processes.diagram import Diagram, Element
from processes.kinds import CONTAINERS

Edges = Mapping[str, tuple[str, ...]]


def exit_of(sub_process: str) -> str:
    """The node where a sub-process is left."""
    return f"{sub_process}/exit"


def flat_graph(diagram: Diagram) -> dict[str, tuple[str, ...]]:
    """Return the successors of every node, sub-processes opened."""
    edges: dict[str, list[str]] = {element: [] for element in diagram.elements}
    for element in diagram.elements.values():
        leaves_from = element.id
        if element.kind in CONTAINERS:
            leaves_from = exit_of(element.id)
            edges[leaves_from] = []
            inner = diagram.children(element.id)
            starts = [child.id for child in inner if child.kind == "startEvent"]
            edges[element.id] = starts or [leaves_from]
            if element.loop is not None and element.loop.may_be_skipped:
                edges[element.id].append(leaves_from)
        edges[leaves_from] += [flow.target for flow in diagram.outgoing(element.id)]
    for element in diagram.elements.values():
        _tie_end(diagram, element.id, edges)
        _tie_boundary_events(diagram, element.id, edges)
        _tie_link(diagram, element, edges)
    if any(element.triggered for element in diagram.elements.values()):
        _tie_event_sub_processes(diagram, edges)
    return {node: tuple(dict.fromkeys(targets)) for node, targets in edges.items()}


def _tie_end(diagram: Diagram, element_id: str, edges: dict[str, list[str]]) -> None:
    element = diagram.elements[element_id]
    is_last = not diagram.outgoing(element_id) and element.kind not in CONTAINERS
    if element.parent is not None and is_last and not _is_thrown_out(element):
        edges[element_id].append(exit_of(element.parent))


def _is_thrown_out(element: Element) -> bool:
    """An error end leaves its level by whoever catches it; a link goes on where it is caught."""
    return element.has("link") or (element.kind == "endEvent" and element.has("error"))


def _tie_link(diagram: Diagram, element: Element, edges: dict[str, list[str]]) -> None:
    if element.kind == "intermediateThrowEvent" and element.has("link"):
        edges[element.id] += [catch.id for catch in diagram.links_from(element)]


def _tie_event_sub_processes(diagram: Diagram, edges: dict[str, list[str]]) -> None:
    """One may begin wherever a token stands on its level, but not inside such a one itself."""
    for element in diagram.elements.values():
        around = diagram.ancestors(element.id)
        if element.triggered:
            if element.parent is not None:
                edges[exit_of(element.id)].append(exit_of(element.parent))
            continue
        for level in (*around, diagram.process):
            if level in diagram.elements and diagram.elements[level].triggered:
                edges[element.id] += [h.id for h in diagram.event_sub_processes(level)]
                break
            edges[element.id] += [h.id for h in diagram.event_sub_processes(level)]


def _tie_boundary_events(diagram: Diagram, element_id: str, edges: dict[str, list[str]]) -> None:
    for holder in (element_id, *diagram.ancestors(element_id)):
        edges[element_id] += [event.id for event in diagram.boundary_events(holder)]


def turned(edges: Edges) -> dict[str, tuple[str, ...]]:
    """Return the predecessors of every node."""
    back: dict[str, list[str]] = {node: [] for node in edges}
    for node, targets in edges.items():
        for target in targets:
            back[target].append(node)
    return {node: tuple(sources) for node, sources in back.items()}


def reachable(edges: Edges, begin: Iterable[str]) -> set[str]:
    """Return every node that can be reached, the first ones included."""
    seen = set(begin)
    waiting = deque(seen)
    while waiting:
        for target in edges.get(waiting.popleft(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def without(edges: Edges, leave_out: Callable[[str], bool]) -> dict[str, tuple[str, ...]]:
    """Return the graph without some nodes."""
    kept = {node for node in edges if not leave_out(node)}
    return {node: tuple(t for t in edges[node] if t in kept) for node in kept}


def loops(edges: Edges) -> list[list[str]]:
    """Return the strongly connected parts that hold a loop (Tarjan, without recursion)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    found: list[list[str]] = []
    for root in edges:
        if root in number:
            continue
        work = [(root, iter(edges[root]))]
        _enter(root, number, low, path, on_path)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in number:
                    _enter(target, number, low, path, on_path)
                    work.append((target, iter(edges[target])))
                    break
                if target in on_path:
                    low[node] = min(low[node], number[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    part = _leave(node, path, on_path)
                    if len(part) > 1 or node in edges[node]:
                        found.append(part)
    return found


def _enter(
    node: str, number: dict[str, int], low: dict[str, int], path: list[str], on_path: set[str]
) -> None:
    number[node] = low[node] = len(number)
    path.append(node)
    on_path.add(node)


def _leave(node: str, path: list[str], on_path: set[str]) -> list[str]:
    part: list[str] = []
    while True:
        last = path.pop()
        on_path.discard(last)
        part.append(last)
        if last == node:
            return part[::-1]
