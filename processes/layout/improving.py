"""Moves items between rows while that saves crossings: what the greedy rows could not foresee.

Every trial is routed and measured as it would be drawn. Only what crossing lines lead to is moved,
the main path never, and nothing rises above it. How many trials a plan gets falls with its size;
the same plan always gets the same ones. A plan without crossings is left as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from processes.layout.geometry import Geometry
from processes.layout.model import Point
from processes.layout.plan import Item, Plan

CAREFUL = 5.0  # a router's price of a crossing, where the usual one leaves some
_EFFORT = 150_000
_LEAST, _MOST = 6, 240
_CROSSING, _OVERLAY, _BEND, _ROW = 10, 100, 1, 2

Rows = dict[str, int]
Route = Callable[[float | None], Geometry]


def improve(plan: Plan, route: Route) -> Geometry:
    """Draw the plan as well as some trials allow; its rows stay as they were drawn last.

    `route` draws it as it stands, with the usual price of crossings or another.
    """
    search = _Search(plan, route)
    if search.left >= _LEAST and crossing_pairs(search.best):
        search.run()
    return search.best


class _Search:
    def __init__(self, plan: Plan, route: Route) -> None:
        self.plan, self.route = plan, route
        self.price: float | None = None
        self.left = min(_MOST, _EFFORT // max(1, len(plan.items)) ** 2)
        self.best = route(None)
        self.score = score(self.best)
        self.rows = self._rows()

    def run(self) -> None:
        """Try until nothing helps or the trials are used up; then draw the best once more."""
        for price in (CAREFUL, 2 * CAREFUL):
            self._try(price)
        if not crossing_pairs(self.best):
            return
        moved = True
        while moved and self.left > 0 and crossing_pairs(self.best):
            moved = any(self._try_rows(rows) for rows in list(self._moves()))
        self._settle(self.rows)
        self.best = self.route(self.price)

    # -- trials ------------------------------------------------------------------------------

    def _try_rows(self, rows: Rows) -> bool:
        if self.left <= 0:
            return False
        self._settle(rows)
        return any(self._try(price) for price in (None, CAREFUL))

    def _try(self, price: float | None) -> bool:
        """Draw the plan as it stands; keep it if it is better than the best so far."""
        self.left -= 1
        drawn = self.route(price)
        reached = score(drawn)
        if reached >= self.score:
            return False
        self.best, self.score, self.rows, self.price = drawn, reached, self._rows(), price
        return True

    def _rows(self) -> Rows:
        return {item.id: item.row for item in self.plan.items.values()}

    def _settle(self, rows: Rows) -> None:
        for id_, row in rows.items():
            self.plan.items[id_].row = row

    # -- moves -------------------------------------------------------------------------------

    def _moves(self) -> Iterator[Rows]:
        """Rows with one unit elsewhere in its band: what crossing lines lead to, worst first."""
        self._settle(self.rows)
        for unit in self._units():
            first = unit[0]
            band = [item for item in self.plan.items.values() if item.band == first.band]
            deepest = max(item.row for item in band)
            for row in range(deepest + 2):
                if row != first.row and self._is_free(band, unit, row):
                    yield closed(self.plan, self.rows | {item.id: row for item in unit})
            for row in range(self._highest(first.band), deepest + 1):
                down = {item.id: item.row + 1 for item in band if item.row >= row}
                yield closed(self.plan, self.rows | down | {item.id: row for item in unit})

    def _highest(self, band: int) -> int:
        """The first row of a band that may be pushed down: none above the main path."""
        return int(any(self.plan.items[id_].band == band for id_ in self.plan.path))

    def _is_free(self, band: list[Item], unit: list[Item], row: int) -> bool:
        columns = {item.column for item in unit}
        return not any(
            item.row == row and item.column in columns for item in band if item not in unit
        )

    def _units(self) -> list[list[Item]]:
        """What may be moved: ends of crossing lines, alone and with what follows in their row."""
        count: dict[str, int] = defaultdict(int)
        for pair in crossing_pairs(self.best):
            for id_ in pair:
                join = self.plan.joins[id_]
                for end in {join.source, join.target} & set(self.plan.items):
                    count[end] += 1
        path = set(self.plan.path)
        units: list[list[Item]] = []
        for id_ in sorted(count, key=lambda one: (-count[one], one)):
            if id_ in path:
                continue
            for unit in ([self.plan.items[id_]], self._chain(id_, path)):
                if unit not in units:
                    units.append(unit)
        return units

    def _chain(self, id_: str, path: set[str]) -> list[Item]:
        """An item with the neighbours that stand in one row with it."""
        item = self.plan.items[id_]
        found, waiting = [item], [item]
        while waiting:
            here = waiting.pop()
            ends = [j.target for j in self.plan.onward(here.id)]
            ends += [j.source for j in self.plan.arriving(here.id)]
            for end in ends:
                other = self.plan.items[end]
                beside = (other.band, other.row) == (item.band, item.row)
                if beside and other not in found and end not in path:
                    found.append(other)
                    waiting.append(other)
        return found


def closed(plan: Plan, rows: Rows) -> Rows:
    """The same rows without empty ones in between."""
    used: dict[int, set[int]] = defaultdict(set)
    for id_, row in rows.items():
        used[plan.items[id_].band].add(row)
    rank = {band: {row: n for n, row in enumerate(sorted(some))} for band, some in used.items()}
    return {id_: rank[plan.items[id_].band][row] for id_, row in rows.items()}


def score(drawn: Geometry) -> int:
    """How bad a drawing is: crossings first, then lines on one another, bends and rows."""
    lines = {id_: drawn.line(id_) for id_ in drawn.routes}
    bends = sum(len(points) - 2 for points in lines.values())
    rows = len({(item.band, item.row) for item in drawn.plan.items.values()})
    crossings = len(crossing_pairs(drawn))
    overlays = overlaid(drawn, lines)
    return _CROSSING * crossings + _OVERLAY * overlays + _BEND * bends + _ROW * rows


def crossing_pairs(drawn: Geometry) -> list[tuple[str, str]]:
    """The lines that cross, once for each place."""
    upright, flat = stretches({id_: drawn.line(id_) for id_ in drawn.routes})
    found = {
        (min(one, two), max(one, two), x, y)
        for x, top, bottom, one in upright
        for y, left, right, two in flat
        if top < y < bottom and left < x < right and one != two
    }
    return [(one, two) for one, two, _, _ in sorted(found)]


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
