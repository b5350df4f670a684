"""Knows quickly what lies where on a sheet: boxes and stretches of lines, sorted into squares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, pairwise
from typing import TypeVar

from processes.layout.model import Box, Point

_SQUARE = 160
_MOST_SQUARES = 20_000
_T = TypeVar("_T")


def stretch_box(one: Point, two: Point) -> Box:
    """The flat box around a straight stretch."""
    return Box(min(one.x, two.x), min(one.y, two.y), abs(one.x - two.x), abs(one.y - two.y))


def meets(box: Box, one: Point, two: Point) -> bool:
    """Whether a stretch runs through the inside of a box, also when it is slanted."""
    if not box.overlaps(stretch_box(one, two)):
        return False
    if one.x == two.x or one.y == two.y:
        return True
    sides = {_turn(one, two, Point(x, y)) for x in (box.x, box.right) for y in (box.y, box.bottom)}
    return len(sides - {0}) > 1


def _turn(one: Point, two: Point, third: Point) -> int:
    area = (two.x - one.x) * (third.y - one.y) - (two.y - one.y) * (third.x - one.x)
    return (area > 0) - (area < 0)


class Ground:
    """Boxes and stretches with the names of their owners.

    What is so large that it covers very many squares, as coordinates of a broken file may be, is kept
    aside and looked at each time.
    """

    def __init__(self) -> None:
        self._boxes: dict[tuple[int, int], list[tuple[Box, str]]] = defaultdict(list)
        self._lines: dict[tuple[int, int], list[tuple[Point, Point, str]]] = defaultdict(list)
        self._large_boxes: list[tuple[Box, str]] = []
        self._long_lines: list[tuple[Point, Point, str]] = []

    def add_box(self, box: Box, owner: str) -> None:
        if _count(box) > _MOST_SQUARES:
            self._large_boxes.append((box, owner))
            return
        for square in _squares(box):
            self._boxes[square].append((box, owner))

    def add_line(self, points: Iterable[Point], owner: str) -> None:
        for one, two in pairwise(points):
            around = stretch_box(one, two)
            if _count(around) > _MOST_SQUARES:
                self._long_lines.append((one, two, owner))
                continue
            for square in _squares(around):
                self._lines[square].append((one, two, owner))

    def boxes_at(self, box: Box, gap: int = 0) -> Iterator[tuple[Box, str]]:
        """Boxes that overlap one, each once."""
        seen: set[tuple[Box, str]] = set()
        for found in chain(_near(self._boxes, box, gap), self._large_boxes):
            if found not in seen and found[0].overlaps(box, gap):
                seen.add(found)
                yield found

    def lines_at(self, box: Box) -> Iterator[tuple[Point, Point, str]]:
        """Stretches that run through a box, each once."""
        seen: set[tuple[Point, Point, str]] = set()
        for found in chain(_near(self._lines, box, 0), self._long_lines):
            if found not in seen and meets(box, found[0], found[1]):
                seen.add(found)
                yield found


def _near(kept: Mapping[tuple[int, int], list[_T]], box: Box, gap: int) -> Iterator[_T]:
    """What lies in the squares of a box, some of it several times."""
    squares = kept if _count(box, gap) > _MOST_SQUARES else _squares(box, gap)
    for square in squares:
        yield from kept.get(square, ())


def _count(box: Box, gap: int = 0) -> int:
    """About how many squares a box covers."""
    return ((box.width + 2 * gap) // _SQUARE + 2) * ((box.height + 2 * gap) // _SQUARE + 2)


def _squares(box: Box, gap: int = 0) -> Iterator[tuple[int, int]]:
    for x in range((box.x - gap) // _SQUARE, (box.right + gap) // _SQUARE + 1):
        for y in range((box.y - gap) // _SQUARE, (box.bottom + gap) // _SQUARE + 1):
            yield x, y
