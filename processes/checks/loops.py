"""Does every loop say how long it goes on, within bounds?"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from processes.checks.inspection import MOST_TURNS, ROOTS, Inspection, about
from processes.diagram import Diagram, Element, Loop
from processes.findings import Finding
from processes.kinds import label_of

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)


def look(inspection: Inspection) -> Iterator[Finding]:
    """Loops and multi-instances are for activities, and their turns are bounded by a number."""
    for element in inspection.diagram.elements.values():
        if element.loop is None:
            continue
        if not element.is_activity or element.triggered:
            yield about(
                element,
                f"{label_of(element.kind)}上不能使用循环或多实例标记。",
                "请只在任务、子流程和调用活动上使用。",
                line=element.loop.line,
            )
        elif element.loop.kind == "standard":
            yield from _standard(element, element.loop)
        else:
            yield from _multiple(inspection.diagram, element, element.loop)


def _standard(element: Element, loop: Loop) -> Iterator[Finding]:
    if loop.condition is None:
        yield about(
            element,
            "循环标记没有写明继续的条件。",
            "请写上循环条件，例如 Review.outcome == 'again'。",
            line=loop.line,
        )
    yield from _bounded(element, loop, loop.maximum, "最多次数（loopMaximum）")


def _multiple(diagram: Diagram, element: Element, loop: Loop) -> Iterator[Finding]:
    if (loop.count is None) == (loop.items is None):
        yield about(
            element,
            "多实例标记没有写明办几次，或者次数和列表都写了。",
            "请写次数（loopCardinality），或写要逐项办理的列表（loopDataInputRef）。",
            line=loop.line,
        )
    if (loop.items is None) != (loop.item is None):
        yield about(
            element,
            "逐项办理要同时写明列表和每一项的名称。",
            "请填写 loopDataInputRef 和 inputDataItem。",
            line=loop.line,
        )
    elif loop.item is not None:
        yield from _item(diagram, element, loop.item)
    if loop.count is not None and loop.count.isascii() and loop.count.isdigit():
        yield from _bounded(element, loop, loop.count, "次数")
    else:
        yield from _bounded(element, loop, loop.maximum, "最多次数（扩展属性 maximum）")


def _item(diagram: Diagram, element: Element, item: str) -> Iterator[Finding]:
    taken = item in ROOTS or item in diagram.elements or keyword.iskeyword(item)
    if taken or not _WORD.match(item):
        yield about(
            element,
            f"每一项的名称 {item} {'已经用在别处' if taken else '不是英文单词'}，条件里会认错。",
            "请换一个英文单词，例如 one。",
            line=element.loop.line if element.loop else 0,
        )


def _bounded(element: Element, loop: Loop, text: str | None, what: str) -> Iterator[Finding]:
    if text is None or not text.isascii() or not text.isdigit():
        yield about(
            element,
            f"循环没有写明{what}，可能没有尽头。",
            f"请写一个 1 到 {MOST_TURNS} 的整数。",
            line=loop.line,
        )
    elif not 1 <= int(text[:9]) <= MOST_TURNS:
        yield about(
            element,
            f"{what}是 {text[:20]}，只能是 1 到 {MOST_TURNS}。",
            "请改成这个范围里的整数。",
            line=loop.line,
        )
