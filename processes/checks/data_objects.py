"""Are data objects written where they may be, and before a step needs them?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about, titled
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """One value each, on the outermost level; by the standard a step waits for its inputs."""
    diagram = inspection.diagram
    for element in diagram.elements.values():
        for name in element.writes:
            if diagram.data[name].parent is not None:
                yield about(
                    element,
                    f"数据对象 {name} 画在子流程里，每次进入都应当是空的，这里做不到。",
                    "请把它画在流程的最外层。",
                )
            if element.loop is not None or inspection.turns_around(element.id):
                yield about(
                    element,
                    f"{titled(element)} 会办几次，不能同时写入数据对象 {name}。",
                    "请在循环或多实例之后的步骤里写入。",
                )
        for name in element.reads:
            if not inspection.certainty.has_run(name, element.id):
                yield about(
                    element,
                    f"走到这里时数据对象 {name} 可能还没有写入，按标准要一直等到有值。",
                    "请保证之前每条路都写入它，或删掉输入连线。",
                )
