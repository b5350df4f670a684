"""Says openly what other tools leave out of a step: its id, its kind, its message, its link."""

from __future__ import annotations

from processes import node_reading as nodes
from processes.importing.workpiece import Workpiece
from processes.kinds import ACTIVITIES, FLOW_NODES, label_of
from processes.node_reading import Node, local, name_of

_DATA = ("ioSpecification", "dataInputAssociation", "dataOutputAssociation")


def complete_processes(piece: Workpiece) -> None:
    """Give an id to every process without one."""
    for process in nodes.bpmn_children(piece.root, "process"):
        if not process.get("id"):
            piece.set(process, "id", piece.fresh("Process"))
            story = "流程没有编号，已补上"
            piece.note(
                "translated", "missing_id", process, story, "不需要处理。", also=[piece.root]
            )


def complete_ids(piece: Workpiece, process: Node) -> None:
    """Give an id to every step and flow without one; nothing can name them otherwise."""
    for node in piece.bpmn(*FLOW_NODES, "sequenceFlow", within=process):
        if not node.get("id"):
            kind = "连线" if local(node) == "sequenceFlow" else label_of(local(node))
            piece.set(node, "id", piece.fresh(f"{local(node)}_{piece.lines.get(node, 1)}"))
            story = f"{kind}没有编号，已补上"
            around = [parent for parent in (node.getparent(),) if parent is not None]
            piece.note("translated", "missing_id", node, story, "不需要处理。", also=around)


def name_kinds(piece: Workpiece, process: Node) -> None:
    """A task without a kind is a person's; its drawing says no more."""
    for task in piece.bpmn("task", within=process):
        piece.rename(task, "userTask")
        piece.note(
            "translated",
            "plain_task",
            task,
            "没有说明由人还是由系统办理的任务，已当作由人办理",
            "由系统办理的，请在编辑器里改成服务任务，并选择操作。",
            asks=True,
            before="task",
            after="userTask",
        )


def drop_data_wiring(piece: Workpiece, process: Node) -> None:
    """Remove inputs and outputs of tasks: data of ours are form fields, and nothing else."""
    lost: set[str] = set()
    for node in piece.bpmn(*ACTIVITIES, within=process):
        parts = list(nodes.bpmn_children(node, *_DATA))
        if not any(local(part) == "ioSpecification" for part in parts):
            continue
        piece.note(
            "translated",
            "data_wiring",
            node,
            "任务的输入输出说明（ioSpecification）不起作用，已去掉",
            "步骤之间的数据请用表单字段。",
            asks=True,
            also=[inner for part in parts for inner in part.iter("*")],
        )
        for part in parts:
            lost |= {str(p.get("id")) for p in part.iter("*") if p.get("id")}
            piece.remove(part)
    for edge in [e for e in piece.root.iter("*") if local(e) == "BPMNEdge"]:
        if piece.reference(edge.get("bpmnElement")) in lost:
            piece.note(
                "translated",
                "data_wiring",
                edge,
                "数据连线的画面随输入输出说明去掉",
                "不需要处理。",
            )
            piece.remove(edge)


def name_links(piece: Workpiece, process: Node) -> None:
    """Links meet by the name of their definition; many tools write it on the event only."""
    for definition in piece.bpmn("linkEventDefinition", within=process):
        event = definition.getparent()
        if name_of(definition) or event is None or not name_of(event):
            continue
        piece.set(definition, "name", name_of(event))
        piece.note(
            "translated",
            "link_name",
            event,
            "链接事件没有链接名称，已用事件的名称代替",
            "请确认同名的两端本来就是一对。",
            asks=True,
            also=[definition],
            after=name_of(event),
        )


def name_messages(piece: Workpiece, process: Node) -> None:
    """What waits for a message must say which; the line drawn to it, or its own name, tells."""
    drawn = {
        piece.reference(flow.get("targetRef")): name_of(flow) for flow in piece.bpmn("messageFlow")
    }
    for node in piece.bpmn(
        "receiveTask", "intermediateCatchEvent", "boundaryEvent", within=process
    ):
        definition = next(iter(nodes.bpmn_children(node, "messageEventDefinition")), None)
        holder = node if local(node) == "receiveTask" else definition
        if holder is None or holder.get("messageRef"):
            continue
        name = drawn.get(str(node.get("id"))) or name_of(node)
        if not name:
            continue
        message = next((m for m in piece.bpmn("message") if name_of(m) == name), None)
        if message is None:
            message = piece.add(
                piece.root, "message", _first_process(piece), id=piece.fresh("Message"), name=name
            )
        piece.set(holder, "messageRef", str(message.get("id")))
        piece.note(
            "translated",
            "message_name",
            node,
            "没有说明等哪一条消息，已按图上的文字建立",
            "请确认由谁、在哪一步发出这条消息。",
            asks=True,
            also=[holder, message],
            after=name,
        )


def _first_process(piece: Workpiece) -> int:
    """Where among the root's children a message may stand: before what refers to it."""
    for number, child in enumerate(piece.root):
        if isinstance(child.tag, str) and local(child) in {"collaboration", "process"}:
            return number
    return 0
