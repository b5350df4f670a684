"""The parts of a form definition, as Python reads them: components, choices, facts to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.code_tables import table
from forms.conditions import Condition

FIELD_TYPES = frozenset(
    {"text", "textarea", "number", "money", "date", "datetime", "select", "picker"}
    | {"radio", "checkbox", "checklist", "file", "rows"}
)
STATIC_TYPES = frozenset({"group", "block", "note"})
TYPES = FIELD_TYPES | STATIC_TYPES
CHOICE_TYPES = frozenset({"select", "radio", "checklist"})


@dataclass(frozen=True)
class Choice:
    """One value that may be chosen; `when` names the option that must be true to offer it."""

    value: str
    label: str
    hint: str = ""
    when: str | None = None


@dataclass(frozen=True)
class Fact:
    """One line of a read-only block: a label and where its value comes from."""

    label: str
    source: str
    kind: str = "text"
    scheme: str = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    pattern: str = ""


@dataclass(frozen=True)
class Component:
    """One part of a form: a field, or something that holds or explains fields."""

    type: str
    key: str = ""
    label: str = ""
    hint: str = ""
    own_choices: tuple[Choice, ...] = ()
    required: bool | Condition = False
    rules: Mapping[str, Any] = field(default_factory=dict)
    shown_if: Condition | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    components: tuple[Component, ...] = ()
    facts: tuple[Fact, ...] = ()
    sources: tuple[str, ...] = ()
    text: str = ""
    default: Any = None
    decides: bool = False
    cautions: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_field(self) -> bool:
        """Tell whether people answer this component."""
        return self.type in FIELD_TYPES

    @property
    def scheme(self) -> str:
        """The code table behind the field, or nothing."""
        return str(self.properties.get("scheme", ""))

    @property
    def lowest(self) -> bool:
        """Whether only a code without children will do (a county, if the city has any)."""
        return bool(self.properties.get("lowest", self.scheme == "region"))

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Every choice, whoever may choose it; a scheme gives its own."""
        if self.own_choices or not self.scheme or self.type == "picker":
            return self.own_choices
        rows = table(self.scheme).items
        return tuple(Choice(row.code, row.name) for row in rows if row.selectable)


@dataclass(frozen=True)
class Placed:
    """A field with all conditions that stand over it, its own last."""

    component: Component
    conditions: tuple[Condition, ...]


def walk_fields(
    components: tuple[Component, ...], above: tuple[Condition, ...] = ()
) -> Iterator[Placed]:
    """Give the fields in order, through groups; fields inside rows belong to their rows."""
    for component in components:
        conditions = above if component.shown_if is None else (*above, component.shown_if)
        if component.is_field:
            yield Placed(component, conditions)
        elif component.type == "group":
            yield from walk_fields(component.components, conditions)


@dataclass(frozen=True)
class Definition:
    """A form as it is kept with a release: self-contained, nothing left to include."""

    key: str
    title: str
    components: tuple[Component, ...]
    raw: Mapping[str, Any] = field(compare=False, repr=False)

    @property
    def fields(self) -> dict[str, Component]:
        """The fields by key, in order."""
        return {placed.component.key: placed.component for placed in self.placed()}

    def placed(self) -> tuple[Placed, ...]:
        """The fields with the conditions over them, in order."""
        return tuple(walk_fields(self.components))

    def find_field(self, name: str) -> Component | None:
        """Return the field behind an input's name; `members-0-region` lies in a row."""
        rows_key, _, rest = name.partition("-")
        component = self.fields.get(rows_key)
        if component is None or not rest:
            return component
        index, _, inner = rest.partition("-")
        if component.type != "rows" or not index.isdigit():
            return None
        within = {p.component.key: p.component for p in walk_fields(component.components)}
        return within.get(inner)

    def as_dict(self) -> dict[str, Any]:
        """Return JSON that parse_definition turns into an equal definition."""
        return {"key": self.key, "title": self.title, **self.raw}
