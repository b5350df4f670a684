"""Operators that try every outcome: a step is replayed until each has been chosen once.

What an operator means for the claim is kept in mind, because a claim that is held cannot be taken
by somebody else, and because it must not be forgotten at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from processes.operators import CATALOGUE

KEEPING = frozenset({"issue_agreement", "register_agreement", "write_destination"})
TAKING = frozenset({"acquire_claim", "check_claim"})


@dataclass(frozen=True)
class Claim:
    """What a case has done to the registry: `held` binds the graduate, `kept` says what for."""

    held: bool = False
    kept: bool = False

    def after(self, operator: str, outcome: str) -> Claim:
        """The claim once an operator had this outcome."""
        if operator == "acquire_claim" and outcome == "ok":
            return replace(self, held=True)
        if operator == "release_claim":
            return Claim()
        if operator in KEEPING and outcome == "ok":
            return replace(self, kept=True)
        return self

    def outcomes(self, operator: str) -> tuple[str, ...]:
        """What an operator can answer now: who holds the claim gets it again."""
        if self.held and operator in TAKING:
            return ("ok",)
        return CATALOGUE[operator].outcomes


@dataclass
class Trying:
    """Answers with a given beginning of outcomes, then with the first of each."""

    beginning: tuple[str, ...]
    claim: Claim
    calls: list[tuple[str, str]] = field(default_factory=list)
    others: list[tuple[str, ...]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def call(self, operator: str, parameters: dict[str, Any], at: str) -> str:
        """Answer a call as the engine makes it."""
        outcomes = self.claim.outcomes(operator)
        place = len(self.calls)
        outcome = self.beginning[place] if place < len(self.beginning) else outcomes[0]
        self.others.append(tuple(other for other in outcomes if other != outcome))
        self.calls.append((operator, outcome))
        self.places.append(at)
        self.claim = self.claim.after(operator, outcome)
        return outcome

    def remaining(self) -> Iterator[tuple[str, ...]]:
        """The beginnings still to be tried: each differs after what was given in one outcome."""
        chosen = tuple(outcome for _, outcome in self.calls)
        for place in range(len(self.beginning), len(chosen)):
            for other in self.others[place]:
                yield (*chosen[:place], other)
