"""How long steps take: counts, times, lapses and returns of a release's cases, step by step."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...models import Case, Graduate, History, Release, Task
from ..cases.separation import element_at
from . import releases

FETCHED = 5000
Question = Any  # a SELECT of any columns


@dataclass(frozen=True)
class Asked:
    """Which cases to look at: of one college, and which steps: begun from one moment to another."""

    college_id: uuid.UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass
class StepHeat:
    """One step of a diagram. `done` are spans of steps that somebody finished.

    `returns` counts how often a case came to the step again, `lapses` how often a deadline at its
    edge took it away.
    """

    element: str
    name: str
    waiting: int = 0
    cancelled: int = 0
    returns: int = 0
    lapses: int = 0
    done: list[timedelta] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.done)

    @property
    def median(self) -> timedelta | None:
        return share(self.done, 0.5)

    @property
    def slow(self) -> timedelta | None:
        """Nine in ten were faster."""
        return share(self.done, 0.9)


def share(spans: Sequence[timedelta], part: float) -> timedelta | None:
    """The span that `part` of all do not exceed (nearest rank); None of nothing."""
    return sorted(spans)[max(0, ceil(len(spans) * part) - 1)] if spans else None


def measure(session: Session, release: Release, asked: Asked) -> list[StepHeat]:
    """Every step at which cases of this release have waited, in the order of their first."""
    found: dict[str, StepHeat] = {}
    seen: set[tuple[uuid.UUID, str]] = set()
    for case_id, element, name, state, opened_at, closed_at in tasks_of(session, release, asked):
        step = found.setdefault(element, StepHeat(element, name))
        step.name = name
        step.returns += (case_id, element) in seen
        seen.add((case_id, element))
        step.waiting += state == "open"
        step.cancelled += state == "cancelled"
        if state == "done":
            step.done.append(closed_at - opened_at)
    for element, number in lapses_of(session, release, asked):
        if element in found:
            found[element].lapses += number
    return list(found.values())


def tasks_of(
    session: Session, release: Release, asked: Asked
) -> Iterator[tuple[uuid.UUID, str, str, str, datetime, datetime]]:
    wanted: Question = (
        select(Task.case_id, Task.element, Task.name, Task.state, Task.opened_at, Task.closed_at)
        .join(Case, Case.id == Task.case_id)
        .order_by(Task.id)
    )
    wanted = narrowed(wanted, release, asked, Task.opened_at)
    return iter(session.execute(wanted.execution_options(yield_per=FETCHED)))


def lapses_of(session: Session, release: Release, asked: Asked) -> Iterator[tuple[str, int]]:
    """How often a deadline that ends a step fired, by the path of the step."""
    diagram, called = releases.diagrams_of(session, release.id)
    wanted: Question = (
        select(History.element, func.count())
        .join(Case, Case.id == History.case_id)
        .where(History.kind == "fired")
        .group_by(History.element)
    )
    for path, number in session.execute(narrowed(wanted, release, asked, History.at)):
        event = element_at(diagram, called, path)
        if event is not None and event.attached_to and event.interrupting:
            around, slash, _ = path.rpartition("/")
            yield f"{around}{slash}{event.attached_to}", number


def narrowed(
    wanted: Question,
    release: Release,
    asked: Asked,
    at: Any,
) -> Question:
    wanted = wanted.where(Case.release_id == release.id)
    if asked.college_id:
        wanted = wanted.join(
            Graduate,
            (Graduate.id == Case.graduate_id) & (Graduate.school_id == Case.school_id),
        ).where(Graduate.college_id == asked.college_id)
    if asked.since:
        wanted = wanted.where(at >= asked.since)
    if asked.until:
        wanted = wanted.where(at < asked.until)
    return wanted
