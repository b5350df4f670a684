"""Conditions of forms in Chinese: what the comparisons are called, and whole conditions said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from forms.code_tables import schemes, table
from forms.components import Definition
from forms.conditions import Condition, Several, Test
from webapp.pages.form_subjects import Subject, key_of, unknown

WORDS = {
    "==": "是",
    "!=": "不是",
    "in": "是其中之一",
    "not in": "不是其中任何一个",
    "contains": "包含",
    "filled": "填了",
    "empty": "没有填",
    "<": "小于",
    "<=": "不大于",
    ">": "大于",
    ">=": "不小于",
}
OF_DATES = {"<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
OF_RULES = {"filled": "成立", "empty": "不成立"}
WITHOUT_VALUE = ("filled", "empty")


def operation_words(subject: Subject) -> dict[str, str]:
    """What the comparisons are called for this subject."""
    if subject.kind in ("date", "datetime"):
        return WORDS | OF_DATES
    return WORDS | OF_RULES if subject.kind == "rule" else WORDS


def said_condition(
    definition: Definition, condition: Condition | None, subjects: Mapping[str, Subject]
) -> str:
    """A condition in words: 审核结论是“不通过”，并且 原因填了."""
    if condition is None:
        return ""
    if isinstance(condition, Several):
        return said_several(definition, condition, subjects)
    subject = subjects.get(key_of(condition)) or subject_in(definition, condition)
    words = operation_words(subject)[condition.op]
    names = dict(subject.choices)
    said = (names.get(one) or code_name(definition, subject, one) for one in texts_of(condition))
    return f"{subject.label}{words}{'、'.join(f'“{one}”' for one in said)}"


def said_several(
    definition: Definition, condition: Several, subjects: Mapping[str, Subject]
) -> str:
    word = "，并且 " if condition.every else "，或者 "
    said = []
    for part in condition.parts:
        words = said_condition(definition, part, subjects)
        said.append(f"（{words}）" if isinstance(part, Several) else words)
    return word.join(said)


def texts_of(test: Test) -> tuple[str, ...]:
    """The values of a comparison as texts of a page; () where it has none."""
    if test.op in WITHOUT_VALUE:
        return ()
    values = test.value if isinstance(test.value, list) else [test.value]
    return tuple(map(as_text, values))


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def subject_in(definition: Definition, test: Test) -> Subject:
    component = None if test.of_option else definition.find_field(test.subject)
    if component is None:
        return unknown(key_of(test))
    choices = tuple((one.value, one.label) for one in component.choices)
    return Subject(key_of(test), component.label, "", "text", choices)


def code_name(definition: Definition, subject: Subject, code: str) -> str:
    """A code with its name, where the field is a picker of a packaged table."""
    component = None if subject.of_option else definition.find_field(subject.name)
    if component is None or component.scheme not in schemes():
        return code
    codes = table(component.scheme)
    return f"{codes.path(code)[-1].name}（{code}）" if code in codes else code
