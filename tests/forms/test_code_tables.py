"""Code tables: names, paths, what may be chosen, and the search behind a picker."""

from __future__ import annotations

import json

import pytest

from forms.code_tables import FOLDER, UnknownScheme, schemes, table


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_every_table_says_where_it_comes_from_and_repeats_no_code(path):
    raw = json.loads(path.read_text(encoding="utf-8"))

    codes = [row["code"] for row in raw["items"]]

    assert raw["scheme"] == path.stem
    assert raw["source"]
    assert raw["confidence"]
    assert len(codes) == len(set(codes)) > 0
    assert all(isinstance(code, str) for code in codes)
    assert {row.get("parent") for row in raw["items"]} <= {*codes, None}


def test_the_same_digits_mean_different_things_in_different_schemes():
    assert table("education_level").name("31") == "本科生毕业"
    assert table("education_gbt4658").name("31") == "大学专科毕业"


def test_a_county_is_named_with_its_city_and_province():
    assert table("region").path_name("340104") == "安徽省 合肥市 蜀山区"


def test_districts_of_beijing_hang_under_beijing_itself():
    regions = table("region")

    children = [row.name for row in regions.children("110000")]

    assert "东城区" in children
    assert "市辖区" not in children
    assert regions.path_name("110101") == "北京市 东城区"


@pytest.mark.parametrize("code", ["110100", "500200", "419000", "340176", "620201"])
def test_bookkeeping_divisions_keep_their_name_but_cannot_be_chosen(code):
    regions = table("region")

    assert regions.name(code) != code
    assert not regions.selectable(code)


@pytest.mark.parametrize(
    ("code", "name"),
    [("710000", "台湾省"), ("810000", "香港特别行政区"), ("820000", "澳门特别行政区")],
)
def test_hong_kong_macao_and_taiwan_can_be_chosen(code, name):
    assert table("region").selectable(code, lowest=True)
    assert table("region").name(code) == name


@pytest.mark.parametrize("code", ["441900", "442000", "460400", "620200"])
def test_a_city_without_districts_is_a_lowest_choice(code):
    assert table("region").selectable(code, lowest=True)


def test_a_city_with_districts_is_no_lowest_choice():
    assert table("region").selectable("340100")
    assert not table("region").selectable("340100", lowest=True)


def test_counties_directly_under_a_province_are_its_children():
    assert "济源市" in [row.name for row in table("region").children("410000")]


def test_search_puts_the_whole_name_before_its_beginning_before_the_rest():
    names = [row.name for row in table("industry").search("制造业")]

    assert names[0] == "制造业"
    assert "通用设备制造业" in names


def test_search_narrows_by_names_above():
    found = table("region").search("河南 新乡", lowest=False)

    assert found
    assert all(table("region").path_name(row.code).startswith("河南省") for row in found)


def test_search_finds_codes_by_their_beginning_in_small_letters_too():
    assert [row.code for row in table("industry").search("c34")] == ["C34"]


def test_search_never_offers_what_cannot_be_chosen():
    assert table("region").search("市辖区") == ()
    assert table("region").search("") == ()


def test_search_stops_at_its_limit():
    assert len(table("region").search("区", 7)) == 7


def test_an_industry_division_reports_the_ministrys_code_through_its_parent():
    assert table("industry").path("C34")[0].code == "22"
    assert {row.code for row in table("industry").children()} == {
        row.code for row in table("industry_moe").items
    }


def test_an_unknown_code_is_shown_as_it_is():
    assert table("gender").name("7") == "7"
    assert table("gender").path_name("7") == "7"
    assert not table("gender").selectable("7")


def test_an_unknown_scheme_says_which_there_are():
    with pytest.raises(UnknownScheme, match="现有"):
        table("nosuch")


def test_short_names_lead_to_the_same_table():
    assert table("hukou") is table("hukou_acceptance")
    assert "hukou" in schemes()


@pytest.mark.requirement("J04")
def test_the_four_answers_about_the_household_register_are_those_of_the_platform():
    names = [row.name for row in table("hukou_acceptance").items]

    assert names == ["签约单位接收", "托管单位接收", "上级主管单位接收", "不接收"]
