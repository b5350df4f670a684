"""What a condition of a form may ask about: fields of the form, answers of steps, the school's rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms.components import CHOICE_TYPES, Component, Definition
from forms.conditions import Test
from forms.editing import Place
from processes.diagram import Diagram, Element, UnreadableDiagram, read_diagram
from processes.operators import CATALOGUE
from webapp.models import Draft
from webapp.services.design.checking import called_by, forms_of, outcomes_of

MOST_STEP_VALUES = 80
DEEPEST_CALL = 2
OF_FORM, OF_STEPS, OF_SCHOOL = "这张表单里的字段", "前面步骤的回答和结果", "学校和系统的规定"
ASKABLE = frozenset(
    {"text", "textarea", "number", "money", "date", "datetime"}
    | {"picker", "checkbox", *CHOICE_TYPES}
)
SCHOOL_RULES = {
    "claim_is_free": "毕业生没有别的签约",
    "archive_required": "学校要求填写档案接收信息",
    "student_confirm": "签约要由毕业生本人确认",
    "seal_date_required": "学校按盖章日期算生效",
    "register.agreement.may_change": "这份协议书有可以修改的项",
}
_OUTCOME = re.compile(r"(\w+)\.outcome == \"(\w+)\"")

TICKED = (("true", "已勾选"), ("false", "没有勾选"))
BY_VALUE = ("==", "!=", "in", "not in")
BY_SIZE = ("<", "<=", ">", ">=")
FILLED = ("filled", "empty")
OPERATIONS = {
    "one": (*BY_VALUE, *FILLED),
    "several": ("contains", *FILLED),
    "tick": ("==", "!="),
    "number": ("==", "!=", *BY_SIZE, *FILLED),
    "money": (*BY_SIZE, *FILLED),
    "date": (*BY_SIZE, "==", "!=", *FILLED),
    "datetime": (*BY_SIZE, *FILLED),
    "text": (*FILLED, "==", "!=", "contains"),
    "code": (*BY_VALUE, *FILLED),
    "rule": FILLED,
    "unknown": ("==", "!=", "in", "not in", "contains", *FILLED, *BY_SIZE),
}
KINDS = {
    "radio": "one",
    "select": "one",
    "checklist": "several",
    "checkbox": "tick",
    "textarea": "text",
    "picker": "code",
}


@dataclass(frozen=True)
class Subject:
    """Something a condition may ask about; `choices` are its values with their words.

    `key` is `field:outcome` or `option:case.Review.outcome`; `kind` is a key of OPERATIONS.
    """

    key: str
    label: str
    group: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return self.key.partition(":")[2]

    @property
    def of_option(self) -> bool:
        return self.key.startswith("option:")

    @property
    def operations(self) -> tuple[str, ...]:
        return OPERATIONS[self.kind]


def key_of(test: Test) -> str:
    return f"{'option' if test.of_option else 'field'}:{test.subject}"


def unknown(key: str) -> Subject:
    """A subject that only the definition knows; it stays as it is, and may be asked anything."""
    return Subject(key, key.partition(":")[2], "定义里写的", "unknown")


def subjects_for(draft: Draft, definition: Definition, place: Place) -> dict[str, Subject]:
    """Everything that the part at `place` may depend on, by key, in the order of the page."""
    found = [*field_subjects(definition, place), *step_subjects(draft), *school_subjects()]
    return {one.key: one for one in found}


def field_subjects(definition: Definition, place: Place) -> Iterator[Subject]:
    """The form's fields but the part's own; those inside rows only for their neighbours."""
    for at, rows, component in placed(definition.components):
        beside = not rows or place[: len(rows)] == rows
        if component.type in ASKABLE and beside and at[: len(place)] != place:
            yield subject_of(component, f"field:{component.key}", component.label, OF_FORM)


def placed(
    components: tuple[Component, ...], above: Place = (), rows: Place = ()
) -> Iterator[tuple[Place, Place, Component]]:
    """Every part with its place and the place of the rows around it, () for none."""
    for number, component in enumerate(components):
        at = (*above, number)
        yield at, rows, component
        inner = at if component.type == "rows" else rows
        yield from placed(component.components, at, inner)


def subject_of(component: Component, key: str, label: str, group: str) -> Subject:
    kind = KINDS.get(component.type, component.type)
    choices = tuple((one.value, one.label) for one in component.choices)
    return Subject(key, label or key, group, kind, TICKED if kind == "tick" else choices)


def school_subjects() -> Iterator[Subject]:
    for name, words in SCHOOL_RULES.items():
        yield Subject(f"option:{name}", words, OF_SCHOOL, "rule")


@dataclass(frozen=True)
class Step:
    """A step of the draft's diagram, or of one that it calls; `path` is where its answers stand."""

    path: str
    label: str
    element: Element
    diagram: Diagram


def steps_of(draft: Draft) -> Iterator[Step]:
    """Every step, those of called diagrams behind the call; what cannot be read has none."""
    called = called_by(draft)

    def inside(diagram: Diagram, path: str, words: str, depth: int) -> Iterator[Step]:
        for one in diagram.elements.values():
            here, label = f"{path}.{one.id}", f"{words}{one.name or one.id}"
            yield Step(here, label, one, diagram)
            if one.called and one.called in called and depth < DEEPEST_CALL:
                inner = readable(called[one.called])
                if inner is not None:
                    yield from inside(inner, here, f"{label}，", depth + 1)

    own = readable(draft.diagram)
    return inside(own, "case", "", 0) if own is not None else iter(())


def step_subjects(draft: Draft) -> Iterator[Subject]:
    """What earlier steps of the diagram answered or came to, as far as its values are known."""
    called, known = called_by(draft), forms_of(draft)
    for step in steps_of(draft):
        if step.element.form in known:
            yield from answers_of(known[step.element.form], step.path, step.label)
        elif outcomes := results_of(step.element, called):
            named = flow_words(step.diagram)
            choices = tuple(
                (value, named.get((step.element.id, value), value)) for value in outcomes
            )
            key = f"option:{step.path}.outcome"
            yield Subject(key, f"{step.label}：结果", OF_STEPS, "one", choices)


def answers_of(form: Definition, path: str, step: str) -> Iterator[Subject]:
    for key, component in form.fields.items():
        few = 0 < len(component.choices) <= MOST_STEP_VALUES
        if component.type == "checkbox" or (component.type in CHOICE_TYPES and few):
            label = f"{step}：{component.label}"
            yield subject_of(component, f"option:{path}.{key}", label, OF_STEPS)


def results_of(element: Element, called: Mapping[str, bytes]) -> tuple[str, ...]:
    """What an automatic step or a call can come to."""
    if element.operator is not None and element.operator.id in CATALOGUE:
        return CATALOGUE[element.operator.id].outcomes
    if element.called and element.called in called:
        inner = readable(called[element.called])
        return tuple(outcomes_of(inner)) if inner is not None else ()
    return ()


def flow_words(diagram: Diagram) -> dict[tuple[str, str], str]:
    """How the diagram's own lines call an outcome: (step, value) to `名称（value）`."""
    found = {}
    for flow in diagram.flows.values():
        read = _OUTCOME.fullmatch(flow.condition or "")
        if read and flow.name:
            found[read[1], read[2]] = f"{flow.name}（{read[2]}）"
    return found


def readable(data: bytes) -> Diagram | None:
    try:
        return read_diagram(data)
    except UnreadableDiagram:
        return None
