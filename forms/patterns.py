"""Named patterns: how a credit code, a mobile number and the like are cleaned and judged.

Each pattern gives a story when the text cannot be right, and a caution when it only looks odd.
A failing check digit of a credit code is a caution: early pilot codes fail it (GB 32100).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from forms.clean import half_width, without_spaces

NONE_WORD = "无"
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

Judge = Callable[[str, str], str | None]


@dataclass(frozen=True)
class Pattern:
    """How one kind of text is cleaned (`tidy`), refused (`fault`) and doubted (`caution`).

    `fault` and `caution` take the label of the field and the tidy text and return a sentence
    or None.
    """

    name: str
    tidy: Callable[[str], str]
    fault: Judge
    caution: Judge = lambda label, text: None
    longest: int = 60
    inputmode: str = ""
    type: str = "text"
    autocomplete: str = "off"


def _code(text: str) -> str:
    return without_spaces(half_width(text)).upper()


def _digits(text: str) -> str:
    return without_spaces(half_width(text))


def _mobile(text: str) -> str:
    digits = _digits(text).replace("-", "")
    if len(digits) == 14 and digits.startswith("+86"):
        return digits[3:]
    if len(digits) == 13 and digits.startswith("86"):
        return digits[2:]
    return digits


def _phone(text: str) -> str:
    text = half_width(text).strip().replace("(", "").replace(")", "-")
    text = without_spaces(text.replace("转", "-"))
    return re.sub("-{2,}", "-", text).strip("-")


def _length(label: str, text: str, wanted: int, unit: str = "位") -> str | None:
    if len(text) == wanted:
        return None
    return f"{label}要填 {wanted} {unit}，现在是 {len(text)} {unit}"


def _uscc_fault(label: str, text: str) -> str | None:
    if wrong := _length(label, text, 18):
        return wrong
    strange = sorted({sign for sign in text if sign not in _USCC})
    if strange:
        return f"{label}里没有“{'、'.join(strange)}”这样的字符，请对照执照"
    return None


def _uscc_caution(label: str, text: str) -> str | None:
    if text == NONE_WORD or uscc_check_digit(text[:17]) == text[17:]:
        return None
    return "校验位不符，可能是早期代码。请对照执照，可以继续提交"


def uscc_check_digit(first_17: str) -> str:
    """Return the 18th character of a unified social credit code (GB 32100)."""
    total = sum(
        _USCC.index(sign) * weight for sign, weight in zip(first_17, _USCC_WEIGHTS, strict=True)
    )
    return _USCC[(31 - total % 31) % 31]


def _org_tidy(text: str) -> str:
    code = _code(text)
    return f"{code[:8]}-{code[8]}" if len(code) == 9 and "-" not in code else code


def _org_fault(label: str, text: str) -> str | None:
    if re.fullmatch(r"[0-9A-Z]{8}-[0-9X]", text):
        return None
    return f"{label}应是 8 位、一条短横和 1 位校验，如 73893832-9"


def _org_caution(label: str, text: str) -> str | None:
    total = sum(
        _ORG.index(sign) * weight for sign, weight in zip(text[:8], _ORG_WEIGHTS, strict=True)
    )
    check = "0X987654321"[total % 11]
    return None if text[-1] == check else "校验位不符，请对照证书，可以继续提交"


def _id_fault(label: str, text: str) -> str | None:
    if wrong := _length(label, text, 18):
        return wrong
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return f"{label}只能是数字，最后一位可以是 X"
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return f"{label}里的出生日期不存在，请对照证件"
    total = sum(int(sign) * weight for sign, weight in zip(text[:17], _ID_WEIGHTS, strict=True))
    if "10X98765432"[total % 11] != text[17]:
        return f"{label}的校验位不符，请对照证件"
    return None


def _mobile_fault(label: str, text: str) -> str | None:
    if not re.fullmatch("[0-9]+", text):
        return f"{label}只能填数字"
    if wrong := _length(label, text, 11):
        return wrong
    if not re.fullmatch("1[3-9][0-9]{9}", text):
        return f"{label}应以 13 至 19 开头，请核对"
    return None


def _landline_fault(label: str, text: str) -> str | None:
    if re.fullmatch(r"\+?[0-9-]{3,30}", text):
        return None
    return f"{label}只能填数字和短横，如 0551-12345678"


def _landline_caution(label: str, text: str) -> str | None:
    if re.fullmatch(r"0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?", text):
        return None
    return f"{label}一般带区号，如 0551-12345678。请核对，可以继续提交"


def _postcode_fault(label: str, text: str) -> str | None:
    if text and not re.fullmatch("[0-9]+", text):
        return f"{label}只能填数字"
    return _length(label, text, 6)


def _email_fault(label: str, text: str) -> str | None:
    local, at, domain = text.rpartition("@")
    fits = (
        at
        and re.fullmatch(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}", local)
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
        and "." in domain
        and all(_is_host_label(part) for part in domain.split("."))
    )
    return None if fits else f"{label}应像 name@example.cn，请核对"


def _is_host_label(part: str) -> bool:
    return bool(re.fullmatch(r"[^\W_]([\w-]{0,61}[^\W_])?", part)) and "_" not in part


def _student_no_fault(label: str, text: str) -> str | None:
    return None if re.fullmatch("[0-9A-Z-]{1,40}", text) else f"{label}只能填数字、字母和短横"


def _exam_no_caution(label: str, text: str) -> str | None:
    return None if len(text) >= 14 else f"{label}一般是 14 位或更长，请核对，可以继续提交"


def _school_code_fault(label: str, text: str) -> str | None:
    return _postcode_fault(label, text) if not text.isdigit() else _length(label, text, 5)


PATTERNS: dict[str, Pattern] = {
    pattern.name: pattern
    for pattern in (
        Pattern("uscc", _code, _uscc_fault, _uscc_caution, 40),
        Pattern("org_code_legacy", _org_tidy, _org_fault, _org_caution, 20),
        Pattern("id_card", _code, _id_fault, longest=40),
        Pattern("mobile", _mobile, _mobile_fault, longest=30, inputmode="numeric", type="tel"),
        Pattern("landline", _phone, _landline_fault, _landline_caution, 40, "tel", "tel"),
        Pattern("postcode", _digits, _postcode_fault, longest=20, inputmode="numeric"),
        Pattern("email", _digits, _email_fault, longest=120, inputmode="email", type="email"),
        Pattern("student_no", _code, _student_no_fault, longest=40),
        Pattern("exam_no", _code, _student_no_fault, _exam_no_caution, 40),
        Pattern("school_code", _digits, _school_code_fault, longest=10, inputmode="numeric"),
    )
}
