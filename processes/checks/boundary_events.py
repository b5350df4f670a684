"""Are boundary events attached to something that waits, with one way on?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import OPERATED, Inspection, about, titled
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """An event on a step that is over at once never fires; one way leaves each event."""
    diagram = inspection.diagram
    for event in diagram.of_kind("boundaryEvent"):
        count = len(diagram.outgoing(event.id))
        if count > 1:
            yield about(
                event,
                f"边界事件有 {count} 条连线离开，只能有一条。",
                "请在后面加一个网关再分支。",
            )
        if event.attached_to is None:
            continue  # said while reading
        holder = diagram.elements[event.attached_to]
        if not holder.is_activity:
            yield about(
                event,
                f"边界事件依附在{titled(holder)} 上，只能依附在任务、子流程或调用活动上。",
                "请拖到一个任务的边框上。",
            )
        elif holder.kind in OPERATED or holder.kind == "businessRuleTask":
            yield about(
                event,
                f"{titled(holder)} 立即完成，这个边界事件永远不会触发。",
                "请依附到等待人办理的任务上；操作的结果请用排他网关分支。",
                severity="warning",
            )
        if holder.parent != event.parent:
            yield about(
                event,
                "边界事件和它依附的任务不在同一层。",
                "请把它放到任务所在的那一层。",
            )
