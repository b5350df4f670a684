"""Recognises a sheet by its headers, in any order of columns.

Every layout draws on one vocabulary of columns, so a real file with more or fewer columns than
the layout it comes from is read all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .report import ImportReport
from .sheets import Table
from .values import plain


@dataclass(frozen=True)
class Column:
    """A column by its usual header. `field` is the table's; others go into the register.

    `part` says what a coded column holds: `code` or `name` of `field` in `scheme`.
    """

    header: str
    field: str = ""
    rule: str = ""
    scheme: str = ""
    part: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A known sheet: its key, what people call it, and its headers as they print."""

    key: str
    label: str
    headers: tuple[str, ...]


@dataclass
class Recognised:
    """A sheet with its columns found. `columns` maps positions to columns; data starts at `start`."""

    table: Table
    layout: Layout
    columns: dict[int, Column]
    start: int
    place: str  # the sheet's name where the file has several, for remarks


@dataclass(frozen=True)
class Vocabulary:
    """What one kind of import understands: its columns, layouts, and what it cannot do without."""

    columns: tuple[Column, ...]
    layouts: tuple[Layout, ...]
    required: tuple[str, ...]
    pinyin: tuple[tuple[str, str], ...] = ()

    @property
    def by_header(self) -> dict[str, Column]:
        names = {
            header_key(name): column
            for column in self.columns
            for name in (column.header, *column.aliases)
        }
        by_own = {column.header: column for column in self.columns}
        return names | {code.upper(): by_own[header] for code, header in self.pinyin}


HEADER_ROWS = 10


def header_key(text: str) -> str:
    """A header without stars, blanks and remarks in brackets: *学号（必填） → 学号."""
    return re.sub(r"[(（\[【].*?[)）\]】]|[*＊:：\s]", "", plain(text)).upper()


def recognise(tables: list[Table], words: Vocabulary, report: ImportReport) -> list[Recognised]:
    """The sheets to read; what is missing, doubled or unknown goes into the report."""
    several = len([table for table in tables if table.rows]) > 1
    names = words.by_header
    found = []
    for table in tables:
        if not table.rows:
            continue
        if table.hidden:
            report.warn("隐藏的工作表，没有读取", "要导入，先取消隐藏", sheet=table.name)
            continue
        sheet = _recognise_one(table, words, names, table.name if several else "")
        if sheet is None:
            if several:
                report.warn("没有找到表头，没有读取", sheet=table.name)
            continue
        _report_headers(sheet, words, names, report)
        found.append(sheet)
    if not found:
        report.unusable = True
        report.error(
            "没有找到表头",
            f"第一行要写列名，至少有{'、'.join(f'「{name}」' for name in words.required)}",
        )
    return found


def _recognise_one(
    table: Table, words: Vocabulary, names: dict[str, Column], place: str
) -> Recognised | None:
    best, header_at = 1, -1
    for at, row in enumerate(table.rows[:HEADER_ROWS]):
        known = len({names[key].header for cell in row if (key := header_key(cell)) in names})
        # The row of Chinese names stands below the row of pinyin codes and knows no fewer.
        if known > best or (known == best > 1 and header_at == at - 1):
            best, header_at = known, at
    if header_at < 0:
        return None
    headers = [header_key(cell) for cell in table.rows[header_at]]
    columns: dict[int, Column] = {}
    for position, key in enumerate(headers):
        column = names.get(key)
        if column is not None and column not in columns.values():
            columns[position] = column
    layout = max(words.layouts, key=lambda one: _likeness(one, headers))
    return Recognised(table, layout, columns, header_at + 1, place)


def _likeness(layout: Layout, headers: list[str]) -> tuple[int, int]:
    own = {header_key(header) for header in layout.headers}
    return len(own & set(headers)), -len(own)


def _report_headers(
    sheet: Recognised, words: Vocabulary, names: dict[str, Column], report: ImportReport
) -> None:
    present = {column.header for column in sheet.columns.values()}
    for header in words.required:
        if header not in present:
            report.error(
                f"缺少「{header}」一列", "补上这一列，列名写对，顺序不限", sheet=sheet.place
            )
    row = sheet.start
    taken: dict[str, str] = {}
    for position, cell in enumerate(sheet.table.rows[sheet.start - 1]):
        key = header_key(cell)
        column = names.get(key)
        place = {"sheet": sheet.place, "row": row, "column": cell}
        if not key:
            below = sheet.table.rows[sheet.start :]
            if any(position < len(line) and line[position] for line in below):
                where = _letters(position)
                report.warn(f"{where} 列没有列名，没有导入", "写上列名，或删去这一列", **place)
        elif column is None:
            report.warn("不认识的列，没有导入", "需要时改成标准列名", **place)
        elif column.header in taken:
            report.error(f"与「{taken[column.header]}」是同一项，重复了", "只留一列", **place)
        if column is not None:
            taken.setdefault(column.header, cell)


def _letters(position: int) -> str:
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
