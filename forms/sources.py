"""Finds and says values of the context: what read-only blocks show and fields begin with.

A source is a dotted path: `register.graduate.name`, `case.Fill_invitation.salary`. The roots are
`register` (who people and organisations are), `case` (its variables), `scope` (the variables of
the call that the task stands in, with its `parameters`) and `options`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from forms.choice_fields import say_code
from forms.code_tables import table
from forms.components import Component, Fact
from forms.fields import say_money
from forms.moments import read_date, read_moment, say_date, say_moment
from forms.patterns import PATTERNS

ROOTS = ("register", "case", "scope", "options")


@dataclass(frozen=True)
class SaidFact:
    """One line as a page shows it; `is_long` asks for room of its own.

    `before` is what a changed line said before; None where nothing is compared.
    """

    label: str
    text: str
    is_long: bool = False
    is_figure: bool = False
    doubt: str = ""
    before: str | None = None


def find_value(context: Mapping[str, Any], path: str) -> Any:
    """Follow a dotted path; None when a step is missing."""
    root, *steps = path.split(".")
    value = context.get(root) if root in ROOTS else None
    for step in steps:
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


class Options(Mapping[str, Any]):
    """What the context allows: its options by name, and dotted paths into case and register."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = context
        self._own: Mapping[str, Any] = context.get("options") or {}

    def __getitem__(self, name: str) -> Any:
        return find_value(self._context, name) if "." in name else self._own[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)


def said_facts(context: Mapping[str, Any], block: Component) -> list[SaidFact]:
    """Return the lines of a block that have a value.

    A block with several sources takes the first that exists, so one review form serves every
    process. A block that compares gives the lines that changed, and nothing else.
    """
    base = next((path for path in block.sources if find_value(context, path) is not None), "")
    if block.sources and not base:
        return []
    if compared := str(block.properties.get("compare", "")):
        return changed_facts(context, block, base, compared)
    said = []
    for fact in block.facts:
        value = find_value(context, f"{base}.{fact.source}" if base else fact.source)
        text = say(fact, value)
        if text:
            figure = fact.kind in {"money", "masked"}
            doubt = _doubt(fact, text) if block.properties.get("checks") else ""
            is_long = "\n" in text or len(text) > 120
            folded = is_long and not block.properties.get("whole")
            said.append(SaidFact(fact.label, text, folded, figure, doubt))
    return said


def changed_facts(
    context: Mapping[str, Any], block: Component, now: str, before: str
) -> list[SaidFact]:
    """The lines that read differently under two paths; an emptied one says so."""
    said = []
    for fact in block.facts:
        old = say(fact, find_value(context, f"{before}.{fact.source}"))
        new = say(fact, find_value(context, f"{now}.{fact.source}"))
        if old != new:
            figure = fact.kind in {"money", "masked"}
            said.append(SaidFact(fact.label, new, is_figure=figure, before=old))
    return said


def _doubt(fact: Fact, text: str) -> str:
    """Say to a reviewer what the person who typed it was told and let stand."""
    pattern = PATTERNS.get(fact.pattern)
    if pattern is None or pattern.fault(fact.label, text):
        return ""
    return (pattern.caution(fact.label, text) or "").removesuffix("，可以继续提交")


def say(fact: Fact, value: Any) -> str:
    """Say one value in Chinese; what cannot be read is shown as it is."""
    if value is None or value == "" or value == []:
        return ""
    try:
        text = _say(fact, value)
    except (ValueError, InvalidOperation):
        text = str(value)
    return f"{text} {fact.unit}" if fact.unit and fact.kind != "money" else text


def _say(fact: Fact, value: Any) -> str:
    if fact.kind == "flag":
        return "是" if value is True else "否"
    if isinstance(value, list):
        return "、".join(_say(fact, one) for one in value)
    text = str(value)
    if fact.kind == "code":
        return say_code(table(fact.scheme), text)
    if fact.kind == "choice":
        return {choice.value: choice.label for choice in fact.choices}.get(text, text)
    if fact.kind == "money":
        return say_money(Decimal(text), {"unit": fact.unit})
    if fact.kind == "date":
        return say_date(read_date(text[:10]))
    if fact.kind == "datetime":
        return say_moment(read_moment(text))
    if fact.kind == "masked":
        return masked(text)
    return text


def masked(text: str) -> str:
    """Enough of a number to recognise it: its ends."""
    return f"{text[:3]}{'*' * max(len(text) - 7, 4)}{text[-4:]}" if len(text) > 8 else "****"
