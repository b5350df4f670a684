"""The heat of a diagram: how long each step takes, as a table and as marks on the drawing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Case, College, Graduate, Release, Task
from webapp.pages.drawings import Drawing, drawings_of
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.pages.wording import SHANGHAI, say_span
from webapp.services.accounts.actors import Actor
from webapp.services.design import releases
from webapp.services.design.heat import Asked, StepHeat, measure
from webapp.services.design.trying import find_target

LEVELS = 4
STATES = {"open": "正在等", "done": "办完的", "cancelled": "没有办就结束的"}


@dataclass(frozen=True)
class HeatLine:
    """One step in words. `level` is 0 where nothing is known, else 1 (quick) to 4 (the slowest)."""

    element: str
    name: str
    count: int
    median: str
    slow: str
    waiting: int
    lapses: int
    returns: int
    level: int

    @property
    def mark(self) -> str:
        """What stands on the drawing."""
        parts = [f"{self.count} 次", self.median if self.count else ""]
        if self.waiting:
            parts.append(f"在等 {self.waiting}")
        return " · ".join(filter(None, parts))


@dataclass(frozen=True)
class HeatPage:
    """Everything the page shows."""

    release: Release
    lines: list[HeatLine]
    drawings: list[Drawing]
    colleges: list[College]
    query: dict[str, str]


def heat_page(
    session: Session, actor: Actor, release_id: uuid.UUID, query: dict[str, str]
) -> HeatPage:
    """The heat of one release of the own school. Raises NotYours."""
    release = find_target(session, actor, release_id)
    steps = measure(session, release, asked_in(query))
    slowest = max((one.median for one in steps if one.median), default=None)
    lines = [line_of(one, slowest) for one in steps]
    diagram, called = releases.diagrams_of(session, release.id)
    own = select(College).where(College.school_id == actor.school_id).order_by(College.code)
    return HeatPage(
        release=release,
        lines=lines,
        drawings=drawings_of(diagram, called, lines),
        colleges=list(session.scalars(own)),
        query=query,
    )


def asked_in(query: Mapping[str, str]) -> Asked:
    """The filter as it was typed; what cannot be read narrows nothing."""
    until = read_day(query.get("until", ""))
    return Asked(
        college_id=read_key(query.get("college")),
        since=read_day(query.get("since", "")),
        until=until + timedelta(days=1) if until else None,
    )


def read_day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


def line_of(step: StepHeat, slowest: timedelta | None) -> HeatLine:
    return HeatLine(
        element=step.element,
        name=step.name,
        count=step.count,
        median=say_span(step.median) if step.median is not None else "–",
        slow=say_span(step.slow) if step.slow is not None else "–",
        waiting=step.waiting,
        lapses=step.lapses,
        returns=step.returns,
        level=level_of(step.median, slowest),
    )


def level_of(median: timedelta | None, slowest: timedelta | None) -> int:
    """How hot a step is beside the slowest one."""
    if median is None:
        return 0
    if not slowest:
        return 1
    return min(LEVELS, 1 + int(LEVELS * (median / slowest)))


@dataclass(frozen=True)
class StepCase:
    """A case that came to a step."""

    case_id: uuid.UUID
    title: str
    state: str
    opened_at: datetime
    took: str


def cases_at(
    session: Session, actor: Actor, release_id: uuid.UUID, query: dict[str, str], now: datetime
) -> tuple[Release, Page]:
    """The cases of a release that came to the step `element`, latest first. Raises NotYours."""
    release = find_target(session, actor, release_id)
    asked = asked_in(query)
    wanted = (
        select(Task, Case.title)
        .join(Case, Case.id == Task.case_id)
        .where(Case.release_id == release.id, Task.element == query.get("element", ""))
        .order_by(Task.id.desc())
        .limit(PAGE + 1)
    )
    if asked.college_id:
        of_college = select(Graduate.id).where(Graduate.college_id == asked.college_id)
        wanted = wanted.where(Case.graduate_id.in_(of_college))
    if asked.since:
        wanted = wanted.where(Task.opened_at >= asked.since)
    if asked.until:
        wanted = wanted.where(Task.opened_at < asked.until)
    if query.get("state") in STATES:
        wanted = wanted.where(Task.state == query["state"])
    if before := read_key(query.get("before")):
        wanted = wanted.where(Task.id < before)
    page = page_of(session.execute(wanted).all(), lambda row: row[0].id, query)
    rows = [
        StepCase(
            task.case_id,
            title,
            STATES[task.state],
            task.opened_at,
            say_span((task.closed_at or now) - task.opened_at),
        )
        for task, title in page.rows
    ]
    return release, Page(rows, page.next, page.before, page.query)
