"""Turns columns, rows and tracks into whole pixels."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from processes.layout.lattice import Lattice, Level
from processes.layout.model import EVENTS, GATEWAYS, Box, Point
from processes.layout.pricing import DOWN, LEFT, RIGHT, UP
from processes.layout.routing import Route
from processes.layout.texts import label_size
from processes.layout.tracks import Bundle, Run, assign_tracks, bundles_of, runs_of

TRACK = 14
CHANNEL = 50
ROW_GAP = 26
LANE_EDGE = 14
POOL_GAP = 40
EVENT = 36
STEPS = (0, 24, -24, 36, -36, 12, -12)


@dataclass
class Room:
    """Extra pixels that labels ask for: before the tracks of a channel, around rows."""

    left: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    right: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    above: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    below: dict[int, int] = field(default_factory=lambda: defaultdict(int))


class Geometry:
    """Coordinates of one plan: of items, channels, tracks and levels."""

    def __init__(
        self,
        lattice: Lattice,
        routes: dict[str, Route],
        names: dict[str, str],
        offsets: dict[str, int],
    ) -> None:
        self.lattice = lattice
        self.plan = lattice.plan
        self.routes = routes
        self.names = names
        self.offsets = offsets
        self.runs = {
            id_: runs_of(
                route,
                route.join.source not in lattice.spots,
                route.join.target not in lattice.spots,
            )
            for id_, route in routes.items()
        }
        self.counts: dict[tuple[bool, int], int] = {}
        self._assign()
        self.room = Room()
        self._ask_for_labels()

    # -- tracks --------------------------------------------------------------------------------

    def _assign(self) -> None:
        lines: dict[tuple[bool, int], list[Run]] = defaultdict(list)
        for runs in self.runs.values():
            for run in runs:
                lines[(run.upright, run.line)].append(run)
        bundles = {key: bundles_of(runs) for key, runs in lines.items()}
        for _ in range(2):  # the second time the tracks of the other direction are known
            for upright in (True, False):
                for (is_upright, line), found in bundles.items():
                    if is_upright != upright:
                        continue
                    if upright and line % 2:
                        self._assign_offsets(line, found)
                    elif upright or not self.lattice.levels[line].is_row:
                        self.counts[(upright, line)] = assign_tracks(found)
                self._refine(upright)
            for found in bundles.values():
                for bundle in found:
                    fresh = Bundle.of(bundle.runs)
                    bundle.low, bundle.high, bundle.ends = fresh.low, fresh.high, fresh.ends

    def _refine(self, upright: bool) -> None:
        """Tell the runs across where exactly these ones lie."""
        for runs in self.runs.values():
            for number, run in enumerate(runs):
                if run.upright == upright:
                    continue
                for end, neighbour in ((0, number - 1), (1, number + 1)):
                    if 0 <= neighbour < len(runs):
                        place = self._place(runs[neighbour])
                        run.ends[end] = (place, run.ends[end][1])

    def _place(self, run: Run) -> float:
        if run.upright and run.line % 2:
            return run.line + run.offset / 200
        if not run.upright and self.lattice.levels[run.line].is_row:
            return float(run.line)
        return (
            run.line
            - 0.4
            + 0.8 * (run.track + 1) / (self.counts.get((run.upright, run.line), 1) + 1)
        )

    def _assign_offsets(self, line: int, bundles: list[Bundle]) -> None:
        """Spread the upright lines of a column; those that dock at narrow items stay put."""
        fixed: list[tuple[Bundle, int]] = []
        free: list[tuple[Bundle, int]] = []
        for bundle in bundles:
            place, limit = self._freedom(bundle)
            if limit == 0:
                fixed.append((bundle, place))
            else:
                free.append((bundle, limit))
        placed = list(fixed)
        clusters = self._clusters([bundle for bundle, _ in free])
        limits = {id(bundle): limit for bundle, limit in free}
        for cluster in clusters:
            assign_tracks(cluster)
            wanted = self._spread(cluster, limits)
            for bundle in cluster:
                limit = limits[id(bundle)]
                first = max(-limit, min(limit, wanted[id(bundle)]))
                choices = [first, *(s for s in STEPS if abs(s) <= limit)]
                taken = [p for other, p in placed if other.touches(bundle)]
                place = next((c for c in choices if all(abs(c - p) >= 12 for p in taken)), first)
                placed.append((bundle, place))
        for bundle, place in placed:
            for run in bundle.runs:
                run.offset = place

    def _spread(self, cluster: list[Bundle], limits: dict[int, int]) -> dict[int, int]:
        last = max(bundle.runs[0].track for bundle in cluster)
        limit = min(limits[id(bundle)] for bundle in cluster)
        step = min(24, 2 * limit // last) if last else 0
        return {id(b): round((b.runs[0].track - last / 2) * step) for b in cluster}

    def _clusters(self, bundles: list[Bundle]) -> list[list[Bundle]]:
        """Bundles that touch one another, directly or through others."""
        clusters: list[list[Bundle]] = []
        for bundle in sorted(bundles, key=lambda b: b.low):
            if clusters and any(other.touches(bundle) for other in clusters[-1]):
                clusters[-1].append(bundle)
            else:
                clusters.append([bundle])
        return clusters

    def _freedom(self, bundle: Bundle) -> tuple[int, int]:
        """Where a bundle must lie in its column, and how far it may move (0: not at all)."""
        limit = 36
        for run in bundle.runs:
            join = run.route.join
            if run.number == 0 and join.source in self.plan.items:
                if join.hanger:
                    return self.offsets[join.hanger], 0
                limit = min(limit, self._reach(join.source))
                if not limit:
                    return self.plan.items[join.source].shift, 0
            if run.number == len(self.runs[join.id]) - 1 and join.target in self.plan.items:
                limit = min(limit, self._reach(join.target))
                if not limit:
                    return self.plan.items[join.target].shift, 0
        return 0, limit

    def _reach(self, item: str) -> int:
        found = self.plan.items[item]
        return 0 if found.kind in EVENTS | GATEWAYS else max(0, found.width // 2 - 14)

    # -- pixels --------------------------------------------------------------------------------

    def _ask_for_labels(self) -> None:
        """Keep room for the names of lines where they leave their source."""
        half = self._half_widths()
        for id_, route in self.routes.items():
            name = self.names.get(id_, "")
            item = self.plan.items.get(route.join.source)
            if not name or item is None:
                continue
            width = label_size(name)[0] + abs(item.shift)
            channel = 2 * item.column + 2
            if route.out == RIGHT:
                need = width + 14 - (half[item.column] - item.width // 2)
                self._want(self.room.left, channel, need)
            elif route.out == LEFT:
                need = width + 14 - (half[item.column] - item.width // 2)
                self._want(self.room.right, channel - 2, need)
            else:
                offset = self.offsets.get(route.join.hanger, 0)
                self._want(self.room.left, channel, width + 14 + offset - half[item.column])

        self._ask_beside_one_another()
        for item in self.plan.items.values():
            for hanger in item.hangers:
                offset = self.offsets[hanger]
                need = label_size(self.names.get(hanger, ""))[0] + abs(offset) + 12
                channel = 2 * item.column + (0 if offset < 0 else 2)
                side = self.room.right if offset < 0 else self.room.left
                self._want(side, channel, need - half[item.column])

    def _ask_beside_one_another(self) -> None:
        """Keep room above and below named lines that leave one place side by side."""
        beside: dict[tuple[str, str, int], set[str]] = defaultdict(set)
        for id_, runs in self.runs.items():
            join = runs[0].route.join
            for run in runs[1:]:
                if join.name and not run.upright and not self.lattice.levels[run.line].is_row:
                    beside[(join.source, join.hanger, run.line)].add(id_)
        for (_, _, level), ids in beside.items():
            if len(ids) > 1:
                tall = max(label_size(self.names[id_])[1] for id_ in ids if id_ in self.names)
                self._want(self.room.above, level, tall)

    @staticmethod
    def _want(room: dict[int, int], key: int, need: int) -> None:
        room[key] = max(room[key], need)

    def _half_widths(self) -> list[int]:
        half = [25] * self.lattice.columns
        for item in self.plan.items.values():
            wide = item.width
            if self.names.get(item.id) and item.kind in EVENTS | GATEWAYS:
                wide = max(wide, label_size(self.names[item.id])[0] + 8)
            half[item.column] = max(half[item.column], -(-wide // 2) + abs(item.shift))
        return half

    def settle(self) -> None:
        """Compute all coordinates from the tracks and the room that labels want."""
        self._settle_across()
        self._settle_down()

    def _settle_across(self) -> None:
        half = self._half_widths()
        self.channel_x: dict[int, int] = {}
        self.column_x: list[int] = []
        x = 0
        for column in range(self.lattice.columns + 1):
            line = 2 * column
            count = self.counts.get((True, line), 0)
            outer = column in (0, self.lattice.columns)
            least = 20 if outer else CHANNEL
            left = max(self.room.left[line], 18 if not outer else 12)
            right = max(self.room.right[line], 20 if not outer else 12)
            tracks = TRACK * max(0, count - 1)
            width = (
                max(least, left + tracks + right)
                if count
                else max(least, self.room.left[line] + self.room.right[line])
            )
            spare = width - left - tracks - right
            self.channel_x[line] = x + left + max(0, spare // 2)
            x += width
            if column < self.lattice.columns:
                self.column_x.append(x + half[column])
                x += 2 * half[column]
        self.width = x

    def _settle_down(self) -> None:
        up, down = self._row_extents()
        self.level_y: dict[int, int] = {}
        self.level_top: dict[int, int] = {}
        y = 0
        levels = self.lattice.levels
        for number, level in enumerate(levels):
            self.level_top[number] = y
            if level.is_row:
                self.level_y[number] = y + up[number]
                y += up[number] + down[number]
            elif level.kind == "closed":
                self.level_y[number] = y + 30
                y += 60
            else:
                height, first = self._gap(number, level)
                self.level_y[number] = y + first
                y += height
        self.level_top[len(levels)] = self.height = y

    def _gap(self, number: int, level: Level) -> tuple[int, int]:
        """Height of a gap, and where its first track lies."""
        count = self.counts.get((False, number), 0)
        tracks = TRACK * max(0, count - 1)
        extra = self.room.above[number]
        if level.kind == "outer":
            inner = 0 < number < len(self.lattice.levels) - 1
            least = POOL_GAP if inner else 0
            return max(least, tracks + 40 if count else 0) + extra, 20
        levels = self.lattice.levels
        edge = not (levels[number - 1].is_row and levels[number + 1].is_row)
        least = LANE_EDGE if edge else ROW_GAP
        height = max(least, tracks + 26 if count else 0)
        return height + extra, (height - tracks) // 2 + extra

    def _row_extents(self) -> tuple[dict[int, int], dict[int, int]]:
        up: dict[int, int] = defaultdict(lambda: 30)
        down: dict[int, int] = defaultdict(lambda: 30)
        for id_, spot in self.lattice.spots.items():
            item = self.plan.items[id_]
            half = -(-item.height // 2)
            top, bottom = half, half
            if item.hangers:
                tallest = max(label_size(self.names.get(h, ""))[1] for h in item.hangers)
                bottom += EVENT // 2 + 6 + tallest
            if item.kind in EVENTS | GATEWAYS and self.names.get(id_):
                height = label_size(self.names[id_])[1] + 6
                if item.kind in EVENTS:
                    bottom += height
                else:
                    top += height
            up[spot.y] = max(up[spot.y], top + 4 + self.room.above[spot.y])
            down[spot.y] = max(down[spot.y], bottom + 4 + self.room.below[spot.y])
        for id_, route in self.routes.items():
            source = route.join.source
            if self.names.get(id_) and route.out in (UP, DOWN) and source in self.lattice.spots:
                y = self.lattice.spots[source].y
                tall = label_size(self.names[id_])[1]
                half = self.plan.items[source].height // 2 + tall + 16
                if route.join.hanger:
                    half += EVENT // 2 + 20
                extents = up if route.out == UP else down
                extents[y] = max(extents[y], half)
        return up, down

    # -- what others ask -----------------------------------------------------------------------

    def box(self, id_: str) -> Box:
        """Where an item stands."""
        item = self.plan.items[id_]
        spot = self.lattice.spots[id_]
        x, y = self.column_x[item.column] + item.shift, self.level_y[spot.y]
        return Box(x - item.width // 2, y - item.height // 2, item.width, item.height)

    def hanger_box(self, host: str, hanger: str) -> Box:
        """Where a boundary event sits on the lower border of its host."""
        box = self.box(host)
        x = box.middle.x + self.offsets[hanger]
        return Box(x - EVENT // 2, box.bottom - EVENT // 2, EVENT, EVENT)

    def line(self, id_: str) -> list[Point]:
        """Waypoints of a line, docked on the borders of its ends."""
        runs = self.runs[id_]
        points = [self._start(runs[0])]
        for one, two in pairwise(runs):
            upright, flat = (one, two) if one.upright else (two, one)
            points.append(Point(self._x(upright), self._y(flat)))
        points.append(self._end(runs[-1]))
        return simplified(points)

    def _x(self, run: Run) -> int:
        if run.line % 2:
            return self.column_x[run.line // 2] + run.offset
        return self.channel_x[run.line] + TRACK * run.track

    def _y(self, run: Run) -> int:
        if self.lattice.levels[run.line].is_row:
            return self.level_y[run.line]
        return self.level_y[run.line] + TRACK * run.track

    def _start(self, run: Run) -> Point:
        join, way = run.route.join, run.route.out
        if join.hanger:
            box = self.hanger_box(join.source, join.hanger)
            return Point(box.middle.x, box.bottom)
        if join.source in self.plan.items:
            return self._dock(run, self.box(join.source), way)
        return Point(self._x(run), self._pool_border(join.source, way == DOWN))

    def _end(self, run: Run) -> Point:
        join, way = run.route.join, (run.route.into + 2) % 4
        if join.target in self.plan.items:
            return self._dock(run, self.box(join.target), way)
        return Point(self._x(run), self._pool_border(join.target, way == DOWN))

    def _dock(self, run: Run, box: Box, side: int) -> Point:
        if side in (UP, DOWN):
            return Point(self._x(run), box.y if side == UP else box.bottom)
        return Point(box.x if side == LEFT else box.right, self._y(run))

    def _pool_border(self, pool: str, below: bool) -> int:
        above, under = self.lattice.pool_levels[pool]
        return self.level_top[under] if below else self.level_top[above + 1]


def simplified(points: list[Point]) -> list[Point]:
    """Leave out points that are double or lie on a straight stretch."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        while len(kept) > 1 and (
            kept[-2].x == kept[-1].x == point.x or kept[-2].y == kept[-1].y == point.y
        ):
            kept.pop()
        kept.append(point)
    return kept if len(kept) > 1 else points[:2]
