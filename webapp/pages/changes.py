"""What a form changes about the agreement it begins from: the old text beside the new (F21)."""

from __future__ import annotations

from forms.compiler import CompiledForm
from forms.sources import SaidFact
from webapp.pages.task_form import TaskForm

BEGINS = "register.agreement."


def changes_of(form: TaskForm, filled: CompiledForm) -> list[SaidFact] | None:
    """The fields that read differently from the agreement; None where nothing begins from one."""
    begun = [
        key
        for key, field in filled.own_fields.items()
        if str(field.component.properties.get("prefill", "")).startswith(BEGINS)
    ]
    if not begun:
        return None
    before = texts_of(form.fill(values={}))
    after = texts_of(filled)
    return [
        SaidFact(filled.own_fields[key].label.text, after.get(key, ""), before=before.get(key, ""))
        for key in begun
        if key in filled.shown and before.get(key, "") != after.get(key, "")
    ]


def texts_of(form: CompiledForm) -> dict[str, str]:
    return {part["key"]: part["text"] for part in form.labelled}
