"""Names the places where items could stand instead, to save a crossing between two lines.

Only what crossing lines lead to is moved, alone or with what stands beside it. The main path keeps
its rows and nothing rises above it; time still runs from left to right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from processes.layout.plan import Item, Plan

Places = dict[str, tuple[int, int]]  # column and row of each item


def places_of(plan: Plan) -> Places:
    """Where everything stands now."""
    return {item.id: (item.column, item.row) for item in plan.items.values()}


def settle(plan: Plan, places: Places) -> None:
    """Put everything there."""
    for id_, (column, row) in places.items():
        plan.items[id_].column, plan.items[id_].row = column, row


def moves(plan: Plan, crossing: Iterable[tuple[str, str]]) -> Iterator[Places]:
    """Other places, for each end of the joins that cross: the ends of most crossings first."""
    count: dict[str, int] = defaultdict(int)
    for pair in crossing:
        for id_ in pair:
            join = plan.joins[id_]
            for end in {join.source, join.target} & plan.items.keys():
                count[end] += 1
    ends = sorted(count, key=lambda one: (-count[one], one))
    path = set(plan.path)
    done: list[list[Item]] = []
    for id_ in ends:
        for unit in ([plan.items[id_]], _chain(plan, id_, path)) if id_ not in path else ():
            if unit not in done:
                done.append(unit)
                yield from _other_rows(plan, unit)
    for id_ in ends:
        if id_ not in path:
            yield from _further_right(plan, _tail(plan, id_))
        for further in (1, 2):
            later = _later(plan, id_, further)
            if later is not None:
                yield later


def moves_back(plan: Plan, first: Places) -> Iterator[Places]:
    """Places with one of the items that were moved on another row or nearer to where it began."""
    places = places_of(plan)
    for id_, (column, row) in places.items():
        if places[id_] == first[id_]:
            continue
        for cell in dict.fromkeys((first[id_], (first[id_][0], row), (column, first[id_][1]))):
            back = _closed(plan, places | {id_: cell})
            if back != places and _is_sound(plan, back):
                yield back
        tail = _tail(plan, id_)
        for nearer in range(1, column - first[id_][0] + 1):
            back = places | {item.id: (item.column - nearer, item.row) for item in tail}
            if _is_sound(plan, back):
                yield _closed(plan, back)
        if id_ not in plan.path:
            yield from _other_rows(plan, [plan.items[id_]])


def _is_sound(plan: Plan, places: Places) -> bool:
    """Whether each item has a cell of its own and time runs from left to right."""
    cells = {(plan.items[id_].band, cell) for id_, cell in places.items()}
    return len(cells) == len(places) and all(
        places[join.source][0] <= places[join.target][0]
        for id_ in places
        for join in plan.onward(id_)
    )


def _other_rows(plan: Plan, unit: list[Item]) -> Iterator[Places]:
    """One unit on another row of its band: a free one, or one that others make room for."""
    first, places = unit[0], places_of(plan)
    band = [item for item in plan.items.values() if item.band == first.band]
    deepest = max(item.row for item in band)
    for row in range(deepest + 2):
        if row != first.row and _is_free(band, unit, row):
            yield _closed(plan, places | {item.id: (item.column, row) for item in unit})
    highest = int(any(plan.items[id_].band == first.band for id_ in plan.path))
    for row in range(highest, deepest + 1):
        down = {item.id: (item.column, item.row + 1) for item in band if item.row >= row}
        yield _closed(plan, places | down | {item.id: (item.column, row) for item in unit})


def _is_free(band: list[Item], unit: list[Item], row: int) -> bool:
    columns = {item.column for item in unit}
    return not any(item.row == row and item.column in columns for item in band if item not in unit)


def _chain(plan: Plan, id_: str, path: set[str]) -> list[Item]:
    """An item with the neighbours that stand in one row with it."""
    item = plan.items[id_]
    found, waiting = [item], [item]
    while waiting:
        here = waiting.pop()
        ends = [j.target for j in plan.onward(here.id)]
        ends += [j.source for j in plan.arriving(here.id)]
        for end in ends:
            other = plan.items[end]
            beside = (other.band, other.row) == (item.band, item.row)
            if beside and other not in found and end not in path:
                found.append(other)
                waiting.append(other)
    return found


def _tail(plan: Plan, first: str) -> list[Item]:
    """An item with what follows only it in its row, as far as nothing else leads there."""
    tail = [plan.items[first]]
    while True:
        here = tail[-1]
        after = [plan.items[j.target] for j in plan.onward(here.id)]
        if len(after) != 1 or (after[0].band, after[0].row) != (here.band, here.row):
            return tail
        if len(plan.arriving(after[0].id)) != 1 or after[0].id in plan.path:
            return tail
        tail.append(after[0])


def _further_right(plan: Plan, tail: list[Item]) -> Iterator[Places]:
    """A tail in each row of its band, where the row first has room for it further right."""
    places = places_of(plan)
    deepest = max(item.row for item in plan.items.values() if item.band == tail[0].band)
    last = max(column for column, _ in places.values())
    for row in range(deepest + 2):
        for further in range(1, max(2, last - tail[0].column + 1)):
            there = places | {item.id: (item.column + further, row) for item in tail}
            if _is_sound(plan, there):
                yield _closed(plan, there)
                break


def _later(plan: Plan, first: str, further: int) -> Places | None:
    """One item further right, and what follows it where it must; None when two would meet."""
    places = places_of(plan)
    waiting = [(first, places[first][0] + further)]
    while waiting:
        here, column = waiting.pop()
        if column <= places[here][0]:
            continue
        places[here] = (column, places[here][1])
        for join in plan.onward(here):
            apart = plan.items[join.target].column > plan.items[here].column
            waiting.append((join.target, column + int(apart)))
    return places if _is_sound(plan, places) else None


def _closed(plan: Plan, places: Places) -> Places:
    """The same places without empty rows in between."""
    used: dict[int, set[int]] = defaultdict(set)
    for id_, (_, row) in places.items():
        used[plan.items[id_].band].add(row)
    rank = {band: {row: n for n, row in enumerate(sorted(some))} for band, some in used.items()}
    return {id_: (column, rank[plan.items[id_].band][row]) for id_, (column, row) in places.items()}
