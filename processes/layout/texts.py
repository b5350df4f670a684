"""Estimates how much room a text takes: a han character is one em wide, others about half."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

EM = 12
LINE = 14
LABEL_WIDTH = 7 * EM
SLACK = 6  # viewers break a line that just fits


def text_width(text: str) -> int:
    """Width of one line in pixels."""
    halves = sum(_halves(character) for character in text)
    return -(-halves * EM // 20)


def _halves(character: str) -> int:
    """Twentieths of an em, so that sums stay whole."""
    if unicodedata.east_asian_width(character) in "WF":
        return 20
    if unicodedata.combining(character):
        return 0
    return 14 if character.isupper() or character in "mwMW@%" else 11


def wrap(text: str, width: int = LABEL_WIDTH) -> list[str]:
    """Break a text into lines; between han characters anywhere, else between words."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and text_width((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.strip() for line in lines if line.strip()] or [""]


def _pieces(text: str) -> list[str]:
    """The parts between which a line may break."""
    return re.findall(r"[^\s⺀-￿]+\s*|[⺀-￿]\s*|\s+", text)


@lru_cache(maxsize=4096)
def label_size(text: str, width: int = LABEL_WIDTH) -> tuple[int, int]:
    """Width and height of a label wrapped at `width`."""
    lines = balanced(text, width)
    return max(text_width(line) for line in lines) + SLACK, LINE * len(lines)


def balanced(text: str, width: int = LABEL_WIDTH) -> list[str]:
    """Wrap so that the lines are about equally long, without needing more of them."""
    lines = wrap(text, width)
    if len(lines) > 1:
        for narrower in range(width - EM, 2 * EM, -EM):
            tried = wrap(text, narrower)
            if len(tried) > len(lines):
                break
            lines = tried
    return lines
