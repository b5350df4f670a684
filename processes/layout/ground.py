"""Knows quickly what lies where on a sheet: boxes and stretches of lines, sorted into squares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from processes.layout.model import Box, Point

_SQUARE = 160


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
    """Boxes and stretches with the names of their owners."""

    def __init__(self) -> None:
        self._boxes: dict[tuple[int, int], list[tuple[Box, str]]] = defaultdict(list)
        self._lines: dict[tuple[int, int], list[tuple[Point, Point, str]]] = defaultdict(list)

    def add_box(self, box: Box, owner: str) -> None:
        for square in _squares(box):
            self._boxes[square].append((box, owner))

    def add_line(self, points: Iterable[Point], owner: str) -> None:
        for one, two in pairwise(points):
            for square in _squares(stretch_box(one, two)):
                self._lines[square].append((one, two, owner))

    def boxes_at(self, box: Box, gap: int = 0) -> Iterator[tuple[Box, str]]:
        """Boxes that overlap one, each once."""
        seen: set[tuple[Box, str]] = set()
        for square in _squares(box, gap):
            for found in self._boxes.get(square, ()):
                if found not in seen and found[0].overlaps(box, gap):
                    seen.add(found)
                    yield found

    def lines_at(self, box: Box) -> Iterator[tuple[Point, Point, str]]:
        """Stretches that run through a box, each once."""
        seen: set[tuple[Point, Point, str]] = set()
        for square in _squares(box):
            for found in self._lines.get(square, ()):
                if found not in seen and meets(box, found[0], found[1]):
                    seen.add(found)
                    yield found


def _squares(box: Box, gap: int = 0) -> Iterator[tuple[int, int]]:
    for x in range((box.x - gap) // _SQUARE, (box.right + gap) // _SQUARE + 1):
        for y in range((box.y - gap) // _SQUARE, (box.bottom + gap) // _SQUARE + 1):
            yield x, y
