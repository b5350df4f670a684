"""Replaces the drawing in a file and leaves every other byte as it was."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from xml.parsers import expat

from processes.layout.reading import DI
from processes.safe_xml import decode

_DECLARATION = re.compile(r"\A\s*<\?xml\b.*?\?>", re.DOTALL)
_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
_CODECS = (
    "utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "latin-1",
    "cp1252", "iso-8859-15", "big5hkscs", "cp932", "cp949",
)  # fmt: skip


@dataclass(frozen=True)
class Envelope:
    """A file's text, and how it was written in bytes."""

    text: str
    codec: str
    mark: bytes

    def seal(self, text: str) -> bytes:
        """Return the bytes of a changed text."""
        return self.mark + text.encode(self.codec, "xmlcharrefreplace")


def unseal(data: bytes) -> Envelope:
    """Decode a file so that what is not changed can be written back byte for byte."""
    text = decode(data)
    for codec in _CODECS:
        for mark in (b"", _MARKS.get(codec, b"")):
            try:
                if mark + text.encode(codec) == data:
                    return Envelope(text, codec, mark)
            except UnicodeEncodeError:
                continue
    plain = _DECLARATION.sub('<?xml version="1.0" encoding="UTF-8"?>', text, count=1)
    return Envelope(plain, "utf-8", b"")


def splice(text: str, drawing: str) -> str:
    """Put a drawing (lines without indentation of the first) where the old one stands."""
    encoded = _blanked(text).encode("utf-8", "surrogatepass")
    spans, end, depth_one = _spans(encoded)
    parts = []
    if spans:
        first = spans[0][0]
        position = 0
        for number, (start, stop) in enumerate(spans):
            kept = encoded[position:start]
            if number:
                kept = kept.rstrip(b" \t\r\n") if not kept.strip() else kept
            parts.append(kept)
            position = stop
            if start == first:
                parts.append(drawing.encode("utf-8", "surrogatepass"))
        parts.append(encoded[position:])
    else:
        newline = line_break(text)
        head = encoded[:end].rstrip(b" \t\r\n")
        indented = f"{newline}{depth_one}{drawing}{newline}"
        parts = [head, indented.encode("utf-8", "surrogatepass"), encoded[end:]]
    declaration = _DECLARATION.match(text)
    result = b"".join(parts).decode("utf-8", "surrogatepass")
    if declaration:
        blank = declaration[0]
        result = blank + result[len(blank) :]
    return result


def line_break(text: str) -> str:
    """The line break that the file uses."""
    return "\r\n" if "\r\n" in text else "\n"


def indentation(text: str) -> str:
    """What stands before the elements directly in the root."""
    return _spans(_blanked(text).encode("utf-8", "surrogatepass"))[2]


def _blanked(text: str) -> str:
    """The declaration may name another encoding than the one we parse; hide it."""
    return _DECLARATION.sub(lambda found: " " * len(found[0]), text, count=1)


def _spans(encoded: bytes) -> tuple[list[tuple[int, int]], int, str]:
    """Byte ranges of the diagrams, where the root ends, and how its children are indented."""
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    spans: list[tuple[int, int]] = []
    state = {"depth": 0, "start": -1, "end": 0, "child": -1}

    def begin(name: str, _: object) -> None:
        state["depth"] += 1
        if state["depth"] == 2:
            if state["child"] < 0:
                state["child"] = parser.CurrentByteIndex
            if name == f"{DI} BPMNDiagram":
                state["start"] = parser.CurrentByteIndex

    def finish(name: str) -> None:
        state["depth"] -= 1
        here = parser.CurrentByteIndex
        if state["depth"] == 1 and name == f"{DI} BPMNDiagram":
            stop = encoded.index(b">", here) + 1
            spans.append((state["start"], stop))
        if state["depth"] == 0:
            state["end"] = here

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.Parse(encoded, True)
    child = state["child"]
    if child < 0:
        return spans, state["end"], "  "
    line = encoded[:child].rpartition(b"\n")[2]
    indent = line.decode("utf-8", "replace") if not line.strip() else "  "
    return spans, state["end"], indent
