"""Codes and names must mean the same, and schemes must not be mixed."""

import pytest

from webapp.services.imports.codes import origin, region_level, resolve


def test_a_code_and_its_name_agree():
    assert resolve("education_level", "31", "本科生毕业").code == "31"


def test_a_name_alone_gives_its_code():
    assert resolve("nation", "", "汉").code == "01"
    assert resolve("education_level", "", "硕士研究生").code == "11"
    assert resolve("training_mode", "", "定向").code == "2"


def test_the_national_code_of_education_wins_over_the_other_scheme():
    resolved = resolve("education_level", "31", "大学专科毕业")

    assert "代码 31 是“本科生毕业”，名称写的是“大学专科毕业”（41），两者不符" in resolved.error
    assert "大学专科毕业" in resolved.error


def test_a_code_of_the_provinces_scheme_is_named_as_such():
    resolved = resolve("education_level", "231", "")

    assert "代码 231 不在代码表里" in resolved.error
    assert "本科" in resolved.error


def test_a_lost_zero_is_put_back_with_a_doubt():
    resolved = resolve("political_status", "1", "中共党员")

    assert (resolved.code, resolved.error) == ("01", "")
    assert resolved.doubt == "代码 1 补成 01"


def test_an_unknown_name_beside_a_good_code_is_a_doubt():
    resolved = resolve("political_status", "03", "青年")

    assert (resolved.code, resolved.error) == ("03", "")
    assert "“青年”不认识" in resolved.doubt


def test_an_unknown_name_alone_is_refused():
    assert resolve("nation", "", "火星族").error == "名称“火星族”不在代码表里"


@pytest.mark.parametrize("name", ["安徽省合肥市蜀山区", "合肥市蜀山区", "蜀山区"])
def test_places_are_found_however_much_of_the_path_is_written(name: str):
    assert resolve("region", "", name).code == "340104"


def test_a_place_name_that_exists_twice_asks_for_more():
    assert "不止一处" in resolve("region", "", "鼓楼区").error


def test_a_place_code_must_agree_with_its_name():
    assert "两者不符" in resolve("region", "340104", "江苏省南京市").error


def test_a_pseudo_district_is_no_place_of_origin():
    assert "不是实际的市县" in resolve("region", "340101", "").error or (
        "不在现行的行政区划里" in resolve("region", "340101", "").error
    )


def test_levels_of_places():
    assert [region_level(c) for c in ("340000", "340100", "340104", "429004")] == [
        "province",
        "city",
        "county",
        "city",
    ]


@pytest.mark.requirement("P18")
def test_origin_inside_the_province_goes_down_to_the_county():
    assert origin("340104", "340000").error == ""
    assert "要填到县" in origin("340100", "340000").error


@pytest.mark.requirement("P18")
def test_origin_outside_the_province_stops_at_the_city():
    assert origin("320100", "340000").code == "320100"
    assert origin("320102", "340000").code == "320100"
    assert origin("320102", "340000").doubt
    assert "要填到地级市" in origin("320000", "340000").error


def test_municipalities_have_no_cities_so_their_districts_stay():
    assert origin("110101", "340000").code == "110101"
    assert origin("110101", "340000").error == ""
