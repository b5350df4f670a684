"""Judges a drawing: what is missing, what lies on what, how often lines cross.

`measure` reads the DI of a file, so it judges every drawing, by whomever it was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from lxml import etree

from processes.layout.composing import links_on, nodes_on
from processes.layout.ground import Ground, meets, stretch_box
from processes.layout.labels import BORDER
from processes.layout.model import DATA, EVENTS, GATEWAYS, Box, Lane, Picture, Point, Scene, Sheet
from processes.layout.reading import DC, DI, read_scene
from processes.layout.texts import label_size
from processes.layout.writing import DD
from processes.safe_xml import read_xml

_NEAR = 2


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with a drawing; `others` are the ids it collides with."""

    kind: str
    element: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measures:
    """How good a drawing is. `flaws` must be empty; `crossings` and `bends` should be few."""

    shapes: int
    lines: int
    crossings: int
    bends: int
    width: int
    height: int
    flaws: tuple[Flaw, ...] = field(default=())

    def count(self, kind: str) -> int:
        """How many flaws of one kind there are."""
        return sum(flaw.kind == kind for flaw in self.flaws)


def measure(data: bytes) -> Measures:
    """Measure the drawing in a BPMN file. Raises UnreadableDiagram."""
    root, _ = read_xml(data)
    scene = read_scene(root)
    drawn = _read_pictures(root)
    flaws: list[Flaw] = []
    shapes = lines = crossings = bends = 0
    extent = Box(0, 0, 0, 0)
    for sheet in scene.sheets:
        judge = _Judge(scene, sheet, drawn.get(sheet.element, Picture()))
        flaws += judge.flaws()
        shapes += len(judge.picture.boxes)
        lines += len(judge.picture.lines)
        crossings += judge.crossings()
        bends += sum(max(0, len(points) - 2) for points in judge.picture.lines.values())
        for box in judge.picture.boxes.values():
            extent = Box(0, 0, max(extent.width, box.right), max(extent.height, box.bottom))
    return Measures(shapes, lines, crossings, bends, extent.width, extent.height, tuple(flaws))


def _read_pictures(root: etree._Element) -> dict[str, Picture]:
    pictures: dict[str, Picture] = {}
    for plane in root.iter(f"{{{DI}}}BPMNPlane"):
        picture = pictures.setdefault(_element(plane), Picture())
        for shape in plane.iter(f"{{{DI}}}BPMNShape"):
            bounds = shape.find(f"{{{DC}}}Bounds")
            if bounds is not None:
                picture.boxes.setdefault(_element(shape), _box(bounds))
            _read_label(shape, picture)
        for edge in plane.iter(f"{{{DI}}}BPMNEdge"):
            points = [
                Point(_number(p.get("x")), _number(p.get("y")))
                for p in edge.findall(f"{{{DD}}}waypoint")
            ]
            if len(points) > 1:
                picture.lines.setdefault(_element(edge), points)
            _read_label(edge, picture)
    return pictures


def _read_label(node: etree._Element, picture: Picture) -> None:
    bounds = node.find(f"{{{DI}}}BPMNLabel/{{{DC}}}Bounds")
    if bounds is not None:
        picture.labels.setdefault(_element(node), _box(bounds))


def _element(node: etree._Element) -> str:
    return (node.get("bpmnElement") or "").strip().rpartition(":")[2]


def _number(text: str | None) -> int:
    try:
        return round(float(text or 0))
    except (ValueError, OverflowError):
        return 0


def _box(bounds: etree._Element) -> Box:
    return Box(*(_number(bounds.get(key)) for key in ("x", "y", "width", "height")))


class _Judge:
    """Looks at one sheet."""

    def __init__(self, scene: Scene, sheet: Sheet, picture: Picture) -> None:
        self.scene, self.sheet, self.picture = scene, sheet, picture
        self.nodes = nodes_on(scene, sheet)
        self.links = {link.id: link for link in links_on(scene, sheet)}
        self.frames = dict(_frames(sheet))
        self.shapes = Ground()
        for id_ in self.nodes:
            if id_ in picture.boxes and scene.nodes[id_].kind != "group":
                self.shapes.add_box(picture.boxes[id_], id_)
        self.lines = Ground()
        for id_, points in picture.lines.items():
            if id_ in self.links:
                self.lines.add_line(points, id_)
        for id_ in self.frames:
            if id_ in picture.boxes:
                self.lines.add_line(_corners(picture.boxes[id_]), BORDER)

    def flaws(self) -> Iterator[Flaw]:
        yield from self._missing()
        yield from self._overlaps()
        yield from self._outside()
        yield from self._through()
        yield from self._undocked()
        yield from self._together()
        yield from self._labels()

    def _missing(self) -> Iterator[Flaw]:
        for id_ in [*self.frames, *self.nodes]:
            node = self.scene.nodes.get(id_)
            if id_ not in self.picture.boxes and (node is None or node.kind != "group"):
                yield Flaw("missing_shape", id_)
        for id_ in self.links:
            if id_ not in self.picture.lines:
                yield Flaw("missing_line", id_)

    def _around(self, id_: str) -> set[str]:
        """A node itself, the open sub-processes around it, and its host."""
        found = {id_}
        here = self.scene.nodes.get(id_)
        while here is not None:
            if here.host:
                found.add(here.host)
            found.add(here.container)
            here = self.scene.nodes.get(here.container)
        return found

    def _overlaps(self) -> Iterator[Flaw]:
        for id_ in self.nodes:
            box = self.picture.boxes.get(id_)
            if box is None or self.scene.nodes[id_].kind == "group":
                continue
            for _, other in self.shapes.boxes_at(box):
                if (
                    other > id_
                    and other not in self._around(id_)
                    and id_ not in self._around(other)
                ):
                    yield Flaw("overlap", id_, (other,))

    def _outside(self) -> Iterator[Flaw]:
        for id_ in self.nodes:
            node = self.scene.nodes[id_]
            for frame in (node.lane, self.frames.get(id_), node.container, self._pool_of(id_)):
                outer = self.picture.boxes.get(frame or "")
                inner = self.picture.boxes.get(id_)
                if outer and inner and not node.host and not outer.holds(inner):
                    yield Flaw("outside", id_, (str(frame),))
        for id_, outer_id in self.frames.items():
            inner, outer = self.picture.boxes.get(id_), self.picture.boxes.get(outer_id)
            if inner and outer and not outer.holds(inner):
                yield Flaw("outside", id_, (outer_id,))

    def _pool_of(self, id_: str) -> str | None:
        node = self.scene.nodes[id_]
        if not node.process or node.container != self.sheet.element:
            return None
        return next((p.id for p in self.sheet.pools if p.process == node.process), None)

    def _through(self) -> Iterator[Flaw]:
        for id_, link in self.links.items():
            own = self._around(link.source) | self._around(link.target)
            for one, two in pairwise(self.picture.lines.get(id_, ())):
                for box, other in self.shapes.boxes_at(stretch_box(one, two)):
                    if meets(box, one, two) and other not in own:
                        yield Flaw("line_through_shape", id_, (other,))
                    elif other in (link.source, link.target) and meets(_shrunk(box), one, two):
                        inner = self._around(link.source) & self._around(link.target)
                        if other not in inner or link.source == link.target:
                            yield Flaw("line_through_shape", id_, (other,))

    def _undocked(self) -> Iterator[Flaw]:
        for id_, link in self.links.items():
            points = self.picture.lines.get(id_)
            if not points:
                continue
            for end, point in ((link.source, points[0]), (link.target, points[-1])):
                box = self.picture.boxes.get(end)
                if box and not _touches(box, point):
                    yield Flaw("undocked", id_, (end,))

    def _together(self) -> Iterator[Flaw]:
        """Lines that lie on one another, though they share neither beginning nor end."""
        for id_, link in self.links.items():
            found = set()
            for one, two in pairwise(self.picture.lines.get(id_, ())):
                flat = stretch_box(one, two)
                upright = one.x == two.x
                strip = Box(flat.x + 2, flat.y - 1, flat.width - 4, 2)
                if upright:
                    strip = Box(flat.x - 1, flat.y + 2, 2, flat.height - 4)
                if strip.width <= 0 or strip.height <= 0 or (one.x != two.x and one.y != two.y):
                    continue
                for start, end, other_id in self.lines.lines_at(strip):
                    other = self.links.get(other_id)
                    if other is None or other_id <= id_ or (start.x == end.x) != upright:
                        continue
                    if start.x != end.x and start.y != end.y:
                        continue
                    if other.source != link.source and other.target != link.target:
                        found.add(other_id)
            for other_id in sorted(found):
                yield Flaw("line_on_line", id_, (other_id,))

    def _labels(self) -> Iterator[Flaw]:
        boxes = dict(self._label_boxes())
        ground = Ground()
        for id_, box in boxes.items():
            ground.add_box(box, id_)
        for id_, box in boxes.items():
            on_lines = {owner for _, _, owner in self.lines.lines_at(box)}
            if on_lines:
                yield Flaw("label_on_line", id_, tuple(sorted(on_lines)))
            open_ = self._around(id_ if id_ in self.scene.nodes else self.links[id_].source)
            shapes = {
                owner
                for other, owner in self.shapes.boxes_at(box)
                if not (owner in open_ and other.holds(box) and owner != id_)
            }
            if shapes:
                yield Flaw("label_on_shape", id_, tuple(sorted(shapes)))
            others = {owner for _, owner in ground.boxes_at(box) if owner > id_}
            if others:
                yield Flaw("label_on_label", id_, tuple(sorted(others)))

    def _label_boxes(self) -> Iterator[tuple[str, Box]]:
        """Where texts outside of shapes stand; without bounds, where viewers put them."""
        named = EVENTS | GATEWAYS | DATA
        for id_ in self.nodes:
            node = self.scene.nodes[id_]
            box = self.picture.boxes.get(id_)
            if node.name and node.kind in named and box:
                yield id_, self.picture.labels.get(id_) or _below(box, node.name)
        for id_, link in self.links.items():
            if link.name and id_ in self.picture.labels:
                yield id_, self.picture.labels[id_]

    def crossings(self) -> int:
        """In how many places lines cross; lines that run together or touch do not count.

        Lines that are drawn as one cross another in one place.
        """
        seen: set[Point] = set()
        for id_ in self.links:
            for one, two in pairwise(self.picture.lines.get(id_, ())):
                if one.x != two.x:
                    continue
                strip = Box(one.x - 1, min(one.y, two.y), 2, abs(one.y - two.y))
                for a, b, other in self.lines.lines_at(strip):
                    if (
                        other not in (id_, BORDER)
                        and a.y == b.y
                        and min(a.x, b.x) < one.x < max(a.x, b.x)
                        and min(one.y, two.y) < a.y < max(one.y, two.y)
                    ):
                        seen.add(Point(one.x, a.y))
        return len(seen)


def _frames(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Every pool and lane, with what is around it."""
    for pool in sheet.pools:
        if pool.is_drawn:
            yield pool.id, ""
        waiting: list[tuple[Lane, str]] = [(lane, pool.id) for lane in pool.lanes]
        while waiting:
            lane, outer = waiting.pop(0)
            yield lane.id, outer
            waiting += [(child, lane.id) for child in lane.children]


def _corners(box: Box) -> list[Point]:
    xs, ys = (
        (box.x, box.right, box.right, box.x, box.x),
        (box.y, box.y, box.bottom, box.bottom, box.y),
    )
    return [Point(x, y) for x, y in zip(xs, ys, strict=True)]


def _shrunk(box: Box) -> Box:
    return Box(box.x + _NEAR, box.y + _NEAR, box.width - 2 * _NEAR, box.height - 2 * _NEAR)


def _touches(box: Box, point: Point) -> bool:
    """Whether a point lies on the border of a box, or as near as a round shape allows."""
    near = Box(box.x - 3, box.y - 3, box.width + 6, box.height + 6)
    return near.overlaps(Box(point.x, point.y, 0, 0))


def _below(box: Box, name: str) -> Box:
    wide, tall = label_size(name)
    return Box(box.middle.x - wide // 2, box.bottom + 4, wide, tall)
