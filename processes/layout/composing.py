"""Draws a sheet: plans each container from the inside out, and puts the pieces together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from processes.layout.bands import Bands
from processes.layout.columns import assign_columns, sounds_unhappy
from processes.layout.free_lines import FreeLines
from processes.layout.geometry import EVENT, Geometry
from processes.layout.ground import Ground
from processes.layout.improving import Manner, improve
from processes.layout.labels import BORDER, LabelPlacer, line_places, shape_places, shared_length
from processes.layout.lattice import Lattice, PoolSpan
from processes.layout.model import (
    ARTIFACTS,
    DATA,
    EVENTS,
    FLOW,
    GATEWAYS,
    Box,
    Link,
    Node,
    Picture,
    Point,
    Scene,
    Sheet,
)
from processes.layout.plan import Item, Join, Plan
from processes.layout.routing import Router
from processes.layout.rows import assign_rows
from processes.layout.texts import LINE, label_size, text_width, wrap

TASK = (100, 80)
ORIGIN = Point(120, 80)
_NOTE = 130
_INSIDE = 20
_HEAD = 30
_ROUNDS = 4


def draw(scene: Scene) -> list[tuple[Sheet, Picture]]:
    """Return a picture for each sheet of a scene."""
    return [(sheet, _Composer(scene, sheet).draw()) for sheet in scene.sheets]


def links_on(scene: Scene, sheet: Sheet) -> list[Link]:
    """The lines of a sheet: both ends can be seen on it."""
    seen = set(nodes_on(scene, sheet)) | {pool.id for pool in sheet.pools if pool.id}
    inner = {
        link.id for link in scene.links.values() if link.source in seen and link.target in seen
    }
    return [
        link
        for link in scene.links.values()
        if link.source in seen | inner and link.target in seen | inner and link.id != link.source
    ]


def nodes_on(scene: Scene, sheet: Sheet) -> list[str]:
    """Ids of the nodes on a sheet, at any depth of open sub-processes, outer ones first."""
    children: dict[str, list[str]] = defaultdict(list)
    for node in scene.nodes.values():
        children[node.container].append(node.id)
    found, waiting = [], [sheet.element]
    while waiting:
        key = waiting.pop(0)
        for id_ in children[key]:
            found.append(id_)
            if scene.nodes[id_].expanded:
                waiting.append(id_)
    return found


class _Composer:
    """Draws one sheet."""

    def __init__(self, scene: Scene, sheet: Sheet) -> None:
        self.scene, self.sheet = scene, sheet
        self.nodes = {id_: scene.nodes[id_] for id_ in nodes_on(scene, sheet)}
        self.links = links_on(scene, sheet)
        self.subject = " ".join(pool.name for pool in sheet.pools)
        self.children: dict[str, list[Node]] = defaultdict(list)
        for node in self.nodes.values():
            self.children[node.container].append(node)
        self.pictures: dict[str, tuple[Picture, int, int]] = {}
        self.hangers: dict[str, list[str]] = defaultdict(list)
        for node in self.nodes.values():
            if node.host:
                self.hangers[node.host].append(node.id)

    def draw(self) -> Picture:
        inner = [id_ for id_, node in self.nodes.items() if node.expanded]
        for id_ in reversed(inner):
            self.pictures[id_] = self._draw_inside(id_)
        picture = self._draw_sheet()
        FreeLines(picture, self.nodes, self.links, self._is_inside).draw()
        return picture

    def _is_inside(self, node: str, outer: str) -> bool:
        """Whether a node lies in an open sub-process, at any depth."""
        here = self.nodes[node].container if node in self.nodes else ""
        while here in self.nodes:
            if here == outer:
                return True
            here = self.nodes[here].container
        return False

    # -- plans -------------------------------------------------------------------------------

    def _plan(self, key: str, band_of: dict[str, int], pools: frozenset[str]) -> Plan:
        items = {
            node.id: self._item(node, band_of.get(node.id, 0))
            for node in self.children[key]
            if not node.host
        }
        joins = {}
        for link in self.links:
            source, hanger = self._end(link.source)
            target, at_hanger = self._end(link.target)
            known = items.keys() | pools
            if source not in known or target not in known or at_hanger:
                continue
            if hanger and link.source == link.target:
                continue
            weak = link.kind != FLOW
            loop = source == target and not hanger
            if source in pools and target in pools and source == target:
                continue
            joins[link.id] = Join(
                link.id, source, target, hanger, weak, link.is_default and not loop, link.name
            )
        return Plan(items, joins, subject=self.subject)

    def _end(self, id_: str) -> tuple[str, str]:
        """The item that an end belongs to, and the attached event if it is one."""
        node = self.nodes.get(id_)
        return (node.host, id_) if node is not None and node.host else (id_, "")

    def _item(self, node: Node, band: int) -> Item:
        width, height = self._size(node)
        hangers = self.hangers[node.id]
        width = max(width, EVENT + 20 + self._hanger_step(hangers) * (len(hangers) - 1))
        loose = node.kind in ARTIFACTS and node.kind != "group"
        unhappy = node.kind == "endEvent" and sounds_unhappy(node.name, self.subject)
        return Item(node.id, node.kind, band, width, height, loose, list(hangers), unhappy=unhappy)

    def _hanger_step(self, hangers: list[str]) -> int:
        """How far apart attached events sit; from three on the names need room in between."""
        if len(hangers) < 3:
            return 42
        return max(42, *(label_size(self.nodes[h].name, 60)[0] + 12 for h in hangers))

    def _size(self, node: Node) -> tuple[int, int]:
        if node.id in self.pictures:
            return self.pictures[node.id][1:]
        if node.kind in EVENTS:
            return (EVENT, EVENT)
        if node.kind in GATEWAYS:
            return (50, 50)
        if node.kind == "dataStoreReference":
            return (50, 50)
        if node.kind in DATA:
            return (36, 50)
        if node.kind == "textAnnotation":
            lines = wrap(node.text, _NOTE - 26)
            wide = max(text_width(line) for line in lines)
            return (max(100, min(_NOTE, wide + 26)), max(30, LINE * len(lines) + 16))
        lines = wrap(node.name, 84)
        return (TASK[0], max(TASK[1], LINE * len(lines) + 36))

    def _names(self) -> dict[str, str]:
        names = {
            node.id: node.name
            for node in self.nodes.values()
            if node.name and node.kind in EVENTS | GATEWAYS | DATA
        }
        return names | {link.id: link.name for link in self.links if link.name}

    # -- pictures ----------------------------------------------------------------------------

    def _lay_out(self, plan: Plan, pools: list[PoolSpan]) -> Geometry:
        assign_columns(plan)
        assign_rows(plan)
        return improve(plan, lambda manner: self._route(plan, pools, manner))

    def _route(self, plan: Plan, pools: list[PoolSpan], manner: Manner) -> Geometry:
        """The plan as its rows are now, with lines drawn in a certain manner."""
        for item in plan.items.values():
            item.shift = 0
        lattice = Lattice(plan, pools)
        offsets = self._offsets(plan)
        routes = Router(lattice, offsets, manner.price, manner.late).route()
        geometry = Geometry(lattice, routes, self._names(), offsets)
        geometry.settle()
        return geometry

    def _offsets(self, plan: Plan) -> dict[str, int]:
        """Where attached events sit: in the order in which their lines go on to the right."""
        offsets = {}
        for item in plan.items.values():
            found = []
            for number, hanger in enumerate(item.hangers):
                targets = [
                    plan.items[j.target]
                    for j in plan.leaving[item.id]
                    if j.hanger == hanger and j.target in plan.items
                ]
                column = max((t.column for t in targets), default=item.column)
                depth = max((10 * t.band + t.row for t in targets), default=0)
                found.append((column, -depth, number, hanger))
            found.sort()
            count = len(found)
            step = min(
                max(48, self._hanger_step(item.hangers)), (item.width - 40) // max(1, count - 1)
            )
            for place, (column, _, _, hanger) in enumerate(found):
                offset = round((place - (count - 1) / 2) * step)
                if count == 1 and column > item.column:
                    offset = min(25, item.width // 4)
                offsets[hanger] = offset
                for join in plan.leaving[item.id]:
                    if join.hanger == hanger and join.target in plan.items:
                        self._align(plan, plan.items[join.target], item, offset)
        return offsets

    def _align(self, plan: Plan, target: Item, host: Item, offset: int) -> None:
        """Stand a narrow item right below the event whose line falls on it."""
        narrow = target.kind in EVENTS | GATEWAYS
        below = (target.band, target.row) > (host.band, host.row)
        if narrow and below and target.column == host.column and len(plan.reaching[target.id]) == 1:
            target.shift = offset

    def _settle(
        self, geometry: Geometry, frames: Callable[[Geometry], dict[str, Box]]
    ) -> tuple[Picture, dict[str, Box]]:
        """Draw what the geometry says; when labels are crowded make room and draw again."""
        best: tuple[int, Picture, dict[str, Box]] | None = None
        for _ in range(_ROUNDS):
            geometry.settle()
            framed = frames(geometry)
            picture = self._paint(geometry)
            crowded = self._label(picture, geometry, list(framed.values()))
            if best is None or len(crowded) < best[0]:
                best = (len(crowded), picture, framed)
            if not crowded:
                break
            self._make_room(geometry, crowded)
        assert best is not None
        return best[1:]

    def _paint(self, geometry: Geometry) -> Picture:
        picture = Picture()
        for id_, item in geometry.plan.items.items():
            picture.boxes[id_] = geometry.box(id_)
            for hanger in item.hangers:
                picture.boxes[hanger] = geometry.hanger_box(id_, hanger)
        for id_ in geometry.routes:
            picture.lines[id_] = geometry.line(id_)
        return picture

    def _label(self, picture: Picture, geometry: Geometry, frames: list[Box]) -> list[str]:
        ground = Ground()
        for id_, box in picture.boxes.items():
            ground.add_box(box, id_)
        for id_, points in picture.lines.items():
            ground.add_line(points, id_)
        for frame in frames:
            ground.add_line(_outline(frame), BORDER)
        placer = LabelPlacer(ground)
        for id_, box in picture.boxes.items():
            node = self.nodes[id_]
            if node.name and node.kind in EVENTS | GATEWAYS | DATA:
                kind = "endEvent" if node.kind in DATA else node.kind
                side = geometry.offsets.get(id_, 0)
                placer.place(id_, shape_places(kind, node.name, box, side))
        together: dict[Point, list[str]] = defaultdict(list)
        for id_, points in picture.lines.items():
            together[points[0]].append(id_)
        for id_, points in picture.lines.items():
            if geometry.names.get(id_):
                others = [picture.lines[other] for other in together[points[0]] if other != id_]
                shared = shared_length(points, others)
                placer.place(id_, line_places(geometry.names[id_], points, shared))
        picture.labels = placer.boxes
        return placer.crowded

    def _make_room(self, geometry: Geometry, crowded: list[str]) -> None:
        """Widen the channel and the row of what is crowded."""
        for id_ in crowded:
            item = geometry.plan.items.get(self._end(id_)[0])
            if item is None and id_ in geometry.routes:
                item = geometry.plan.items.get(geometry.routes[id_].join.source)
            if item is None:
                continue
            geometry.room.left[2 * item.column + 2] += 24
            geometry.room.right[2 * item.column] += 12
            level = geometry.lattice.spots[item.id].y
            geometry.room.below[level] += 10
            geometry.room.above[level] += 10

    def _draw_inside(self, id_: str) -> tuple[Picture, int, int]:
        """Draw the content of an open sub-process in its frame."""
        plan = self._plan(id_, {}, frozenset())
        geometry = self._lay_out(plan, [PoolSpan("", (0,))])
        title = self.nodes[id_].name
        top = max(_HEAD, LINE * len(wrap(title, 600)) + 14)

        def frames(settled: Geometry) -> dict[str, Box]:
            wide = settled.width + 2 * _INSIDE
            return {id_: Box(-_INSIDE, -top, wide, settled.height + top + _INSIDE)}

        inside, framed = self._settle(geometry, frames)
        picture = Picture()
        picture.add(inside, _INSIDE, top)
        self._open(picture, id_)
        wide = max(framed[id_].width, min(600, text_width(title)) + 30, 140)
        return picture, wide, max(framed[id_].height, 100)

    def _draw_sheet(self) -> Picture:
        bands = Bands(self.sheet, self.children[self.sheet.element])
        pools = frozenset(pool.id for pool in self.sheet.pools if pool.is_drawn)
        plan = self._plan(self.sheet.element, bands.band_of, pools)
        geometry = self._lay_out(plan, [PoolSpan(k, tuple(b)) for k, _, b in bands.pools])
        inside, framed = self._settle(geometry, lambda settled: dict(bands.frames(settled)))
        self._open(inside, self.sheet.element)
        left = min((box.x for box in framed.values()), default=0)
        picture = Picture()
        picture.add(inside, ORIGIN.x - left, ORIGIN.y)
        boxes = {id_: box.moved(ORIGIN.x - left, ORIGIN.y) for id_, box in framed.items()}
        picture.boxes = boxes | picture.boxes
        return picture

    def _open(self, picture: Picture, key: str) -> None:
        """Put the content of the sub-processes that lie directly in a container in its place."""
        for node in self.children[key]:
            if node.id in self.pictures:
                box = picture.boxes[node.id]
                picture.add(self.pictures[node.id][0], box.x, box.y)


def _outline(box: Box) -> list[Point]:
    return [
        Point(box.x, box.y),
        Point(box.right, box.y),
        Point(box.right, box.bottom),
        Point(box.x, box.bottom),
        Point(box.x, box.y),
    ]
