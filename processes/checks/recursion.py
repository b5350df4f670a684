"""Does a diagram call itself, directly or through others?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.findings import Finding

MAX_LEVELS = 10


def look(inspection: Inspection) -> Iterator[Finding]:
    """Follow each call; a way back to a diagram on the way is a call without end."""
    for call in inspection.diagram.of_kind("callActivity"):
        way = _way_back(inspection, call.called or "")
        if way:
            yield about(
                call,
                f"调用会绕回来，没有尽头：{' → '.join(way)}。",
                "请去掉其中一个调用；需要重做时用连线回到前面的步骤。",
            )


def _way_back(inspection: Inspection, first: str) -> list[str]:
    """The way from this diagram through `first` to a diagram called twice; empty if none."""
    own = inspection.diagram.process
    waiting: list[tuple[str, ...]] = [(own, first)]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop()
        if way[-1] in way[:-1]:
            return list(way)
        if way[-1] in seen and len(way) > 2:
            continue
        seen.add(way[-1])
        diagram = inspection.called.get(way[-1])
        if diagram is not None and len(way) <= MAX_LEVELS + 1:
            waiting += [(*way, name) for name in sorted(diagram.called)]
    return []
