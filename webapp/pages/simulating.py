"""A simulated term as a page: what came out, in words and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from processes.diagram import Diagram
from processes.roles import Role
from processes.simulation import Simulated, StepResult
from webapp.pages.assumptions import Group
from webapp.pages.drawings import Drawing, drawings_of
from webapp.pages.queue_chart import chart
from webapp.services.design.foreseeing import Observed
from webapp.services.design.runnable import Runnable

LEVELS = 4


@dataclass(frozen=True)
class StepLine:
    """One step in words; `level` as on a drawing of heat."""

    element: str
    name: str
    role: str
    done: int
    median: str
    ninth: str
    undone: int
    level: int

    @property
    def mark(self) -> str:
        return f"{self.done} 次 · {self.median}" if self.done else ""


@dataclass(frozen=True)
class QueueLine:
    """The people of one role: how loaded they are, and the chart of what waits for them."""

    role: str
    people: int
    load: int
    most: int
    chart: str


@dataclass(frozen=True)
class Outcome:
    """A simulated term in words."""

    started: int
    ended: int
    median: str
    ninth: str
    bottleneck: str
    ends: list[tuple[str, int]]
    steps: list[StepLine]
    queues: list[QueueLine]
    drawings: list[Drawing]


@dataclass(frozen=True)
class SimulatingPage:
    """Everything the page shows."""

    title: str
    groups: list[Group] = field(default_factory=list)
    rare: list[Group] = field(default_factory=list)
    observed: Observed = field(default_factory=Observed)
    problem: str = ""
    outcome: Outcome | None = None


def outcome_of(runnable: Runnable, found: Simulated) -> Outcome:
    """The term in words and pictures."""
    diagram, called = runnable.read()
    lines = list(step_lines(found.steps))
    return Outcome(
        started=found.started,
        ended=found.ended,
        median=span(found.median_hours),
        ninth=span(found.ninth_hours),
        bottleneck=found.bottleneck.name if found.bottleneck else "",
        ends=[(end_name(diagram, end), number) for end, number in found.ends],
        steps=lines,
        queues=[
            QueueLine(
                Role(one.role).label,
                one.people,
                round(one.load * 100),
                max(one.waiting, default=0),
                chart(one),
            )
            for one in found.queues
        ],
        drawings=drawings_of(diagram, called, lines),
    )


def step_lines(steps: Iterable[StepResult]) -> Iterator[StepLine]:
    known = list(steps)
    longest = max((one.median_hours for one in known), default=0.0) or 1.0
    for one in known:
        level = 1 + min(LEVELS - 1, int(LEVELS * one.median_hours / longest))
        yield StepLine(
            one.element, one.name, Role(one.role).label if one.role else "", one.done,
            span(one.median_hours), span(one.ninth_hours), one.undone, level if one.done else 0,
        )  # fmt: skip


def end_name(diagram: Diagram, path: str) -> str:
    element = diagram.elements.get(path.split("/")[0])
    return (element.name if element else "") or path


def span(hours: float) -> str:
    """Hours as people say them."""
    return f"{hours / 24:.1f} 天" if hours >= 48 else f"{hours:.1f} 小时"
