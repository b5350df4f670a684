"""Keeps what is noticed while a file is read, and the ids by which its parts are known."""

from __future__ import annotations

from collections.abc import Iterator

from processes import node_reading as nodes
from processes.findings import Finding, Severity
from processes.kinds import BPMN
from processes.node_reading import Lines, Node, name_of


class Notebook:
    """The ids of one file, the line of each node, and the findings so far."""

    def __init__(self, root: Node, lines: Lines) -> None:
        self.root, self.lines = root, lines
        self.findings: list[Finding] = []
        self.ids = {str(node.get("id")) for node in bpmn_nodes(root) if node.get("id")}
        self._numbers: dict[str, int] = {}

    def note(
        self,
        rule: str,
        severity: Severity,
        node: Node,
        message: str,
        way_out: str,
        *,
        part: Node | None = None,
    ) -> None:
        """Keep a finding about a node; `part` is the line's node when it is not the node itself."""
        line = self.lines[node if part is None else part]
        id_ = str(node.get("id") or "")
        self.findings.append(Finding(rule, severity, id_, name_of(node), line, message, way_out))

    def note_dangling(
        self, node: Node, what: str, target: str | None, severity: Severity = "error"
    ) -> None:
        """Keep that a reference leads nowhere."""
        where = f"指向不存在的 {target}" if target else "没有填写"
        way_out = "请在编辑器里重新连接，或者删掉它。"
        self.note("dangling_reference", severity, node, f"{what}{where}。", way_out)

    def reference(self, text: str | None) -> str:
        """Follow a reference that may carry a namespace prefix."""
        plain = (text or "").strip()
        if plain in self.ids or ":" not in plain:
            return plain
        return plain.rsplit(":", 1)[1]

    def complete_id(self, node: Node, stem: str) -> str:
        """Return the node's id; give it the next free one of its kind when it lacks one."""
        if node.get("id"):
            return str(node.get("id"))
        number = self._numbers.get(stem, 0) + 1
        while f"{stem}_{number}" in self.ids:
            number += 1
        self._numbers[stem] = number
        node.set("id", f"{stem}_{number}")
        self.ids.add(f"{stem}_{number}")
        return f"{stem}_{number}"

    def note_duplicate_ids(self) -> None:
        """Say of each id that is used again where it stood first."""
        seen: dict[str, Node] = {}
        for node in bpmn_nodes(self.root):
            id_ = node.get("id")
            if id_ and id_ in seen:
                self.note(
                    "duplicate_id",
                    "error",
                    node,
                    f"编号 {id_} 在第 {self.lines[seen[id_]]} 行已经用过，无法分清是哪一个。",
                    "请给其中一个换一个新的编号，并改正指向它的连线。",
                )
            if id_:
                seen.setdefault(id_, node)

    def note_message_flows(self) -> None:
        """Message flows are only drawn; their ends should exist all the same."""
        for collaboration in nodes.bpmn_children(self.root, "collaboration"):
            flows = list(nodes.bpmn_children(collaboration, "messageFlow"))
            for flow in flows:
                for end in ("sourceRef", "targetRef"):
                    if self.reference(flow.get(end)) not in self.ids:
                        self.note_dangling(flow, f"消息流的 {end} ", flow.get(end), "warning")
            if flows:
                self.note(
                    "drawn_only",
                    "warning",
                    flows[0],
                    f"消息流（共 {len(flows)} 条）只是画在图上，运行时不会传递消息。",
                    "需要等待对方时，请使用消息事件或接收任务。",
                )


def bpmn_nodes(root: Node) -> Iterator[Node]:
    """Every BPMN node of a file, without the drawing's coordinates."""
    yield from root.iter(f"{{{BPMN}}}*")
