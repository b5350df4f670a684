"""A drawn process, read from bytes: what checks, engine and pages need to know of it.

`read_diagram` refuses only what cannot be read as BPMN at all. Everything else that is wrong
or that we do not carry out is noted (`Diagram.notes`) or kept for the checks
(`Element.extras`); nothing is left out silently.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator

from processes import node_reading as nodes
from processes.choosing import choose_process, process_name
from processes.data_reading import Data, read_data
from processes.decisions.reading import decision_of
from processes.elements import (
    DataObject,
    Diagram,
    Element,
    EventDefinition,
    Extra,
    Flow,
    Lane,
    Loop,
    OperatorCall,
)
from processes.extension_notes import note_extensions
from processes.findings import in_order
from processes.foreign import foreign_notes
from processes.kinds import (
    ARTIFACTS,
    BPMN,
    CONTAINERS,
    DATA,
    DEFINITIONS,
    FLOW_NODES,
    QUIET_CHILDREN,
    label_of,
)
from processes.lane_reading import places, read_lanes
from processes.loop_reading import loop_of
from processes.node_reading import Node, local, name_of, namespace
from processes.notebook import Notebook, bpmn_nodes
from processes.roles import Role
from processes.safe_xml import UnreadableDiagram, read_xml, unreadable
from processes.words import WORDS, read_words

__all__ = [
    "DataObject",
    "Diagram",
    "Element",
    "EventDefinition",
    "Extra",
    "Flow",
    "Lane",
    "Loop",
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
        self.root, lines = read_xml(data)
        _refuse_other_languages(self.root, lines)
        self.book = Notebook(self.root, lines)
        self.messages = {
            str(n.get("id")): name_of(n) or str(n.get("id"))
            for n in nodes.bpmn_children(self.root, "message")
            if n.get("id")
        }
        self.words = read_words(self.root)
        self.elements: dict[str, Element] = {}
        self.flow_nodes: list[tuple[Node, str | None]] = []
        self.flows: dict[str, Flow] = {}
        self.lanes: dict[str, Lane] = {}
        self.walked: set[Node] = set()
        self.written = Data()

    def read(self) -> Diagram:
        self.book.note_duplicate_ids()
        processes = list(nodes.bpmn_children(self.root, "process"))
        process = choose_process(self.book, processes)
        if process is not None:
            self.book.complete_id(process, "Process")
            self.written = read_data(self.book, process)
            self._walk(process)
            self._note_misplaced(process)
            self._read_flows()
            self._read_attachments()
            self._place(process)
        self.book.note_message_flows()
        self.book.findings += foreign_notes(self.root, self.book.lines)
        return Diagram(
            source=self.source,
            xml=self.data,
            process="" if process is None else str(process.get("id")),
            name="" if process is None else process_name(self.book, process),
            processes=tuple(str(p.get("id") or "") for p in processes),
            elements=self.elements,
            flows=self.flows,
            lanes=self.lanes,
            messages=self.messages,
            properties={} if process is None else nodes.properties_of(process),
            documentation="" if process is None else nodes.documentation_of(process),
            line=0 if process is None else self.book.lines[process],
            notes=tuple(in_order(self.book.findings)),
            data=self.written.objects,
        )

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
                self.walked.add(child)
                if kind in FLOW_NODES:
                    is_new = self._read_element(child, kind, process, parent)
                    if kind in CONTAINERS and is_new:
                        waiting.append((child, str(child.get("id"))))
                    elif kind in CONTAINERS:
                        self.walked.update(child.iter())  # its id is taken, which is noted
                elif kind == "sequenceFlow":
                    self.flow_nodes.append((child, parent))
                elif kind in DATA and child not in self.written.alive:
                    data[DATA[kind]] += 1
                    first_data = child if first_data is None else first_data
                elif kind not in QUIET_CHILDREN | ARTIFACTS | DATA.keys() and parent is None:
                    self._note_unknown(child)
        if first_data is not None:
            self._note_data(first_data, data)

    def _read_element(self, node: Node, kind: str, process: Node, parent: str | None) -> bool:
        """Keep an element; False when its id is taken already (which is noted elsewhere)."""
        if not node.get("id"):
            self.book.complete_id(node, kind)
            self.book.note(
                "missing_id",
                "error",
                node,
                f"{label_of(kind)}没有编号（id），连线无法指向它。",
                "请在编辑器里打开后重新保存，编号会自动补上。",
            )
        id_ = str(node.get("id"))
        if id_ in self.elements:
            return False
        note_extensions(self.book, node)
        line = self.book.lines[node]
        loop, unread = loop_of(node, self.book.lines)
        self.elements[id_] = Element(
            id=id_,
            kind=kind,
            name=name_of(node),
            line=line,
            process=str(process.get("id")),
            parent=parent,
            properties=nodes.properties_of(node),
            operator=nodes.operator_of(node),
            called=self.book.reference(node.get("calledElement")) or None,
            events=tuple(self._events(node)),
            message=self._message(node) if kind in {"receiveTask", "sendTask"} else None,
            attached_to=self.book.reference(node.get("attachedToRef")) or None,
            interrupting=nodes.is_interrupting(node),
            default=self.book.reference(node.get("default")) or None,
            documentation=nodes.documentation_of(node),
            extras=(
                *nodes.extras_of(node, self.book.lines),
                *unread,
                *self.written.extras.get(id_, ()),
            ),
            writes=tuple(self.written.writes.get(id_, ())),
            reads=tuple(self.written.reads.get(id_, ())),
            loop=loop,
            decision=decision_of(node, self.book.lines) if kind == "businessRuleTask" else None,
            triggered=kind == "subProcess" and nodes.is_true(node.get("triggeredByEvent")),
        )
        self._note_data_associations(node)
        return True

    def _events(self, node: Node) -> Iterator[EventDefinition]:
        for child in nodes.bpmn_children(node):
            if nodes.is_definition(child):
                line = self.book.lines[child]
                yield nodes.event_of(child, line, self._message(child), self._word(child))

    def _word(self, definition: Node) -> str | None:
        """The name of the signal, or the code of the error or escalation, that it refers to."""
        kind = local(definition).removesuffix("EventDefinition")
        return self.words.get((kind, self.book.reference(definition.get(f"{kind}Ref"))))

    def _message(self, node: Node) -> str | None:
        """The name of the message that a node refers to."""
        return self.messages.get(self.book.reference(node.get("messageRef")))

    def _note_data_associations(self, node: Node) -> None:
        for kind in ("dataInputAssociation", "dataOutputAssociation"):
            for association in nodes.bpmn_children(node, kind):
                if association not in self.written.alive:
                    self._note_data(association, Counter({DATA[kind]: 1}), node)

    def _note_data(self, first: Node, found: Counter[str], owner: Node | None = None) -> None:
        what = "、".join(f"{label} {count} 个" for label, count in found.items())
        self.book.note(
            "drawn_only",
            "warning",
            first if owner is None else owner,
            f"{what}，只是画在图上，运行时不会传递数据。",
            "步骤之间的数据请用表单字段；图示可以保留。",
            part=first,
        )

    def _note_misplaced(self, process: Node) -> None:
        """Steps and flows inside something that holds none, which nobody would carry out.

        What lies in another process is told with that.
        """
        kinds = (f"{{{BPMN}}}{kind}" for kind in (*FLOW_NODES, "sequenceFlow"))
        told: set[Node] = set(nodes.bpmn_children(self.root, "process"))
        told.discard(process)
        for node in self.root.iter(*kinds):
            if node in self.walked or told.intersection(node.iterancestors()):
                continue
            told.add(node)
            what = "连线" if local(node) == "sequenceFlow" else label_of(local(node))
            self.book.note(
                "misplaced",
                "error",
                node,
                f"{what}写在了 {_around(node)} 里面，那里不能有步骤和连线，运行时看不到它。",
                "请把它移到流程或子流程里，或用流程图编辑器重新画这一步。",
            )

    def _note_unknown(self, node: Node) -> None:
        self.book.note(
            "unknown_content",
            "warning",
            node,
            f"流程里的 {local(node)} 不参与运行。",
            "不需要时请删掉；需要它的作用时，请换成支持的元素。",
        )

    def _read_flows(self) -> None:
        for node, parent in self.flow_nodes:
            id_ = self.book.complete_id(node, "Flow")
            source, target = (
                self.book.reference(node.get(end)) for end in ("sourceRef", "targetRef")
            )
            lost = [
                (label, end)
                for label, end in (("起点", source), ("终点", target))
                if end not in self.elements
            ]
            for label, end in lost:
                self.book.note_dangling(node, f"连线 {id_} 的{label}", end, "error")
            if lost or id_ in self.flows:
                continue
            condition = next(iter(nodes.bpmn_children(node, "conditionExpression")), None)
            self.flows[id_] = Flow(
                id=id_,
                source=source,
                target=target,
                name=name_of(node),
                condition=None if condition is None else nodes.text_of(condition),
                line=self.book.lines[node],
                parent=parent,
            )

    def _read_attachments(self) -> None:
        """Note what points at nothing: attached events, messages, default flows."""
        for node in self._element_nodes():
            element = self.elements.get(str(node.get("id")))
            if element is None:
                continue
            if element.kind == "boundaryEvent" and element.attached_to not in self.elements:
                self.book.note_dangling(node, "边界事件所依附的任务", element.attached_to, "error")
                self._replace(element, attached_to=None)
            if element.default is not None and element.default not in self.flows:
                self.book.note_dangling(node, "默认连线", element.default, "error")
                self._replace(element, default=None)
            self._note_lost_flows(node)
            for holder in [node, *nodes.bpmn_children(node, "messageEventDefinition")]:
                self._note_lost_message(node, holder)
            for definition in filter(nodes.is_definition, nodes.bpmn_children(node)):
                self._note_lost_word(node, definition)

    def _note_lost_flows(self, node: Node) -> None:
        """Lists of incoming and outgoing flows are only repeats, but they should be right."""
        for listed in nodes.bpmn_children(node, "incoming", "outgoing"):
            flow = self.book.reference(nodes.text_of(listed))
            if flow not in self.book.ids:
                self.book.note_dangling(node, f"列出的连线（{local(listed)}）", flow, "warning")

    def _note_lost_message(self, node: Node, holder: Node) -> None:
        reference = holder.get("messageRef")
        needed = local(holder) == "messageEventDefinition" or local(node) == "receiveTask"
        if (reference or (needed and holder is not node)) and self._message(holder) is None:
            self.book.note_dangling(node, "引用的消息", reference, "error")
        elif needed and not reference and local(node) == "receiveTask":
            self.book.note_dangling(node, "接收任务等待的消息", reference, "error")

    def _note_lost_word(self, node: Node, definition: Node) -> None:
        kind = local(definition).removesuffix("EventDefinition")
        reference = definition.get(f"{kind}Ref")
        if kind not in WORDS:
            return
        if reference and (kind, self.book.reference(reference)) not in self.words:
            self.book.note_dangling(node, f"引用的{DEFINITIONS[kind]}", reference, "error")

    def _element_nodes(self) -> Iterator[Node]:
        for node in bpmn_nodes(self.root):
            if local(node) in FLOW_NODES:
                yield node

    def _place(self, process: Node) -> None:
        self.lanes = read_lanes(self.book, process, self.elements)
        for id_, (lane, role) in places(self.lanes, self.elements).items():
            self._replace(self.elements[id_], lane=lane, role=role)

    def _replace(self, element: Element, **changes: str | Role | None) -> None:
        current = self.elements[element.id]
        self.elements[element.id] = dataclasses.replace(current, **changes)  # type: ignore[arg-type]


def _around(node: Node) -> str:
    parent = node.getparent()
    return "" if parent is None else local(parent)


def _refuse_other_languages(root: Node, lines: nodes.Lines) -> None:
    if local(root) == "definitions" and namespace(root) == BPMN:
        return
    raise unreadable(
        "not_bpmn",
        f"这不是 BPMN 2.0 流程图：文件的根标签是 <{local(root)}>，不是 BPMN 的 <definitions>。",
        "请在流程图编辑器里选择「导出为 BPMN 2.0 XML」。",
        lines[root],
    )
