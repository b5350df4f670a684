"""Is it clear who does each task?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.diagram import Element
from processes.findings import Finding, Severity
from processes.roles import Role

_KNOWN = "毕业生、用人单位、院系、学校、管理员、访客、系统"


def look(inspection: Inspection) -> Iterator[Finding]:
    """A lane's name is a role, and every task of a person lies in one lane (trap 18)."""
    diagram = inspection.diagram
    people = [e for e in diagram.elements.values() if e.waits_for_person]
    if not diagram.lanes:
        if people:
            yield about(
                diagram,
                "图里没有泳道，看不出每一步由谁办理；所有任务都会交给学校就业部门。",
                f"请画出泳道，用这些名称：{_KNOWN}。",
                severity="warning",
            )
        return
    yield from _unknown_lanes(inspection, people)
    yield from _members_twice(inspection)
    for task in people:
        if task.lane is None:
            yield about(task, "这个任务不在任何泳道里，没有办理人。", "请把它移到一条泳道里。")
        elif task.role is Role.SYSTEM:
            yield about(
                task,
                f"这个任务要由人办理，却放在泳道「{task.lane}」里。",
                "请移到办理人的泳道，或改成服务任务。",
            )


def _unknown_lanes(inspection: Inspection, people: list[Element]) -> Iterator[Finding]:
    wanted = {task.lane for task in people}
    for lane in inspection.diagram.lanes.values():
        if lane.role is not None or (lane.name not in wanted and not lane.members):
            continue
        severity: Severity = "error" if lane.name in wanted else "warning"
        name = f"泳道「{lane.name}」不是已知的角色" if lane.name else "泳道没有名称"
        yield Finding(
            "",
            severity,
            lane.id,
            lane.name,
            lane.line,
            f"{name}，其中的任务找不到办理人。",
            f"请改用这些名称：{_KNOWN}。",
        )


def _members_twice(inspection: Inspection) -> Iterator[Finding]:
    lanes = inspection.diagram.lanes
    first: dict[str, str] = {}
    for lane in lanes.values():
        for member in lane.members:
            other = first.setdefault(member, lane.id)
            if other in {lane.id, *_around(inspection, lane.id)}:
                first[member] = lane.id
                continue
            yield about(
                inspection.diagram.elements[member],
                f"同时在两条泳道里：「{lanes[other].name}」和「{lane.name}」。",
                "请只放在一条泳道里。",
            )


def _around(inspection: Inspection, lane_id: str) -> list[str]:
    lanes = inspection.diagram.lanes
    found: list[str] = []
    outer = lanes[lane_id].within
    while outer is not None and outer in lanes and outer not in found:  # ids may go in a circle
        found.append(outer)
        outer = lanes[outer].within
    return found
