"""Draws the lines that leave their container: to a line, or in and out of open sub-processes.

They are searched on the finished picture, over the edges of the shapes around them; where nothing
is in the way a straight line is best.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import pairwise

from processes.layout.geometry import simplified
from processes.layout.ground import Ground, meets, stretch_box
from processes.layout.labels import LabelPlacer, line_places
from processes.layout.model import MESSAGE, Box, Link, Node, Picture, Point

_GAP = 12
_BEND = 60
_CROSSING = 90
_ALONG = 800
_THROUGH = 3000
_MOST = 40


class FreeLines:
    """Completes a picture with the lines that are still missing."""

    def __init__(
        self,
        picture: Picture,
        nodes: dict[str, Node],
        links: list[Link],
        is_inside: Callable[[str, str], bool],
    ) -> None:
        self.picture = picture
        self.nodes = nodes
        self.is_inside = is_inside
        self.missing = [link for link in links if link.id not in picture.lines]
        self.ground = Ground()

    def draw(self) -> None:
        if not self.missing:
            return
        for id_, box in self.picture.boxes.items():
            if id_ in self.nodes:
                self.ground.add_box(box, id_)
        for id_, points in self.picture.lines.items():
            self.ground.add_line(points, id_)
        placer = LabelPlacer(self.ground)
        for id_, box in self.picture.labels.items():
            placer.placed.add_box(box, id_)
        for _ in range(2):  # a line may hang on a line that is missing itself
            for link in list(self.missing):
                way = self._way(link)
                if way is not None:
                    self.missing.remove(link)
                    self.picture.lines[link.id] = way
                    self.ground.add_line(way, link.id)
                    if link.name:
                        placer.place(link.id, line_places(link.name, way))
        self.picture.labels |= placer.boxes

    def _way(self, link: Link) -> list[Point] | None:
        start, goal = self._place(link.source), self._place(link.target)
        if start is None or goal is None:
            return None
        own = {link.source, link.target}
        around = {
            id_
            for id_ in self.nodes
            if any(self.is_inside(end, id_) or self.nodes[id_].id in own for end in own)
        }
        near = self._near(start, goal, around)
        if link.kind != MESSAGE:
            straight = self._straight(start, goal)
            if not any(meets(box, *straight) for box in near):
                return list(straight)
        return _search(start, goal, near, self.ground) or list(self._straight(start, goal))

    def _place(self, id_: str) -> Box | None:
        """The box of a shape, or the middle of the longest stretch of a line."""
        if id_ in self.picture.boxes:
            return self.picture.boxes[id_]
        points = self.picture.lines.get(id_)
        if points is None:
            return None
        one, two = max(pairwise(points), key=lambda p: abs(p[0].x - p[1].x) + abs(p[0].y - p[1].y))
        return Box((one.x + two.x) // 2, (one.y + two.y) // 2, 0, 0)

    def _near(self, start: Box, goal: Box, own: set[str]) -> list[Box]:
        area = _union(start, goal)
        area = Box(area.x - 200, area.y - 200, area.width + 400, area.height + 400)
        found = {box for box, id_ in self.ground.boxes_at(area) if id_ not in own}
        middle = area.middle
        return sorted(
            found, key=lambda b: (abs(b.middle.x - middle.x) + abs(b.middle.y - middle.y), b)
        )[:_MOST]

    def _straight(self, start: Box, goal: Box) -> tuple[Point, Point]:
        return _toward(start, goal.middle), _toward(goal, start.middle)


def _union(one: Box, two: Box) -> Box:
    x, y = min(one.x, two.x), min(one.y, two.y)
    return Box(x, y, max(one.right, two.right) - x, max(one.bottom, two.bottom) - y)


def _toward(box: Box, point: Point) -> Point:
    """The point of a box's border where a line from its middle to `point` leaves it."""
    middle = box.middle
    dx, dy = point.x - middle.x, point.y - middle.y
    scales = [size / 2 / abs(delta) for size, delta in ((box.width, dx), (box.height, dy)) if delta]
    scale = min([*scales, 1.0])
    return Point(round(middle.x + dx * scale), round(middle.y + dy * scale))


def _search(start: Box, goal: Box, walls: list[Box], ground: Ground) -> list[Point] | None:
    """The cheapest orthogonal way between two boxes around the walls."""
    ends = [*_docks(start), *_docks(goal)]
    xs = sorted(
        {p.x for p in ends}
        | {x for b in [*walls, start, goal] for x in (b.x - _GAP, b.right + _GAP)}
    )
    ys = sorted(
        {p.y for p in ends}
        | {y for b in [*walls, start, goal] for y in (b.y - _GAP, b.bottom + _GAP)}
    )
    column, row = ({v: i for i, v in enumerate(values)} for values in (xs, ys))
    goals = {dock: _upright(number) for number, dock in enumerate(_docks(goal))}
    queue: list[tuple[float, Point, int]] = []
    best: dict[tuple[Point, int], float] = {}
    before: dict[tuple[Point, int], tuple[Point, int] | None] = {}
    for number, dock in enumerate(_docks(start)):
        state = (dock, _upright(number))
        if state not in best:
            best[state], before[state] = 0.0, None
            heapq.heappush(queue, (0.0, *state))
    while queue:
        cost, here, way = heapq.heappop(queue)
        if cost > best[(here, way)]:
            continue
        begins = before[(here, way)] is None
        if not begins and goals.get(here) == way:
            found = [here]
            back = before[(here, way)]
            while back is not None:
                found.append(back[0])
                back = before[back]
            return simplified(found[::-1])
        for turn, dx, dy in ((0, 1, 0), (0, -1, 0), (1, 0, 1), (1, 0, -1)):
            if begins and turn != way:
                continue
            i, j = column[here.x] + dx, row[here.y] + dy
            if not (0 <= i < len(xs) and 0 <= j < len(ys)):
                continue
            there = Point(xs[i], ys[j])
            price = _price(here, there, start, goal, walls, ground)
            price += cost + (_BEND if turn != way else 0)
            if price < best.get((there, turn), 1e18):
                best[(there, turn)] = price
                before[(there, turn)] = (here, way)
                heapq.heappush(queue, (price, there, turn))
    return None


def _upright(dock: int) -> int:
    """Whether lines meet the numbered dock from above or below (1) or from the side (0)."""
    return 0 if dock < 2 else 1


def _docks(box: Box) -> list[Point]:
    """Where a line may end: left, right, then places along top and bottom."""
    x, y = box.middle
    aside = box.width // 4 if box.width >= 60 else 0
    flat = [Point(x + dx, end) for dx in (0, -aside, aside) for end in (box.y, box.bottom)]
    return [Point(box.x, y), Point(box.right, y), *dict.fromkeys(flat)]


def _price(
    one: Point, two: Point, start: Box, goal: Box, walls: list[Box], ground: Ground
) -> float:
    price = float(abs(one.x - two.x) + abs(one.y - two.y))
    price += _THROUGH * sum(meets(box, one, two) for box in [*walls, start, goal])
    flat = stretch_box(one, two)
    upright = one.x == two.x
    near = Box(flat.x - 5, flat.y, flat.width + 10, flat.height)
    if not upright:
        near = Box(flat.x, flat.y - 5, flat.width, flat.height + 10)
    for start_of, end_of, _ in ground.lines_at(near):
        along = (start_of.x == end_of.x) == upright
        price += _ALONG if along else _CROSSING
    return price
