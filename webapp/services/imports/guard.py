"""Looks at an .xlsx before it is opened: bombs, giant grids and formulas.

An .xlsx is a zip of XML. A few kilobytes can unpack to terabytes, a single cell at XFD1048576
makes a reader allocate the whole grid, and one long shared text may be used a million times. So
the parts are unpacked here as a stream, counted by what really comes out (the sizes that a zip
declares may lie), and searched for what the reader could not survive.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from .report import UnusableFile

MAX_BYTES = 30_000_000
MAX_UNPACKED = 400_000_000
MAX_PARTS = 500
MAX_ROWS = 59_999
MAX_COLUMNS = 128
MAX_TEXT = 4_000
CHUNK = 1 << 20

CELL_OUTSIDE = re.compile(
    rb"\br\s*=\s*[\"'](?:(?:[A-Z]{3,}|[E-Z][A-Z]|D[Y-Z])\d|[A-Z]*(?:[6-9]\d{4}|[1-9]\d{5,})[\"'])"
)
MAY_HOLD_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
FORMULA = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3}\d+)\"[^>]*>\s*<(?:\w+:)?f[\s/>]")
FAULTY = re.compile(rb"<(?:\w+:)?c\b(?=[^>]*\bt=\"e\")[^>]*?\br=\"([A-Z]{1,3}\d+)\"")
LONG_TEXT = re.compile(rb"[^<>]{%d}" % (MAX_TEXT * 3))
SAVE_AS = "在 Excel 或 WPS 里另存为普通的 .xlsx，只保留数据，再上传"


@dataclass
class SheetFacts:
    """Cells of a sheet that hold a formula or an error value, as A1 references."""

    formulas: list[str] = field(default_factory=list)
    faulty: list[str] = field(default_factory=list)


def inspect(data: bytes) -> dict[str, SheetFacts]:
    """Facts by sheet name. Raises UnusableFile for what must not be opened."""
    if len(data) > MAX_BYTES:
        raise UnusableFile(
            f"文件有 {len(data) // 1_000_000} MB，超过 {MAX_BYTES // 1_000_000} MB",
            "按学院分成几个文件，逐个上传",
        )
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnusableFile("这是旧版 .xls，或加了打开密码的文件", SAVE_AS)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise UnusableFile("文件不完整，或不是 .xlsx", SAVE_AS) from error
    if len(parts) > MAX_PARTS or len({part.filename for part in parts}) < len(parts):
        raise UnusableFile("文件的内部结构不正常", SAVE_AS)
    return _scan(data, parts)


def _scan(data: bytes, parts: list[zipfile.ZipInfo]) -> dict[str, SheetFacts]:
    facts: dict[str, SheetFacts] = {}
    small: dict[str, bytes] = {}
    total = 0
    for part in parts:
        found = facts.setdefault(part.filename, SheetFacts())
        kept = part.filename in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        tail = b""
        for chunk in _unpack(data, part):
            total += len(chunk)
            if total > MAX_UNPACKED:
                raise UnusableFile("文件展开后过大，不像正常的表格", SAVE_AS)
            window = tail + chunk
            if kept:
                small[part.filename] = small.get(part.filename, b"") + chunk
            elif part.filename.startswith("xl/worksheets/"):
                _look(window, len(tail), found)
            elif part.filename == "xl/sharedStrings.xml" and LONG_TEXT.search(window):
                raise UnusableFile(f"有单元格超过 {MAX_TEXT} 字", "缩短或删去这一格")
            tail = window[-(MAX_TEXT * 3) :]
    return {name: facts[path] for name, path in _sheet_paths(small).items() if path in facts}


def _look(window: bytes, seen: int, found: SheetFacts) -> None:
    if CELL_OUTSIDE.search(window):
        raise UnusableFile(
            f"表格超出 {MAX_ROWS} 行或 {MAX_COLUMNS} 列",
            "删去表格右侧和下方多余的行列，或分成几个文件",
        )
    searches = []
    if MAY_HOLD_FORMULA.search(window):
        searches.append((FORMULA, found.formulas))
    if b't="e"' in window:
        searches.append((FAULTY, found.faulty))
    for pattern, refs in searches:
        refs.extend(
            ref
            for match in pattern.finditer(window)
            if match.end() > seen and (ref := match[1].decode()) not in refs[-50:]
        )


def _unpack(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The real content of a part, chunk by chunk, whatever size the zip declares."""
    start = part.header_offset
    if part.flag_bits & 1 or len(data) < start + 30:
        raise UnusableFile("文件加了密码，或不完整", SAVE_AS)
    name_length, extra_length = struct.unpack("<HH", data[start + 26 : start + 30])
    start += 30 + name_length + extra_length
    packed = memoryview(data)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise UnusableFile("文件用了不常见的压缩方式", SAVE_AS)
    inflate = zlib.decompressobj(-15)
    try:
        for at in range(0, len(packed), CHUNK):
            rest: bytes = bytes(packed[at : at + CHUNK])
            while rest and not inflate.eof:
                yield inflate.decompress(rest, CHUNK)
                rest = inflate.unconsumed_tail
    except zlib.error as error:
        raise UnusableFile("文件已损坏", SAVE_AS) from error


def _sheet_paths(small: dict[str, bytes]) -> dict[str, str]:
    """Sheet names to the parts that hold them, from the workbook and its relations."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        book = etree.fromstring(small.get("xl/workbook.xml", b""), parser)
        relations = etree.fromstring(small.get("xl/_rels/workbook.xml.rels", b""), parser)
    except etree.XMLSyntaxError as error:
        raise UnusableFile("文件的内部结构不正常", SAVE_AS) from error
    targets = {str(relation.get("Id")): str(relation.get("Target", "")) for relation in relations}
    paths = {}
    for sheet in book.iter("{*}sheet"):
        relation = next((v for k, v in sheet.items() if str(k).endswith("}id")), "")
        target = targets.get(str(relation), "").lstrip("/")
        paths[str(sheet.get("name", ""))] = target if target[:3] == "xl/" else f"xl/{target}"
    return paths
