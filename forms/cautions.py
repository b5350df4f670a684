"""Cautions: what looks odd but may be right. The person is told and may go on.

A definition asks for one with `"warn": [{"rule": "below_field", "field": "trial_salary"}]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from forms.patterns import PATTERNS

if TYPE_CHECKING:
    from forms.fields import AnswerField

Caution = Callable[["AnswerField", Mapping[str, Any], Callable[[str], "AnswerField | None"]], Any]

_CHINESE = {sign: value for value, sign in enumerate("零一二三四五六七八九十")} | {"两": 2}


def below_field(
    field: AnswerField, rule: Mapping[str, Any], find: Callable[[str], AnswerField | None]
) -> str | None:
    """The value is lower than another field's, such as 转正起薪 below 试用起薪."""
    other = find(str(rule.get("field")))
    if other is None or other.is_empty or field.data >= other.data:
        return None
    return f"{field.label.text}低于{other.label.text}，请核对"


def months_above(
    field: AnswerField, rule: Mapping[str, Any], find: Callable[[str], AnswerField | None]
) -> str | None:
    """A length of time in words is longer than so many months (labour law: 6 for a trial)."""
    months = months_in(str(field.data))
    most = float(rule.get("value", 6))
    if months is None or months <= most:
        return None
    return f"{field.label.text}超过 {most:g} 个月，请核对"


CAUTIONS: dict[str, Caution] = {"below_field": below_field, "months_above": months_above}


def cautions_of(field: AnswerField, find: Callable[[str], AnswerField | None]) -> Iterator[str]:
    """Give the cautions for a filled and faultless field."""
    component = field.component
    pattern = PATTERNS.get(str(component.rules.get("pattern")))
    if pattern and not pattern.fault(component.label, field.data):
        story = pattern.caution(component.label, field.data)
        if story:
            yield story
    for rule in component.cautions:
        story = CAUTIONS[rule["rule"]](field, rule, find)
        if story:
            yield str(rule.get("message", story))


def months_in(text: str) -> float | None:
    """Read 3个月, 三个月, 半年, 一年半, 90天 as months; None when nothing is understood."""
    text = text.replace(" ", "")
    if "半年" in text:
        return 6.0
    match = re.search(
        r"(\d{1,4}(?:\.\d)?|[零一二三四五六七八九十两]{1,3})个?(半)?(年|月|天|日|周)", text
    )
    if match is None:
        return None
    amount = _amount(match[1]) + (0.5 if match[2] else 0)
    if match[3] == "年" and text[match.end() :].startswith("半"):
        amount += 0.5
    return amount * {"年": 12, "月": 1, "周": 7 / 30, "天": 1 / 30, "日": 1 / 30}[match[3]]


def _amount(text: str) -> float:
    if text[0].isdigit():
        return float(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return float(_CHINESE[text[-1]])
    return float((_CHINESE[tens] if tens else 1) * 10 + (_CHINESE[ones] if ones else 0))
