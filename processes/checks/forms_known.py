"""Does every user task show a form that exists?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.checks.values import nearest
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """A task without a form can only be ticked off; a form that nobody wrote is an error."""
    for task in inspection.diagram.of_kind("userTask", "manualTask"):
        if task.form is None:
            if task.kind == "userTask":
                yield about(
                    task,
                    "这个任务没有表单，办理人只能点「完成」。",
                    "需要填写内容时，请在属性里选择表单（form）。",
                    severity="warning",
                )
        elif inspection.forms is not None and task.form not in inspection.forms:
            near = nearest(task.form, inspection.forms)
            yield about(
                task,
                f"没有名为 {task.form} 的表单。",
                f"请改成 {near}。" if near else "请选择已有的表单，或先建好这个表单。",
            )
