"""Finds a way for each line over the lattice: few bends, few crossings, no foreign item.

Lines are routed one after the other, the main path first, loops last, each by a best-first
search that knows what the earlier ones occupy. Lines of one source may leave together, lines to
one target may arrive together; all others keep apart.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from processes.layout.lattice import Lattice, Spot
from processes.layout.model import EVENTS, GATEWAYS
from processes.layout.plan import Join
from processes.layout.pricing import ACROSS, BEND, DOWN, LEFT, RIGHT, UP, Grid, Pricing

CROSSING = 1.6
_BEGIN = 4
_WAYS = 2 * _BEGIN
_TURNS = tuple(tuple(t for t in range(4) if (t - way) % 4 != 2) for way in range(4))
_KEPT_FREE = 1.3  # top and bottom of a gateway are for the ways that leave it


@dataclass(frozen=True)
class Route:
    """The corners of a line on the lattice, ends included.

    An end at a pool lies on the outer gap beside it; `into` and `out_of` tell the pool's side.
    """

    join: Join
    corners: tuple[Spot, ...]
    out: int
    into: int


class Router:
    """Routes the joins of a plan; `offsets` gives the place of each hanger on its host.

    `crossing` is what a line pays to cross another, beside 1.1 for a bend. Lines named in `late`
    wait for all others, in this order, and go a long way round rather than cross one.
    """

    def __init__(
        self,
        lattice: Lattice,
        offsets: dict[str, int],
        crossing: float = CROSSING,
        late: tuple[str, ...] = (),
    ) -> None:
        self.crossing = crossing
        self.late = {id_: place for place, id_ in enumerate(late)}
        self.lattice = lattice
        self.plan = lattice.plan
        self.offsets = offsets
        self.on_path = set(pairwise(self.plan.path))
        self.grid = Grid(lattice)
        self.along: dict[int, list[tuple[Join, int]]] = defaultdict(list)
        self.shunned: dict[str, set[Spot]] = defaultdict(set)
        self.bent: dict[int, list[Join]] = defaultdict(list)
        self.passing: dict[int, int] = defaultdict(int)
        self.ports: dict[tuple[str, int], list[bool]] = defaultdict(list)

    def route(self) -> dict[str, Route]:
        """Return a route for every join that can have one."""
        routes = {}
        for join in sorted(self.plan.joins.values(), key=self._urgency):
            route = self._find(join)
            if route is not None:
                self._occupy(route)
                routes[join.id] = route
        self._untangle(routes)
        return {id_: routes[id_] for id_ in self.plan.joins if id_ in routes}

    def _untangle(self, routes: dict[str, Route]) -> None:
        """Route lines again that change rows with another in one channel, which no order allows."""
        for _ in range(3):
            tangled = swapped(list(routes.values()), self.together)
            for id_, spots in tangled.items():
                self.shunned[id_] |= spots
                self._occupy(routes[id_], leave=True)
                route = self._find(routes[id_].join)
                routes[id_] = routes[id_] if route is None else route
                self._occupy(routes[id_])
            if not tangled:
                return

    def _urgency(self, join: Join) -> tuple[int, int]:
        spots = self.lattice.spots
        if join.id in self.late:
            return (5, self.late[join.id])
        if join.source not in spots or join.target not in spots:
            return (3, 99)
        (x1, y1), (x2, y2) = spots[join.source], spots[join.target]
        length = abs(x2 - x1) + abs(y2 - y1)
        if self.plan.is_loop(join):
            return (4, length)
        if join.weak:
            return (3, length)
        if y1 == y2 and not join.hanger and self._is_clear(x1, x2, y1):
            return (0, length)
        return (1 if (join.source, join.target) in self.on_path else 2, length)

    def _is_clear(self, x1: int, x2: int, y: int) -> bool:
        return not any(Spot(x, y) in self.lattice.holder for x in range(x1 + 2, x2, 2))

    # -- the search ----------------------------------------------------------------------------

    def _find(self, join: Join) -> Route | None:
        """Best-first search over states: a place of the grid and the direction of arrival.

        A state is `_WAYS` times the number of the place plus the direction; a direction beyond
        `_BEGIN` marks where the line begins, which is not the state of a loop that comes back.
        """
        begins = self._begins(join)
        goals, box = self._goals(join)
        if not begins or not goals:
            return None
        grid, pricing = self.grid, Pricing(self, join, goals)
        starts_at_item = join.source in self.lattice.spots
        ends = {
            grid.number(spot): [(kind == "item", way, cost) for (kind, way), cost in some.items()]
            for spot, some in goals.items()
        }
        best: dict[int, float] = {}
        before: dict[int, int] = {}
        queue: list[tuple[float, int, int]] = []
        count = 0
        for (spot, way), cost in begins.items():
            begin = grid.number(spot) * _WAYS + way + _BEGIN
            best[begin] = cost
            heapq.heappush(queue, (cost + self._left(spot.x, spot.y, way, box), count, begin))
            count += 1
        finished: tuple[float, int, int] | None = None
        done: set[int] = set()
        while queue:
            guess, _, state = heapq.heappop(queue)
            if finished is not None and guess >= finished[0]:
                break
            if state in done:
                continue
            done.add(state)
            cost = best[state]
            place, heading = divmod(state, _WAYS)
            way, begins_here = heading % _BEGIN, heading >= _BEGIN
            if place in ends:
                for is_item, into, extra in ends[place]:
                    if is_item and (begins_here or way != into):
                        continue
                    total = cost + extra + self._turn(way, into)
                    if finished is None or total < finished[0]:
                        finished = (total, state, into)
            if not begins_here and grid.held[place]:
                continue
            first = begins_here and starts_at_item
            for turn in (way,) if first else _TURNS[way]:
                price = pricing.leave(place, way, turn, first)
                if price is None:
                    continue
                to = place + grid.steps[turn]
                there = to * _WAYS + turn
                known = best.get(there)
                if known is None or cost + price < known - 1e-9:
                    best[there] = cost + price
                    before[there] = state
                    x, y = divmod(to, grid.height)
                    guess = cost + price + self._left(x, y, turn, box)
                    heapq.heappush(queue, (guess, count, there))
                    count += 1
        if finished is None:
            return None
        return self._retrace(join, before, finished[1], finished[2])

    def _begins(self, join: Join) -> dict[tuple[Spot, int], float]:
        if join.source not in self.lattice.spots:
            return self._pool_sides(join.source, leaving=True)
        spot = self.lattice.spots[join.source]
        if join.hanger:
            return {(spot, DOWN): 0.0}
        loops = self.plan.is_loop(join)
        costs = {RIGHT: 0.0, DOWN: 0.5, UP: 0.5, LEFT: 4.0}
        if loops:
            costs = {RIGHT: 0.6, DOWN: 0.1, UP: 0.0, LEFT: 0.3}
        if join.weak:
            costs = {RIGHT: 1.0, DOWN: 0.0, UP: 0.0, LEFT: 1.0}
        return {
            (spot, way): cost + self._port_cost(join.source, way, leaving=True)
            for way, cost in costs.items()
        }

    def _goals(
        self, join: Join
    ) -> tuple[dict[Spot, dict[tuple[str, int], float]], tuple[int, int, int, int]]:
        """Spots where the line may end, with the direction of arrival, and their bounding box."""
        goals: dict[Spot, dict[tuple[str, int], float]] = defaultdict(dict)
        if join.target not in self.lattice.spots:
            for (spot, way), cost in self._pool_sides(join.target, leaving=False).items():
                goals[spot][("pool", way)] = cost
        else:
            spot = self.lattice.spots[join.target]
            costs = {RIGHT: 0.0, DOWN: 0.5, UP: 0.5, LEFT: 3.0}
            if self.plan.is_loop(join):
                costs = {RIGHT: 0.5, DOWN: 0.0, UP: 0.1, LEFT: 0.8}
            if join.weak:
                costs = {RIGHT: 1.0, DOWN: 0.0, UP: 0.0, LEFT: 1.0}
            splits = self._splits(join.target)
            for way, cost in costs.items():
                cost += self._port_cost(join.target, (way + 2) % 4, leaving=False)
                if splits and way in (UP, DOWN) and not self.plan.is_loop(join):
                    cost += _KEPT_FREE
                goals[spot][("item", way)] = cost
        xs, ys = [s.x for s in goals], [s.y for s in goals]
        return goals, (min(xs), max(xs), min(ys), max(ys)) if goals else (0, 0, 0, 0)

    def _splits(self, item: str) -> bool:
        return self.plan.items[item].kind in GATEWAYS and len(self.plan.leaving[item]) > 1

    def _pool_sides(self, pool: str, leaving: bool) -> dict[tuple[Spot, int], float]:
        """Every place along the upper and lower border of a pool."""
        if pool not in self.lattice.pool_levels:
            return {}
        above, below = self.lattice.pool_levels[pool]
        ways = (UP, DOWN) if leaving else (DOWN, UP)
        return {
            (Spot(x, y), way): 0.2
            for y, way in ((above, ways[0]), (below, ways[1]))
            for x in range(1, self.lattice.width, 2)
        }

    def _port_cost(self, item: str, side: int, leaving: bool) -> float:
        used = self.ports[(item, side)]
        if side == DOWN and self.plan.items[item].hangers:
            return 9.0
        if not used:
            return 0.0
        wide = self._is_wide(item)
        mixed = any(other != leaving for other in used)
        if mixed:
            return 2.0 if wide and side in (UP, DOWN) else 15.0
        if wide or not leaving:
            return 0.3 * min(len(used), 3)
        # two answers deserve a side each; a fan of many looks best as a comb
        return 4.5 if len(self.plan.leaving[item]) <= 3 else 1.5

    def _is_wide(self, item: str) -> bool:
        kind = self.plan.items[item].kind
        return kind not in EVENTS and kind not in GATEWAYS

    def _turn(self, way: int, turn: int) -> float:
        return 0.0 if way == turn else (BEND if (turn - way) % 4 != 2 else 100.0)

    def _left(self, x: int, y: int, way: int, box: tuple[int, int, int, int]) -> float:
        """What the rest of a way costs at least: its length, and a bend if it is not straight."""
        left, right, top, bottom = box
        across = left - x if x < left else (x - right if x > right else 0)
        depth = self.lattice.depth
        down = depth[top] - depth[y] if y < top else (depth[y] - depth[bottom] if y > bottom else 0)
        bends = (across and down) or (across if way % 2 else down)
        return ACROSS * across + down + (BEND if bends else 0.0)

    def misses(self, join: Join, from_x: int, turn: int) -> bool:
        """Whether an off-centre fall from an attached event would miss a narrow target."""
        if not join.hanger or turn not in (UP, DOWN):
            return False
        target = self.plan.items[join.target]
        reach = target.width // 2 - 12 if self._is_wide(target.id) else 0
        away = abs(self.offsets[join.hanger] - target.shift)
        return self.lattice.spots[join.source].x == from_x and away > reach

    def together(self, one: Join, two: Join) -> bool:
        """Whether two lines may share a stretch."""
        same_source = (one.source, one.hanger) == (two.source, two.hanger)
        return same_source or one.target == two.target

    def _retrace(
        self,
        join: Join,
        before: dict[int, int],
        end: int,
        into: int,
    ) -> Route:
        states: list[tuple[Spot, int]] = []
        state: int | None = end
        while state is not None:
            place, heading = divmod(state, _WAYS)
            states.append((self.grid.spot(place), heading % _BEGIN))
            state = before.get(state)
        states.reverse()
        corners = [states[0][0]]
        for (spot, way), (_, turn) in pairwise(states[1:]):
            if way != turn:
                corners.append(spot)
        if len(states) > 1:
            corners.append(states[-1][0])
        return Route(join, tuple(corners), states[0][1], into)

    # -- what a route occupies ---------------------------------------------------------------

    def _occupy(self, route: Route, leave: bool = False) -> None:
        """Note what a route uses, or take the notes back."""
        join = route.join
        if join.source in self.lattice.spots and not join.hanger:
            _note(self.ports[(join.source, route.out)], True, leave)
        if join.target in self.lattice.spots:
            _note(self.ports[(join.target, (route.into + 2) % 4)], False, leave)
        for corner in route.corners[1:-1]:
            _note(self.bent[self.grid.number(corner)], join, leave)
        for start, end in pairwise(route.corners):
            across = start.y == end.y
            way = (
                (RIGHT if end.x > start.x else LEFT)
                if across
                else (UP if end.y < start.y else DOWN)
            )
            place, last = self.grid.number(start), self.grid.number(end)
            step, begin = self.grid.steps[way], place
            while place != last:
                to = place + step
                _note(self.along[2 * min(place, to) + across], (join, way), leave)
                if place != begin:
                    self.passing[2 * place + across] += -1 if leave else 1
                place = to


_T = TypeVar("_T")


def _note(notes: list[_T], note: _T, leave: bool) -> None:
    if leave:
        notes.remove(note)
    else:
        notes.append(note)


def swapped(routes: list[Route], together: Callable[[Join, Join], bool]) -> dict[str, set[Spot]]:
    """Lines that would each have to run left of another in the same channel, and where they bend.

    One comes along a row on which the other goes on, and the other way round.
    """
    bends: dict[Spot, dict[bool, list[Join]]] = defaultdict(lambda: defaultdict(list))
    for route in routes:
        for before, corner, after in zip(
            route.corners, route.corners[1:], route.corners[2:], strict=False
        ):
            if corner.x % 2 == 0:
                flat = before if before.y == corner.y else after
                bends[corner][flat.x < corner.x].append(route.join)
    left_of: dict[tuple[int, str, str], set[Spot]] = defaultdict(set)
    for spot, sides in bends.items():
        for one in sides[True]:
            for two in sides[False]:
                if not together(one, two):
                    left_of[(spot.x, one.id, two.id)].add(spot)
    found: dict[str, set[Spot]] = {}
    for (x, one_id, two_id), spots in left_of.items():
        others = left_of.get((x, two_id, one_id))
        if others and one_id < two_id and one_id not in found:
            found[two_id] = spots | others
    return found
