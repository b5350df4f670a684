"""Reads what is to be drawn: every node, line, pool and lane of a file that has an id.

`read_diagram` tells what runs; a drawing needs more (other pools, data, annotations), so this
walks the tree itself, with the same names and the same careful parser.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from lxml import etree

from processes.kinds import BPMN, FLOW_NODES
from processes.layout.model import ARTIFACTS, CONTAINERS, FLOW, Lane, Link, Node, Pool, Scene, Sheet
from processes.node_reading import bpmn_children, is_true, local, name_of, text_of

_Xml = etree._Element
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
_DRAWN = FLOW_NODES.keys() | ARTIFACTS
_DATA_LINKS = {"dataInputAssociation", "dataOutputAssociation"}


def read_scene(root: _Xml) -> Scene:
    """Return what the file wants drawn; what has no id (or a doubled one) cannot be."""
    return _SceneReader(root).read()


def _reference(text: str | None) -> str:
    """An id that may carry a namespace prefix."""
    return (text or "").strip().rpartition(":")[2]


class _SceneReader:
    def __init__(self, root: _Xml) -> None:
        self.root = root
        self.nodes: dict[str, Node] = {}
        self.links: dict[str, Link] = {}
        self.taken: set[str] = set()
        self.collapsed = _collapsed(root)
        self.heights = _heights(root)
        self.sheets: list[Sheet] = []
        self.defaults = {
            _reference(node.get("default")) for node in root.iter("*") if node.get("default")
        }

    def read(self) -> Scene:
        processes = {str(p.get("id")): p for p in self._processes()}
        waiting = dict(processes)
        for collaboration in bpmn_children(self.root, "collaboration"):
            self._read_collaboration(collaboration, waiting)
        if self.sheets:
            for id_, process in waiting.items():
                if _has_content(process):
                    self._read_process(process, self.sheets[0].element)
                    self.sheets[0].pools.append(Pool("", "", id_, _lanes(process, self.heights)))
        else:
            for id_, process in waiting.items():
                if _has_content(process) or len(processes) == 1:
                    self.sheets.append(
                        Sheet(id_, [Pool("", "", id_, _lanes(process, self.heights))])
                    )
                    self._read_process(process, id_)
        self._drop_loose_ends()
        return Scene(self.sheets, self.nodes, self.links)

    def _processes(self) -> Iterator[_Xml]:
        for process in bpmn_children(self.root, "process"):
            if process.get("id") and self._is_new(process):
                yield process

    def _is_new(self, node: _Xml) -> bool:
        id_ = node.get("id")
        if not id_ or id_ in self.taken:
            return False
        self.taken.add(id_)
        return True

    def _read_collaboration(self, collaboration: _Xml, waiting: dict[str, _Xml]) -> None:
        participants = [p for p in bpmn_children(collaboration, "participant") if self._is_new(p)]
        if not participants or not self._is_new(collaboration):
            return
        sheet = Sheet(str(collaboration.get("id")))
        self.sheets.append(sheet)
        for participant in participants:
            id_ = _reference(participant.get("processRef"))
            process = waiting.pop(id_, None)
            lanes = [] if process is None else _lanes(process, self.heights)
            full = id_ if process is not None and (_has_content(process) or lanes) else ""
            sheet.pools.append(Pool(str(participant.get("id")), name_of(participant), full, lanes))
            if process is not None:
                self._read_process(process, sheet.element)
        self._read_container(collaboration, sheet.element, "")
        for flow in bpmn_children(collaboration, "messageFlow"):
            self._read_link(flow, "messageFlow", flow.get("sourceRef"), flow.get("targetRef"))

    def _read_process(self, process: _Xml, sheet: str) -> None:
        waiting = [(process, sheet)]
        id_ = str(process.get("id"))
        lane_of = {
            _reference(text_of(reference)): str(lane.get("id"))
            for lane in process.iter(f"{{{BPMN}}}lane")
            for reference in bpmn_children(lane, "flowNodeRef")
            if lane.get("id")
        }
        while waiting:
            node, container = waiting.pop(0)
            for child in self._read_container(node, container, id_):
                inner = str(child.get("id"))
                if not self.nodes[inner].expanded:
                    self.sheets.append(Sheet(inner, [Pool("", "", id_)]))
                waiting.append((child, inner))
        for node_id, lane in lane_of.items():
            if node_id in self.nodes and self.nodes[node_id].container == sheet:
                self.nodes[node_id].lane = lane

    def _read_container(self, container: _Xml, key: str, process: str) -> list[_Xml]:
        """Read what lies directly in a container; return the sub-processes with content."""
        inner = []
        for child in bpmn_children(container):
            kind = local(child)
            if kind in _DRAWN and self._is_new(child):
                node = self._node(child, kind, key, process)
                self.nodes[node.id] = node
                if kind in CONTAINERS and _has_content(child):
                    node.expanded = node.id not in self.collapsed
                    inner.append(child)
                self._read_data_links(child)
            elif kind == FLOW or kind == "association":
                self._read_link(child, kind, child.get("sourceRef"), child.get("targetRef"))
        return inner

    def _node(self, node: _Xml, kind: str, container: str, process: str) -> Node:
        texts = (text_of(text) for text in bpmn_children(node, "text"))
        return Node(
            id=str(node.get("id")),
            kind=kind,
            name=name_of(node),
            container=container,
            process=process,
            host=_reference(node.get("attachedToRef")) or None,
            triggered=is_true(node.get("triggeredByEvent")),
            text=next(texts, "") if kind == "textAnnotation" else "",
        )

    def _read_data_links(self, node: _Xml) -> None:
        for link in bpmn_children(node, *_DATA_LINKS):
            ends = [
                _reference(text_of(end)) for end in bpmn_children(link, "sourceRef", "targetRef")
            ]
            own = str(node.get("id"))
            # the far end is the data object; the other is a property inside the activity
            if local(link) == "dataInputAssociation" and ends:
                self._read_link(link, local(link), ends[0], own)
            elif ends:
                self._read_link(link, local(link), own, ends[-1])

    def _read_link(self, node: _Xml, kind: str, source: str | None, target: str | None) -> None:
        if self._is_new(node):
            id_ = str(node.get("id"))
            self.links[id_] = Link(
                id_,
                kind,
                _reference(source),
                _reference(target),
                name_of(node),
                id_ in self.defaults,
            )

    def _drop_loose_ends(self) -> None:
        """Forget lines that lead nowhere, groups, and attachments to what is not there."""
        places = self.nodes.keys() | {pool.id for sheet in self.sheets for pool in sheet.pools}
        linkable = places | self.links.keys()
        for id_, link in list(self.links.items()):
            if link.source not in linkable or link.target not in linkable:
                del self.links[id_]
        for node in self.nodes.values():
            host = self.nodes.get(node.host or "")
            if host is None or host.container != node.container or node.kind != "boundaryEvent":
                node.host = None


def _has_content(node: _Xml) -> bool:
    return any(local(child) in _DRAWN for child in bpmn_children(node))


def _lanes(process: _Xml, heights: dict[str, float]) -> list[Lane]:
    """The lanes of a process as a forest, in the order in which they are drawn so far.

    Those that are not drawn keep their place in the file; lanes without id cannot be drawn.
    """
    found: list[Lane] = []
    forests = [found]
    waiting: list[tuple[_Xml, list[Lane]]] = [
        (lane, found)
        for s in bpmn_children(process, "laneSet")
        for lane in bpmn_children(s, "lane")
    ]
    while waiting:
        node, siblings = waiting.pop(0)
        if not node.get("id"):
            continue
        lane = Lane(str(node.get("id")), name_of(node))
        siblings.append(lane)
        forests.append(lane.children)
        waiting += [
            (child, lane.children)
            for inner in bpmn_children(node, "childLaneSet")
            for child in bpmn_children(inner, "lane")
        ]
    for siblings in forests:
        if all(lane.id in heights for lane in siblings):
            siblings.sort(key=lambda lane: heights[lane.id])
    return found


def _heights(root: _Xml) -> dict[str, float]:
    """How far down each shape of the present drawing begins."""
    found: dict[str, float] = {}
    for shape in root.iter(f"{{{DI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        try:
            y = float("nan" if bounds is None else bounds.get("y") or "nan")
        except ValueError:
            continue
        if isfinite(y):
            found.setdefault(_reference(shape.get("bpmnElement")), y)
    return found


def _collapsed(root: _Xml) -> frozenset[str]:
    """Sub-processes that the present drawing shows closed: content on a sheet of its own."""
    shown: dict[str, _Xml] = {}
    for drawn in root.iter(f"{{{DI}}}BPMNShape"):
        shown.setdefault(_reference(drawn.get("bpmnElement")), drawn)
    closed = set()
    for node in root.iter(*(f"{{{BPMN}}}{kind}" for kind in CONTAINERS)):
        shape = shown.get(node.get("id") or "")
        if shape is None or is_true(shape.get("isExpanded")):
            continue
        together = any(
            (inner := shown.get(child.get("id") or "")) is not None
            and inner.getparent() is shape.getparent()
            for child in bpmn_children(node)
        )
        if not together:
            closed.add(str(node.get("id")))
    return frozenset(closed)
