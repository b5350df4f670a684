"""Finds a free place for each label: beside what it names, on no line, on no shape, on no other.

Each label has a list of places, the best first. A place that hits something costs more than any
distance, so a label leaves its first place only when it must.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from processes.layout.ground import Ground
from processes.layout.model import EVENTS, Box, Point
from processes.layout.texts import EM, LABEL_WIDTH, label_size

GAP = 6
_HIT_LABEL = 2000
_HIT_SHAPE = 1500
_HIT_LINE = 1000
_HIT_BORDER = 300
_SHARED = 150.0
_PARTING = 40.0  # a name right where lines part may be read for either
BORDER = "border"

Place = tuple[Box, float]


class LabelPlacer:
    """Places labels one by one on a ground; `crowded` names those that hit something."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.placed = Ground()
        self.boxes: dict[str, Box] = {}
        self.crowded: list[str] = []

    def place(self, id_: str, places: Iterator[Place]) -> None:
        """Take the cheapest place."""
        best: tuple[float, Box] | None = None
        for box, price in places:
            if best is not None and price >= best[0]:
                continue
            total = price + self._hits(box)
            if best is None or total < best[0]:
                best = (total, box)
        if best is None:
            return
        if best[0] >= _HIT_BORDER:
            self.crowded.append(id_)
        self.boxes[id_] = best[1]
        self.placed.add_box(best[1], id_)

    def _hits(self, box: Box) -> float:
        total = 0.0
        total += _HIT_LABEL * sum(1 for _ in self.placed.boxes_at(box, 2))
        total += _HIT_SHAPE * sum(1 for _ in self.ground.boxes_at(box, 1))
        near = Box(box.x - 2, box.y - 1, box.width + 4, box.height + 2)
        for _, _, owner in self.ground.lines_at(near):
            total += _HIT_BORDER if owner == BORDER else _HIT_LINE
        return total


def shape_places(kind: str, name: str, box: Box, beside: int = 0) -> Iterator[Place]:
    """Places for the name of a gateway or an event; `beside` tells the side of a hanger."""
    below_first = kind in EVENTS
    for number, width in enumerate(_widths(name)):
        wide, tall = label_size(name, width)
        middle, extra = box.middle.x - wide // 2, 30.0 * number
        above = Box(middle, box.y - GAP + 2 - tall, wide, tall)
        below = Box(middle, box.bottom + GAP - 2, wide, tall)
        side = Box(box.right + GAP, box.bottom - 4, wide, tall)
        other = Box(box.x - GAP - wide, box.bottom - 4, wide, tall)
        if kind == "boundaryEvent":
            right = Box(box.middle.x + GAP, box.bottom + 3, wide, tall)
            left = Box(box.middle.x - GAP - wide, box.bottom + 3, wide, tall)
            first, second = (left, right) if beside < 0 else (right, left)
            yield first, extra
            yield second, 8 + extra
            yield (other if beside < 0 else side), 16 + extra
            yield (side if beside < 0 else other), 20 + extra
            yield below, 24 + extra
            continue
        yield (below if below_first else above), extra
        yield (above if below_first else below), 10 + extra
        reach = box.width // 2 if kind in EVENTS else box.width // 4
        for x, cost in ((box.middle.x + GAP, 20), (box.middle.x - GAP - wide, 22)):
            yield Box(x, above.y, wide, tall), cost + extra
            yield Box(x, below.y, wide, tall), cost + 4 + extra
        for x, cost in ((box.middle.x + reach + 4, 30), (box.middle.x - reach - 4 - wide, 31)):
            yield Box(x, box.y - tall + 10, wide, tall), cost + extra
            yield Box(x, box.bottom - 10, wide, tall), cost + extra
        for x, cost in ((box.right + 4, 40), (box.x - 4 - wide, 42)):
            yield Box(x, box.middle.y - 4 - tall, wide, tall), cost + extra
            yield Box(x, box.middle.y + 4, wide, tall), cost + extra
        for further in range(1, 5):
            yield above.moved(0, -16 * further), 60.0 + 16 * further + extra
            yield below.moved(0, 16 * further), 60.0 + 16 * further + extra


def line_places(name: str, points: list[Point], shared: int = 0) -> Iterator[Place]:
    """Places for the name of a line: near its source first, above or right of it.

    For `shared` pixels the line runs with others; a name there would be read for all of them.
    """
    for number, width in enumerate(_widths(name)):
        wide, tall = label_size(name, width)
        passed, left = 0.0, shared
        for one, two in pairwise(points):
            length = abs(two.x - one.x) + abs(two.y - one.y)
            parts_here = left > 0 and two != points[-1]
            for box, along, cost in _beside(one, two, wide, tall):
                cost += _SHARED if along < left else (_PARTING if parts_here else 0.0)
                yield box, 0.15 * (passed + max(0, along - left)) + cost + 25.0 * number
            passed += 25 if parts_here else length + 25
            left = max(0, left - length)


def shared_length(points: list[Point], others: list[list[Point]]) -> int:
    """How many pixels a line runs together with others from its beginning; all of it is none."""
    longest = 0
    for other in others:
        length = 0
        for (one, two), (three, four) in zip(pairwise(points), pairwise(other), strict=False):
            if one != three:
                break
            flat = one.y == two.y == four.y and (two.x > one.x) == (four.x > one.x)
            upright = one.x == two.x == four.x and (two.y > one.y) == (four.y > one.y)
            if not flat and not upright:
                break
            length += min(abs(end.x - one.x) + abs(end.y - one.y) for end in (two, four))
        longest = max(longest, length)
    whole = sum(abs(a.x - b.x) + abs(a.y - b.y) for a, b in pairwise(points))
    return longest if longest < whole else 0


def _beside(one: Point, two: Point, wide: int, tall: int) -> Iterator[tuple[Box, float, float]]:
    if one.y == two.y:
        length = abs(two.x - one.x)
        sign = 1 if two.x >= one.x else -1
        for start in _steps(length, wide):
            x = one.x + start if sign > 0 else one.x - start - wide
            short = 0.0 if length >= wide + 4 else 12.0
            yield Box(x, one.y - 5 - tall, wide, tall), start, short
            yield Box(x, one.y + 5, wide, tall), start, 6 + short
        return
    length = abs(two.y - one.y)
    sign = 1 if two.y >= one.y else -1
    for start in _steps(length, tall):
        y = one.y + start if sign > 0 else one.y - start - tall
        short = 0.0 if length >= tall + 4 else 12.0
        x = (one.x + two.x) // 2
        yield Box(x + GAP, y, wide, tall), start, short + 2
        yield Box(x - GAP - wide, y, wide, tall), start, short + 6


def _steps(length: int, size: int) -> Iterator[int]:
    """Distances from the start at which a label may begin."""
    first = 8 if length > size + 8 else max(0, (length - size) // 2)
    yield first
    yield from range(first + 10, min(length - size - 4, 600), 14)


def _widths(name: str) -> list[int]:
    """Widths at which the name breaks differently, the usual one first."""
    found, seen = [], set()
    for width in (LABEL_WIDTH, 10 * EM, 5 * EM, 4 * EM, 3 * EM):
        size = label_size(name, width)
        if size not in seen:
            seen.add(size)
            found.append(width)
    return found
