"""What came out: waits per step, queues per role, what everybody waited for most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class StepResult:
    """A step of a person: how often it was done, how long it stood open (hours), how often it was
    taken away undone.
    """

    element: str
    name: str
    role: str
    done: int
    median_hours: float
    ninth_hours: float
    undone: int


@dataclass(frozen=True)
class QueueResult:
    """The people of one role: how many, the work there was as a share of their hours (over 1: too much), and the most that
    waited for them on each day, in order.
    """

    role: str
    people: int
    load: float
    waiting: tuple[int, ...]


@dataclass(frozen=True)
class Simulated:
    """A simulated term. Times of cases are hours from beginning to end, of those that ended."""

    started: int
    ended: int
    median_hours: float
    ninth_hours: float
    ends: tuple[tuple[str, int], ...]
    steps: tuple[StepResult, ...]
    queues: tuple[QueueResult, ...]

    @property
    def bottleneck(self) -> StepResult | None:
        """The step at which cases stood longest in all."""
        return max(self.steps, key=lambda one: one.done * one.median_hours, default=None)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        found = asdict(self)
        found["bottleneck"] = self.bottleneck.element if self.bottleneck else None
        return found


def read_simulated(values: Mapping[str, Any]) -> Simulated:
    """A simulated term from what `as_dict` gave."""
    plain = {key: value for key, value in values.items() if key != "bottleneck"}
    return Simulated(
        **{
            **plain,
            "ends": tuple((end, number) for end, number in values["ends"]),
            "steps": tuple(StepResult(**one) for one in values["steps"]),
            "queues": tuple(
                QueueResult(**{**one, "waiting": tuple(one["waiting"])}) for one in values["queues"]
            ),
        }
    )


def share(values: Sequence[timedelta], part: float) -> float:
    """The hours that this part of the values does not exceed; 0 without values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    place = min(len(ordered) - 1, int(part * len(ordered)))
    return round(ordered[place] / timedelta(hours=1), 1)
