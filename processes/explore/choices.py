"""What can be chosen: answers at a task, outcomes of operators, facts of a case.

Deciding fields have their listed values. Others that a condition reads are cut into classes by the
constants they are compared with; where neither helps, the scenarios beside the diagram give an
example. A deciding value that nobody can name is reported, not guessed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from processes.diagram import Diagram, Element
from processes.durations import IsoError, parse_moment
from processes.explore.reading import Reading, Reads
from processes.scenario_forms import FormFacts
from processes.scenario_language import Scenario

MOST_FACTS = 256
MOST_ANSWERS = 500
USUAL_WAIT = timedelta(days=5)
Answers = dict[str, Any]


class TooManyChoices(Exception):
    """More combinations than can be explored; `story` is Chinese."""

    def __init__(self, story: str) -> None:
        self.story = story
        super().__init__(story)


@dataclass
class Choices:
    """The choices of one release. `unknown` names values that decide and that nobody can name."""

    reading: Reading
    forms: FormFacts
    scenarios: tuple[Scenario, ...]
    unknown: set[str] = field(default_factory=set)
    _answers: dict[tuple[str, str], list[Answers]] = field(default_factory=dict)

    def facts(self) -> list[dict[str, dict[str, Any]]]:
        """Every combination of the facts that decide, on top of what the scenarios say.

        Raises TooManyChoices.
        """
        base: dict[str, dict[str, Any]] = {"case": {}, "school": {}}
        for scenario in reversed(self.scenarios):
            for root, values in scenario.facts.items():
                base[root] = {**base.get(root, {}), **values}
        varied = {path: self._fact_values(path, reads) for path, reads in self._sorted_facts()}
        if math.prod(map(len, varied.values())) > MOST_FACTS:
            raise TooManyChoices("流程开始时的事实有太多种组合，没有探索。")
        return [
            _with_facts(base, dict(zip(varied, combination, strict=True)))
            for combination in itertools.product(*varied.values())
        ]

    def deciding_facts(self) -> dict[str, list[Any]]:
        """By path (`case.initiator`) the values that a fact which decides may have."""
        varied = {path: self._fact_values(path, reads) for path, reads in self._sorted_facts()}
        return {path: list(values) for path, values in varied.items() if len(values) > 1}

    def _sorted_facts(self) -> list[tuple[str, Reads]]:
        return sorted(self.reading.facts.items())

    def _fact_values(self, path: str, reads: Reads) -> list[Any]:
        root, _, name = path.partition(".")
        told = [s.facts[root][name] for s in self.scenarios if name in s.facts.get(root, {})]
        if path == "case.initiator" and (starters := self._starters()):
            return starters
        if not reads.decides:
            return _first(told) or self._nobody_knows(path, reads)
        values = _unique([*told, *sorted(reads.compared, key=repr)])
        if not values or all(isinstance(value, bool) for value in values):
            return [True, False]
        if all(isinstance(one, Hashable) and one in reads.compared for one in told):
            return [*values, f"not {values[0]}"]  # no example of what the conditions leave over
        return values

    def _starters(self) -> list[str]:
        top = next(iter(self.reading.diagrams.values()))
        return [w.strip() for w in top.properties.get("started_by", "").split(",") if w.strip()]

    def answers(self, diagram: Diagram, element: Element) -> Iterator[Answers]:
        """Every way to answer a task that can make a difference. Raises TooManyChoices."""
        key = (diagram.process, element.id)
        if key not in self._answers:
            self._answers[key] = list(self._combined(diagram, element))
        yield from self._answers[key]

    def _combined(self, diagram: Diagram, element: Element) -> Iterator[Answers]:
        fields = {
            name: self._field_values(diagram, element, name, reads)
            for (process, id_, name), reads in sorted(self.reading.fields.items())
            if (process, id_) == (diagram.process, element.id) and name
        }
        if math.prod(map(len, fields.values())) > MOST_ANSWERS:
            raise TooManyChoices(f"{element.id} 的回答有太多种组合，没有探索。")
        for combination in itertools.product(*fields.values()):
            yield dict(zip(fields, combination, strict=True))

    def _field_values(
        self, diagram: Diagram, element: Element, name: str, reads: Reads
    ) -> list[Any]:
        listed = self.forms.get(element.form or "", {}).get(name)
        told = self._told(diagram, element, name)
        if reads.times:
            return [Later(USUAL_WAIT)] if _is_moment(told) else _first(told) or [Later(USUAL_WAIT)]
        if not reads.decides:
            return _first([*told, *(listed or ())]) or ["x"]
        if listed is not None:
            return list(listed) if reads.plainly else _told_apart(listed, reads.compared)
        classes = _classes(reads.compared)
        values = _unique([*told, *classes])
        return values or self._nobody_knows(f"{element.id}.{name}", reads)

    def _told(self, diagram: Diagram, element: Element, name: str) -> list[Any]:
        """What the scenarios answer there."""
        return [
            step.answers[name]
            for scenario in self.scenarios
            for step in scenario.steps
            if step.task and name in step.answers and step.task.rpartition("/")[2] == element.id
        ]

    def _nobody_knows(self, path: str, reads: Reads) -> list[Any]:
        if reads.times or reads.decides:
            self.unknown.add(path)
        return ["x"]


@dataclass(frozen=True)
class Later:
    """A moment that long after the answer."""

    wait: timedelta

    def __str__(self) -> str:
        return f"{self.wait.days} 天后"


def said(answers: Mapping[str, Any], now: datetime) -> Answers:
    """The answers as they are given at a moment."""
    return {
        name: (now + value.wait).isoformat() if isinstance(value, Later) else value
        for name, value in answers.items()
    }


def _is_moment(told: list[Any]) -> bool:
    if not told or not isinstance(told[0], str):
        return False
    try:
        parse_moment(told[0])
    except IsoError:
        return False
    return True


def _told_apart(listed: Iterable[Any], compared: set[Any]) -> list[Any]:
    """The listed values that some comparison names, and one for all the others."""
    named = [value for value in listed if value in compared]
    return named + [value for value in listed if value not in compared][:1]


def _classes(compared: Iterable[Any]) -> list[Any]:
    """One value for each side of each constant."""
    values: list[Any] = []
    for constant in sorted(compared, key=repr):
        if isinstance(constant, bool) or constant is None:
            values += [True, False] if constant is not None else [None]
        elif isinstance(constant, int | float):
            values += [constant - 1, constant, constant + 1]
        else:
            values += [constant, f"{constant}?"]
    return values


def _with_facts(
    base: Mapping[str, Mapping[str, Any]], varied: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    facts = {root: dict(values) for root, values in base.items()}
    for path, value in varied.items():
        root, _, name = path.partition(".")
        facts[root][name] = value
    return facts


def _first(values: list[Any]) -> list[Any]:
    return values[:1]


def _unique(values: Iterable[Any]) -> list[Any]:
    return list({repr(value): value for value in values}.values())
