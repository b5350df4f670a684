"""Plays all scenarios of a diagram and says how much of it they cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from processes.coverage import Coverage, measure
from processes.diagram import Diagram
from processes.engine import compile_release
from processes.scenario import Played, ScenarioFailed, play_thoroughly
from processes.scenario_forms import FormFacts, require_offered_answers
from processes.scenario_language import Scenario, ScenarioError


@dataclass(frozen=True)
class Result:
    """One scenario: how it was played, or the Chinese story of why it failed."""

    scenario: Scenario
    played: Played | None
    story: str = ""

    @property
    def passed(self) -> bool:
        return self.played is not None


@dataclass(frozen=True)
class Rehearsal:
    """All scenarios of a diagram, and the flows that those which passed have taken."""

    diagram: Diagram
    results: tuple[Result, ...]
    coverage: Coverage

    @property
    def passed(self) -> bool:
        return all(result.passed for result in self.results)


def rehearse(
    diagram: Diagram,
    called: Mapping[str, Diagram],
    scenarios: Iterable[Scenario],
    forms: FormFacts | None = None,
) -> Rehearsal:
    """Play each scenario, also with dump and restore; one that fails does not stop the others.

    With `forms`, answers that a form does not offer fail the scenario. Raises DiagramRefused.
    """
    executable = compile_release(diagram, called)

    def one(scenario: Scenario) -> Result:
        try:
            if forms is not None:
                require_offered_answers(scenario, diagram, called, forms)
            return Result(scenario, play_thoroughly(executable, scenario))
        except (ScenarioFailed, ScenarioError) as failure:
            return Result(scenario, None, failure.story)

    results = tuple(one(scenario) for scenario in scenarios)
    happened = (h for result in results if result.played for h in result.played.happened)
    return Rehearsal(diagram, results, measure(diagram, called, happened))
