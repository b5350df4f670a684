"""Does the process, and each sub-process, begin at exactly one place?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.diagram import Diagram, Element
from processes.findings import Finding
from processes.kinds import CONTAINERS


def look(inspection: Inspection) -> Iterator[Finding]:
    """Count the start events of each level; an empty sub-process has nothing to run."""
    diagram = inspection.diagram
    yield from _level(diagram, diagram, diagram.children(diagram.process))
    for element in diagram.of_kind(*CONTAINERS):
        children = diagram.children(element.id)
        if children:
            yield from _level(diagram, element, children)
        else:
            yield about(element, "子流程是空的，里面没有步骤。", "请画出里面的步骤，或删掉它。")


def _level(
    diagram: Diagram, owner: Diagram | Element, children: tuple[Element, ...]
) -> Iterator[Finding]:
    where = "流程" if owner is diagram else "子流程"
    starts = [child for child in children if child.kind == "startEvent"]
    if not starts:
        yield about(owner, f"{where}没有开始事件。", "请画一个空的开始事件，连到第一步。")
    if not any(child.kind == "endEvent" for child in children):
        yield about(owner, f"{where}没有结束事件。", "请在最后一步之后画一个结束事件。")
    for extra in starts[1:]:
        yield about(
            extra,
            f"{where}有不止一个开始事件，已有 {starts[0].id}。",
            "请只留一个开始事件，之后用网关分支。",
        )
