"""The lattice of a plan: columns and rows with channels between them, where lines may run.

Odd x are columns, even x the channels between them. Along y each band has its rows with gaps
around them, and an outer gap lies above and below each pool. A line keeps to channels, gaps and
free cells, so it never meets a foreign item.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from processes.layout.plan import Plan


class Spot(NamedTuple):
    """A crossing of the lattice."""

    x: int
    y: int


@dataclass(frozen=True)
class Level:
    """One horizontal line of the lattice: a row of a band, a gap, an outer gap or a closed pool."""

    kind: str
    band: int = -1
    row: int = -1

    @property
    def is_row(self) -> bool:
        return self.kind == "row"


@dataclass(frozen=True)
class PoolSpan:
    """A pool of the plan: its bands, none when it is closed (a black box)."""

    id: str
    bands: tuple[int, ...]


class Lattice:
    """Where everything is: `spots` of items, `holder` of cells, and the levels."""

    def __init__(self, plan: Plan, pools: list[PoolSpan]) -> None:
        self.plan = plan
        self.pools = pools
        self.columns = 1 + max((item.column for item in plan.items.values()), default=0)
        self.width = 2 * self.columns + 1
        self.levels: list[Level] = [Level("outer")]
        self.pool_levels: dict[str, tuple[int, int]] = {}
        rows = self._rows()
        level_of: dict[tuple[int, int], int] = {}
        for pool in pools:
            above = len(self.levels) - 1
            for band in pool.bands:
                self.levels.append(Level("gap", band))
                for row in range(rows.get(band, 1)):
                    level_of[(band, row)] = len(self.levels)
                    self.levels += [Level("row", band, row), Level("gap", band)]
            if not pool.bands:
                self.levels.append(Level("closed"))
            self.levels.append(Level("outer"))
            self.pool_levels[pool.id] = (above, len(self.levels) - 1)
        self.height = len(self.levels)
        self.depth = list(
            accumulate((self.step_cost(y, y + 1) for y in range(self.height - 1)), initial=0.0)
        )
        self.spots = {
            id_: Spot(2 * item.column + 1, level_of[(item.band, item.row)])
            for id_, item in plan.items.items()
        }
        self.holder = {spot: id_ for id_, spot in self.spots.items()}

    def _rows(self) -> dict[int, int]:
        rows: dict[int, int] = {}
        for item in self.plan.items.values():
            rows[item.band] = max(rows.get(item.band, 1), item.row + 1)
        return rows

    def is_closed(self, spot: Spot) -> bool:
        """Whether a line may not pass here."""
        return spot in self.holder or self.levels[spot.y].kind == "closed"

    def step_cost(self, y: int, other: int) -> float:
        """Cost of going down or up one level."""
        kinds = self.levels[y].kind, self.levels[other].kind
        return 0.5 if "row" in kinds or "closed" in kinds else 0.1
