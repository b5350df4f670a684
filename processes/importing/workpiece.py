"""The tree of a foreign file while it is turned into our dialect.

Comments and processing instructions stay. A file that nothing was changed in keeps its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml import etree

from processes import node_reading as nodes
from processes.importing.notes import Kind, Note, Place
from processes.kinds import BPMN, CONTAINERS, FLOW_NODES, SPIFF
from processes.layout.splicing import unseal
from processes.node_reading import Node, local, name_of
from processes.safe_xml import decode, read_xml

OLD_NAMESPACES = ("http://schema.omg.org/spec/BPMN/2.0",)
UTF8 = ("utf-8",)
_DECLARATION = re.compile(r"\A\s*<\?xml\b.*?\?>", re.DOTALL)
_HEAD = ("documentation", "extensionElements", "incoming", "outgoing")


class Workpiece:
    """A file that is being changed, with every note about it."""

    def __init__(self, data: bytes) -> None:
        """Raises UnreadableDiagram for what `safe_xml` refuses."""
        self.data = data
        self.notes: list[Note] = []
        self.changed = False
        self._also: list[str] = []  # lanes that got a new step, parts taken out: for the next note
        blank = _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), decode(data), count=1)
        text = self._renewed(blank).encode("utf-8", "surrogatepass")
        guarded, lines = read_xml(text or data)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            encoding="utf-8",
        )
        self.root = etree.fromstring(text.strip(), parser)
        begins = [lines[node] for node in guarded.iter("*")]
        self.lines = dict(zip(self.root.iter("*"), begins, strict=True))
        self.ids = {str(node.get("id")) for node in self.root.iter("*") if node.get("id")}

    def _renewed(self, text: str) -> str:
        for old in OLD_NAMESPACES:
            if old in text:
                text = text.replace(old, BPMN)
                self.changed = True
                self.notes.append(
                    Note(
                        "translated", "old_namespace", "文件用的是 BPMN 2.0 正式发布之前的命名空间",
                        "已换成正式的命名空间，请看一遍图是否完整。", (Place(""),), True, old, BPMN,
                    )
                )  # fmt: skip
        return text

    # -- saying ------------------------------------------------------------------------------

    def place(self, node: Node) -> Place:
        """Where a node stands; a part without id belongs to the element around it."""
        owner: Node | None = node
        while owner is not None and not owner.get("id"):
            owner = owner.getparent()
        known = node if owner is None else owner
        line = self.lines.get(node) or self.lines.get(known) or 0
        return Place(str(known.get("id") or ""), name_of(known), line)

    def note(
        self,
        kind: Kind,
        rule: str,
        node: Node | Iterable[Node],
        message: str,
        way_out: str,
        *,
        asks: bool = False,
        before: str = "",
        after: str = "",
        also: Iterable[Node] = (),
    ) -> None:
        """Keep a note about a node or several; `also` are the others that changed with it."""
        about = [node] if isinstance(node, etree._Element) else list(node)
        places = tuple(dict.fromkeys(map(self.place, about)))
        touched = [*(self.place(one).element for one in also), *self._also]
        self._also = []
        others = tuple(
            id_ for id_ in dict.fromkeys(touched) if id_ not in {p.element for p in places}
        )
        self.notes.append(Note(kind, rule, message, way_out, places, asks, before, after, others))

    # -- finding -----------------------------------------------------------------------------

    def bpmn(self, *kinds: str, within: Node | None = None) -> Iterator[Node]:
        """Every BPMN node of these kinds, in the order of the file."""
        top = self.root if within is None else within
        yield from list(top.iter(*(f"{{{BPMN}}}{kind}" for kind in kinds)))

    def reference(self, text: str | None) -> str:
        """An id that may carry a prefix."""
        plain = (text or "").strip()
        return plain if plain in self.ids or ":" not in plain else plain.rsplit(":", 1)[1]

    def containers(self, process: Node) -> list[Node]:
        """The process and every sub-process in it."""
        return [process, *self.bpmn(*CONTAINERS, within=process)]

    # -- changing ----------------------------------------------------------------------------

    def fresh(self, wanted: str) -> str:
        """An id that nothing has yet."""
        stem = re.sub(r"[^\w.-]", "_", wanted)
        found, number = stem, 1
        while found in self.ids:
            number += 1
            found = f"{stem}_{number}"
        self.ids.add(found)
        return found

    def set(self, node: Node, name: str, value: str) -> None:
        node.set(name, value)
        self.changed = True

    def write(self, node: Node, text: str) -> None:
        """Replace the text of a node that holds nothing else."""
        for child in list(node):
            node.remove(child)
        node.text = text
        self.changed = True

    def rename(self, node: Node, kind: str) -> None:
        node.tag = f"{{{BPMN}}}{kind}"
        self.changed = True

    def remove(self, node: Node) -> None:
        """Take a node out; the text after it stays."""
        parent = node.getparent()
        if parent is None:
            return
        if node.tail and node.tail.strip():
            before = node.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + node.tail
            else:
                parent.text = (parent.text or "") + node.tail
        self._also += [str(part.get("id")) for part in node.iter("*") if part.get("id")]
        parent.remove(node)
        self.changed = True

    def add(self, parent: Node, kind: str, at: int | None = None, **attributes: str) -> Node:
        """Put a new BPMN node into another, at the end or at a position."""
        child = etree.Element(f"{{{BPMN}}}{kind}", nsmap=parent.nsmap)  # type: ignore[arg-type]
        for name, value in attributes.items():
            child.set(name, value)
        return self._insert(parent, child, len(parent) if at is None else at)

    def _insert(self, parent: Node, child: Node, at: int) -> Node:
        """Put a node in, indented as its neighbours are; text that says something stays in place."""
        before = parent[at - 1] if at else None
        gap = parent.text if before is None else before.tail
        if not _blank(gap):
            gap = ""
        child.tail = gap
        if before is not None and at == len(parent):
            inner = parent.text if at == 1 else parent[at - 2].tail
            if _blank(before.tail) and _blank(inner):
                before.tail = inner
        parent.insert(at, child)
        self.changed = True
        return child

    def listed(self, node: Node, word: str, flow: str) -> None:
        """Name a flow among the incoming or outgoing ones of a node."""
        at = 0
        for number, child in enumerate(node):
            if isinstance(child.tag, str) and local(child) in _HEAD:
                at = number + 1
        self.add(node, word, at).text = flow

    def unlisted(self, node: Node, word: str, flow: str) -> None:
        for child in list(nodes.bpmn_children(node, word)):
            if self.reference(nodes.text_of(child)) == flow:
                self.remove(child)

    def connect(self, container: Node, source: Node, target: Node) -> Node:
        """Draw a new flow between two nodes of a container."""
        id_ = self.fresh(f"Flow_{source.get('id')}_{target.get('id')}")
        ends = {"sourceRef": str(source.get("id")), "targetRef": str(target.get("id"))}
        flow = self.add(container, "sequenceFlow", None, id=id_, **ends)
        self.listed(source, "outgoing", id_)
        self.listed(target, "incoming", id_)
        return flow

    def put(self, container: Node, kind: str, id_: str, beside: Node, name: str = "") -> Node:
        """Put a new flow node into a container, in the lane of the one it stands beside."""
        named = {"name": name} if name else {}
        new = self.add(container, kind, None, id=self.fresh(id_), **named)
        for lane in self.bpmn("lane"):
            for member in list(nodes.bpmn_children(lane, "flowNodeRef")):
                if self.reference(nodes.text_of(member)) == beside.get("id"):
                    at = list(lane).index(member) + 1
                    self.add(lane, "flowNodeRef", at).text = str(new.get("id"))
                    self._also.append(self.place(lane).element)
        return new

    def set_property(self, node: Node, name: str, value: str) -> None:
        """Write one of our own properties on an element."""
        extension = next(iter(nodes.bpmn_children(node, "extensionElements")), None)
        if extension is None:
            at = sum(1 for child in node if isinstance(child.tag, str) and local(child) == _HEAD[0])
            extension = self.add(node, "extensionElements", at)
        group = next(iter(extension.iterchildren(f"{{{SPIFF}}}properties")), None)
        if group is None:
            group = etree.Element(f"{{{SPIFF}}}properties", nsmap={"spiffworkflow": SPIFF})
            self._insert(extension, group, len(extension))
        etree.SubElement(group, f"{{{SPIFF}}}property", name=name, value=value)
        self.changed = True

    # -- the result --------------------------------------------------------------------------

    def finished(self) -> bytes:
        """The bytes of the result: those of the file where nothing changed and it is UTF-8."""
        envelope = unseal(self.data)
        if not self.changed and envelope.codec in UTF8:
            return self.data
        if self._also and self.notes:
            last = self.notes[-1]
            self.notes[-1] = replace(last, also=(*last.also, *self._also))
        if envelope.codec not in UTF8:
            self.notes.append(
                Note(
                    "translated", "encoding", "文件的编码已换成 UTF-8", "内容不变，不需要处理。",
                    (Place(""),), False, envelope.codec.upper(), "UTF-8",
                )
            )  # fmt: skip
        tree = self.root.getroottree()
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def _blank(text: str | None) -> bool:
    return not (text or "").strip()


def flow_nodes(container: Node) -> Iterator[Node]:
    """The flow nodes that lie directly in a container."""
    for child in nodes.bpmn_children(container):
        if local(child) in FLOW_NODES and child.get("id"):
            yield child


def foreign_attributes(node: Node, *names: str) -> Iterator[tuple[str, str]]:
    """Attributes of these local names in any namespace but BPMN's: name and value."""
    for key, value in node.attrib.items():
        found = etree.QName(str(key))
        if found.namespace and found.localname in names and str(value).strip():
            yield found.localname, str(value).strip()


def foreign_nodes(node: Node, *names: str) -> Iterator[Node]:
    """Nodes of these local names in the element's extensions, at any depth, in any namespace."""
    for extension in nodes.bpmn_children(node, "extensionElements"):
        for child in extension.iter(etree.Element):
            if nodes.namespace(child) not in {BPMN, SPIFF} and local(child) in names:
                yield child
