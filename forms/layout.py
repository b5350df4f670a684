"""Arranges a form for a page: what stands where, what opens beneath which choice.

Templates only write out what stands here; they decide nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forms.components import Choice, Component
from forms.conditions import Condition, Test, settle_options
from forms.moments import bound_moment, input_moment
from forms.patterns import PATTERNS
from forms.sources import SaidFact, said_facts
from forms.validators import longest

if TYPE_CHECKING:
    from forms.compiler import CompiledForm
    from forms.fields import AnswerField


@dataclass(frozen=True)
class Problem:
    """One error: the id of the input to go to, and the sentence."""

    anchor: str
    message: str


@dataclass
class ChoiceNode:
    """One choice with what opens beneath it."""

    value: str
    label: str
    hint: str
    id: str
    checked: bool
    reveal: list[Node] = field(default_factory=list)


@dataclass
class Row:
    """One row of a repeatable part."""

    place: int
    legend: str
    mark: str
    children: list[Node]


@dataclass
class Node:
    """One part of the page. `show_when` is JSON for the page's script, or nothing."""

    kind: str
    component: Component
    id: str
    label: str = ""
    hint: str = ""
    show_when: str = ""
    children: list[Node] = field(default_factory=list)
    answer: AnswerField | None = None
    name: str = ""
    optional: bool = False
    errors: list[str] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    choices: list[ChoiceNode] = field(default_factory=list)
    facts: list[SaidFact] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def anchor(self) -> str:
        """The id of the input itself."""
        return self.choices[0].id if self.choices and self.kind != "select" else self.id

    @property
    def described_by(self) -> str:
        """The ids of what explains the input: error, hint, caution."""
        unit = self.component.properties.get("unit") if self.answer else None
        parts = [(self.errors, "e"), (self.hint, "h"), (unit, "u"), (self.cautions, "w")]
        return " ".join(f"{self.id}-{letter}" for text, letter in parts if text)


def layout_of(form: CompiledForm, components: tuple[Component, ...]) -> list[Node]:
    """Return the nodes of these components, depending fields under their choices."""
    nodes: list[Node] = []
    owners: dict[tuple[str, str], list[Node]] = {}
    cautions: dict[str, list[str]] = {}
    for name, story in form.warnings:
        cautions.setdefault(name, []).append(story)
    for component in components:
        condition = settle_options(component.shown_if, form.options)
        if condition is False or _waits_for_closed_choice(form, condition):
            continue
        node = _node(form, component, cautions)
        if node is None:
            continue
        owner = _owner(form, condition)
        if owner in owners:
            owners[owner].append(node)
            continue
        if not isinstance(condition, bool):
            node.show_when = json.dumps(_named(form, condition), ensure_ascii=False)
        nodes.append(node)
        for choice in node.choices if node.kind == "radio" else ():
            owners[component.key, choice.value] = choice.reveal
    return nodes


def _owner(form: CompiledForm, condition: Condition | bool) -> tuple[str, str]:
    """The field and the one choice beneath which a part opens; blanks when it is not one."""
    values = _wanted(form, condition)
    if isinstance(condition, Test) and values is not None and len(values) == 1:
        return condition.subject, str(values[0])
    return "", ""


def _waits_for_closed_choice(form: CompiledForm, condition: Condition | bool) -> bool:
    return _wanted(form, condition) == []


def _wanted(form: CompiledForm, condition: Condition | bool) -> list[Any] | None:
    """The values that would show a part, without choices that are not offered now."""
    if not isinstance(condition, Test) or condition.op not in {"==", "in"}:
        return None
    values = list(condition.value) if condition.op == "in" else [condition.value]
    choices = getattr(form.own_fields.get(condition.subject), "offered", None)
    if choices is None:
        return values
    offered = {choice.value for choice in choices}
    return [value for value in values if value in offered]


def _named(form: CompiledForm, condition: Condition) -> dict[str, Any]:
    """Write a condition with the names of the inputs instead of the keys of the fields."""
    raw = condition.as_dict()

    def rename(part: dict[str, Any]) -> dict[str, Any]:
        for word in ("all", "any"):
            if word in part:
                return {word: [rename(inner) for inner in part[word]]}
        part = part | {"field": form.input_name(part["field"])}
        return _as_ticked(part) if isinstance(part.get("value"), bool) else part

    return rename(raw)


def _as_ticked(part: dict[str, Any]) -> dict[str, Any]:
    """Ask a page for a ticked box, which holds a text there and true or false here."""
    ticked = part["value"] is (part["op"] == "==")
    return {"field": part["field"], "op": "filled" if ticked else "empty"}


def _node(form: CompiledForm, component: Component, cautions: dict[str, list[str]]) -> Node | None:
    if component.is_field:
        return _field_node(form, component, cautions)
    node = Node(
        kind=component.type,
        component=component,
        id=form.part_id(component),
        label=component.label,
        hint=component.hint,
    )
    if component.type == "group":
        node.children = layout_of(form, component.components)
        return node if node.children else None
    if component.type == "block":
        node.facts = said_facts(form.context, component)
        return node if node.facts else None
    return node


def _field_node(form: CompiledForm, component: Component, cautions: dict[str, list[str]]) -> Node:
    answer = form.own_fields[component.key]
    node = Node(
        kind=component.type,
        component=component,
        id=answer.id,
        label=component.label,
        hint=component.hint,
        answer=answer,
        name=answer.name,
        optional=not form.requires(answer) and component.type != "checkbox",
        errors=[str(error) for error in answer.errors or ()],
        cautions=cautions.get(answer.name, []),
        attributes=_attributes(form, component),
    )
    if component.type in {"radio", "select", "checklist"}:
        node.choices = [
            _choice(answer, choice, place)
            for place, choice in enumerate(getattr(answer, "offered", ()), 1)
        ]
    if component.type == "rows":
        node.rows = list(_rows(answer))
    return node


def _choice(answer: Any, choice: Choice, place: int) -> ChoiceNode:
    chosen = answer.data if isinstance(answer.data, list) else [answer.data]
    return ChoiceNode(
        value=choice.value,
        label=choice.label,
        hint=choice.hint,
        id=f"{answer.id}-{place}",
        checked=choice.value in chosen,
    )


def _rows(answer: Any) -> Iterator[Row]:
    word = answer.component.properties.get("rowLabel", answer.component.label)
    for place, entry in enumerate(answer.entries):
        yield Row(
            place=place,
            legend=f"{word} {place + 1}",
            mark=f"{answer.name}-{place}-_row",
            children=entry.layout,
        )


def _attributes(form: CompiledForm, component: Component) -> dict[str, Any]:
    """Return what an input says to phones and browsers."""
    if component.type == "money":
        return {"type": "text", "inputmode": "decimal", "autocomplete": "off"}
    if component.type == "number":
        mode = "decimal" if component.rules.get("decimals") else "numeric"
        return {"type": "text", "inputmode": mode, "autocomplete": "off"}
    if component.type in {"date", "datetime"}:
        return _time_attributes(form, component)
    if component.type == "textarea":
        most = longest(component)
        return {"data-count": most, "rows": 3 if most <= 500 else 5}
    if component.type != "text":
        return {}
    attributes: dict[str, Any] = {"type": "text"}
    if pattern := PATTERNS.get(str(component.rules.get("pattern"))):
        attributes |= {"type": pattern.type, "autocomplete": pattern.autocomplete}
        if pattern.inputmode:
            attributes["inputmode"] = pattern.inputmode
        if pattern.name in {"uscc", "org_code_legacy", "id_card"}:
            attributes |= {"autocapitalize": "characters", "spellcheck": "false"}
    if own := component.properties.get("autocomplete"):
        attributes["autocomplete"] = own
    return attributes


def _time_attributes(form: CompiledForm, component: Component) -> dict[str, Any]:
    whole_days = component.type == "date"
    attributes = {"type": "date" if whole_days else "datetime-local"}
    for rule in ("min", "max"):
        if rule in component.rules:
            bound = input_moment(bound_moment(component.rules[rule], form.now))
            attributes[rule] = bound[:10] if whole_days else bound
    return attributes


def problems_of(nodes: list[Node]) -> list[Problem]:
    """Return the errors of these nodes and of all beneath, in the order of the page."""
    problems: list[Problem] = []
    for node in nodes:
        problems += [Problem(node.anchor, error) for error in node.errors]
        problems += problems_of(node.children)
        for choice in node.choices:
            problems += problems_of(choice.reveal)
        for row in node.rows:
            problems += problems_of(row.children)
    return problems
