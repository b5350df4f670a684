"""Sheets made on the spot: no binary file is kept in the project."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy.orm import Session

from webapp.models import School
from webapp.services.imports.values import id_check_digit


def make_workbook(
    *sheets: Iterable[Sequence[Any]], merged: Sequence[str] = (), hidden: Sequence[int] = ()
) -> bytes:
    """An xlsx of these sheets. Text stays text, numbers are number cells, =… are formulas."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False})
    for at, rows in enumerate(sheets):
        sheet = book.add_worksheet(f"表{at + 1}")
        if at in hidden:
            sheet.hide()
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, str) and not value.startswith("="):
                    sheet.write_string(r, c, value)
                else:
                    sheet.write(r, c, value)
        for area in merged:
            sheet.merge_range(area, "合并")
    book.close()
    return buffer.getvalue()


def make_id(serial: int = 1, born: str = "20050312", gender: str = "2") -> str:
    """A number that passes its check digit but belongs to no region, so to nobody."""
    first17 = f"000000{born}{serial % 100:02}{1 if gender == '1' else 2}"
    return first17 + id_check_digit(first17)


def make_row(serial: int = 1, **changed: Any) -> dict[str, Any]:
    """One plausible row by usual headers."""
    return {
        "学号": f"00{serial:09}",
        "姓名": "林知夏",
        "身份证号": make_id(serial),
        "考生号": f"{serial:014}",
        "性别代码": "2",
        "性别": "女",
        "民族代码": "01",
        "民族": "汉族",
        "政治面貌代码": "03",
        "政治面貌": "共青团员",
        "学历代码": "31",
        "学历": "本科生毕业",
        "培养方式代码": "1",
        "培养方式": "非定向",
        "生源所在地代码": "340104",
        "生源所在地": "安徽省合肥市蜀山区",
        "所在院系": "计算机学院",
        "专业": "软件工程",
        "专业代码": "080902",
        "学制": "4",
        "毕业时间": "20270630",
        "手机号码": "19900000001",
        "电子邮箱": "lin@example.cn",
    } | changed


def make_table(*rows: dict[str, Any]) -> list[list[Any]]:
    headers = list(dict.fromkeys(header for row in rows for header in row))
    return [headers, *([row.get(header, "") for header in headers] for row in rows)]


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    return make_workbook


@pytest.fixture
def row() -> Callable[..., dict[str, Any]]:
    return make_row


@pytest.fixture
def register() -> Callable[..., bytes]:
    """An xlsx with these rows, one sheet, headers in the first row."""
    return lambda *rows: make_workbook(make_table(*rows))


@pytest.fixture
def table() -> Callable[..., list[list[Any]]]:
    return make_table


@pytest.fixture
def school(session: Session) -> School:
    school = School(code="10999", name="青禾大学", settings={"region": "340000"})
    session.add(school)
    session.commit()
    return school
