"""What a run tells its caller: who has to act, what happened, when to look again.

Named tuples, for every step makes a dozen: a frozen dataclass takes three times as long to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from processes.roles import Role

NOTHING: Mapping[str, Any] = {}
HappeningKind = Literal[
    "entered",
    "left",
    "flow",
    "called",
    "decided",
    "fired",
    "message",
    "thrown",
    "caught",
    "ended",
    "cancelled",
]


@dataclass(frozen=True)
class OperatorResult:
    """What an operator decided, and what else it leaves in the case's variables."""

    outcome: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Operators(Protocol):
    """What service and send tasks ask the application to do."""

    def call(self, operator: str, parameters: dict[str, Any], at: str) -> OperatorResult | str:
        """Carry out the operator for the element at this path; the answer is its outcome."""
        ...


class WaitingTask(NamedTuple):
    """A task that waits for a person.

    `token` is stable while the task waits; `element` is its path ("Answer_invitation", or
    "School_review/College_review" within a called diagram). `silent_at` is the earliest moment at
    which a timer takes the task away if nobody acts. `turns` are the numbers of the turns of
    multi-instances that it lies in, the outermost first.
    """

    token: str
    element: str
    name: str
    role: Role | None
    form: str | None
    properties: Mapping[str, str]
    since: datetime
    silent_at: datetime | None
    turns: tuple[int, ...] = ()


class Happening(NamedTuple):
    """One thing that happened in a step; `element` is the path of an element or of a flow."""

    kind: HappeningKind
    element: str
    name: str
    detail: Mapping[str, Any] = NOTHING


class Step(NamedTuple):
    """Where the case stands after a step, and what the step did.

    `status` is the `status` property that the token met last in this step (None when there was
    none): of a waiting task, an end, an operator, a start or an event at a border. `ended_at` are the ends reached in this step, the case's own last.
    """

    tasks: tuple[WaitingTask, ...]
    wake_at: datetime | None
    messages: tuple[str, ...]
    happened: tuple[Happening, ...]
    status: str | None
    finished: bool
    ended_at: tuple[str, ...]
    variables: dict[str, Any]
