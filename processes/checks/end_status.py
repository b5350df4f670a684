"""Does every end say how the case ended?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """An end names the case's last status; in a called diagram, the outcome of the call."""
    for end in inspection.diagram.of_kind("endEvent"):
        if end.parent is not None:
            continue  # the sub-process goes on
        wanted = "outcome" if inspection.is_called else "status"
        if end.properties.get(wanted):
            continue
        what = (
            "结果（outcome），调用它的流程无法判断"
            if inspection.is_called
            else "案件的最后状态（status）"
        )
        yield about(
            end,
            f"结束事件没有写明{what}。",
            f"请在扩展属性里加上 {wanted}。",
            severity="warning",
        )
