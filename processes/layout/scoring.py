"""Tells how bad a drawing is while it is still a plan: crossings, lines on one another, bends."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from processes.layout.geometry import Geometry
from processes.layout.model import Point

_CROSSING, _OVERLAY, _BEND, _ROW, _COLUMN = 25.0, 200.0, 1.0, 2.0, 2.0
_CORNERS = 2  # more of them in one line look lost
_LENGTH = 1 / 400  # a bend for so many pixels


def score(drawn: Geometry) -> float:
    """How bad a drawing is: crossings first, then lines on one another, bends and size."""
    lines = {id_: drawn.line(id_) for id_ in drawn.routes}
    bends = sum(len(points) - 2 for points in lines.values())
    length = sum(
        abs(one.x - two.x) + abs(one.y - two.y)
        for points in lines.values()
        for one, two in pairwise(points)
    )
    rows = len({(item.band, item.row) for item in drawn.plan.items.values()})
    columns = drawn.lattice.columns
    return (
        _CROSSING * len({place for _, _, place in crossings(lines)})
        + _OVERLAY * overlaid(drawn, lines)
        + _BEND * bends
        + _ROW * rows
        + _COLUMN * columns
        + _LENGTH * length
    )


def crossing_pairs(drawn: Geometry) -> list[tuple[str, str]]:
    """The lines that cross, once for each place."""
    found = crossings({id_: drawn.line(id_) for id_ in drawn.routes})
    return [(one, two) for one, two, _ in sorted(found)]


def crooked(drawn: Geometry) -> list[tuple[str, str]]:
    """The lines that lead onward round many corners, each as a pair with itself."""
    ids = [id_ for id_, route in drawn.routes.items() if not drawn.plan.is_loop(route.join)]
    return [(id_, id_) for id_ in ids if len(drawn.line(id_)) - 2 > _CORNERS]


def crossings(lines: dict[str, list[Point]]) -> set[tuple[str, str, Point]]:
    """Each two lines that cross, and where."""
    upright, flat = stretches(lines)
    return {
        (min(one, two), max(one, two), Point(x, y))
        for x, top, bottom, one in upright
        for y, left, right, two in flat
        if top < y < bottom and left < x < right and one != two
    }


def overlaid(drawn: Geometry, lines: dict[str, list[Point]]) -> int:
    """How many stretches lie on another line that shares neither beginning nor end."""
    joins = drawn.plan.joins
    count = 0
    for found in stretches(lines):
        by_place: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for place, low, high, id_ in found:
            by_place[place].append((low, high, id_))
        for beside in by_place.values():
            beside.sort()
            for (_, end, one), (begin, _, two) in pairwise(beside):
                a, b = joins[one], joins[two]
                apart = a.source != b.source and a.target != b.target
                count += begin < end - 4 and apart
    return count


Stretch = tuple[int, int, int, str]


def stretches(lines: dict[str, list[Point]]) -> tuple[list[Stretch], list[Stretch]]:
    """The upright and the flat pieces of lines: the place across, from, to, and whose it is."""
    upright, flat = [], []
    for id_, points in lines.items():
        for one, two in pairwise(points):
            if one.x == two.x:
                upright.append((one.x, min(one.y, two.y), max(one.y, two.y), id_))
            elif one.y == two.y:
                flat.append((one.y, min(one.x, two.x), max(one.x, two.x), id_))
    return upright, flat
