"""Is the diagram small enough to be understood, and run?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.findings import Finding
from processes.kinds import CONTAINERS

MAX_DEPTH = 20
MAX_ELEMENTS = 5000


def look(inspection: Inspection) -> Iterator[Finding]:
    """Refuse sub-processes nested too deep (named once) and far too many elements."""
    diagram = inspection.diagram
    count = len(diagram.elements)
    if count > MAX_ELEMENTS:
        yield about(
            diagram,
            f"图里有 {count} 个元素，超过上限 {MAX_ELEMENTS} 个。",
            "请把一部分改成调用活动，分成几张图。",
        )
    depth: dict[str, int] = {}
    for element in diagram.elements.values():  # parents come before what they hold
        depth[element.id] = depth.get(element.parent or "", 0) + 1
        if element.kind in CONTAINERS and depth[element.id] == MAX_DEPTH + 1:
            yield about(
                element,
                f"子流程嵌套太深：从这里起超过 {MAX_DEPTH} 层。",
                "请减少层数，或把内层改成调用活动。",
            )
