"""What a simulation can be told about a diagram: who acts, what they decide, what may come of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from processes.diagram import Diagram
from processes.explore.choices import Choices
from processes.explore.reading import read_release
from processes.operators import CATALOGUE
from processes.scenario_forms import FormFacts
from processes.scenario_language import Scenario

PLAIN = (str, bool, int)


@dataclass(frozen=True)
class Decision:
    """A field of a step whose value decides which way a case goes."""

    element: str
    name: str
    field: str
    form: str
    values: tuple[Any, ...]

    @property
    def key(self) -> str:
        """As a plan names it."""
        return f"{self.element}.{self.field}"


@dataclass(frozen=True)
class Result:
    """What an operator may come to."""

    operator: str
    label: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Questions:
    """What to assume for one diagram and what it calls. `roles` are ids, `facts` by path."""

    roles: tuple[str, ...]
    decisions: tuple[Decision, ...]
    results: tuple[Result, ...]
    facts: Mapping[str, tuple[Any, ...]]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; `read_questions` takes them back."""
        return asdict(self)


def read_questions(values: Mapping[str, Any]) -> Questions:
    """Questions from what `as_dict` gave."""
    decisions = ({**one, "values": tuple(one["values"])} for one in values["decisions"])
    results = ({**one, "outcomes": tuple(one["outcomes"])} for one in values["results"])
    return Questions(
        roles=tuple(values["roles"]),
        decisions=tuple(Decision(**one) for one in decisions),
        results=tuple(Result(**one) for one in results),
        facts={path: tuple(known) for path, known in values["facts"].items()},
    )


def ask_about(
    diagram: Diagram,
    called: Mapping[str, Diagram],
    forms: FormFacts,
    scenarios: Iterable[Scenario],
) -> Questions:
    """Every question that makes a difference to a term. Raises TooManyChoices."""
    choices = Choices(read_release(diagram, called), forms, tuple(scenarios))
    drawings = (diagram, *called.values())
    roles = (
        element.role.value
        for drawn in drawings
        for element in drawn.elements.values()
        if element.waits_for_person and element.role
    )
    return Questions(
        roles=tuple(dict.fromkeys(roles)),
        decisions=tuple(one for drawn in drawings for one in _decisions(drawn, choices)),
        results=tuple(_results(drawings)),
        facts={path: tuple(known) for path, known in choices.deciding_facts().items()},
    )


def _decisions(drawn: Diagram, choices: Choices) -> Iterator[Decision]:
    for element in drawn.elements.values():
        if not element.waits_for_person:
            continue
        offered: dict[str, dict[Any, None]] = {}
        for answer in choices.answers(drawn, element):
            for field, value in answer.items():
                offered.setdefault(field, {})[value] = None
        for field, values in offered.items():
            if len(values) > 1 and all(isinstance(value, PLAIN) for value in values):
                yield Decision(
                    element.id, element.name or element.id, field, element.form or "", tuple(values)
                )


def _results(drawings: Iterable[Diagram]) -> Iterator[Result]:
    used = {
        element.operator.id: None
        for drawn in drawings
        for element in drawn.elements.values()
        if element.operator
    }
    for operator in used:
        spec = CATALOGUE.get(operator)
        if spec and len(spec.outcomes) > 1:
            yield Result(operator, spec.label, spec.outcomes)
