"""The rules of single values."""

import pytest

from webapp.services.imports.values import (
    clean,
    email,
    exam_no,
    id_card,
    id_check_digit,
    landline,
    mobile,
    plain,
    postcode,
    read_date,
    uscc,
    uscc_check_digit,
    uscc_shape,
)

SYNTHETIC_ID = "00000020050312012" + id_check_digit("00000020050312012")


def test_an_identity_number_with_the_right_check_digit_passes():
    assert id_card(SYNTHETIC_ID) is None


def test_an_identity_number_with_a_wrong_check_digit_is_named():
    wrong = SYNTHETIC_ID[:17] + ("0" if SYNTHETIC_ID[17] != "0" else "1")

    assert id_card(wrong) == "校验位不符"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (SYNTHETIC_ID[:17], "身份证号要填 18 位，现在是 17 位"),
        ("00000020050231012X", "第 7 到 14 位 20050231 不是有效的出生日期"),
        ("0000002005031201AX", "身份证号只能是数字，末位可以是 X"),
    ],
)
def test_a_malformed_identity_number_says_what_is_wrong(number: str, reason: str):
    assert id_card(number) == reason


@pytest.mark.parametrize("number", ["E12345678", "H1234567890", "12345678"])
def test_passports_and_travel_permits_are_numbers_of_a_person_too(number: str):
    assert id_card(number) is None


def test_early_pilot_credit_codes_only_fail_the_check_digit():
    assert uscc_shape("91350100M0001TGQXM") is None
    assert "校验位不符" in str(uscc("91350100M0001TGQXM"))


def test_a_credit_code_with_its_computed_digit_passes():
    first17 = "91000000MA00000A1"

    assert uscc(first17 + uscc_check_digit(first17)) is None


def test_a_short_credit_code_says_how_long_it_is():
    assert uscc_shape("9" * 17) == "统一社会信用代码要填 18 位，现在是 17 位"


def test_a_letter_that_credit_codes_never_use_is_named():
    assert uscc_shape("91350100I0001TGQXM") == "统一社会信用代码里不会有 I"


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (mobile, "19900000001", "12900000001"),
        (postcode, "230000", "23000"),
        (email, "a@example.cn", "a@example"),
        (landline, "0551-65555555", "65555555"),
        (exam_no, "26340100000001", "2634010000000"),
    ],
)
def test_each_rule_takes_the_good_and_names_the_bad(rule, good: str, bad: str):
    assert rule(good) is None
    assert rule(bad)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("20270630", "2027-06-30"),
        ("2027-06-30", "2027-06-30"),
        ("2027/6/30", "2027-06-30"),
        ("2027年6月30日", "2027-06-30"),
        ("2027.6.30", "2027-06-30"),
        ("202706", "2027-06"),
        ("2027年6月", "2027-06"),
        ("2027-06-30 00:00:00", "2027-06-30"),
        ("20270631", None),
        ("46203", None),
        ("明年", None),
    ],
)
def test_dates_are_read_as_sheets_write_them(written: str, read: str | None):
    assert read_date(written) == read


def test_full_width_digits_and_invisible_marks_do_not_make_another_number():
    assert plain("３４０１ ０４") == "340104"
    assert clean("\ufeff 林知夏\u3000") == "林知夏"
