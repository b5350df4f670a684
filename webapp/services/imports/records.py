"""Reads the rows of a recognised sheet: cleaned, codes agreed with names, every fault reported."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .codes import resolve
from .layouts import Column, Recognised
from .report import ImportReport
from .sheets import NumberText
from .values import RULES, SEVERITY, plain, read_date

SAME_WARNINGS = 20
TEXT_NUMBERS = ("student_no", "exam_no", "id_no", "uscc")
COMPACT = ("id_no", "exam_no", "student_no", "mobile", "postcode", "qq", "uscc", "contact_mobile")


@dataclass
class Record:
    """One row: `values` by field, further columns under `register` by their usual header."""

    sheet: str
    row: int
    values: dict[str, str] = field(default_factory=dict)
    register: dict[str, str] = field(default_factory=dict)
    was_number: bool = False  # the key was a number cell: zeros in front may be gone

    def place(self, column: str = "") -> dict[str, Any]:
        return {"sheet": self.sheet, "row": self.row, "column": column}


class RecordReader:
    """Reads sheets into records; the same doubt is told a few times, then counted."""

    def __init__(self, report: ImportReport, required: tuple[str, ...]) -> None:
        self.report = report
        self.required = required
        self.told: Counter[tuple[str, str]] = Counter()
        self.numbers: dict[tuple[str, str], int] = {}

    def read(self, sheet: Recognised) -> list[Record]:
        records = [
            self._read_row(sheet, number, row)
            for number, row in enumerate(sheet.table.rows[sheet.start :], start=sheet.start)
            if any(row)
        ]
        self._report_numbers(sheet)
        return records

    def doubt(self, record: Record, column: str, reason: str, way_out: str = "") -> None:
        """A warning, silent after the twentieth of its kind."""
        self.told[column, reason] += 1
        if self.told[column, reason] <= SAME_WARNINGS:
            self.report.warn(reason, way_out, **record.place(column))

    def finish(self) -> None:
        """Say how many doubts were not told one by one."""
        for (column, reason), count in self.told.items():
            if count > SAME_WARNINGS:
                self.report.warn(f"{reason}：另有 {count - SAME_WARNINGS} 行同样", column=column)

    def _read_row(self, sheet: Recognised, number: int, row: list[str]) -> Record:
        record = Record(sheet.place, number + 1)
        faults = sheet.table.faults
        pairs: dict[str, dict[str, tuple[Column, str]]] = {}
        for position, column in sheet.columns.items():
            text = row[position] if position < len(row) else ""
            header = column.header
            if faults and (number, position) in faults:
                self.report.error(faults[number, position], **record.place(header))
            elif column.part:
                pairs.setdefault(column.field, {})[column.part] = (column, text)
            elif text and not (column.field or column.rule):
                record.register[header] = str(text)
            elif text:
                self._read_cell(record, column, text)
            elif header in self.required:
                self.report.error("没有填", **record.place(header))
        for name, pair in pairs.items():
            self._read_pair(record, name, pair)
        return record

    def _read_cell(self, record: Record, column: Column, text: str) -> None:
        name, rule = column.field, column.rule
        if name in TEXT_NUMBERS and type(text) is NumberText:
            self.numbers[column.header, name] = self.numbers.get((column.header, name), 0) + 1
            record.was_number |= name == "student_no"
        if name in COMPACT or rule:
            text = plain(text) if rule not in ("email", "day") else plain(text).lower()
            if name == "mobile" or name == "contact_mobile":
                text = text.removeprefix("+86").replace("-", "")
        if name == "years":
            text = text.removesuffix("年").removesuffix(".0")
        reason = RULES[rule](text) if rule else None
        if reason and SEVERITY.get(rule) == "warning":
            self.doubt(record, column.header, reason)
        elif reason:
            self.report.error(reason, **record.place(column.header))
            return
        if rule == "day":
            text = read_date(text) or text
        if name:
            record.values[name] = str(text)
        else:
            record.register[column.header] = str(text)

    def _read_pair(self, record: Record, name: str, pair: dict[str, tuple[Column, str]]) -> None:
        code = pair["code"][1] if "code" in pair else ""
        written = pair["name"][1] if "name" in pair else ""
        if not code and not written:
            return
        column = pair["code" if code else "name"][0]
        resolved = resolve(column.scheme, code, written)
        if resolved.error:
            self.report.error(resolved.error, **record.place(column.header))
        elif resolved.doubt:
            self.doubt(record, column.header, resolved.doubt)
        record.values[name] = resolved.code

    def _report_numbers(self, sheet: Recognised) -> None:
        for (header, _), count in self.numbers.items():
            self.report.warn(
                f"有 {count} 格是数字格式，前面的 0 可能已经丢失",
                "核对位数；以后把整列设为“文本”",
                sheet=sheet.place,
                column=header,
            )
        self.numbers.clear()
