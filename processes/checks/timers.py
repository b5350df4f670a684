"""Does every timer say when, in a way that is understood?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.diagram import Element, EventDefinition
from processes.durations import IsoError, literal_in, parse_cycle, parse_duration, parse_moment
from processes.findings import Finding
from processes.kinds import label_of


def look(inspection: Inspection) -> Iterator[Finding]:
    """Read literals as the clock would; expressions are left to their own rules (trap 7)."""
    for element in inspection.diagram.elements.values():
        for event in element.events:
            if event.kind == "timer":
                yield from _timer(element, event)
        if "due" in element.properties and element.kind == "userTask":
            yield from _due(element, element.properties["due"])


def _timer(element: Element, event: EventDefinition) -> Iterator[Finding]:
    if event.timer is None or not event.text:
        yield about(
            element,
            f"{label_of(element.kind)}没有写明时间。",
            "请写时长（P5D）、时刻（2026-06-05）或步骤里填写的日期（步骤.字段）。",
            line=event.line,
        )
        return
    if event.timer == "cycle" and not _may_repeat(element):
        yield about(
            element,
            "周期（timeCycle）只能用在不打断的边界事件和事件子流程上。",
            "请改成时长（timeDuration），或把事件改为不打断。",
            line=event.line,
        )
    literal = literal_in(event.text)
    if literal is not None:
        yield from _literal(element, event, literal)


def _may_repeat(element: Element) -> bool:
    return element.kind in {"boundaryEvent", "startEvent"} and not element.interrupting


def _literal(element: Element, event: EventDefinition, literal: str) -> Iterator[Finding]:
    problem = ""
    try:
        if event.timer == "cycle":
            parse_cycle(literal)
        elif event.timer == "date":
            problem = _moment_problem(literal)
        elif parse_duration(literal).is_zero:
            problem = f"时长“{literal}”是零，会立刻到期"
    except IsoError as error:
        problem = error.message
    if problem:
        yield about(
            element,
            f"定时写得不对：{problem}。",
            "请改成正确的写法，例如 P5D 或 2026-06-05T18:00:00+08:00。",
            line=event.line,
        )


def _moment_problem(literal: str) -> str:
    if literal.startswith(("P", "R")):
        return f"时刻（timeDate）里写的是时长“{literal}”，请改用 timeDuration"
    parse_moment(literal)
    return ""


def _due(element: Element, text: str) -> Iterator[Finding]:
    try:
        zero = parse_duration(text).is_zero
        problem = f"时长“{text}”是零" if zero else ""
    except IsoError as error:
        problem = error.message
    if problem:
        yield about(element, f"提醒时限（due）写得不对：{problem}。", "请写成 P3D（3 天）。")
