"""What a line pays for its way: length, bends, crossings, and places that others use already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processes.layout.lattice import Lattice, Spot
from processes.layout.plan import Join

if TYPE_CHECKING:
    from processes.layout.routing import Router

RIGHT, DOWN, LEFT, UP = range(4)
ACROSS = 0.7
BEND = 1.1
_DETOUR = 30.0  # what a line that waited for all others pays to cross one
_SHARED_COLUMN = 2.5
_CLASH = 40.0


class Grid:
    """The lattice in plain numbers: places count down the columns, from left to right."""

    def __init__(self, lattice: Lattice) -> None:
        self.height, self.width = lattice.height, lattice.width
        self.steps = (self.height, 1, -self.height, -1)
        self.is_row = [level.is_row for level in lattice.levels]
        self.is_closed = [level.kind == "closed" for level in lattice.levels]
        self.down = [lattice.step_cost(y, y + 1) for y in range(self.height - 1)]
        self.held = bytearray(self.width * self.height)
        for spot in lattice.holder:
            self.held[self.number(spot)] = 1

    def number(self, spot: Spot) -> int:
        return spot.x * self.height + spot.y

    def spot(self, place: int) -> Spot:
        return Spot(*divmod(place, self.height))


class Pricing:
    """What one line pays for each step, among the lines that are there already."""

    def __init__(
        self, router: Router, join: Join, goals: dict[Spot, dict[tuple[str, int], float]]
    ) -> None:
        self.router, self.grid, self.join = router, router.grid, join
        self.goals = {self.grid.number(spot) for spot in goals}
        self.shunned = {self.grid.number(spot) for spot in router.shunned.get(join.id, ())}
        self.crossing = _DETOUR if join.id in router.late else router.crossing

    def leave(self, place: int, way: int, turn: int, first: bool) -> float | None:
        """Cost of leaving a place towards `turn`; None when there is no way."""
        grid, router = self.grid, self.router
        x, y = divmod(place, grid.height)
        across = turn in (RIGHT, LEFT)
        to_y = y if across else y + (1 if turn == DOWN else -1)
        to_x = x if not across else x + (1 if turn == RIGHT else -1)
        if not (0 <= to_x < grid.width and 0 <= to_y < grid.height):
            return None
        to = place + grid.steps[turn]
        if to in self.goals:
            if grid.held[to] and router.misses(self.join, to_x, turn):
                return None
        elif grid.held[to] or (first and grid.is_closed[to_y]):
            return None
        elif grid.is_closed[to_y]:
            return 12.0  # through a closed pool: ugly, but better than no line
        price = ACROSS if across else grid.down[min(y, to_y)]
        if turn != way:
            price += BEND
            if place in self.shunned:
                price += _CLASH
            if x % 2 and grid.is_row[y] and place in router.bent:
                price += _CLASH * sum(
                    not router.together(self.join, other) for other in router.bent[place]
                )
        elif not first:
            price += self.crossing * router.passing.get(2 * place + (not across), 0)
        # channels and gaps have room for all
        if grid.is_row[y] if across else x % 2:
            price += self._crowd(2 * min(place, to) + across, turn, across)
        return price

    def _crowd(self, stretch: int, turn: int, across: bool) -> float:
        """Cost of a stretch that others use already."""
        price, join = 0.0, self.join
        for other, direction in self.router.along.get(stretch, ()):
            if direction == turn and self.router.together(join, other):
                continue
            if other.hanger and join.hanger and other.source == join.source:
                continue  # each attached event has a place of its own
            price += _CLASH if across else _SHARED_COLUMN
        return price
