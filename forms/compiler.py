"""Turns a definition into a WTForms class.

    form = form_class(definition)(posted, values=draft, context={"now": …, "options": …})
    if form.validate():
        form.answers

What is hidden takes no part: it is not validated and never becomes an answer. Conditions may not
depend on each other in a circle, so one pass in the order of dependence settles what is shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar, cast

import wtforms

from forms.cautions import cautions_of
from forms.choice_fields import ChecklistField, ChoiceField, FileField, PickerField
from forms.components import Component, Definition, Placed, walk_fields
from forms.conditions import fields_of
from forms.definitions import get, parse_definition
from forms.fields import (
    AnswerField,
    DateField,
    LongTextField,
    MomentField,
    MoneyField,
    NumberField,
    TextField,
    TickField,
)
from forms.layout import Node, Problem, layout_of, problems_of
from forms.moments import bound_moment, is_bound, iso_moment
from forms.posted import TYPED, as_posted, posted_of_draft
from forms.rows import RowsField
from forms.sources import Options, find_value, masked
from forms.validators import validators_of

FIELD_CLASSES: dict[str, type[AnswerField]] = {
    "text": TextField,
    "textarea": LongTextField,
    "number": NumberField,
    "money": MoneyField,
    "date": DateField,
    "datetime": MomentField,
    "select": ChoiceField,
    "radio": ChoiceField,
    "picker": PickerField,
    "checkbox": TickField,
    "checklist": ChecklistField,
    "file": FileField,
    "rows": RowsField,
}


class CompiledForm(wtforms.Form):
    """A form that knows its definition, what is shown, and how to say its answers."""

    definition: ClassVar[Definition]
    _components: ClassVar[tuple[Component, ...]]
    _in_order: ClassVar[tuple[Placed, ...]]

    _prefix: str

    class Meta:
        locales = False

    def __init__(
        self,
        formdata: Any = None,
        values: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
        *,
        prefix: str = "",
        outer: CompiledForm | None = None,
    ) -> None:
        """Fill the form with what was posted, or else with a draft or saved answers.

        The context holds `now` (aware), `options` (flags of choices and conditions), `register`
        and `case` (what read-only blocks and prefilled fields show), `uploads`, and `proved` (the
        mobiles that a code has proved).
        """
        self.context = dict(context or {})
        self.options: Mapping[str, Any] = Options(self.context)
        self._outer = outer
        posted = as_posted(formdata)
        if posted is None:
            posted = posted_of_draft(values)
        start = None if posted is not None else self._starting_values(values or {})
        super().__init__(formdata=posted, prefix=prefix, data=start)

    @property
    def own_fields(self) -> dict[str, AnswerField]:
        """The fields by key, shown or not."""
        return cast("dict[str, AnswerField]", self._fields)

    @property
    def now(self) -> datetime:
        """The moment that dates are measured from."""
        now: datetime = self.context.get("now") or datetime.now(UTC)
        return now

    def _starting_values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        start: dict[str, Any] = {}
        for placed in self._in_order:
            component = placed.component
            if component.key in values:
                start[component.key] = values[component.key]
                continue
            path = component.properties.get("prefill")
            found = find_value(self.context, str(path)) if path else None
            if found in (None, ""):
                found = self._default(component)
            start[component.key] = found
        return start

    def _default(self, component: Component) -> Any:
        default = component.default
        if component.type in {"date", "datetime"} and isinstance(default, str):
            return iso_moment(bound_moment(default, self.now)) if is_bound(default) else default
        return default

    @property
    def shown(self) -> frozenset[str]:
        """The keys of the fields that are shown, as things are typed now."""
        shown: set[str] = set()

        def value_of(key: str) -> Any:
            if key in self.own_fields:
                return self.own_fields[key].answer() if key in shown else None
            return self._outer_value(key)

        for placed in self._in_order:
            if all(one.holds(value_of, self.options) for one in placed.conditions):
                shown.add(placed.component.key)
        return frozenset(shown)

    def value_of(self, key: str) -> Any:
        """Return a field's answer, None while it is hidden; rows see the form around them."""
        if key in self.own_fields:
            return self.own_fields[key].answer() if key in self.shown else None
        return self._outer_value(key)

    def _outer_value(self, key: str) -> Any:
        return self._outer.value_of(key) if self._outer is not None else None

    def input_name(self, key: str) -> str:
        """Return the name of the input that holds a field, also of the form around a row."""
        if key in self.own_fields:
            return str(self.own_fields[key].name)
        return self._outer.input_name(key) if self._outer is not None else key

    def part_id(self, component: Component) -> str:
        """Return the id of a part that is no field."""
        place = [id(part) for part in _all_parts(self._components)].index(id(component))
        return f"{self._prefix}part-{component.key or place}"

    def requires(self, field: AnswerField) -> bool:
        """Tell whether a field must be filled, as things are typed now."""
        wanted = field.component.required
        return wanted if isinstance(wanted, bool) else wanted.holds(self.value_of, self.options)

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge what is shown; what is hidden cannot fail."""
        shown, fine = self.shown, True
        for key, field in self.own_fields.items():
            if key in shown:
                fine = field.validate(self) and fine
            else:
                field.errors = []
        return fine

    @property
    def _shown_fields(self) -> Iterable[tuple[str, AnswerField]]:
        shown = self.shown
        return [(key, field) for key, field in self.own_fields.items() if key in shown]

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing at all was answered."""
        return all(field.is_empty for _, field in self._shown_fields)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as JSON; hidden fields do not appear, empty ones are None or empty."""
        return {key: field.answer() for key, field in self._shown_fields}

    @property
    def labelled(self) -> list[dict[str, Any]]:
        """What was answered, in Chinese, as the history keeps it.

        A field for the own side only carries `internal: True`.
        """
        said = []
        for key, field in self._shown_fields:
            if field.is_empty or not (text := field.text()):
                continue
            part: dict[str, Any] = {"key": key, "label": field.label.text, "text": text}
            if field.component.properties.get("internal"):
                part["internal"] = True
            said.append(part)
        return said

    @property
    def recorded(self) -> list[dict[str, Any]]:
        """What the history keeps: `labelled`, with private texts shown by their ends only.

        Of private files it keeps that they came, not what they are called.
        """
        private = {
            key: field.component.type
            for key, field in self.own_fields.items()
            if field.component.properties.get("private")
        }
        hidden = {"text": masked, "file": lambda _: "已上传"}
        return [
            part | {"text": hide(part["text"])}
            if (hide := hidden.get(private.get(part["key"], "")))
            else part
            for part in self.labelled
        ]

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """What looks odd but may be right: (name of the input, sentence)."""
        found: list[tuple[str, str]] = []
        for _, field in self._shown_fields:
            if isinstance(field, RowsField):
                for entry in field.filled:
                    found += entry.warnings
            elif not (field.is_empty or field.errors or field.process_errors):
                found += [(field.name, story) for story in cautions_of(field, self._find_shown)]
        return found

    def _find_shown(self, key: str) -> AnswerField | None:
        if key in self.own_fields:
            field = self.own_fields[key]
            usable = key in self.shown and not field.process_errors
            return field if usable else None
        return self._outer._find_shown(key) if self._outer is not None else None

    @property
    def draft(self) -> dict[str, Any]:
        """What was typed, right or wrong, shown or hidden; give it back as `values`."""
        return {TYPED: self.typed_values()}

    def typed_values(self) -> dict[str, list[str]]:
        """Return the texts of all inputs by name."""
        typed: dict[str, list[str]] = {}
        for field in self.own_fields.values():
            if isinstance(field, RowsField):
                typed |= field.typed_values()
            elif isinstance(field.typed, list):
                typed[field.name] = list(field.typed)
            else:
                typed[field.name] = [field.typed] if field.typed else []
        return typed

    @property
    def layout(self) -> list[Node]:
        """What a page shows, in order."""
        return layout_of(self, self._components)

    @property
    def problems(self) -> list[Problem]:
        """Every error in the order of the page, with the input it belongs to."""
        return problems_of(self.layout)

    @property
    def file_fields(self) -> tuple[str, ...]:
        """The keys of the fields that take uploads."""
        return tuple(key for key, field in self.own_fields.items() if isinstance(field, FileField))


def form_class(definition: Definition | str) -> type[CompiledForm]:
    """Return the class of a definition, or of a packaged one by its key."""
    if isinstance(definition, str):
        definition = get(definition)
    return _class_of(json.dumps(definition.as_dict(), sort_keys=True))


@lru_cache(maxsize=256)
def _class_of(content: str) -> type[CompiledForm]:
    definition = parse_definition(json.loads(content), groups={})
    return _compile(definition, definition.components)


def _compile(definition: Definition, components: tuple[Component, ...]) -> type[CompiledForm]:
    placed = tuple(walk_fields(components))
    members: dict[str, Any] = {
        "definition": definition,
        "_components": components,
        "_in_order": _in_order(placed),
    }
    for place in placed:
        members[place.component.key] = _unbound(definition, place.component)
    return type("Form", (CompiledForm,), members)


def _unbound(definition: Definition, component: Component) -> Any:
    extra: dict[str, Any] = {}
    if component.type == "rows":
        extra["row_class"] = _compile(definition, component.components)
    field_class = FIELD_CLASSES[component.type]
    return field_class(component=component, validators=validators_of(component), **extra)


def _all_parts(components: tuple[Component, ...]) -> Iterator[Component]:
    for component in components:
        yield component
        if component.type != "rows":
            yield from _all_parts(component.components)


def _in_order(placed: tuple[Placed, ...]) -> tuple[Placed, ...]:
    """Put fields behind those their conditions ask about."""
    waiting = {place.component.key: place for place in placed}
    depends = {
        key: {name for one in place.conditions for name in fields_of(one)} & waiting.keys()
        for key, place in waiting.items()
    }
    ordered: list[Placed] = []
    done: set[str] = set()
    while waiting:
        ready = [key for key in waiting if depends[key] <= done]
        for key in ready or list(waiting):
            ordered.append(waiting.pop(key))
            done.add(key)
    return tuple(ordered)
