"""Trying a form out: as people will see it, judged as it will be, and nothing of it kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from forms.code_tables import REGISTERS, table
from forms.compiler import CompiledForm, form_class
from forms.components import Component, Definition
from forms.conditions import Condition, Test
from forms.definitions import parse_definition
from forms.drafts import NotInThisForm, change_rows
from webapp.models import Draft
from webapp.pages.form_design import form_raw

SAMPLE = "sample"


def trial_form(draft: Draft, key: str, posted: Any, now: datetime) -> CompiledForm:
    """The form as somebody would fill it in, with samples where a page would bring files."""
    definition = parse_definition(form_raw(draft, key), key=key, groups={})
    context = sample_context(definition, now)
    make = form_class(definition)
    form = make(posted, values=sample_values(definition), context=context)
    if posted and "_row" in posted:
        try:
            changed = change_rows(definition, form.draft, posted["_row"])
        except NotInThisForm:
            return form
        return make(None, values=changed, context=context)
    return form


def sample_context(definition: Definition, now: datetime) -> dict[str, Any]:
    """Every choice offered, every option granted; nothing of a real case."""
    names = {choice.when for one in definition.fields.values() for choice in one.choices}
    for component in all_parts(definition.components):
        names |= set(options_in(component.shown_if))
    return {
        "now": now,
        "options": {name: True for name in names if name and "." not in name},
        "uploads": {SAMPLE: {"name": "示例文件.pdf", "url": "", "thumb": ""}},
        "tables": {name: table(name) for name in REGISTERS},
    }


def sample_values(definition: Definition) -> dict[str, Any]:
    return {
        key: [SAMPLE] * max(int(one.rules.get("min", 1)), 1)
        for key, one in definition.fields.items()
        if one.type == "file" and one.required
    }


def all_parts(components: tuple[Component, ...]) -> list[Component]:
    return [
        one for component in components for one in (component, *all_parts(component.components))
    ]


def options_in(condition: Condition | None) -> list[str]:
    if condition is None:
        return []
    if isinstance(condition, Test):
        return [condition.subject] if condition.of_option else []
    return [name for part in condition.parts for name in options_in(part)]
