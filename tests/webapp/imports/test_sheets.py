"""Files become tables of text, and hostile files are refused before they are opened."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from webapp.services.imports import UnusableFile
from webapp.services.imports.sheets import NumberText, read_tables

TABLE = "学号,姓名\r\n0012,林知夏\r\n"


def rows(source: bytes, filename: str = "a.xlsx") -> list[list[str]]:
    return [list(map(str, row)) for row in read_tables(source, filename)[0].rows]


def repacked(source: bytes, change) -> bytes:
    """The same workbook with its parts passed through `change(name, content)`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def test_a_number_cell_stays_the_number_people_see(workbook):
    found = rows(workbook([["学号"], [12345678901], [2.5], [100000000000000]]))

    assert found == [["学号"], ["12345678901"], ["2.5"], ["100000000000000"]]


def test_a_number_cell_is_remembered_as_one(workbook):
    cells = read_tables(workbook([["学号"], [12], ["12"]]), "a.xlsx")[0].rows

    assert [type(row[0]) is NumberText for row in cells] == [False, True, False]


def test_text_keeps_its_zeros(workbook):
    assert rows(workbook([["学号"], ["00012"]]))[1] == ["00012"]


def test_dates_become_iso_text(workbook):
    sheet = [["毕业时间"], [dt.datetime(2027, 6, 30)]]
    buffer = io.BytesIO()
    import xlsxwriter

    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet()
    page.write(0, 0, sheet[0][0])
    page.write_datetime(1, 0, sheet[1][0], book.add_format({"num_format": "yyyy/m/d"}))
    book.close()

    assert rows(buffer.getvalue())[1] == ["2027-06-30"]


def test_digits_that_excel_has_lost_are_a_fault_of_the_cell(workbook):
    (table,) = read_tables(workbook([["身份证号"], [340104200503120123]]), "a.xlsx")

    assert "超过 15 位" in table.faults[1, 0]


def test_formulas_and_error_values_are_faults_of_their_cells(workbook):
    (table,) = read_tables(workbook([["学号", "姓名"], ["1", "=A2"]]), "a.xlsx")

    assert "公式" in table.faults[1, 1]
    assert (1, 0) not in table.faults


def test_merged_cells_are_faults_of_all_their_cells(workbook):
    (table,) = read_tables(workbook([["学号"], ["1"], ["2"]], merged=["B2:B3"]), "a.xlsx")

    assert sorted(table.faults) == [(1, 1), (2, 1)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_every_usual_encoding_and_delimiter(encoding: str, delimiter: str):
    data = TABLE.replace(",", delimiter).encode(encoding)

    assert rows(data, "a.csv") == [["学号", "姓名"], ["0012", "林知夏"]]


def test_csv_cells_forced_to_be_text_lose_what_forces_them():
    data = '学号,考生号,身份证号\n="0012",\'26340100000001,0012\t\n'.encode()

    assert rows(data, "a.csv")[1] == ["0012", "26340100000001", "0012"]


def test_csv_fields_may_hold_commas_and_line_breaks():
    data = '姓名,家庭住址\n林知夏,"合肥, 蜀山\n某路 1 号"\n'.encode()

    assert rows(data, "a.csv")[1] == ["林知夏", "合肥, 蜀山\n某路 1 号"]


def test_csv_numbers_in_scientific_notation_are_faults():
    (table,) = read_tables("学号\n1.23457E+10\n".encode(), "a.csv")

    assert "科学计数" in table.faults[1, 0]


@pytest.mark.parametrize(
    ("data", "filename", "story"),
    [
        (b"", "a.xlsx", "文件是空的"),
        (b"\n\n,,\n", "a.csv", "表里没有内容"),
        (b"PK\x03\x04 broken", "a.xlsx", "文件不完整"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xls", "旧版 .xls"),
        (b"\xff\xff\x81" * 50, "a.csv", "编码"),
    ],
)
def test_files_that_are_no_tables_say_what_they_are(data: bytes, filename: str, story: str):
    with pytest.raises(UnusableFile) as caught:
        read_tables(data, filename)

    assert story in caught.value.story
    assert caught.value.way_out


def test_a_zip_bomb_is_refused_by_what_really_comes_out(workbook):
    bomb = repacked(
        workbook([["学号"]]),
        lambda name, data: b" " * 450_000_000 if name == "xl/theme/theme1.xml" else data,
    )
    assert len(bomb) < 1_000_000

    with pytest.raises(UnusableFile, match="展开后过大"):
        read_tables(bomb, "a.xlsx")


def test_a_zip_that_lies_about_its_sizes_is_refused_all_the_same(workbook):
    bomb = repacked(
        workbook([["学号"]]),
        lambda name, data: b" " * 450_000_000 if name == "xl/theme/theme1.xml" else data,
    )
    lie = bomb.replace((450_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lie != bomb

    with pytest.raises(UnusableFile, match="展开后过大"):
        read_tables(lie, "a.xlsx")


@pytest.mark.parametrize("ref", [b"XFD1", b"A1048576", b"DY1", b"A60000"])
def test_one_far_cell_cannot_make_the_reader_fill_the_grid(workbook, ref: bytes):
    far = repacked(
        workbook([["学号"], ["1"]]), lambda _, data: data.replace(b'r="A2"', b'r="' + ref + b'"')
    )

    with pytest.raises(UnusableFile, match="超出"):
        read_tables(far, "a.xlsx")


def test_the_last_allowed_cell_is_read(workbook):
    assert len(rows(workbook([["学号"] * 128]))[0]) == 128


def test_one_long_text_used_many_times_is_refused(workbook):
    with pytest.raises(UnusableFile, match="超过 4000 字"):
        read_tables(workbook([["学号"], ["长" * 30_000]]), "a.xlsx")


def test_an_entity_bomb_in_the_workbook_is_not_expanded(workbook):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    changed = repacked(
        workbook([["学号"], ["1"]]),
        lambda name, data: (
            data.replace(b"<workbook", bomb + b"<workbook", 1)
            if name == "xl/workbook.xml"
            else data
        ),
    )

    assert rows(changed) == [["学号"], ["1"]]


def test_a_count_that_aborts_the_reader_only_refuses_the_file(workbook):
    greedy = repacked(
        workbook([["学号"], ["一"]]),
        lambda name, data: data.replace(b'uniqueCount="', b'uniqueCount="999999999999'),
    )

    with pytest.raises(UnusableFile, match="文件不完整"):
        read_tables(greedy, "a.xlsx")


def test_a_zip_of_a_version_nobody_knows_is_refused(workbook):
    strange = bytearray(workbook([["学号"]]))
    strange[strange.index(b"PK\x01\x02") + 6] = 200

    with pytest.raises(UnusableFile, match="不完整"):
        read_tables(bytes(strange), "a.xlsx")
