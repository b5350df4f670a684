"""Teaches xhtml2pdf 0.2.28 to break Chinese lines.

Its own way (`-pdf-word-wrap: CJK`) drops every <br>, lets lines begin with “，”
and misplaces pictures. install() replaces two functions of its paragraph module;
the version is pinned because of that, and tests/pdf shows the result.
"""

from collections.abc import Sequence
from typing import Any

import xhtml2pdf.reportlab_paragraph as paragraphs

from pdf.breaking import LINE_BREAK, break_lines

WIDEST_GAP = 2.0  # points between two characters; a line needing more stays ragged
_draw_justified = paragraphs._justifyDrawParaLineX
_break_plain = paragraphs.Paragraph.breakLinesCJK


def install() -> None:
    """Put the Chinese rules in place; calling it again changes nothing."""
    paragraphs.cjkFragSplit = split_fragments
    paragraphs.Paragraph.breakLinesCJK = _break_paragraph
    paragraphs._justifyDrawParaLineX = _justify


def split_fragments(
    fragments: Sequence[Any],
    widths: Sequence[float],
    calculate_bounds: bool,
    encoding: str = "utf8",
) -> Any:
    """The paragraph's fragments as lines; `widths` are those of the first and later lines."""
    characters = [c for fragment in fragments for c in _characters(fragment, encoding)]
    found = break_lines(
        [_as_rule(c) for c in characters],
        [c.width for c in characters],
        lambda number: widths[min(number, len(widths) - 1)],
    )
    lines = []
    for number, line in enumerate(found):
        drawn = characters[line.start : line.end] or [paragraphs.cjkU("", fragments[0], encoding)]
        room = widths[min(number, len(widths) - 1)]
        drawn_line = paragraphs.makeCJKParaLine(drawn, room - line.used, calculate_bounds)
        drawn_line.characters = sum(1 for c in drawn if c)
        drawn_line.ends_paragraph = line.ends_paragraph
        lines.append(drawn_line)
    return paragraphs.ParaLines(kind=1, lines=lines)


def _characters(fragment: Any, encoding: str) -> list[Any]:
    text = fragment.text if isinstance(fragment.text, str) else fragment.text.decode(encoding)
    if hasattr(fragment, "lineBreak") or not text:
        return [paragraphs.cjkU("", fragment, encoding)]
    return [paragraphs.cjkU(char, fragment, encoding) for char in text]


def _as_rule(character: Any) -> str:
    """What the rules see: the character, a line break, or nothing for a picture."""
    return LINE_BREAK if hasattr(character.frag, "lineBreak") else str(character)


def _break_paragraph(self: Any, width: Any) -> Any:
    if not self.frags:
        return _break_plain(self, width)
    widths = width if isinstance(width, list | tuple) else [width]
    paragraphs._handleBulletWidth(self.bulletText, self.style, widths, rtl=self.dir == "rtl")
    leading = getattr(self, "autoLeading", getattr(self.style, "autoLeading", ""))
    return split_fragments(self.frags, widths, leading not in {"", "off"}, self.encoding)


def _justify(text: Any, offset: float, line: Any, last: int = 0) -> None:
    """Spread the free room between characters instead of between words."""
    count = getattr(line, "characters", 0)
    if not count:
        _draw_justified(text, offset, line, last)
        return
    paragraphs.setXPos(text, offset)
    gap = line.extraSpace / (count - 1) if count > 1 else 0
    spread = not last and not line.ends_paragraph and 0 < gap < WIDEST_GAP
    if spread:
        text.setCharSpace(gap)
    paragraphs._putFragLine(offset, text, line)
    if spread:
        text.setCharSpace(0)
    paragraphs.setXPos(text, -offset)
