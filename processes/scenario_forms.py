"""Compares a scenario's answers with what the forms really offer.

A scenario that answers with a value no form offers would prove a path that nobody can take. What
the forms say comes in as plain dictionaries: form key → field key → values, or None for a field
that decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from processes.diagram import Diagram, Element
from processes.scenario_language import Scenario, ScenarioError, ScenarioStep

FormFacts = Mapping[str, Mapping[str, Sequence[str] | None]]


def require_offered_answers(
    scenario: Scenario, diagram: Diagram, called: Mapping[str, Diagram], forms: FormFacts
) -> None:
    """Raise ScenarioError at the first answer that the task's form does not take."""
    for step in scenario.steps:
        if step.task is not None:
            _require_step(scenario, step, _element(scenario, step, diagram, called), forms)


def _require_step(
    scenario: Scenario, step: ScenarioStep, element: Element, forms: FormFacts
) -> None:
    if element.form is None:
        if step.answers:
            raise _error(scenario, step, f"{element.id} 没有表单，不能有 answers。")
        return
    if element.form not in forms:
        raise _error(scenario, step, f"{element.id} 的表单 {element.form} 不存在。")
    fields = forms[element.form]
    for key, value in step.answers.items():
        if key not in fields:
            raise _error(scenario, step, f"表单 {element.form} 没有字段 {key}。")
        offered = fields[key]
        if offered is not None and not _is_offered(value, offered):
            choices = "、".join(offered)
            raise _error(
                scenario,
                step,
                f"表单 {element.form} 的 {key} 不能选 {value}，只有：{choices}。",
            )


def _is_offered(value: Any, offered: Sequence[str]) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(one in offered for one in values)


def _element(
    scenario: Scenario, step: ScenarioStep, diagram: Diagram, called: Mapping[str, Diagram]
) -> Element:
    current = diagram
    element: Element | None = None
    for name in (step.task or "").split("/"):
        if element is not None and element.called:
            if element.called not in called:
                raise _error(scenario, step, f"找不到被调用的流程 {element.called}。")
            current = called[element.called]
        element = current.elements.get(name)
        if element is None:
            raise _error(scenario, step, f"流程图 {current.process} 里没有 {name}。")
    if element is None or not element.waits_for_person:
        raise _error(scenario, step, f"{step.task} 不是由人办理的步骤。")
    return element


def _error(scenario: Scenario, step: ScenarioStep, fault: str) -> ScenarioError:
    return ScenarioError(scenario.source, scenario.title, step.number, fault)
