"""Writes pictures as BPMN DI: shapes, lines and labels in the prefixes that the file uses."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from lxml import etree

from processes.kinds import BPMN
from processes.layout.model import ARTIFACTS, GATEWAYS, Box, Picture, Point, Scene, Sheet
from processes.layout.reading import DC, DI

DD = "http://www.omg.org/spec/DD/20100524/DI"
_USUAL = {DI: "bpmndi", DC: "dc", DD: "di"}
_KEPT = frozenset(
    {
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    }
)


def write_drawing(
    root: etree._Element,
    scene: Scene,
    pictures: list[tuple[Sheet, Picture]],
    indent: str,
    newline: str,
) -> str:
    """Return the BPMNDiagram elements as text; the first line is not indented."""
    writer = _Writer(root, scene)
    lines = [line for sheet, picture in pictures for line in writer.diagram(sheet, picture)]
    step = indent if indent.strip(" \t") == "" and indent else "  "
    return newline.join(
        (indent if number else "") + step * depth + text
        for number, (depth, text) in enumerate(lines)
    )


_Line = tuple[int, str]


class _Writer:
    def __init__(self, root: etree._Element, scene: Scene) -> None:
        self.scene = scene
        known = {
            space: prefix
            for prefix, space in sorted(root.nsmap.items(), key=lambda p: p[0] or "")
            if space in _USUAL
        }
        used = set(root.nsmap)
        self.declared = ""
        self.prefix: dict[str, str] = {}
        for space, usual in _USUAL.items():
            if space in known:
                prefix = known[space]
            else:
                prefix = usual if usual not in used else f"{usual}_"
                self.declared += f" xmlns:{prefix}={quoteattr(space)}"
            self.prefix[space] = f"{prefix}:" if prefix else ""
        self.taken = {
            str(node.get("id"))
            for node in root.iter("*")
            if node.get("id")
            and not str(node.tag).startswith((f"{{{DI}}}", f"{{{DC}}}", f"{{{DD}}}"))
        }
        self.colours = _colours(root)
        self.kinds = {
            str(node.get("id")): str(etree.QName(node).localname)
            for node in root.iter(f"{{{BPMN}}}*")
            if node.get("id")
        }
        self.names = {
            str(node.get("id")): node.get("name")
            for node in root.iter(f"{{{BPMN}}}message")
            if node.get("id")
        }

    def _id(self, wanted: str) -> str:
        while wanted in self.taken:
            wanted += "_"
        self.taken.add(wanted)
        return quoteattr(wanted)

    def diagram(self, sheet: Sheet, picture: Picture) -> Iterator[_Line]:
        di = self.prefix[DI]
        element = quoteattr(sheet.element)
        yield 0, f"<{di}BPMNDiagram{self.declared} id={self._id(f'Diagram_{sheet.element}')}>"
        yield 1, f"<{di}BPMNPlane id={self._id(f'Plane_{sheet.element}')} bpmnElement={element}>"
        for id_, box in picture.boxes.items():
            for depth, text in self._shape(id_, box, picture):
                yield depth + 2, text
        for id_, points in picture.lines.items():
            for depth, text in self._edge(id_, points, picture):
                yield depth + 2, text
        yield 1, f"</{di}BPMNPlane>"
        yield 0, f"</{di}BPMNDiagram>"

    def _shape(self, id_: str, box: Box, picture: Picture) -> Iterator[_Line]:
        di = self.prefix[DI]
        start = f"<{di}BPMNShape id={self._id(f'{id_}_shape')} bpmnElement={quoteattr(id_)}"
        yield 0, f"{start}{self._marks(id_)}{self.colours.get(id_, '')}>"
        yield 1, self._bounds(box)
        yield from self._label(id_, picture)
        yield 0, f"</{di}BPMNShape>"

    def _marks(self, id_: str) -> str:
        node = self.scene.nodes.get(id_)
        if node is None:
            return ' isHorizontal="true"'
        if node.kind == "exclusiveGateway":
            return ' isMarkerVisible="true"'
        if node.kind in GATEWAYS | ARTIFACTS:
            return ""
        if node.kind in {"subProcess", "transaction", "adHocSubProcess"}:
            return f' isExpanded="{str(node.expanded).lower()}"'
        return ""

    def _edge(self, id_: str, points: list[Point], picture: Picture) -> Iterator[_Line]:
        di, dd = self.prefix[DI], self.prefix[DD]
        start = f"<{di}BPMNEdge id={self._id(f'{id_}_edge')} bpmnElement={quoteattr(id_)}"
        yield 0, f"{start}{self.colours.get(id_, '')}>"
        for point in points:
            yield 1, f'<{dd}waypoint x="{point.x}" y="{point.y}" />'
        yield from self._label(id_, picture)
        yield 0, f"</{di}BPMNEdge>"

    def _label(self, id_: str, picture: Picture) -> Iterator[_Line]:
        if id_ in picture.labels:
            di = self.prefix[DI]
            yield 1, f"<{di}BPMNLabel>"
            yield 2, self._bounds(picture.labels[id_])
            yield 1, f"</{di}BPMNLabel>"

    def _bounds(self, box: Box) -> str:
        dc = self.prefix[DC]
        return f'<{dc}Bounds x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" />'


def _colours(root: etree._Element) -> dict[str, str]:
    """The colours of the present drawing, as attributes to write again."""
    prefixes = {space: prefix for prefix, space in root.nsmap.items() if space in _KEPT and prefix}
    found: dict[str, str] = {}
    for shape in root.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge"):
        kept = "".join(
            f" {prefixes[str(name.namespace)]}:{name.localname}={quoteattr(str(value))}"
            for key, value in shape.attrib.items()
            if (name := etree.QName(str(key))).namespace in prefixes
        )
        if kept:
            found.setdefault((shape.get("bpmnElement") or "").rpartition(":")[2], kept)
    return found
