"""What a simulation may assume, read from what happened at this school."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.simulation.plan import STAFF
from processes.simulation.questions import Questions

from ...models import Case, Membership, School, Task
from ..cases.cases import school_facts

LOOKED_BACK = timedelta(days=365)
TOGETHER = timedelta(minutes=30)  # a longer pause between two answers was something else
LATEST = 20_000
Rows = Any  # of columns that the question makes sure are there


@dataclass(frozen=True)
class Observed:
    """What happened with a variant at a school within a year.

    `arrivals` is the mean of cases a day since the first; `minutes` the median of what one person
    needed from one answer to the next by role; `reply` the mean time of others to answer; `shares`
    counts answers and outcomes as a plan's weights name them. What was never seen is not there.
    """

    cases: int = 0
    arrivals: float = 0.0
    staff: Mapping[str, int] = field(default_factory=dict)
    minutes: Mapping[str, float] = field(default_factory=dict)
    reply: Mapping[str, timedelta] = field(default_factory=dict)
    shares: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def observe(
    session: Session,
    school_id: uuid.UUID,
    family: str,
    variant: str,
    questions: Questions,
    now: datetime,
) -> Observed:
    """Read a year of a variant; what reviewers need is read from all that they did."""
    since = now - LOOKED_BACK
    of_variant = (
        Case.school_id == school_id,
        Case.family == family,
        Case.variant == variant,
        Case.opened_at >= since,
    )
    number, first = session.execute(
        select(func.count(), func.min(Case.opened_at)).where(*of_variant)
    ).one()
    known = select(Case.variables).where(*of_variant).order_by(Case.id.desc()).limit(LATEST)
    return Observed(
        cases=number,
        arrivals=round(number / max(1.0, (now - first) / timedelta(days=1)), 1) if first else 0.0,
        staff=staff_of(session, school_id),
        minutes=minutes_of(session, school_id, since),
        reply=replies_of(session, of_variant),
        shares=shares_in(session.scalars(known), questions),
    )


def staff_of(session: Session, school_id: uuid.UUID) -> dict[str, int]:
    """How many people hold each role of the school."""
    wanted = (
        select(Membership.role, func.count(func.distinct(Membership.person_id)))
        .where(
            Membership.school_id == school_id,
            Membership.ended_at.is_(None),
            Membership.role.in_([role.value for role in STAFF]),
        )
        .group_by(Membership.role)
    )
    rows: Rows = session.execute(wanted)
    return dict(rows.all())


def minutes_of(session: Session, school_id: uuid.UUID, since: datetime) -> dict[str, float]:
    """By role the median of minutes between two answers that one person gave in a row."""
    wanted = (
        select(Task.role, Task.closed_by, Task.closed_at)
        .where(
            Task.school_id == school_id,
            Task.state == "done",
            Task.closed_by.is_not(None),
            Task.closed_at >= since,
            Task.role.in_([role.value for role in STAFF]),
        )
        .order_by(Task.closed_by, Task.role, Task.closed_at)
        .limit(LATEST)
    )
    pauses: dict[str, list[timedelta]] = {}
    last: tuple[str, uuid.UUID, datetime] | None = None
    rows: Rows = session.execute(wanted)
    for role, person, at in rows:
        if last and last[:2] == (role, person) and timedelta() < at - last[2] <= TOGETHER:
            pauses.setdefault(role, []).append(at - last[2])
        last = (role, person, at)
    return {
        role: round(sorted(spans)[len(spans) // 2] / timedelta(minutes=1), 1) or 0.1
        for role, spans in pauses.items()
    }


def replies_of(session: Session, of_variant: Iterable[Any]) -> dict[str, timedelta]:
    """By role the mean time that people outside the school's staff took to answer."""
    wanted = (
        select(Task.role, Task.opened_at, Task.closed_at)
        .join(Case, Case.id == Task.case_id)
        .where(
            *of_variant,
            Task.state == "done",
            Task.closed_at > Task.opened_at,
            Task.role.not_in([role.value for role in STAFF]),
        )
        .order_by(Task.id.desc())
        .limit(LATEST)
    )
    spans: dict[str, list[timedelta]] = {}
    rows: Rows = session.execute(wanted)
    for role, opened, closed in rows:
        spans.setdefault(role, []).append(closed - opened)
    return {role: sum(found, timedelta()) / len(found) for role, found in spans.items()}


def shares_in(
    variables: Iterable[Mapping[str, Any]], questions: Questions
) -> dict[str, dict[str, int]]:
    """How often each value decided, by the last answer of each case to each step."""
    counted: dict[str, Counter[str]] = {one.key: Counter() for one in questions.decisions}
    for known in variables:
        for element, field_name, value in values_in(known):
            if (key := f"{element}.{field_name}") in counted:
                counted[key][str(value)] += 1
    return {key: dict(found) for key, found in counted.items() if found}


def values_in(variables: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Every plain value of a case as (element, field, value); calls are entered."""
    for element, answers in variables.items():
        if not isinstance(answers, Mapping):
            continue
        yield from values_in({k: v for k, v in answers.items() if isinstance(v, Mapping)})
        for name, value in answers.items():
            if isinstance(value, str | bool | int):
                yield element, name, value


def fixed_facts(school: School, family: str, questions: Questions) -> dict[str, Any]:
    """What the school's settings decide about the facts that cases of this family begin with."""
    known = {f"school.{key}": value for key, value in school_facts(school, family).items()}
    return {path: known[path] for path in questions.facts if path in known}
