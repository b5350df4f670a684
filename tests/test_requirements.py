"""Every requirement of the sources has its line and its proof: a test, or a written reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace import INVARIANTS, OPTIONAL, REQUIRED, marked, marks_in, rows


def test_every_requirement_has_a_line_in_our_own_words():
    table = rows()

    assert sorted(table) == sorted([*REQUIRED, *INVARIANTS])
    assert all(row.what for row in table.values())


def test_every_requirement_has_a_test_or_a_written_reason():
    tests = marked()

    assert [row.id for row in rows().values() if not row.reason and row.id not in tests] == []


def test_every_mark_names_a_requirement_that_exists():
    known = {*REQUIRED, *INVARIANTS, *OPTIONAL}

    assert {id_: tests for id_, tests in marked().items() if id_ not in known} == {}


def test_a_reason_goes_when_a_test_exists():
    tests = marked()

    assert [row.id for row in rows().values() if row.reason and row.id in tests] == []


def test_marks_are_found_on_functions_classes_and_modules(tmp_path: Path, monkeypatch):
    source = (
        "import pytest\n"
        "pytestmark = [pytest.mark.requirement('A01'), pytest.mark.browser]\n"
        "@pytest.mark.requirement('B01', 'B02')\n"
        "class TestOne:\n"
        "    @pytest.mark.requirement('C01')\n"
        "    def test_deep(self): ...\n"
        "def helper(): ...\n"
    )
    path = tmp_path / "test_it.py"
    path.write_text(source)
    monkeypatch.setattr("tests.trace.TESTS", tmp_path)

    found = {id_ for id_, _ in marks_in(path)}

    assert found == {"A01", "B01", "B02", "C01"}


@pytest.mark.parametrize("id_", ["A24", "F35", "G31", "I09", "N07"])
def test_the_last_of_each_part_is_known(id_):
    assert id_ in REQUIRED
