"""Which steps have certainly run before a place in the drawing is reached."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping

from processes.checks.graph import Edges, reachable, turned


class Certainty:
    """For each node, the makers that lie on every path to it.

    Where paths meet only what all of them did is certain; at a parallel join every branch has
    arrived, so what any of them did is. A boundary event (`asides`) fires before the step that it
    hangs on is done. `also` tells what else a step makes (data objects that several steps may write;
    it must name each no more than once per step). Sets are kept as bits of one number.
    """

    def __init__(
        self,
        edges: Edges,
        begin: Iterable[str],
        *,
        makers: Collection[str],
        joins: Collection[str],
        asides: Collection[str],
        also: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self._bit = {maker: 1 << index for index, maker in enumerate(makers)}
        self._also = also or {}
        self._done = dict(self._bit)
        for step, made in self._also.items():
            bits = sum(self._bit[maker] for maker in made)
            self._done[step] = self._done.get(step, 0) | bits
        self._joins = joins
        self._asides = asides
        self._begin = set(begin)
        self._before = self._settle(edges)

    def has_run(self, maker: str, node: str) -> bool:
        """Whether `maker` has certainly run when `node` is reached."""
        return bool(self._before.get(node, 0) & self._bit.get(maker, 0))

    def has_run_after(self, maker: str, node: str) -> bool:
        """Whether `maker` has certainly run when `node` is left."""
        made_here = maker == node or maker in self._also.get(node, ())
        return made_here or self.has_run(maker, node)

    def _settle(self, edges: Edges) -> dict[str, int]:
        everything = (1 << len(self._bit)) - 1
        live = reachable(edges, self._begin)
        back = turned(edges)
        before = dict.fromkeys(live, everything)
        waiting = deque(node for node in edges if node in live)
        queued = set(waiting)
        while waiting:
            node = waiting.popleft()
            queued.discard(node)
            now = self._arriving(node, [s for s in back[node] if s in live], before, everything)
            if now == before[node]:
                continue
            before[node] = now
            for target in edges[node]:
                if target not in queued:
                    queued.add(target)
                    waiting.append(target)
        return before

    def _arriving(
        self, node: str, sources: list[str], before: dict[str, int], everything: int
    ) -> int:
        if node in self._begin:
            return 0
        done = {} if node in self._asides else self._done
        arrived = [before[source] | done.get(source, 0) for source in sources]
        now = 0 if node in self._joins else everything
        for bits in arrived:
            now = now | bits if node in self._joins else now & bits
        return now
