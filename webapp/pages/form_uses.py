"""Who reads a field of a form: other parts of it, the draft's diagrams, and its other forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forms.editing import walk
from processes.diagram import Diagram, Element
from webapp.models import Draft
from webapp.pages.form_subjects import Step, steps_of
from webapp.services.design.checking import forms_of


def uses_of(draft: Draft, form: str, keys: set[str]) -> list[str]:
    """Where answers to these fields of a form are read, a sentence each; of the draft as it stands."""
    steps = list(steps_of(draft))
    asked = [step for step in steps if step.element.form == form]
    found = list(in_form(forms_of(draft)[form].as_dict(), keys))
    for step in asked:
        found += in_diagram(step, keys)
        found += in_forms(draft, {one.element.form for one in steps}, step.path, keys)
    return list(dict.fromkeys(found))


def in_form(raw: Mapping[str, Any], keys: set[str]) -> Iterator[str]:
    """The form's own conditions, bounds and warnings."""
    for part in walk(raw):
        if part.raw.get("key") in keys:
            continue
        own = {name: value for name, value in part.raw.items() if name != "components"}
        for key in sorted(keys & set(fields_named(own))):
            name = part.raw.get("label") or part.raw.get("text", "")
            yield f"这张表单的“{str(name)[:30]}”按“{key}”决定显示、必填或界限"


def fields_named(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "field" and isinstance(inner, str):
                yield inner
            else:
                yield from fields_named(inner)
    elif isinstance(value, list):
        for one in value:
            yield from fields_named(one)


def in_diagram(step: Step, keys: set[str]) -> Iterator[str]:
    """Lines, timers, parameters and tables of the step's diagram."""
    step_id = re.escape(step.element.id)
    for key in sorted(keys):
        read = re.compile(rf"\b{step_id}\.{re.escape(key)}\b")
        for place, texts in expressions_in(step.diagram):
            if any(read.search(text) for text in texts):
                yield f"流程图“{step.diagram.name}”的{place}读“{step.label}”的“{key}”"


def expressions_in(diagram: Diagram) -> Iterator[tuple[str, list[str]]]:
    """What is written in a diagram, by the words for its place."""
    names = {one.id: one.name or one.id for one in diagram.elements.values()}
    for flow in diagram.flows.values():
        words = f"走向“{flow.name}”" if flow.name else "一条走向"
        yield f"“{names.get(flow.source, flow.source)}”之后的{words}", [flow.condition or ""]
    for one in diagram.elements.values():
        yield f"“{names[one.id]}”", texts_of(one)


def texts_of(element: Element) -> list[str]:
    texts = [*element.properties.values(), *(event.text for event in element.events)]
    if element.operator is not None:
        texts += element.operator.parameters.values()
    if element.loop is not None:
        loop = element.loop
        texts += [one or "" for one in (loop.condition, loop.count, loop.items, loop.until)]
    return texts + ([repr(element.decision)] if element.decision is not None else [])


def in_forms(draft: Draft, named: set[str | None], path: str, keys: set[str]) -> Iterator[str]:
    """Forms that the draft's diagrams name and that show or ask about these answers."""
    for key, form in forms_of(draft).items():
        if key not in named:
            continue
        read = set(paths_in(form.as_dict()))
        for one in sorted(keys):
            if f"{path}.{one}" in read:
                yield f"表单“{form.title}”显示或引用“{one}”"


def paths_in(raw: Mapping[str, Any]) -> Iterator[str]:
    """Every path into the case that a form reads."""
    for part in walk(raw):
        sources = part.raw.get("source", "")
        for base in [sources] if isinstance(sources, str) else sources:
            for item in part.raw.get("items", ()):
                yield f"{base}.{item['source']}" if base else item["source"]
        yield str((part.raw.get("properties") or {}).get("prefill", ""))
        yield from options_named(part.raw)


def options_named(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in ("option", "when") and isinstance(inner, str):
                yield inner
            elif name != "components":
                yield from options_named(inner)
    elif isinstance(value, list):
        for one in value:
            yield from options_named(one)
