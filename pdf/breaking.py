"""Where a line of Chinese may end.

Pure rules over characters and widths: the drawing (lines.py) and the measuring
(places.py) both ask here, so what was measured is what is drawn.
Rules: CLREQ §6.1, the marks that may not open or close a line.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

NEVER_FIRST = frozenset("!'\",.:;?)]}%，。、；：？！）］｝〕〉》」』】”’…—·・％℃～〗°′″‰")
NEVER_LAST = frozenset("([{（［｛〔〈《「『【“‘〖￥$¥№")
# After these a Western word may continue on the same line without a gap.
INSIDE_WORDS = frozenset(".,:%'\"-")
LINE_BREAK = "\n"
FUZZ = 0.01


@dataclass(frozen=True)
class Unit:
    """Characters start..end that stay together."""

    start: int
    end: int
    width: float
    is_space: bool = False
    is_break: bool = False


@dataclass(frozen=True)
class Line:
    """Characters start..end of one line; `used` is their width."""

    start: int
    end: int
    used: float
    ends_paragraph: bool


def stays_with(before: str, char: str) -> bool:
    """Whether no line may end between two characters."""
    if not before or not char:  # a picture stands between
        return False
    if char in NEVER_FIRST or before in NEVER_LAST:
        return True
    return _in_word(before) and _in_word(char) and not _closes_word(before)


def _in_word(char: str) -> bool:
    return ord(char) < 0x250


def _closes_word(char: str) -> bool:
    return char in NEVER_FIRST and char not in INSIDE_WORDS


def units(chars: Sequence[str], widths: Sequence[float]) -> Iterator[Unit]:
    """Group the characters that no line may part."""
    start, width = 0, 0.0
    for i, char in enumerate(chars):
        if char in (" ", LINE_BREAK):
            if i > start:
                yield Unit(start, i, width)
            yield Unit(i, i + 1, widths[i], is_space=char == " ", is_break=char == LINE_BREAK)
            start, width = i + 1, 0.0
            continue
        if i > start and not stays_with(chars[i - 1], char):
            yield Unit(start, i, width)
            start, width = i, 0.0
        width += widths[i]
    if len(chars) > start:
        yield Unit(start, len(chars), width)


def break_lines(
    chars: Sequence[str], widths: Sequence[float], room: Callable[[int], float]
) -> list[Line]:
    """Fill lines one after the other; `room(n)` is the width of line n.

    A word wider than its line is cut where the line is full. Spaces at the edges
    of a line are dropped. There is always at least one line.
    """
    return _Filling(chars, widths, room).run()


class _Filling:
    """The line being filled and those already full."""

    def __init__(
        self, chars: Sequence[str], widths: Sequence[float], room: Callable[[int], float]
    ) -> None:
        self.chars, self.widths, self.room = chars, widths, room
        self.lines: list[Line] = []
        self.start = self.end = 0
        self.used = 0.0

    def run(self) -> list[Line]:
        for unit in units(self.chars, self.widths):
            if unit.is_break:
                self._close(unit.end, ends_paragraph=True)
            elif unit.is_space:
                self._add_space(unit)
            else:
                self._add_word(unit)
        if self.end > self.start or not self.lines:
            self._close(self.end, ends_paragraph=True)
        return self.lines

    @property
    def is_empty(self) -> bool:
        return self.end == self.start

    def _fits(self, width: float) -> bool:
        return self.used + width <= self.room(len(self.lines)) + FUZZ

    def _add_space(self, unit: Unit) -> None:
        if self.is_empty:
            self.start = self.end = unit.end
        else:
            self.end, self.used = unit.end, self.used + unit.width

    def _add_word(self, unit: Unit) -> None:
        if not self._fits(unit.width) and not self.is_empty:
            self._close(unit.start)
        if self._fits(unit.width):
            self.end, self.used = unit.end, self.used + unit.width
            return
        for i in range(unit.start, unit.end):
            if not self._fits(self.widths[i]) and not self.is_empty:
                self._close(i)
            self.end, self.used = i + 1, self.used + self.widths[i]

    def _close(self, next_start: int, ends_paragraph: bool = False) -> None:
        end, used = self.end, self.used
        while end > self.start and self.chars[end - 1] == " ":
            end -= 1
            used -= self.widths[end]
        self.lines.append(Line(self.start, end, used, ends_paragraph))
        self.start = self.end = next_start
        self.used = 0.0
