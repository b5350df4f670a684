"""A drawn process, read from bytes: what checks, engine and pages need to know of it.

`read_diagram` refuses only what cannot be read as BPMN at all. Everything else that is wrong
or that we do not carry out is noted (`Diagram.notes`) or kept for the checks
(`Element.extras`); nothing is left out silently.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from processes import node_reading as nodes
from processes.elements import Diagram, Element, EventDefinition, Extra, Flow, Lane, OperatorCall
from processes.findings import Finding, Severity, in_order
from processes.foreign import foreign_notes
from processes.kinds import (
    ARTIFACTS,
    BPMN,
    CONTAINERS,
    DATA,
    FLOW_NODES,
    QUIET_CHILDREN,
    label_of,
)
from processes.node_reading import Node, local, name_of, namespace
from processes.roles import Role, role_of_lane
from processes.safe_xml import UnreadableDiagram, read_xml, unreadable

__all__ = [
    "Diagram",
    "Element",
    "EventDefinition",
    "Extra",
    "Flow",
    "Lane",
    "OperatorCall",
    "UnreadableDiagram",
    "read_diagram",
]


def read_diagram(data: bytes, source: str = "") -> Diagram:
    """Read a BPMN file (UTF-8, UTF-16 or GB18030); `source` names it in messages.

    Raises UnreadableDiagram when the bytes are not XML, hide a DOCTYPE, are larger than 2 MB or
    are not BPMN.
    """
    return _Reader(data, source).read()


class _Reader:
    """Holds what is known while one file is read."""

    def __init__(self, data: bytes, source: str) -> None:
        self.data, self.source = data, source
        self.root, self.lines = read_xml(data)
        _refuse_other_languages(self.root, self.lines)
        self.notes: list[Finding] = []
        self.ids = {str(n.get("id")) for n in _model_nodes(self.root) if n.get("id")}
        self.messages = {
            str(n.get("id")): name_of(n) or str(n.get("id"))
            for n in nodes.bpmn_children(self.root, "message")
            if n.get("id")
        }
        self.elements: dict[str, Element] = {}
        self.flow_nodes: list[tuple[Node, str | None]] = []
        self.flows: dict[str, Flow] = {}
        self.lanes: dict[str, Lane] = {}

    def read(self) -> Diagram:
        self._note_duplicates()
        processes = list(nodes.bpmn_children(self.root, "process"))
        process = self._choose(processes)
        if process is not None:
            self._complete_id(process, "Process")
            self._walk(process)
            self._read_flows()
            self._read_attachments()
            self._read_lanes(process)
            self._assign_lanes(process)
        self._note_message_flows()
        self.notes += foreign_notes(self.root, self.lines)
        return Diagram(
            source=self.source,
            xml=self.data,
            model=self._model(process, processes),
            process="" if process is None else str(process.get("id")),
            name="" if process is None else self._process_name(process),
            processes=tuple(str(p.get("id") or "") for p in processes),
            elements=self.elements,
            flows=self.flows,
            lanes=self.lanes,
            messages=self.messages,
            properties={} if process is None else nodes.properties_of(process),
            documentation="" if process is None else nodes.documentation_of(process),
            line=0 if process is None else self.lines[process],
            notes=tuple(in_order(self.notes)),
        )

    # -- what is wrong -----------------------------------------------------------------------

    def note(self, rule: str, severity: Severity, node: Node, message: str, way_out: str) -> None:
        """Keep a finding about a node."""
        self.notes.append(
            Finding(
                rule,
                severity,
                str(node.get("id") or ""),
                name_of(node),
                self.lines[node],
                message,
                way_out,
            )
        )

    def _note_duplicates(self) -> None:
        seen: dict[str, Node] = {}
        for node in _model_nodes(self.root):
            id_ = node.get("id")
            if not id_:
                continue
            if id_ in seen:
                self.note(
                    "duplicate_id",
                    "error",
                    node,
                    f"编号 {id_} 在第 {self.lines[seen[id_]]} 行已经用过，无法分清是哪一个。",
                    "请给其中一个换一个新的编号，并改正指向它的连线。",
                )
            seen.setdefault(id_, node)

    def _note_message_flows(self) -> None:
        for collaboration in nodes.bpmn_children(self.root, "collaboration"):
            flows = list(nodes.bpmn_children(collaboration, "messageFlow"))
            for flow in flows:
                for end in ("sourceRef", "targetRef"):
                    if self._reference(flow.get(end)) not in self.ids:
                        self._dangling(flow, f"消息流的 {end}", flow.get(end), "warning")
            if flows:
                self.note(
                    "drawn_only",
                    "warning",
                    flows[0],
                    f"消息流（共 {len(flows)} 条）只是画在图上，运行时不会传递消息。",
                    "需要等待对方时，请使用消息事件或接收任务。",
                )

    def _dangling(self, node: Node, what: str, target: str | None, severity: Severity) -> None:
        where = f"指向不存在的 {target}" if target else "没有填写"
        self.note(
            "dangling_reference",
            severity,
            node,
            f"{what}{where}。",
            "请在编辑器里重新连接，或者删掉它。",
        )

    def _reference(self, text: str | None) -> str:
        """Follow a reference that may carry a namespace prefix."""
        plain = (text or "").strip()
        if plain in self.ids or ":" not in plain:
            return plain
        return plain.rsplit(":", 1)[1]

    def _complete_id(self, node: Node, stem: str) -> str:
        """Return the node's id; give it a stable one when it lacks one."""
        if node.get("id"):
            return str(node.get("id"))
        number = 1
        while f"{stem}_{number}" in self.ids:
            number += 1
        node.set("id", f"{stem}_{number}")
        self.ids.add(f"{stem}_{number}")
        return f"{stem}_{number}"

    # -- which process -----------------------------------------------------------------------

    def _choose(self, processes: list[Node]) -> Node | None:
        full = [p for p in processes if any(local(c) in FLOW_NODES for c in nodes.bpmn_children(p))]
        executable = [p for p in full if nodes.is_true(p.get("isExecutable"))]
        if not full:
            self._note_no_process(processes)
            return processes[0] if processes else None
        chosen = (executable or full)[0]
        if not executable:
            self.note(
                "not_executable",
                "warning",
                chosen,
                "流程没有标记为可执行（isExecutable）；因为只有它有内容，仍按它运行。",
                "请在编辑器里选中流程，勾选「可执行」。",
            )
        for other in full:
            if other is not chosen:
                self._note_other_process(other, chosen, len(executable) != 1)
        return chosen

    def _note_no_process(self, processes: list[Node]) -> None:
        self.note(
            "no_process",
            "error",
            processes[0] if processes else self.root,
            "图里没有可以运行的流程，只有空的框或泳池。",
            "请画出流程的各个步骤，再上传。",
        )

    def _note_other_process(self, other: Node, chosen: Node, ambiguous: bool) -> None:
        if ambiguous:
            self.note(
                "several_processes",
                "error",
                other,
                f"一个文件里有几个流程，分不清该运行 {chosen.get('id')} 还是 {other.get('id')}。",
                "请只把一个流程标记为可执行，其余的另存成文件，用调用活动引用。",
            )
            return
        self.note(
            "several_processes",
            "warning",
            other,
            f"这个流程没有标记为可执行，只作图示；运行的是 {chosen.get('id')}。",
            "需要运行它时，请另存成文件，用调用活动引用。",
        )

    def _process_name(self, process: Node) -> str:
        pool = self._pool(process)
        return name_of(process) or (name_of(pool) if pool is not None else "")

    def _pool(self, process: Node) -> Node | None:
        for collaboration in nodes.bpmn_children(self.root, "collaboration"):
            for pool in nodes.bpmn_children(collaboration, "participant"):
                if self._reference(pool.get("processRef")) == process.get("id"):
                    return pool
        return None

    # -- elements and flows ------------------------------------------------------------------

    def _walk(self, process: Node) -> None:
        """Read everything inside the process, level by level, without recursion."""
        waiting: list[tuple[Node, str | None]] = [(process, None)]
        data: Counter[str] = Counter()
        first_data: Node | None = None
        while waiting:
            container, parent = waiting.pop(0)
            for child in nodes.bpmn_children(container):
                kind = local(child)
                if kind in FLOW_NODES:
                    self._read_element(child, kind, process, parent)
                    if kind in CONTAINERS:
                        waiting.append((child, str(child.get("id"))))
                elif kind == "sequenceFlow":
                    self.flow_nodes.append((child, parent))
                elif kind in DATA:
                    data[DATA[kind]] += 1
                    first_data = child if first_data is None else first_data
                elif kind not in QUIET_CHILDREN | ARTIFACTS and parent is None:
                    self._note_unknown(child)
        if first_data is not None:
            self._note_data(first_data, data)

    def _read_element(self, node: Node, kind: str, process: Node, parent: str | None) -> None:
        if not node.get("id"):
            self._complete_id(node, kind)
            self.note(
                "missing_id",
                "error",
                node,
                f"{label_of(kind)}没有编号（id），连线无法指向它。",
                "请在编辑器里打开后重新保存，编号会自动补上。",
            )
        id_ = str(node.get("id"))
        if id_ in self.elements:
            return
        self._note_incomplete_properties(node)
        line = self.lines[node]
        self.elements[id_] = Element(
            id=id_,
            kind=kind,
            name=name_of(node),
            line=line,
            process=str(process.get("id")),
            parent=parent,
            properties=nodes.properties_of(node),
            operator=nodes.operator_of(node),
            called=self._reference(node.get("calledElement")) or None,
            events=tuple(self._events(node)),
            message=self._message(node) if kind in {"receiveTask", "sendTask"} else None,
            attached_to=self._reference(node.get("attachedToRef")) or None,
            interrupting=(node.get("cancelActivity") or "true").strip() not in {"false", "0"},
            default=self._reference(node.get("default")) or None,
            documentation=nodes.documentation_of(node),
            extras=nodes.extras_of(node, self.lines),
        )
        self._note_data_associations(node)

    def _events(self, node: Node) -> Iterator[EventDefinition]:
        for child in nodes.bpmn_children(node):
            if nodes.is_definition(child):
                yield nodes.event_of(child, self.lines[child], self._message(child))

    def _message(self, node: Node) -> str | None:
        """The name of the message that a node refers to."""
        return self.messages.get(self._reference(node.get("messageRef")))

    def _note_incomplete_properties(self, node: Node) -> None:
        for property_ in nodes.property_nodes(node):
            if not property_.get("name") or property_.get("value") is None:
                self._note_incomplete(node, property_, "扩展属性缺少名称或值")
        for operator in nodes.spiff_nodes(node, "serviceTaskOperator"):
            if not (operator.get("id") or "").strip():
                self._note_incomplete(node, operator, "操作没有填写编号")
        for parameter in nodes.parameter_nodes(node):
            if any(parameter.get(key) is None for key in ("id", "type", "value")):
                self._note_incomplete(node, parameter, "操作的参数缺少名称、类型或值")

    def _note_incomplete(self, node: Node, part: Node, what: str) -> None:
        called = part.get("name") or part.get("id")
        self.notes.append(
            Finding(
                "incomplete_property",
                "error",
                str(node.get("id") or ""),
                name_of(node),
                self.lines[part],
                f"{what}{f'（{called}）' if called else ''}。",
                "请补全这一项，或者整行删掉。",
            )
        )

    def _note_data_associations(self, node: Node) -> None:
        for association in nodes.bpmn_children(node, "dataInputAssociation"):
            self._note_data(association, Counter({DATA["dataInputAssociation"]: 1}), node)
        for association in nodes.bpmn_children(node, "dataOutputAssociation"):
            self._note_data(association, Counter({DATA["dataOutputAssociation"]: 1}), node)

    def _note_data(self, first: Node, found: Counter[str], owner: Node | None = None) -> None:
        what = "、".join(f"{label} {count} 个" for label, count in found.items())
        self.notes.append(
            Finding(
                "drawn_only",
                "warning",
                str((first if owner is None else owner).get("id") or ""),
                name_of(first if owner is None else owner),
                self.lines[first],
                f"{what}只是画在图上，运行时不会传递数据。",
                "步骤之间的数据请用表单字段；图示可以保留。",
            )
        )

    def _note_unknown(self, node: Node) -> None:
        self.note(
            "unknown_content",
            "warning",
            node,
            f"流程里的 {local(node)} 不参与运行。",
            "不需要时请删掉；需要它的作用时，请换成支持的元素。",
        )

    def _read_flows(self) -> None:
        for node, parent in self.flow_nodes:
            id_ = self._complete_id(node, "Flow")
            source, target = (self._reference(node.get(end)) for end in ("sourceRef", "targetRef"))
            lost = [
                (label, end)
                for label, end in (("起点", source), ("终点", target))
                if end not in self.elements
            ]
            for label, end in lost:
                self._dangling(node, f"连线 {id_} 的{label}", end, "error")
            if lost or id_ in self.flows:
                continue
            condition = next(iter(nodes.bpmn_children(node, "conditionExpression")), None)
            self.flows[id_] = Flow(
                id=id_,
                source=source,
                target=target,
                name=name_of(node),
                condition=None if condition is None else nodes.text_of(condition),
                line=self.lines[node],
                parent=parent,
            )

    def _read_attachments(self) -> None:
        """Note what points at nothing: attached events, messages, default flows."""
        for node in self._element_nodes():
            element = self.elements.get(str(node.get("id")))
            if element is None:
                continue
            if element.kind == "boundaryEvent" and element.attached_to not in self.elements:
                self._dangling(node, "边界事件所依附的任务", element.attached_to, "error")
                self._replace(element, attached_to=None)
            if element.default is not None and element.default not in self.flows:
                self._dangling(node, "默认连线", element.default, "error")
                self._replace(element, default=None)
            for holder in [node, *nodes.bpmn_children(node, "messageEventDefinition")]:
                self._note_lost_message(node, holder)

    def _note_lost_message(self, node: Node, holder: Node) -> None:
        reference = holder.get("messageRef")
        needed = local(holder) == "messageEventDefinition" or local(node) == "receiveTask"
        if (reference or (needed and holder is not node)) and self._message(holder) is None:
            self._dangling(node, "引用的消息", reference, "error")
        elif needed and not reference and local(node) == "receiveTask":
            self._dangling(node, "接收任务等待的消息", reference, "error")

    def _element_nodes(self) -> Iterator[Node]:
        for node in _model_nodes(self.root):
            if local(node) in FLOW_NODES:
                yield node

    def _replace(self, element: Element, **changes: str | Role | None) -> None:
        current = self.elements[element.id]
        self.elements[element.id] = dataclasses.replace(current, **changes)  # type: ignore[arg-type]

    # -- lanes -------------------------------------------------------------------------------

    def _read_lanes(self, process: Node) -> None:
        for lane in process.iter(f"{{{BPMN}}}lane"):
            id_ = self._complete_id(lane, "Lane")
            members = []
            for reference in nodes.bpmn_children(lane, "flowNodeRef"):
                member = self._reference(nodes.text_of(reference))
                if member in self.elements:
                    members.append(member)
                else:
                    self._dangling(lane, "泳道里的一个成员", member, "warning")
            name = name_of(lane)
            self.lanes[id_] = Lane(id_, name, role_of_lane(name), self.lines[lane], tuple(members))

    def _assign_lanes(self, process: Node) -> None:
        """Give each element its lane; what is inside a sub-process follows it.

        A diagram without lanes belongs to its pool when the pool is named like a role. Inner
        lanes come later in the file, so the innermost wins.
        """
        lane_of = {member: lane for lane in self.lanes.values() for member in lane.members}
        pool = self._pool(process)
        whole: Lane | None = None
        if not self.lanes and pool is not None and role_of_lane(name_of(pool)) is not None:
            name = name_of(pool)
            whole = Lane(
                self._complete_id(pool, "Pool"), name, role_of_lane(name), self.lines[pool]
            )
            self.lanes[whole.id] = whole
        for element in list(self.elements.values()):  # parents come before what they hold
            around = lane_of.get(element.parent or "")
            lane = lane_of.get(element.id) or lane_of.get(element.attached_to or "") or around
            lane = lane or whole
            if lane is not None:
                lane_of[element.id] = lane
                self._replace(element, lane=lane.name, role=lane.role)

    # -- what the engine parses --------------------------------------------------------------

    def _model(self, process: Node | None, processes: list[Node]) -> bytes:
        """The document with complete ids and without what is only drawn."""
        for other in processes:
            if other is not process:
                self.root.remove(other)
        for node in list(self.root.iterchildren(etree.Element)):
            if namespace(node) != BPMN or local(node) == "collaboration":
                self.root.remove(node)
        if process is not None:
            for node in list(process.iter(etree.Element)):
                drawn = namespace(node) == BPMN and local(node) in DATA.keys() | ARTIFACTS
                parent = node.getparent()
                if drawn and parent is not None:
                    parent.remove(node)
        return etree.tostring(self.root, encoding="utf-8", xml_declaration=True)


def _refuse_other_languages(root: Node, lines: nodes.Lines) -> None:
    if local(root) == "definitions" and namespace(root) == BPMN:
        return
    raise unreadable(
        "not_bpmn",
        f"这不是 BPMN 2.0 流程图：文件的根标签是 <{local(root)}>，不是 BPMN 的 <definitions>。",
        "请在流程图编辑器里选择「导出为 BPMN 2.0 XML」。",
        lines[root],
    )


def _model_nodes(root: Node) -> Iterator[Node]:
    """Every BPMN node of the file but the drawing's coordinates."""
    yield from root.iter(f"{{{BPMN}}}*")
