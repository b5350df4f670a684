"""What other tools let the machine do: classes, topics, scripts, decision tables."""

from __future__ import annotations

from collections.abc import Iterator

from processes.decisions.reading import decision_of
from processes.importing.workpiece import Workpiece, foreign_attributes, foreign_nodes
from processes.kinds import label_of
from processes.node_reading import Node, local, spiff_nodes

CALLING = ("class", "delegateExpression", "expression", "topic", "decisionRef", "serviceName")
_BY_MACHINE = ("serviceTask", "sendTask", "businessRuleTask", "scriptTask")
_OPERATOR = "请在编辑器里改成服务任务并选择操作；由人办理的，改成用户任务。"
_TABLE = "请在编辑器里填写决策表；另存的决策文件（DMN）请把表放进任务。"
_CALLS = {"class": "Java 类", "delegateExpression": "委托", "expression": "表达式",
          "topic": "外部任务", "decisionRef": "决策表", "serviceName": "服务",
          "taskDefinition": "工作类型", "calledDecision": "决策表", "type": "类型"}  # fmt: skip


def name_handlers(piece: Workpiece, process: Node) -> None:
    """Say of each task of the machine what it called, and that an operator has to take its place."""
    for task in piece.bpmn(*_BY_MACHINE, within=process):
        rules = local(task) == "businessRuleTask"
        if any(True for _ in spiff_nodes(task, "serviceTaskOperator")):
            continue
        if rules and decision_of(task, piece.lines) is not None:
            continue
        calls = "、".join(dict.fromkeys(_calls(task)))
        told = f"（原来由{calls[:120]} 处理）" if calls else ""
        piece.note(
            "missing",
            "handler",
            task,
            f"{label_of(local(task))}没有{'决策表' if rules else '本系统的操作'}{told}",
            _TABLE if rules else _OPERATOR,
            asks=True,
        )


def _calls(task: Node) -> Iterator[str]:
    for name, value in foreign_attributes(task, *CALLING, "type"):
        yield f"{_CALLS[name]} {value}"
    for node in foreign_nodes(task, "taskDefinition", "calledDecision"):
        yield f"{_CALLS[local(node)]} {node.get('type') or node.get('decisionId') or ''}".strip()
    if local(task) == "scriptTask":
        yield f"脚本 {task.get('scriptFormat') or ''}".strip()
