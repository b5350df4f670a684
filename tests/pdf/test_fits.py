"""What is too long is told before anybody signs."""

import re

import pytest

from pdf import fits, places
from pdf.agreement import render_agreement


def test_ordinary_values_fit(values):
    assert fits.check(values) == []


def test_too_long_a_value_is_named_with_the_length_that_fits(values):
    values["graduate"]["name"] = "名" * 200

    (message,) = fits.check(values)

    assert message == "“姓名”共 200 字，打印位置放不下（约可放 34 字），请缩短"


def test_the_length_it_promises_does_fit(values):
    values["graduate"]["name"] = "名" * 34

    assert fits.check(values) == []
    assert render_agreement(values).pages == 2


@pytest.mark.parametrize("paragraph", [1, 40])
def test_the_promise_holds_for_the_supplement(values, paragraph):
    text = "\n".join(["补" * (3000 // paragraph)] * paragraph)
    values["terms"]["supplement"] = text
    (message,) = fits.check(values)
    promised = int(re.search(r"约可放 (\d+) 字", message)[1])

    values["terms"]["supplement"] = text[:promised]

    assert promised < len(text)
    assert fits.check(values) == []


def test_every_fault_is_told_at_once(values):
    values["graduate"]["name"] = "名" * 200
    values["employer"]["name"] = "司" * 400
    values["terms"]["supplement"] = "补" * 3900

    messages = fits.check(values)

    assert [m.split("”")[0] for m in messages] == ["“姓名", "“单位名称", "“协议补充内容"]


def test_many_short_lines_are_too_long_as_well(values):
    values["terms"]["supplement"] = "\n".join(["约定"] * 100)

    (message,) = fits.check(values)

    assert "协议补充内容" in message


def test_a_longer_address_of_the_verification_page_is_refused(values):
    values["verify_url"] = "https://example.edu.cn/" + "a" * 100

    (message,) = fits.check(values)

    assert "查验网址" in message


@pytest.mark.parametrize(("length", "size"), [(5, 9.5), (20, 8.5), (27, 7.5), (34, 6.0)])
def test_a_longer_text_is_set_smaller(length, size):
    place = places.Place("x", "x", width=37.8, height=7.6)

    found = places.fit("字" * length, place)

    assert found.fits
    assert found.size == size
