"""A place on the paper and the size at which a text fits it.

The template says how large each place is; a long value is set smaller, down to
6 points. Nothing is ever cut off.
"""

from dataclasses import dataclass

from pdf import glyphs
from pdf.breaking import break_lines

LARGEST = 9.5  # points
SMALLEST = 6.0
STEP = 0.5
LEADING = 1.22  # line height in sizes
POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Place:
    """A place for one value: inner width and height in millimetres, font, largest size."""

    path: str
    label: str
    width: float
    height: float
    face: str = "kai"
    largest: float = LARGEST
    smallest: float = SMALLEST


@dataclass(frozen=True)
class Fit:
    """How a value is set; `fits` is False when even the smallest size is too large."""

    size: float
    lines: int
    fits: bool


def fit(text: str, place: Place) -> Fit:
    """The largest size at which the text fits the place."""
    size = place.largest
    while True:
        lines = count_lines(text, place.width, size, place.face)
        if lines * size * LEADING <= place.height * POINTS_PER_MM + 0.01:
            return Fit(size, lines, True)
        if size <= place.smallest:
            return Fit(size, lines, False)
        size = max(size - STEP, place.smallest)


def count_lines(text: str, width: float, size: float, face: str) -> int:
    """How many lines the text takes in `width` millimetres."""
    widths = [0.0 if char == "\n" else glyphs.width(char, face) * size for char in text]
    return len(break_lines(text, widths, lambda _line: width * POINTS_PER_MM))


def story(text: str, place: Place, ending: str = "") -> str:
    """Tell that a value is too long and how much of it would fit."""
    fitting = _longest_fitting(text, place, ending)
    return f"“{place.label}”共 {len(text)} 字，打印位置放不下（约可放 {fitting} 字），请缩短"


def _longest_fitting(text: str, place: Place, ending: str) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if fit(text[:middle] + ending, place).fits:
            low = middle
        else:
            high = middle - 1
    return low
