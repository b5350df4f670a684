"""Writes the demo's registers as files, to be imported here and tried on the import page."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import xlsxwriter

from webapp.services.imports.graduate_columns import NATIONAL_2014, SCHOOL_REGISTER

# What the 32 columns of the school's sheet call the same things.
SCHOOL_NAMES = {
    "入学日期": "入学时间",
    "预计毕业日期": "毕业时间",
    "专业名称": "专业",
    "生源所在地参考": "生源所在地",
    "手机号": "手机号码",
}


def national_workbook(rows: Sequence[dict[str, str]]) -> bytes:
    """The national layout of 74 columns as an xlsx, every cell text."""
    return _workbook(NATIONAL_2014.headers, rows, "毕业生")


def employers_workbook(rows: Sequence[dict[str, str]]) -> bytes:
    return _workbook(tuple(rows[0]), rows, "用人单位")


def school_csv(rows: Sequence[dict[str, str]]) -> bytes:
    """The school's layout of 32 columns as a csv in GB18030, as older systems write it."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(SCHOOL_REGISTER.headers)
    for row in rows:
        lines.writerow([row.get(SCHOOL_NAMES.get(h, h), "") for h in SCHOOL_REGISTER.headers])
    return out.getvalue().encode("gb18030")


def _workbook(headers: Sequence[str], rows: Sequence[dict[str, str]], name: str) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(name)
    text = book.add_format({"num_format": "@"})
    sheet.set_column(0, len(headers) - 1, 14, text)
    sheet.freeze_panes(1, 0)
    for r, line in enumerate([list(headers), *([row.get(h, "") for h in headers] for row in rows)]):
        for c, value in enumerate(line):
            if value:
                sheet.write_string(r, c, value, text)
    book.close()
    return buffer.getvalue()
