"""Operators that answer from a script, so a scenario decides what the application would say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from processes.operators import CATALOGUE
from processes.scenario_language import ExpectedCall


@dataclass(frozen=True)
class OperatorCalled:
    """An operator call that happened, with the outcome that the script gave it."""

    operator: str
    outcome: str
    parameters: Mapping[str, Any]
    at: str

    def __str__(self) -> str:
        values = "，".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"{self.operator}({values}) → {self.outcome}"


@dataclass
class ScriptedOperators:
    """Stands in for the application: answers each call with the outcome of the script.

    A list of outcomes is used one after another and its last outcome repeats; an operator without
    a script gives the first outcome of the catalogue.
    """

    script: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calls: list[OperatorCalled] = field(default_factory=list)

    def call(self, operator: str, parameters: dict[str, Any], at: str) -> str:
        """Answer a call as the engine makes it."""
        outcomes = self.script.get(operator) or CATALOGUE[operator].outcomes[:1]
        before = sum(call.operator == operator for call in self.calls)
        outcome = outcomes[min(before, len(outcomes) - 1)]
        self.calls.append(OperatorCalled(operator, outcome, dict(parameters), at))
        return outcome

    def forget_after(self, count: int) -> None:
        """Undo calls, as a transaction that is rolled back does."""
        del self.calls[count:]


def first_difference(
    calls: Sequence[OperatorCalled], expected: Sequence[ExpectedCall]
) -> str | None:
    """Say in Chinese where the calls leave the expected ones; None when they are the same."""
    for number, (call, wanted) in enumerate(zip(calls, expected, strict=False), start=1):
        if not _fits(call, wanted):
            return f"第 {number} 次操作预期是 {_say(wanted)}，实际是 {call}。"
    if len(calls) < len(expected):
        return f"操作 {_say(expected[len(calls)])} 没有发生。"
    if len(calls) > len(expected):
        return f"多出一次操作：{calls[len(expected)]}。"
    return None


def _fits(call: OperatorCalled, wanted: ExpectedCall) -> bool:
    return (
        call.operator == wanted.operator
        and wanted.outcome in (None, call.outcome)
        and all(call.parameters.get(name) == value for name, value in wanted.parameters.items())
    )


def _say(wanted: ExpectedCall) -> str:
    values = "，".join(f"{name}={value}" for name, value in wanted.parameters.items())
    outcome = f" → {wanted.outcome}" if wanted.outcome else ""
    return f"{wanted.operator}({values}){outcome}"
