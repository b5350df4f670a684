"""What an exploration found: states with the ways to them, ends, and findings with their paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from processes.coverage import Coverage
from processes.engine import Happening
from processes.explore.operators import Claim
from processes.findings import Finding


@dataclass(frozen=True)
class Act:
    """One thing that happened from outside: a start, an answer, a message, or time that passed.

    `calls` are the operators that it set off, with their outcomes, in order, and `places` the elements that called them. A moment among the
    `answers` is kept as how long after the answer it lies. Where several tasks wait at one element,
    `place` tells which of them is answered; the oldest is 0. `turns` are the numbers of the turns that
    the task lies in, the outermost first, and `which` counts those that are alike even so, the oldest
    being 1; 0 where there is no other.
    """

    kind: str  # start, answer, message, time
    now: datetime
    element: str = ""
    who: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    places: tuple[str, ...] = ()
    flows: frozenset[str] = frozenset()
    place: int = 0
    turns: tuple[int, ...] = ()
    which: int = 0


@dataclass
class State:
    """Where a case can stand. `came_by` is the first way found, which is among the shortest."""

    number: int
    facts: Mapping[str, Mapping[str, Any]]
    state: str
    variables: Mapping[str, Any]
    now: datetime
    claim: Claim
    status: str | None
    came_from: int | None
    came_by: Act
    ended_at: str | None = None
    following: list[tuple[Act, int]] = field(default_factory=list)

    @property
    def is_end(self) -> bool:
        return self.ended_at is not None


@dataclass(frozen=True)
class Path:
    """A way through the diagram from its start, that can be replayed as a scenario.

    One that does not end is left where the tasks of `waiting` wait.
    """

    title: str
    facts: Mapping[str, Mapping[str, Any]]
    acts: tuple[Act, ...]
    ends_at: str | None = None
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    """A finding with the path that shows it; a path is missing where no single one does."""

    finding: Finding
    path: Path | None = None


Retrace = Callable[[Mapping[str, Any], Sequence[Act], Sequence[State]], tuple[Act, ...]]


@dataclass(frozen=True)
class Explored:
    """Everything that can happen. `complete` is False where something was left out, and says so
    among the faults.

    States in which alike turns have changed places count as one, so acts put together from several
    states may name another turn than the one that waits; `retrace` takes a list of acts, with the
    facts and the states they lead to, and names the right ones.
    """

    states: tuple[State, ...]
    faults: tuple[Fault, ...]
    happened: tuple[Happening, ...]
    coverage: Coverage
    complete: bool
    retrace: Retrace = field(default=lambda facts, acts, states: tuple(acts), compare=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(fault.finding for fault in self.faults)

    @property
    def ends(self) -> frozenset[str]:
        """The ends of the process that were reached."""
        return frozenset(state.ended_at for state in self.states if state.ended_at)

    def path_to(self, state: State, title: str = "") -> Path:
        """The way to a state, from the start of its case."""
        acts: list[Act] = []
        current = state
        while True:
            acts.append(current.came_by)
            if current.came_from is None:
                break
            current = self.states[current.came_from]
        return Path(title, state.facts, tuple(reversed(acts)), state.ended_at)
