"""Named patterns: what is refused, what is only doubted, how digits are tidied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.patterns import PATTERNS, uscc_check_digit

CHECK_FAILS = "校验位不符，可能是早期代码。请对照执照，可以继续提交"


def judge(name: str, text: str) -> tuple[str, str | None, str | None]:
    pattern = PATTERNS[name]
    tidy = pattern.tidy(text)
    fault = pattern.fault("这一项", tidy)
    return tidy, fault, None if fault else pattern.caution("这一项", tidy)


def test_a_credit_code_of_17_characters_says_how_many_there_are():
    _, fault, _ = judge("uscc", "91340100MA0000000")

    assert fault == "这一项要填 18 位，现在是 17 位"


@pytest.mark.parametrize("code", ["91110000100006619X", "91350100M000100Y43"])
def test_a_right_credit_code_passes_silently(code):
    code = code[:17] + uscc_check_digit(code[:17])

    assert judge("uscc", code) == (code, None, None)


def test_the_check_digit_follows_the_standard():
    assert uscc_check_digit("91350100M000100Y4") == "3"


@pytest.mark.parametrize(
    "code", ["91350100M0001TGQXM", "91350211M0000XUF46", "91350203M0001FUE2P", "123456789123456789"]
)
def test_early_codes_are_doubted_but_pass(code):
    assert judge("uscc", code) == (code, None, CHECK_FAILS)


def test_a_letter_that_codes_never_use_is_named():
    _, fault, _ = judge("uscc", "9135010OM000100Y43")

    assert fault == "这一项里没有“O”这样的字符，请对照执照"


@pytest.mark.parametrize("text", [" 9135 0100 m000 100y 43 ", "９１３５０１００M000100Y43"])
def test_spaces_small_and_full_width_letters_of_a_code_are_tidied(text):
    assert judge("uscc", text) == ("91350100M000100Y43", None, None)


@pytest.mark.parametrize(
    "text",
    ["13800000002", "138 0000 0002", "138-0000-0002", "+86 13800000002", "１３８００００００02"],
)
def test_a_mobile_number_is_understood_however_it_is_grouped(text):
    assert judge("mobile", text) == ("13800000002", None, None)


@pytest.mark.parametrize(
    ("text", "story"),
    [
        ("1380000000", "这一项要填 11 位，现在是 10 位"),
        ("12800000002", "这一项应以 13 至 19 开头，请核对"),
        ("1380000000x", "这一项只能填数字"),
    ],
)
def test_a_wrong_mobile_number_says_what_is_wrong(text, story):
    assert judge("mobile", text)[1] == story


def test_an_unusual_landline_is_doubted_only():
    assert judge("landline", "(0551)12345678 转 101")[0] == "0551-12345678-101"
    assert judge("landline", "0551-12345678")[1:] == (None, None)
    assert judge("landline", "12345")[1] is None
    assert judge("landline", "12345")[2] is not None
    assert judge("landline", "没有")[1] is not None


@pytest.mark.parametrize("text", ["hr@hengxin.cn", "a.b+c@sub.example.com.cn", "x@例子.中国"])
def test_ordinary_mail_addresses_pass(text):
    assert judge("email", text)[1] is None


@pytest.mark.parametrize(
    "text",
    ["hr", "hr@", "@x.cn", "hr@x", "a..b@x.cn", ".a@x.cn", "a@-x.cn", "a b@x..cn", "a@x.cn,"],
)
def test_broken_mail_addresses_are_refused(text):
    assert judge("email", text)[1] == "这一项应像 name@example.cn，请核对"


def test_an_identity_number_is_checked_by_date_and_digit():
    assert judge("id_card", "11010519491231002x") == ("11010519491231002X", None, None)
    assert "校验位" in str(judge("id_card", "110105194912310021")[1])
    assert "出生日期" in str(judge("id_card", "110105194902310021")[1])
    assert judge("id_card", "1101")[1] == "这一项要填 18 位，现在是 4 位"


def test_the_old_organisation_code_of_the_sources_passes():
    assert judge("org_code_legacy", "738938329") == ("73893832-9", None, None)
    assert judge("org_code_legacy", "73893832-8")[2] is not None


def test_a_postcode_has_six_digits():
    assert judge("postcode", "２３０００１")[:2] == ("230001", None)
    assert judge("postcode", "23000")[1] == "这一项要填 6 位，现在是 5 位"


@given(st.sampled_from(sorted(PATTERNS)), st.text(max_size=60))
def test_no_text_breaks_a_pattern_and_tidying_twice_is_tidying_once(name, text):
    pattern = PATTERNS[name]
    tidy = pattern.tidy(text)

    assert pattern.tidy(tidy) == tidy
    fault = pattern.fault("这一项", tidy) if tidy else None
    if tidy and fault is None:
        pattern.caution("这一项", tidy)
