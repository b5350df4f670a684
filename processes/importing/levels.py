"""Draws the starts, ends and gateways that a process, or a sub-process, leaves implied."""

from __future__ import annotations

from processes import node_reading as nodes
from processes.importing.workpiece import Workpiece, flow_nodes
from processes.kinds import ACTIVITIES, GATEWAYS
from processes.node_reading import Node, is_true, local

_PARTINGS = ("startEvent", "intermediateCatchEvent", "intermediateThrowEvent", *ACTIVITIES)


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
                asks=True,
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
