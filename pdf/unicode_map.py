"""Lets characters above U+FFFF be searched for and copied out of a document.

ReportLab writes <2CB4E> where PDF wants UTF-16 (<D873DF4E>): 196 of the 8105
characters of 通用规范汉字表 print but cannot be found, several of them in names.
"""

from collections.abc import Sequence

from reportlab.pdfbase import ttfonts

LARGEST_BLOCK = 100  # entries, PDF 32000-1 §9.10.3


def install() -> None:
    """Replace ReportLab's writer; calling it again changes nothing."""
    ttfonts.makeToUnicodeCMap = to_unicode_map


def to_unicode_map(font_name: str, characters: Sequence[int | str | None]) -> str:
    """The CMap that says which character each glyph number of a font part stands for."""
    entries = [
        f"<{number:02X}> <{_utf16(character)}>"
        for number, character in enumerate(characters)
        if character is not None
    ]
    blocks: list[str] = []
    for first in range(0, len(entries), LARGEST_BLOCK):
        block = entries[first : first + LARGEST_BLOCK]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    head = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo",
        f"<< /Registry ({font_name})",
        f"/Ordering ({font_name})",
        "/Supplement 0",
        ">> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(characters) - 1:02X}>",
        "endcodespacerange",
    ]
    tail = ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(head + blocks + tail)


def _utf16(character: int | str) -> str:
    text = chr(character) if isinstance(character, int) else character
    return text.encode("utf-16-be", "surrogatepass").hex().upper()
