"""Rules for single values: numbers of persons, units, telephones, dates. Pure, no tables.

A rule takes the cleaned text and gives None, or the reason why the value is doubtful. Which
doubts stop an import and which only warn is `SEVERITY`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
NO_USCC = ("", "无")

PASSPORT = re.compile(r"[A-Z]{1,3}\d{6,10}")
DATE = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})?\s*[-/.月]?\s*(\d{1,2})?\s*日?")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def clean(text: str) -> str:
    """The text as a person reads it: no invisible marks, no blanks around."""
    return text.translate(INVISIBLE).replace("\u00a0", " ").replace("\u3000", " ").strip()


def plain(text: str) -> str:
    """A number or code in half-width characters without blanks: ３４ ０１ → 3401."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", clean(text))).upper()


def id_check_digit(first17: str) -> str:
    """GB 11643: the 18th character for the first seventeen."""
    return ID_CHECKS[sum(int(d) * w for d, w in zip(first17, ID_WEIGHTS, strict=True)) % 11]


def id_card(text: str) -> str | None:
    """GB 11643, or the number of a passport or travel permit (letters, then digits)."""
    if PASSPORT.fullmatch(text) or re.fullmatch(r"\d{8}", text):
        return None
    if len(text) != 18:
        return f"身份证号要填 18 位，现在是 {len(text)} 位"
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return "身份证号只能是数字，末位可以是 X"
    if read_date(text[6:14]) is None:
        return f"第 7 到 14 位 {text[6:14]} 不是有效的出生日期"
    return None if id_check_digit(text[:17]) == text[17] else "校验位不符"


def uscc_check_digit(first17: str) -> str:
    """GB 32100: the 18th character for the first seventeen."""
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(first17, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def uscc_shape(text: str) -> str | None:
    if len(text) != 18:
        return f"统一社会信用代码要填 18 位，现在是 {len(text)} 位"
    wrong = sorted(set(text) - set(USCC_ALPHABET))
    return f"统一社会信用代码里不会有 {'、'.join(wrong)}" if wrong else None


def uscc(text: str) -> str | None:
    """A failing check digit only warns: early pilot codes fail it."""
    if uscc_shape(text) or uscc_check_digit(text[:17]) == text[17]:
        return None
    return "校验位不符，可能是早期代码。请对照执照"


def mobile(text: str) -> str | None:
    return None if re.fullmatch(r"1[3-9]\d{9}", text) else "手机号要填 11 位，以 13 到 19 开头"


def landline(text: str) -> str | None:
    if re.fullmatch(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?", text) or mobile(text) is None:
        return None
    return "电话不像“区号-号码”，请核对"


def postcode(text: str) -> str | None:
    return None if re.fullmatch(r"\d{6}", text) else "邮编要填 6 位数字"


def email(text: str) -> str | None:
    return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text) else "电子邮箱的格式不对"


def student_no(text: str) -> str | None:
    if len(text) > 40:
        return "学号超过 40 位"
    return None if re.fullmatch(r"[0-9A-Za-z_./-]+", text) else "学号只能用数字、字母和 - _ . /"


def exam_no(text: str) -> str | None:
    """14 digits for undergraduates, 15 or more for others."""
    return None if re.fullmatch(r"[0-9A-Z]{14,}", text) else "考生号一般是 14 位或更长，请核对"


def day(text: str) -> str | None:
    return None if read_date(text) else "日期看不懂，请写成 2027-06-30 或 20270630"


def years(text: str) -> str | None:
    return None if re.fullmatch(r"\d(\.\d)?", text) else "学制请写年数，如 4 或 2.5"


def read_date(text: str) -> str | None:
    """ISO text of a date or month as sheets write it: 20270630, 2027/6/30, 2027年6月, 2027-06."""
    text = text.removesuffix("T00:00:00").removesuffix(" 00:00:00")
    match = DATE.fullmatch(re.sub(r"^(\d{4})(\d{2})(\d{2})?$", r"\1-\2-\3", text).rstrip("-"))
    if not match or not match[2]:
        return None
    try:
        whole = date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None
    if not 1900 <= whole.year <= 2100:
        return None
    return whole.isoformat() if match[3] else f"{whole:%Y-%m}"


RULES: dict[str, Callable[[str], str | None]] = {
    "id_card": id_card,
    "uscc_shape": uscc_shape,
    "uscc": uscc,
    "mobile": mobile,
    "landline": landline,
    "postcode": postcode,
    "email": email,
    "student_no": student_no,
    "exam_no": exam_no,
    "day": day,
    "years": years,
}
SEVERITY = {"uscc": "warning", "landline": "warning", "exam_no": "warning"}
