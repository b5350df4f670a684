"""Can the events that wait side by side be told apart?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from processes.checks.inspection import Inspection, about
from processes.diagram import Element
from processes.findings import Finding
from processes.kinds import DEFINITIONS


def look(inspection: Inspection) -> Iterator[Finding]:
    """Two events on one task, or two event sub-processes of a level, never wait for the same."""
    diagram = inspection.diagram
    for element in diagram.elements.values():
        yield from _same(element, "边界事件", diagram.boundary_events(element.id))
    for level in (None, *(e.id for e in diagram.of_kind("subProcess"))):
        handlers = diagram.event_sub_processes(level or diagram.process)
        starts = [start for h in handlers if (start := diagram.start_of(h.id)) is not None]
        if starts:
            yield from _same(starts[0], "事件子流程", starts)


def _same(owner: Element, what: str, events: Iterable[Element]) -> Iterator[Finding]:
    waited_for = Counter(
        (event.event.kind, event.event.message or event.event.word)
        for event in events
        if event.event is not None and event.event.kind != "timer"
    )
    for (kind, name), count in waited_for.items():
        if count > 1:
            label = "同一条消息" if kind == "message" else f"同一个{DEFINITIONS.get(kind, kind)}"
            yield about(
                owner,
                f"有 {count} 个{what}等待{label} {name or ''}，分不清走哪条路。".replace(
                    " ，", "，"
                ),
                "请只留一个，或改用不同的名称。",
            )
