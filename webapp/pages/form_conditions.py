"""A condition of a form as rows of a page (字段 / 比较 / 值), and back to the definition.

What cannot be shown as rows, such as brackets inside brackets, is said in a sentence and stays.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from forms.components import Definition
from forms.conditions import Condition, Several, Test, parse_condition, spelled
from webapp.pages.condition_words import (
    WITHOUT_VALUE,
    WORDS,
    operation_words,
    said_condition,
    texts_of,
)
from webapp.pages.form_subjects import Subject, key_of, unknown

KEEP, ALWAYS, TRUE = "keep", "", "true"
MOST_ROWS = 30
SEPARATORS = re.compile(r"[,，、;；\s]+")
Subjects = Mapping[str, Subject]


@dataclass(frozen=True)
class Slot:
    """Where a condition stands in a part: what it is called, and how its modes are said."""

    name: str
    title: str
    modes: tuple[tuple[str, str], ...]


SHOWN = Slot(
    "shown",
    "什么时候显示",
    ((ALWAYS, "总是显示"), ("all", "下面的条件全部满足时"), ("any", "下面的条件满足任一条时")),
)
REQUIRED = Slot(
    "required",
    "要不要填",
    (
        (ALWAYS, "可以不填"),
        (TRUE, "必须填"),
        ("all", "下面的条件全部满足时必填"),
        ("any", "下面的条件满足任一条时必填"),
    ),
)


@dataclass(frozen=True)
class Row:
    """One comparison as texts; `subject` is a key such as `field:outcome`, "" for a spare row."""

    subject: str = ""
    op: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shown:
    """A condition as the page shows it. `mode` is "", "true", "all", "any" or "keep".

    `words` and `formula` say what stands in the definition now; `is_kept` that it has no rows.
    """

    mode: str
    rows: tuple[Row, ...] = ()
    words: str = ""
    formula: str = ""
    is_kept: bool = False


def as_shown(raw: Any, definition: Definition, subjects: Subjects) -> Shown:
    """A condition of the definition as rows, or kept as it is where it has no rows."""
    if raw is True:
        return Shown(TRUE)
    condition = condition_of(raw)
    if condition is None:
        return Shown(KEEP, is_kept=True) if isinstance(raw, Mapping) else Shown(ALWAYS)
    mode, rows = rows_of(condition)
    words = said_condition(definition, condition, subjects)
    return Shown(mode, rows, words, spelled(condition), is_kept=mode == KEEP)


def condition_of(raw: Any) -> Condition | None:
    try:
        return parse_condition(raw) if isinstance(raw, Mapping) else None
    except ValueError:
        return None


def rows_of(condition: Condition | None) -> tuple[str, tuple[Row, ...]]:
    """The mode and the rows; ("keep", ()) for what rows cannot say."""
    if condition is None:
        return ALWAYS, ()
    tests = tests_of(condition)
    if isinstance(condition, Several) and len(tests) != len(condition.parts):
        return KEEP, ()
    if len(tests) > MOST_ROWS:
        return KEEP, ()
    every = isinstance(condition, Test) or condition.every
    return "all" if every else "any", tuple(map(row_of, tests))


def tests_of(condition: Condition | None) -> list[Test]:
    if isinstance(condition, Several):
        return [one for one in condition.parts if isinstance(one, Test)]
    return [] if condition is None else [condition]


def row_of(test: Test) -> Row:
    return Row(key_of(test), test.op, texts_of(test))


def typed_condition(typed: MultiDict[str, str], name: str) -> Shown:
    """The mode and the rows as a page sent them, spare rows left out."""
    pattern = re.compile(rf"{name}-(\d{{1,3}})-subject")
    numbers = sorted(int(found[1]) for key in typed if (found := pattern.fullmatch(key)))
    rows = []
    for number in numbers[: MOST_ROWS + 1]:
        start = f"{name}-{number}"
        values = tuple(one for one in typed.getlist(f"{start}-value") if one.strip())
        row = Row(typed.get(f"{start}-subject", ""), typed.get(f"{start}-op", ""), values)
        rows += [row] if row.subject else []
    return Shown(typed.get(name, KEEP), tuple(rows))


def changed_rows(shown: Shown, asked: str, before: Any, subjects: Subjects) -> Shown:
    """The rows after a button: `drop:2` takes the third away, anything else shows what follows.

    Where another field was chosen, comparison and values of the one before go; `before` is the
    condition that stands, whose own rows stay as they are.
    """
    act, _, place = asked.partition(":")
    standing = set(rows_of(condition_of(before))[1])
    rows = [row if row in standing else fitted(row, subjects) for row in shown.rows]
    if act == "drop" and place.isdecimal() and int(place) < len(rows):
        del rows[int(place)]
    is_begun = bool(rows) and act != "drop" and shown.mode in (ALWAYS, TRUE, KEEP)
    return Shown("all" if is_begun else shown.mode, tuple(rows))


def fitted(row: Row, subjects: Subjects) -> Row:
    subject = subjects.get(row.subject) or unknown(row.subject)
    op = row.op if row.op in subject.operations else subject.operations[0]
    known = dict(subject.choices)
    return Row(row.subject, op, tuple(one for one in row.values if not known or one in known))


def condition_from(shown: Shown, before: Any, subjects: Subjects) -> tuple[Any, list[str]]:
    """What the definition gets, None for nothing, and a sentence for each row that is incomplete.

    `before` is what stands there now: kept to the letter where nothing about it was changed.
    """
    known = condition_of(before)
    was_mode, was_rows = rows_of(known)
    mode = "all" if shown.mode == ALWAYS and shown.rows and not was_rows else shown.mode
    if mode == KEEP:
        told = "要换成下面的条件，请先选“全部满足”或“满足任一条”"
        return before, [told] if shown.rows and not was_rows else []
    if mode in (ALWAYS, TRUE):
        return (True if mode == TRUE else None), []
    if (mode, shown.rows) == (was_mode, was_rows):
        return before, []
    if not shown.rows:
        return before, ["选了按条件，但一条条件也没有写。请选字段，或改选别的"]
    former = {row_of(test): test.as_dict() for test in tests_of(known)}
    raws, faults = [], []
    for number, row in enumerate(shown.rows, 1):
        subject = subjects.get(row.subject) or unknown(row.subject)
        raw, fault = (former[row], "") if row in former else test_from(row, subject)
        raws.append(raw)
        faults += [f"第 {number} 条：{fault}"] if fault else []
    return (raws[0] if len(raws) == 1 else {mode: raws}), faults


def test_from(row: Row, subject: Subject) -> tuple[dict[str, Any], str]:
    """One comparison as JSON, and what is wrong with it."""
    values = [one for text in row.values for one in split(text, row.op, subject)]
    op = row.op or subject.operations[0]
    if len(values) > 1:
        op = {"==": "in", "!=": "not in"}.get(op, op)
    raw: dict[str, Any] = {"option" if subject.of_option else "field": subject.name, "op": op}
    if op in WITHOUT_VALUE:
        return raw, ""
    if op not in WORDS:
        return raw, f"没有比较“{op}”，请重新选"
    if not values:
        return raw, f"“{subject.label}”还没有选值"
    read = [value_from(one, subject) for one in values]
    faults = [fault for _, fault in read if fault]
    raw["value"] = [value for value, _ in read] if op in ("in", "not in") else read[0][0]
    return raw, "；".join(faults)


def split(text: str, op: str, subject: Subject) -> list[str]:
    """Several values typed into one input: codes stand apart by commas or blanks."""
    if op in ("in", "not in") and not subject.choices:
        return [one for one in SEPARATORS.split(text.strip()) if one]
    return [text.strip()]


def value_from(text: str, subject: Subject) -> tuple[Any, str]:
    """The JSON value of a text, and a sentence where it is none of this subject's."""
    if subject.choices and text not in dict(subject.choices):
        return text, f"“{subject.label}”没有值“{text}”，请重新选"
    if subject.kind == "tick":
        return text == "true", ""
    try:
        if subject.kind in ("number", "money"):
            return number_from(text), ""
        if subject.kind in ("date", "datetime"):
            return date.fromisoformat(text).isoformat(), ""
    except ValueError:
        wanted = "日期，写成 2027-07-01" if subject.kind.startswith("date") else "数字"
        return text, f"“{text}”不是{wanted}"
    return text, ""


def number_from(text: str) -> int | float:
    value = float(text)
    if not math.isfinite(value) or abs(value) > 1e12:
        raise ValueError(text)
    return int(value) if value.is_integer() else value


@dataclass(frozen=True)
class RowView:
    """A row with what its three controls offer; without subject it is a spare one."""

    row: Row
    subject: Subject | None
    operations: list[tuple[str, str]] = field(default_factory=list)

    @property
    def op(self) -> str:
        return self.row.op or (self.subject.operations[0] if self.subject else "")

    @property
    def control(self) -> str:
        """How the value is given: none, boxes, select, date, number, text."""
        if self.subject is None or self.op in WITHOUT_VALUE:
            return "none"
        several = self.op in ("in", "not in")
        if self.subject.choices:
            return "boxes" if several else "select"
        kinds = {"date": "date", "datetime": "date", "number": "number", "money": "number"}
        return "text" if several else kinds.get(self.subject.kind, "text")

    @property
    def text(self) -> str:
        return "、".join(self.row.values)

    @property
    def strange(self) -> list[str]:
        """Values that the subject has no more: shown, so that none is lost without a word."""
        known = dict(self.subject.choices) if self.subject else {}
        return [one for one in self.row.values if one not in known]


def row_views(shown: Shown, subjects: Subjects) -> list[RowView]:
    """The rows to show, and a spare one at the end."""
    views = []
    for row in shown.rows:
        subject = subjects.get(row.subject) or unknown(row.subject)
        own = [row.op] if row.op in WORDS else []
        words = operation_words(subject)
        offered = [(op, words[op]) for op in dict.fromkeys((*subject.operations, *own))]
        views.append(RowView(row, subject, offered))
    return [*views, RowView(Row(), None)]
