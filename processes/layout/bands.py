"""The bands of a sheet: pools and lanes from top to bottom, and the frames drawn around them."""

from __future__ import annotations

from collections.abc import Iterator

from processes.layout.geometry import Geometry
from processes.layout.model import ARTIFACTS, Box, Lane, Node, Pool, Sheet

TITLE = 30


class Bands:
    """Numbers the lanes of a sheet from top to bottom, and frames them."""

    def __init__(self, sheet: Sheet, nodes: list[Node]) -> None:
        self.sheet = sheet
        self.pools: list[tuple[str, Pool, list[int]]] = []
        self.lane_bands: dict[str, int] = {}
        self.band_of: dict[str, int] = {}
        count = 0
        homeless: dict[str, int] = {}
        for pool in sheet.pools:
            bands = []
            leaves = list(_leaves(pool.lanes))
            inner = {leaf.id for leaf in leaves}
            inhabitants = [n for n in nodes if n.process == pool.process and pool.process]
            stray = [
                n
                for n in inhabitants
                if not n.host and n.lane not in inner and n.kind not in ARTIFACTS
            ]
            for leaf in leaves:
                self.lane_bands[leaf.id] = count
                bands.append(count)
                count += 1
            if pool.process and (not leaves or stray):
                homeless[pool.process] = count
                bands.append(count)
                count += 1
            elif pool.process:
                homeless[pool.process] = bands[0]
            self.pools.append((pool.id or f"~{len(self.pools)}", pool, bands))
        for node in nodes:
            own = self.lane_bands.get(node.lane or "")
            self.band_of[node.id] = own if own is not None else homeless.get(node.process, 0)
        self.depth = {id(pool): _depth(pool.lanes) for pool in sheet.pools}

    def frames(self, geometry: Geometry) -> Iterator[tuple[str, Box]]:
        """Boxes of pools and lanes."""
        tops: dict[int, int] = {}
        bottoms: dict[int, int] = {}
        for number, level in enumerate(geometry.lattice.levels):
            if level.band >= 0:
                tops.setdefault(level.band, geometry.level_top[number])
                bottoms[level.band] = geometry.level_top[number + 1]
        titles = max(
            (TITLE * (self.depth[id(pool)] + pool.is_drawn) for pool in self.sheet.pools), default=0
        )
        for key, pool, _ in self.pools:
            left = -titles
            above, below = geometry.lattice.pool_levels[key]
            top, bottom = geometry.level_top[above + 1], geometry.level_top[below]
            if pool.is_drawn:
                yield pool.id, Box(left, top, geometry.width - left, bottom - top)
                left += TITLE
            waiting = [(lane, left) for lane in pool.lanes]
            while waiting:
                lane, x = waiting.pop(0)
                bands = [self.lane_bands[leaf.id] for leaf in _leaves([lane])]
                y = min(tops[b] for b in bands)
                yield lane.id, Box(x, y, geometry.width - x, max(bottoms[b] for b in bands) - y)
                waiting += [(child, x + TITLE) for child in lane.children]


def _leaves(lanes: list[Lane]) -> Iterator[Lane]:
    stack = list(reversed(lanes))
    while stack:
        lane = stack.pop()
        if lane.children:
            stack += reversed(lane.children)
        else:
            yield lane


def _depth(lanes: list[Lane]) -> int:
    level, depth = lanes, 0
    while level:
        depth += 1
        level = [child for lane in level for child in lane.children]
    return depth
