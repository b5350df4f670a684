"""Gives the lines inside one channel their order, so that they cross as seldom as possible.

Stretches of lines that share their way so far (same source) or from here on (same target) form a
bundle and are drawn as one line.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from processes.layout.lattice import Spot
from processes.layout.routing import Route

_OVERLAY = 12  # worse than crossings: two lines would lie on one another


@dataclass
class Run:
    """A straight stretch of a route: `line` is its x (upright) or its y, in lattice units.

    `ends` are the two positions along it, each with the side to which the line goes on there
    (-1, 0 or 1). The place across is set later: `track` in channels, `offset` in columns.
    """

    route: Route
    number: int
    upright: bool
    line: int
    low: float
    high: float
    ends: list[tuple[float, int]] = field(default_factory=list)
    track: int = 0
    offset: int = 0


@dataclass
class Bundle:
    """Runs that are drawn as one line."""

    runs: list[Run]
    low: float
    high: float
    ends: list[tuple[float, int]]

    @classmethod
    def of(cls, runs: list[Run]) -> Bundle:
        ends = [end for run in runs for end in run.ends]
        return cls(runs, min(r.low for r in runs), max(r.high for r in runs), ends)

    def spans(self, place: float) -> bool:
        """Whether a place lies along it, by the exact places of its ends."""
        places = [at for at, _ in self.ends]
        return min(places) < place < max(places)

    def touches(self, other: Bundle) -> bool:
        """Whether both need a place of their own: also when they only meet in one channel."""
        return self.low <= other.high and other.low <= self.high


def runs_of(route: Route, from_pool: bool, to_pool: bool) -> list[Run]:
    """Take a route apart; a line that ends at a pool ends with an upright run."""
    corners = list(route.corners)
    pieces: list[tuple[Spot, Spot, bool]] = []
    if from_pool and (len(corners) == 1 or corners[0].y == corners[1].y):
        pieces.append((corners[0], corners[0], True))
    for start, end in pairwise(corners):
        pieces.append((start, end, start.x == end.x))
    if to_pool and not pieces[-1][2]:
        pieces.append((corners[-1], corners[-1], True))
    runs = []
    for number, (start, end, upright) in enumerate(pieces):
        first, last = (start.y, end.y) if upright else (start.x, end.x)
        before = _side(pieces[number - 1], upright, backward=True) if number else 0
        after = _side(pieces[number + 1], upright, False) if number + 1 < len(pieces) else 0
        line = start.x if upright else start.y
        ends = [(float(first), before), (float(last), after)]
        runs.append(Run(route, number, upright, line, min(first, last), max(first, last), ends))
    return runs


def _side(piece: tuple[Spot, Spot, bool], upright: bool, backward: bool) -> int:
    """To which side a neighbouring piece leads away."""
    start, end = (piece[1], piece[0]) if backward else (piece[0], piece[1])
    delta = end.x - start.x if upright else end.y - start.y
    return (delta > 0) - (delta < 0)


def bundles_of(runs: list[Run]) -> list[Bundle]:
    """Join runs of one line (same x or y) that share their beginning or their end."""
    by_start: dict[tuple[object, ...], list[Run]] = defaultdict(list)
    for run in runs:
        route = run.route
        prefix = route.corners[: run.number + 1]
        key = (route.join.source, route.join.hanger, route.out, prefix, run.ends[0][1], _way(run))
        # beside one another, so that each name stands at a line of its own near its beginning
        is_apart = run.number and not run.upright and route.join.name
        by_start[(*key, route.join.id if is_apart else "")].append(run)
    bundles = [Bundle.of(group) for group in by_start.values() if len(group) > 1]
    by_end: dict[tuple[object, ...], list[Run]] = defaultdict(list)
    for group in by_start.values():
        if len(group) == 1:
            run = group[0]
            suffix = run.route.corners[run.number + 1 :]
            by_end[(run.route.join.target, run.route.into, suffix, _way(run))].append(run)
    return bundles + [Bundle.of(group) for group in by_end.values()]


def _way(run: Run) -> bool:
    return run.ends[0][0] <= run.ends[1][0]


def assign_tracks(bundles: list[Bundle]) -> int:
    """Set the track of every run in one channel; return how many tracks there are."""
    order = _ordered(bundles)
    tracks: list[int] = []
    for number, bundle in enumerate(order):
        before = [t for t, other in zip(tracks, order, strict=False) if other.touches(bundle)]
        tracks.append(max(before, default=-1) + 1)
        for run in order[number].runs:
            run.track = tracks[-1]
    return max(tracks, default=-1) + 1


def _ordered(bundles: list[Bundle]) -> list[Bundle]:
    """Insert each where it costs least, then let neighbours change places while that helps."""
    if len(bundles) > 60:
        return sorted(bundles, key=lambda b: (sum(side for _, side in b.ends), b.low, b.high))
    order: list[Bundle] = []
    for bundle in sorted(bundles, key=lambda b: (b.low - b.high, b.low)):
        costs = [sum(_cost(bundle, other) for other in order)]
        for other in order:
            costs.append(costs[-1] - _cost(bundle, other) + _cost(other, bundle))
        order.insert(costs.index(min(costs)), bundle)
    for _ in range(len(order)):
        changed = False
        for i in range(len(order) - 1):
            one, two = order[i], order[i + 1]
            if _cost(two, one) < _cost(one, two):
                order[i], order[i + 1] = two, one
                changed = True
        if not changed:
            break
    return order


def _cost(one: Bundle, two: Bundle) -> int:
    """What it costs to draw `one` before (left of, above) `two`."""
    if not one.touches(two):
        return 0
    cost = sum(1 for at, side in one.ends if side > 0 and two.spans(at))
    cost += sum(1 for at, side in two.ends if side < 0 and one.spans(at))
    for at, side in one.ends:
        for other, other_side in two.ends:
            if at == other and side > 0 and other_side < 0:
                cost += _OVERLAY
    return cost
