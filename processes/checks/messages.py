"""Can the messages that the diagram waits for be told apart?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """Two events on one task must not wait for the same message: nobody could say which."""
    diagram = inspection.diagram
    for element in diagram.elements.values():
        names = Counter(
            event.event.message
            for event in diagram.boundary_events(element.id)
            if event.event is not None and event.event.message
        )
        for name, count in names.items():
            if count > 1:
                yield about(
                    element,
                    f"有 {count} 个边界事件等待同一条消息 {name}，分不清走哪条路。",
                    "请只留一个，或改用不同的消息。",
                )
