"""Says openly what other tools leave implied: the kind of a task, starts, ends, splits, messages."""

from __future__ import annotations

from processes import node_reading as nodes
from processes.importing.workpiece import Workpiece, flow_nodes
from processes.kinds import ACTIVITIES, FLOW_NODES, GATEWAYS, label_of
from processes.node_reading import Node, is_true, local, name_of

_DATA = ("ioSpecification", "dataInputAssociation", "dataOutputAssociation")
_PARTINGS = ("startEvent", "intermediateCatchEvent", "intermediateThrowEvent", *ACTIVITIES)


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


class Level:
    """The steps and flows directly in a process or sub-process."""

    def __init__(self, piece: Workpiece, container: Node) -> None:
        self.piece, self.container = piece, container
        self.nodes = {str(node.get("id")): node for node in flow_nodes(container)}
        self.flows = [f for f in nodes.bpmn_children(container, "sequenceFlow") if f.get("id")]

    def ends(self, flow: Node) -> tuple[str, str]:
        return (
            self.piece.reference(flow.get("sourceRef")),
            self.piece.reference(flow.get("targetRef")),
        )

    def leaving(self, id_: str) -> list[Node]:
        return [flow for flow in self.flows if self.ends(flow)[0] == id_]

    def reaching(self, id_: str) -> list[Node]:
        return [flow for flow in self.flows if self.ends(flow)[1] == id_]

    def of_kind(self, *kinds: str) -> list[Node]:
        return [node for node in self.nodes.values() if local(node) in kinds]

    def beyond(self, id_: str) -> set[str]:
        """Every step that can follow."""
        found: set[str] = set()
        waiting = [id_]
        while waiting:
            for flow in self.leaving(waiting.pop()):
                target = self.ends(flow)[1]
                if target not in found:
                    found.add(target)
                    waiting.append(target)
        return found

    def connect(self, source: Node, target: Node) -> Node:
        flow = self.piece.connect(self.container, source, target)
        self.flows.append(flow)
        return flow

    def put(self, kind: str, id_: str, beside: Node, name: str = "") -> Node:
        node = self.piece.put(self.container, kind, id_, beside, name)
        self.nodes[str(node.get("id"))] = node
        return node


def open_levels(piece: Workpiece, process: Node) -> None:
    """Draw the starts, ends and gateways that a level leaves implied."""
    for container in piece.containers(process):
        level = Level(piece, container)
        if level.nodes and local(container) != "adHocSubProcess":
            _lead_on(level)
            _begin(level)
            _end(level)
            _part(level)


def _is_aside(node: Node) -> bool:
    """What nothing leads to, rightly: attached, triggered, compensating, the far end of a link."""
    return (
        local(node) in {"boundaryEvent", "startEvent"}
        or is_true(node.get("triggeredByEvent"))
        or is_true(node.get("isForCompensation"))
        or _is_link(node)
    )


def _is_link(node: Node) -> bool:
    return any(True for _ in nodes.bpmn_children(node, "linkEventDefinition"))


def _begin(level: Level) -> None:
    heads = [
        node
        for id_, node in level.nodes.items()
        if not _is_aside(node) and local(node) != "endEvent" and not level.reaching(id_)
    ]
    starts = level.of_kind("startEvent")
    if not starts and heads:
        _start(level, heads)
    elif len(starts) == 1 and heads:
        start = str(starts[0].get("id"))
        ahead = level.beyond(start)
        joining = [h for h in heads if level.beyond(str(h.get("id"))) & ahead]
        if joining and level.leaving(start):
            _start_too(level, starts[0], joining)


def _start(level: Level, heads: list[Node]) -> None:
    start = level.put("startEvent", "Start", heads[0], "开始")
    added = [start]
    if len(heads) > 1:
        fork = level.put("parallelGateway", "Start_all", heads[0])
        added += [fork, level.connect(start, fork)]
    added += [level.connect(added[-2] if len(heads) > 1 else start, head) for head in heads[:1]]
    added += [level.connect(added[1], head) for head in heads[1:]]
    level.piece.note(
        "translated",
        "no_start",
        heads[0],
        "没有开始事件，已加上" + ("，并让几个开头同时开始" if len(heads) > 1 else ""),
        "请确认流程从这里开始。",
        asks=True,
        also=[*heads, *added],
    )


def _start_too(level: Level, start: Node, heads: list[Node]) -> None:
    first = level.leaving(str(start.get("id")))
    fork = level.put("parallelGateway", f"After_{start.get('id')}", start)
    for flow in first:
        _begin_at(level, flow, start, fork)
    added = [fork, level.connect(start, fork), *(level.connect(fork, head) for head in heads)]
    level.piece.note(
        "translated",
        "second_start",
        heads,
        "没有连线通向这里，已让它随流程一起开始",
        "不是一起开始的，请在编辑器里改连线。",
        asks=True,
        also=[start, *first, *added],
    )


def _begin_at(level: Level, flow: Node, old: Node, new: Node) -> None:
    """Let a flow leave another step."""
    level.piece.set(flow, "sourceRef", str(new.get("id")))
    level.piece.unlisted(old, "outgoing", str(flow.get("id")))
    level.piece.listed(new, "outgoing", str(flow.get("id")))


def _lead_on(level: Level) -> None:
    """An interrupting event at the edge of a task, with nothing behind it, where branches meet."""
    for event in level.of_kind("boundaryEvent"):
        host = level.piece.reference(event.get("attachedToRef"))
        ways = level.leaving(host)
        if level.leaving(str(event.get("id"))) or not nodes.is_interrupting(event):
            continue
        if host not in level.nodes or len(ways) != 1 or not _meets(level, host):
            continue
        target = level.nodes.get(level.ends(ways[0])[1])
        if target is not None:
            flow = level.connect(event, target)
            level.piece.note(
                "translated",
                "boundary_without_way",
                event,
                "任务被它中断后没有去处，而后面要等各分支到齐，已接到这个任务之后的一步",
                "要走另一条路，请在编辑器里改连线。",
                also=[flow, target],
            )


def _meets(level: Level, id_: str) -> bool:
    return any(
        local(level.nodes[step]) == "parallelGateway" and len(level.reaching(step)) > 1
        for step in level.beyond(id_)
        if step in level.nodes
    )


def _end(level: Level) -> None:
    for id_, node in list(level.nodes.items()):
        if level.leaving(id_) or local(node) == "endEvent" or local(node) in GATEWAYS:
            continue
        lonely = not level.reaching(id_) and not _is_aside(node)
        if (
            lonely
            or is_true(node.get("triggeredByEvent"))
            or is_true(node.get("isForCompensation"))
        ):
            continue
        if _is_link(node) and local(node) == "intermediateThrowEvent":
            continue
        if local(node) == "startEvent":
            continue
        end = level.put("endEvent", f"End_after_{id_}", node, "结束")
        level.piece.note(
            "translated",
            "no_end",
            node,
            "最后一步之后没有结束事件，已加上",
            "不需要处理；要写明案件的最后状态时，请改结束事件的名称和状态。",
            also=[end, level.connect(node, end)],
        )


def _part(level: Level) -> None:
    """Several flows without conditions leave a step: BPMN takes all of them at once."""
    for id_, node in list(level.nodes.items()):
        ways = level.leaving(id_)
        conditional = any(
            True for way in ways for _ in nodes.bpmn_children(way, "conditionExpression")
        )
        if len(ways) < 2 or local(node) not in _PARTINGS or conditional or node.get("default"):
            continue
        fork = level.put("parallelGateway", f"After_{id_}", node)
        for way in ways:
            _begin_at(level, way, node, fork)
        level.piece.note(
            "translated",
            "several_ways_out",
            node,
            f"有 {len(ways)} 条连线离开，又没有条件；按 BPMN 的规定同时走，已画成并行网关",
            "只走其中一条的，请在编辑器里换成排他网关，并写上条件。",
            asks=True,
            also=[*ways, fork, level.connect(node, fork)],
        )
