"""Can every element be reached from the start?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.graph import reachable
from processes.checks.inspection import Inspection, about
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """Name elements that no path leads to; without a start there is nothing to say."""
    if not inspection.starts:
        return
    seen = reachable(inspection.graph, inspection.starts)
    for element in inspection.diagram.elements.values():
        if element.id in seen:
            continue
        if element.parent is not None and element.parent not in seen:
            continue  # said once, at the sub-process
        yield about(element, "从开始事件走不到这里，它永远不会办理。", "请用连线接上，或删掉它。")
