"""A code table to choose from: search, or go down step by step (province, city, county)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from forms.code_tables import REGISTERS, Code, CodeTable, table
from forms.compiler import CompiledForm
from forms.components import Component, Definition
from forms.drafts import pick_code
from webapp.errors import NotYours
from webapp.pages.task_form import TaskForm

MOST = 60


@dataclass(frozen=True)
class Picker:
    """What the page shows: found rows, or the rows beneath the place reached so far."""

    label: str
    query: str
    found: Sequence[tuple[Code, str]] | None
    trail: Sequence[Code]
    beneath: Sequence[tuple[Code, bool]]
    selectable: frozenset[str]
    is_register: bool = False


class Choosing(Protocol):
    """A form in which codes are chosen: its definition, and the tables that its context brings."""

    @property
    def definition(self) -> Definition: ...

    @property
    def context(self) -> dict[str, Any]: ...


def picker_field(form: Choosing, name: str) -> Component:
    """The picker behind an input's name; any other name does not exist."""
    component = form.definition.find_field(name)
    if component is None or component.type != "picker":
        raise NotYours
    return component


def find_picker(form: Choosing, name: str, query: str, within: str) -> Picker:
    """The rows for a search, or the children of `within`."""
    component = picker_field(form, name)
    codes = table_of(form, component)
    lowest = component.lowest
    found = None
    if query.strip():
        hits = codes.search(query, MOST, lowest=lowest)
        found = [(row, above(codes, row)) for row in hits]
    within = within if within in codes else ""
    beneath = codes.children(within or None)
    return Picker(
        label=component.label,
        query=query,
        found=found,
        trail=codes.path(within) if within else (),
        beneath=[(row, bool(codes.children(row.code))) for row in beneath],
        selectable=frozenset(
            row.code for row in beneath if codes.selectable(row.code, lowest=lowest)
        ),
        is_register=component.scheme in REGISTERS,
    )


def table_of(form: Choosing, component: Component) -> CodeTable:
    """The packaged table, or the register that the page's context brings."""
    brought: CodeTable | None = form.context.get("tables", {}).get(component.scheme)
    return table(component.scheme) if brought is None else brought


def above(codes: CodeTable, row: Code) -> str:
    """Where a row stands, such as 安徽省 合肥市."""
    return " ".join(step.name for step in codes.path(row.code)[:-1])


def picked_form(form: TaskForm, name: str, code: str) -> CompiledForm:
    """The draft with this code chosen; a code that may not be chosen changes nothing."""
    component = picker_field(form, name)
    draft = form.saved().draft
    if table_of(form, component).selectable(code, lowest=component.lowest):
        draft = pick_code(form.definition, draft, name, code)
    return form.fill(values=draft)
