"""Gives each item a row in its band: the main path on the first row, exceptions below.

The graph is taken apart into chains. A chain is placed as a whole on the nearest row below the
one it branches from that is free over its length, and then what branches from it, so that what
belongs together stays together.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby

from processes.layout.columns import starts
from processes.layout.plan import Item, Plan

Span = tuple[int, int]


def assign_rows(plan: Plan) -> None:
    """Set `row` of every item; rows of a band count from 0 without holes afterwards."""
    _RowPlanner(plan).place()


class _RowPlanner:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.placed: set[str] = set()
        self.taken: dict[tuple[int, int], list[Span]] = defaultdict(list)
        self.falls: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self.depth = self._depths()

    def place(self) -> None:
        if self.plan.path:
            self._grow(self.plan.path)
        for item in starts(self.plan):
            if item.id not in self.placed and not self._is_alone(item):
                self._grow(self._chain(item.id))
        self._place_alone()
        self._place_loose()
        self._close_holes()

    # -- chains ------------------------------------------------------------------------------

    def _depths(self) -> dict[str, int]:
        """How many steps follow each item at most."""
        depth: dict[str, int] = {}
        by_column = sorted(self.plan.items.values(), key=lambda item: -item.column)
        for _ in range(2):  # a second round for joins inside one column
            for item in by_column:
                depth[item.id] = max(
                    (1 + depth.get(j.target, 0) for j in self.plan.onward(item.id)), default=0
                )
        return depth

    def _chain(self, first: str) -> list[str]:
        chain = [first]
        while True:
            rest = [
                j.target
                for j in self.plan.onward(chain[-1])
                if j.target not in self.placed and not j.hanger and j.target not in chain
            ]
            if not rest:
                return chain
            chain.append(max(rest, key=lambda id_: self.depth[id_]))

    def _grow(self, chain: list[str]) -> None:
        """Place a chain and, without recursion, everything that branches from it."""
        self._place_chain(chain, None)
        stack = [iter(self._branches(chain))]
        while stack:
            for source, target in stack[-1]:
                if target in self.placed:
                    continue
                chain = self._chain(target)
                self._place_chain(chain, self.plan.items[source])
                stack.append(iter(self._branches(chain)))
                break
            else:
                stack.pop()

    def _branches(self, chain: list[str]) -> list[tuple[str, str]]:
        """Where other chains leave this one: the last first, so that lines nest.

        What falls straight from an attached event goes deepest, so that no line crosses it.
        """
        found = []
        for id_ in reversed(chain):
            onward = self.plan.onward(id_)
            hanging = sorted(
                (j for j in onward if j.hanger), key=lambda j: -self.plan.items[j.target].column
            )
            plain = [j for j in onward if not j.hanger and j.target not in self.placed]
            if len(plain) > 1:
                plain.sort(key=lambda j: self._rejoins(j.target))
            found += [(id_, j.target) for j in [*plain, *hanging]]
        return found

    def _rejoins(self, first: str) -> int:
        """Twice the column where the chain from here meets what is placed, or where it ends."""
        chain = self._chain(first)
        meets = [
            2 * self.plan.items[j.target].column
            for id_ in chain
            for j in self.plan.onward(id_)
            if j.target in self.placed
        ]
        return max(meets, default=2 * self.plan.items[chain[-1]].column + 1)

    # -- rows --------------------------------------------------------------------------------

    def _place_chain(self, chain: list[str], origin: Item | None) -> None:
        """Place the pieces of a chain, each as far as it stays in one band."""
        for _, group in groupby((self.plan.items[id_] for id_ in chain), key=lambda i: i.band):
            piece = list(group)
            self._place_piece(piece[0].band, piece, origin)
            origin = None

    def _place_piece(self, band: int, items: list[Item], origin: Item | None) -> None:
        lowest = 0
        columns = [item.column for item in items]
        span = (min(columns), max(columns))
        if origin is not None and origin.band == band:
            lowest = origin.row
            span = (min(span[0], origin.column + 1), span[1])
            if span[0] <= origin.column or self._goes_on(origin):
                lowest += 1
        span = (span[0], max(span[1], self._join_column(items[-1])))
        falls = self._falls(band, items, origin)
        row = self._best_row(band, lowest, span, items, falls)
        self.falls[band] += [(column, min(end, row), max(end, row)) for column, end in falls]
        self._take(band, row, span, items)

    def _falls(self, band: int, items: list[Item], origin: Item | None) -> list[tuple[int, int]]:
        """Columns in which lines come down to a piece or leave it, and the rows they come from."""
        found = []
        if origin is not None:
            end = origin.row if origin.band == band else (-1 if origin.band < band else 999)
            found.append((origin.column, end))
        for join in self.plan.onward(items[-1].id):
            target = self.plan.items[join.target]
            if target.id in self.placed and target.band == band:
                found.append((target.column, target.row))
        return found

    def _best_row(
        self, band: int, lowest: int, span: Span, items: list[Item], falls: list[tuple[int, int]]
    ) -> int:
        """The nearest free row where lines cross least."""
        deepest = max((row for b, row in self.taken if b == band), default=-1) + 1
        rows = {*range(lowest, min(deepest, lowest + 15) + 1), max(deepest, lowest)}
        best = (10**9, max(deepest, lowest))
        for row in sorted(rows):
            if row - lowest < best[0] and self._is_free(band, row, span, items):
                crossings = sum(
                    top < row < bottom and span[0] <= column <= span[1]
                    for column, top, bottom in self.falls[band]
                )
                for column, end in falls:
                    top, bottom = sorted((end, row))
                    crossings += sum(
                        any(left <= column <= right for left, right in self.taken[(band, other)])
                        for other in range(max(0, top + 1), min(bottom, deepest))
                    )
                crossings += sum(
                    any(left <= item.column <= right for left, right in self.taken[(band, other)])
                    for item in items
                    if item.hangers
                    for other in range(row + 1, deepest)
                )
                best = min(best, (row - lowest + 4 * crossings, row))
        return best[1]

    def _goes_on(self, origin: Item) -> bool:
        """Whether the row right of an item is needed for another line, or by what hangs on it."""
        if origin.hangers:
            return True
        return any(
            j.target in self.placed
            and self.plan.items[j.target].band == origin.band
            and self.plan.items[j.target].row == origin.row
            for j in self.plan.onward(origin.id)
        )

    def _join_column(self, last: Item) -> int:
        """How far right the row stays busy because its last item joins another chain."""
        targets = [
            self.plan.items[j.target]
            for j in self.plan.onward(last.id)
            if j.target in self.placed and self.plan.items[j.target].band == last.band
        ]
        return max((t.column - 1 for t in targets), default=last.column)

    def _is_free(self, band: int, row: int, span: Span, items: list[Item]) -> bool:
        return all(span[1] < left or right < span[0] for left, right in self.taken[(band, row)])

    def _take(self, band: int, row: int, span: Span, items: list[Item]) -> None:
        self.taken[(band, row)].append(span)
        last_in: dict[int, int] = {}
        for item in items:  # two items of a chain may share a column (a fall): one goes below
            item.row = row
            if item.column in last_in:
                item.row = last_in[item.column] + 1
                while not self._is_free(band, item.row, (item.column, item.column), [item]):
                    item.row += 1
                self.taken[(band, item.row)].append((item.column, item.column))
            last_in[item.column] = item.row
            self.placed.add(item.id)

    # -- what stands alone or beside ---------------------------------------------------------

    def _is_alone(self, item: Item) -> bool:
        return not (self.plan.leaving[item.id] or self.plan.reaching[item.id])

    def _place_alone(self) -> None:
        """Items without any line fill the free places of their band, row by row."""
        alone = [i for i in self.plan.items.values() if i.id not in self.placed and not i.loose]
        columns = 1 + max((self.plan.items[id_].column for id_ in self.placed), default=0)
        wide = max(columns, min(8, round(len(alone) ** 0.5 + 0.5)))
        for item in alone:
            lowest = 1 if any(b == item.band for b, _ in list(self.taken)) else 0
            cell = next(
                (column, row)
                for row in range(lowest, lowest + len(self.plan.items) + 1)
                for column in range(wide)
                if self._is_free(item.band, row, (column, column), [item])
            )
            item.column = cell[0]
            self._take(item.band, cell[1], (cell[0], cell[0]), [item])

    def _place_loose(self) -> None:
        """Notes stand above what they explain, data below what uses it."""
        for item in self.plan.items.values():
            if not item.loose:
                continue
            anchors = [
                self.plan.items[end]
                for j in [*self.plan.reaching[item.id], *self.plan.leaving[item.id]]
                for end in (j.source, j.target)
                if end in self.placed
            ]
            anchor = anchors[0] if anchors else None
            if anchor is not None:
                item.band = anchor.band
            column = anchor.column if anchor else 0
            around = anchor.row if anchor else 0
            item.column, row = self._near(item, column, around)
            self._take(item.band, row, (item.column, item.column), [item])

    def _near(self, item: Item, column: int, row: int) -> tuple[int, int]:
        """The nearest free cell, notes looking up first and data down."""
        up = -1 if item.kind == "textAnnotation" else 1
        for distance in range(1, len(self.plan.items) + 2):
            for aside in range(distance):
                for side in (aside, -aside):
                    for height in (up, -up):
                        cell = (column + side, row + height * (distance - aside))
                        if cell[0] >= 0 and self._is_free(item.band, cell[1], (cell[0],) * 2, []):
                            return cell
        raise AssertionError("a sheet has room for everything")

    def _close_holes(self) -> None:
        used: dict[int, set[int]] = defaultdict(set)
        for item in self.plan.items.values():
            used[item.band].add(item.row)
        ranks = {
            band: {row: n for n, row in enumerate(sorted(rows))} for band, rows in used.items()
        }
        for item in self.plan.items.values():
            item.row = ranks[item.band][item.row]
