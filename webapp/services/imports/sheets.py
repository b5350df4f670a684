"""Files become tables of text. Nothing is a number afterwards: 学号 12345678901 stays that.

What a spreadsheet already destroyed (digits beyond the fifteenth, formulas, merged cells) is
kept as faults of the cell, so that a row can be refused with its place.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .cells import Unreadable, read_cells
from .guard import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, SAVE_AS, SheetFacts, inspect
from .report import UnusableFile
from .values import clean

SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d{1,3}")
DELIMITERS = (",", "\t", ";")
FORMULA_FAULT = "这一格是公式，结果可能不对。复制整列后“选择性粘贴 → 数值”"
ERROR_FAULT = "这一格是错误值（如 #N/A），请改成正确的内容"
MERGED_FAULT = "合并单元格，取消合并后每一行都要填"
LOST_FAULT = "数字超过 15 位，末尾几位已被表格软件改成 0。把整列设为“文本”后重新填写"


class NumberText(str):
    """Text of a cell that was a number in the sheet: zeros in front may be gone already."""

    __slots__ = ()


@dataclass
class Table:
    """A sheet as text. `faults` maps (row, column), counted from 0, to what is wrong there."""

    name: str
    rows: list[list[str]]
    hidden: bool = False
    faults: dict[tuple[int, int], str] = field(default_factory=dict)


def read_tables(source: bytes | str | Path, filename: str) -> list[Table]:
    """All sheets of an .xlsx, or the one table of a .csv or .txt. Raises UnusableFile."""
    data = source if isinstance(source, bytes) else _read_file(Path(source))
    if not data.strip():
        raise UnusableFile("文件是空的", "选对文件再上传一次")
    tables = _read_workbook(data) if _is_workbook(data, filename) else [_read_text(data)]
    if not any(any(row) for table in tables for row in table.rows):
        raise UnusableFile("表里没有内容", "选对文件再上传一次")
    return tables


def _read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnusableFile(f"文件超过 {MAX_BYTES // 1_000_000} MB", "分成几个文件，逐个上传")
        return path.read_bytes()
    except OSError as error:
        raise UnusableFile(f"打不开文件 {path.name}", "检查路径和读取权限") from error


def _is_workbook(data: bytes, filename: str) -> bool:
    return data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") or filename.lower().endswith(
        (".xlsx", ".xlsm", ".xls")
    )


def _read_workbook(data: bytes) -> list[Table]:
    facts = inspect(data)
    try:
        sheets = read_cells(data)
    except Unreadable as error:
        raise UnusableFile("文件不完整，或不是 .xlsx", SAVE_AS) from error
    return [_read_sheet(sheet, facts.get(sheet["name"], SheetFacts())) for sheet in sheets]


def _read_sheet(sheet: dict[str, Any], facts: SheetFacts) -> Table:
    table = Table(sheet["name"], [], hidden=sheet["hidden"])
    cleaned: dict[str, str] = {"": ""}  # most cells of a register repeat
    for r, cells in enumerate(sheet["rows"]):
        row = []
        for c, value in enumerate(cells):
            if type(value) is str:
                text = cleaned.get(value)
                if text is None:
                    text = cleaned[value] = clean(value)
            else:
                text = _text_of(value)
            if text is None:
                table.faults[r, c] = LOST_FAULT
                text = str(value)
            row.append(text)
        table.rows.append(row)
    for (top, left), (bottom, right) in sheet["merged"]:
        for r in range(top, min(bottom, len(table.rows)) + 1):
            for c in range(left, min(right, MAX_COLUMNS) + 1):
                table.faults[r, c] = MERGED_FAULT
    for refs, fault in ((facts.faulty, ERROR_FAULT), (facts.formulas, FORMULA_FAULT)):
        table.faults.update((_position(ref), fault) for ref in refs)
    return _trimmed(table)


def _text_of(value: Any) -> str | None:
    """The cell's text as a person sees it, or None where the number has lost digits."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float)):
        if abs(value) >= 1e15:
            return None
        whole = float(value).is_integer()
        return NumberText(int(value)) if whole else NumberText(repr(float(value)))
    return "" if value is None else str(value)


def _position(ref: str) -> tuple[int, int]:
    letters = ref.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(ref[len(letters) :]) - 1, column - 1


def _read_text(data: bytes) -> Table:
    if len(data) > MAX_BYTES:
        raise UnusableFile(f"文件超过 {MAX_BYTES // 1_000_000} MB", "分成几个文件，逐个上传")
    text = _decode(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    table = Table("", [])
    try:
        for r, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            if r >= MAX_ROWS or len(cells) > MAX_COLUMNS:
                raise UnusableFile(
                    f"表格超出 {MAX_ROWS} 行或 {MAX_COLUMNS} 列", "分成几个文件，逐个上传"
                )
            table.rows.append([_unforced(cell) for cell in cells])
            for c, cell in enumerate(cells):
                if len(cell) > MAX_TEXT:
                    raise UnusableFile(f"有单元格超过 {MAX_TEXT} 字", "缩短或删去这一格")
                if SCIENTIFIC.fullmatch(cell.strip()):
                    table.faults[r, c] = LOST_FAULT.replace(
                        "数字超过 15 位，末尾", "数字被改成科学计数，"
                    )
    except csv.Error as error:
        raise UnusableFile("文件里的引号或分隔符不成对", "改用 .xlsx 上传") from error
    return _trimmed(table)


def _decode(data: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16, GB18030; by the first that fits without a fault."""
    encodings = ["utf-8-sig", "gb18030"]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\x00" in data[:200]:
        # Half of a delimiter is a zero byte: the second one in little-endian text.
        little = data[1:400:2].count(0) > data[0:400:2].count(0)
        encodings = ["utf-16-le" if little else "utf-16-be"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnusableFile("认不出文件的文字编码", "另存为 .xlsx，或 UTF-8 编码的 .csv")


def _unforced(cell: str) -> str:
    """A cell without what exports add to force text: ="00123", '00123, a tab behind."""
    cell = clean(cell)
    if len(cell) >= 3 and cell[:2] == '="' and cell[-1] == '"':
        return cell[2:-1]
    return cell[1:] if re.fullmatch(r"'[\dXx]+", cell) else cell


def _trimmed(table: Table) -> Table:
    while table.rows and not any(table.rows[-1]):
        table.rows.pop()
    return table
