"""Judges one field's value; every sentence is our own, because WTForms' lack Chinese.

A validator is called with the form and the field, as WTForms does. It runs only on a field that
is shown, was understood, and (after `Required`) is filled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from wtforms.validators import StopValidation, ValidationError

from forms.components import Component
from forms.moments import bound_moment, say_date, say_moment
from forms.patterns import NONE_WORD, PATTERNS

if TYPE_CHECKING:
    from forms.compiler import CompiledForm
    from forms.fields import AnswerField

Validator = Callable[["CompiledForm", "AnswerField"], None]

_VERBS = {
    "select": "请选择{}",
    "radio": "请选择{}",
    "picker": "请选择{}",
    "checklist": "请选择{}",
    "date": "请填写{}",
    "checkbox": "请先勾选“{}”",
    "file": "请上传{}",
    "rows": "请填写{}",
}
LONGEST_LINE = 200
LONGEST_TEXT = 2000


def validators_of(component: Component) -> list[Validator]:
    """Return the validators a component asks for, in the order they speak."""
    return [required, *_by_type(component)]


def _by_type(component: Component) -> Iterator[Validator]:
    if component.type in {"text", "textarea"}:
        yield from _for_text(component)
    elif component.type in {"number", "money"}:
        yield within
    elif component.type in {"date", "datetime"}:
        yield in_time
    elif component.type in {"select", "radio", "checklist"}:
        yield offered
    elif component.type == "picker":
        yield choosable
    if component.type in {"checklist", "file", "rows"}:
        yield counted
    if "atLeast" in component.rules:
        yield at_least


def _for_text(component: Component) -> Iterator[Validator]:
    yield length
    if "pattern" in component.rules:
        yield fits_pattern
    if "regex" in component.rules:
        yield fits_regex
    if component.properties.get("proved"):
        yield proved


def required(form: CompiledForm, field: AnswerField) -> None:
    """Stop at an empty field: with a story if it must be filled, silently if it need not."""
    if not field.is_empty:
        return
    if not form.requires(field):
        raise StopValidation()
    own = field.component.rules.get("requiredMessage")
    raise StopValidation(own or _VERBS.get(field.component.type, "请填写{}").format(_name(field)))


def length(form: CompiledForm, field: AnswerField) -> None:
    """Count characters as people do (NFC, a line end is one)."""
    rules, count = field.component.rules, len(field.data)
    most = rules.get("maxLength") or longest(field.component)
    if count > most:
        raise StopValidation(f"{_name(field)}最多 {most} 字，现在是 {count} 字")
    least = rules.get("minLength", 0)
    if count < least:
        raise StopValidation(f"{_name(field)}至少 {least} 字，现在是 {count} 字")


def longest(component: Component) -> int:
    """Return how many characters a text field takes."""
    pattern = PATTERNS.get(str(component.rules.get("pattern")))
    otherwise = LONGEST_TEXT if component.type == "textarea" else LONGEST_LINE
    if pattern is not None:
        otherwise = pattern.longest
    return int(component.rules.get("maxLength", otherwise))


def fits_pattern(form: CompiledForm, field: AnswerField) -> None:
    rules = field.component.rules
    if rules.get("allowNone") and field.data == NONE_WORD:
        return
    if story := PATTERNS[rules["pattern"]].fault(_name(field), field.data):
        raise ValidationError(story)


def proved(form: CompiledForm, field: Any) -> None:
    """The mobile was proved by a code. Where nobody can prove one (a trial), nothing is asked."""
    if field.can_be_proved and not field.is_proved:
        raise ValidationError(
            f"{_name(field)}还没有核验，请点“用短信验证码核验”；改过号码的，要再核验一次"
        )


def fits_regex(form: CompiledForm, field: AnswerField) -> None:
    rules = field.component.rules
    if not re.fullmatch(rules["regex"], field.data):
        raise ValidationError(rules["regexMessage"])


def within(form: CompiledForm, field: AnswerField) -> None:
    rules, unit = field.component.rules, field.component.properties.get("unit", "")
    unit = f" {unit.partition('/')[0]}" if unit else ""
    least = rules.get("min", 0 if field.component.type == "money" else None)
    if least is not None and field.data < least:
        raise ValidationError(f"{_name(field)}不能小于 {least:g}{unit}")
    most = rules.get("max")
    if most is not None and field.data > most:
        raise ValidationError(f"{_name(field)}不能大于 {most:g}{unit}")


def in_time(form: CompiledForm, field: AnswerField) -> None:
    rules = field.component.rules
    is_date = field.component.type == "date"
    for rule, word in (("min", "不能早于"), ("max", "不能晚于")):
        if rule not in rules:
            continue
        bound: Any = bound_moment(rules[rule], form.now).replace(second=0, microsecond=0)
        said = say_date(bound.date()) if is_date else say_moment(bound)
        bound = bound.date() if is_date else bound
        if (field.data < bound) if rule == "min" else (field.data > bound):
            raise ValidationError(f"{_name(field)}{word}{said}")


def bounds_of(component: Component) -> list[Any]:
    """What a value must not fall below: {"field": key} or {"option": path}, each with a reason."""
    bounds = component.rules.get("atLeast", [])
    return bounds if isinstance(bounds, list) else [bounds]


def at_least(form: CompiledForm, field: AnswerField) -> None:
    """Compare with other fields, or with what the context knows, such as the minimum wage.

    What is not known binds nobody: a school that keeps no table of wages leaves it to the reviewer.
    """
    for bound in bounds_of(field.component):
        if "field" in bound:
            known = form.value_of(bound["field"])
        else:
            known = form.options.get(bound["option"])
        if known in (None, ""):
            continue
        least = field.from_json(known)
        if field.data < least:
            because = f"（{bound['reason']}）" if bound.get("reason") else ""
            raise ValidationError(f"{_name(field)}{_below(field, least)}{because}")


def _below(field: AnswerField, least: Any) -> str:
    if field.component.type == "date":
        return f"不能早于{say_date(least)}"
    said = f"{least:,.2f}".removesuffix(".00")
    unit = field.component.properties.get("unit", "")
    return f"不能低于 {said} {unit}".rstrip()


def offered(form: CompiledForm, field: Any) -> None:
    chosen = field.data if isinstance(field.data, list) else [field.data]
    open_values = {choice.value for choice in field.offered}
    for value in chosen:
        if value in open_values:
            continue
        labels = {choice.value: choice.label for choice in field.component.choices}
        if value in labels:
            raise StopValidation(f"现在不能选择“{labels[value]}”，请选择其他一项")
        raise StopValidation(f"{_name(field)}里没有这一项，请重新选择")


def choosable(form: CompiledForm, field: Any) -> None:
    table, lowest = field.table, field.component.lowest
    if table.selectable(field.data, lowest=lowest):
        return
    if lowest and table.selectable(field.data):
        raise ValidationError(
            f"{_name(field)}要选到最下一级，现在是“{table.path_name(field.data)}”"
        )
    raise ValidationError(f"{_name(field)}里没有这一项，请重新选择")


def counted(form: CompiledForm, field: AnswerField) -> None:
    rules, count = field.component.rules, field.count
    unit = {"file": "个文件", "rows": "行"}.get(field.component.type, "项")
    most, least = rules.get("max"), rules.get("min", 0)
    if most is not None and count > most:
        raise ValidationError(f"{_name(field)}最多 {most} {unit}，现在是 {count} {unit}")
    if count < least:
        raise ValidationError(f"{_name(field)}至少 {least} {unit}，现在是 {count} {unit}")


def _name(field: AnswerField) -> str:
    return field.component.label
