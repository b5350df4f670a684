"""Tries running cases on another release or on a draft: who could go on there, and why not.

The trying itself happens in a process with limits (`processes.engine.placing_apart`), some cases
at a time, so neither a diagram nor a crowd of cases holds up whoever asks.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from processes import library
from processes.diagram import UnreadableDiagram, read_diagram
from processes.engine.placing_apart import Content, PlacedApart, ToPlace, place_apart

from ...errors import NotYours
from ...models import Case, Draft, Graduate, Release, Task
from ..accounts.actors import Actor, queue_for
from . import releases
from .checking import called_by
from .retasking import nobody_holds

BATCH = 200  # cases in one process: a second or two


@dataclass(frozen=True)
class Trial:
    """Whether a running case could be moved; `story` says why not. Nothing was written."""

    case_id: uuid.UUID
    title: str
    number: int
    element: str
    step: str
    fits: bool
    story: str = ""


@dataclass(frozen=True)
class Running:
    """A running case as it was read, with the release it runs on."""

    id: uuid.UUID
    school_id: uuid.UUID
    title: str
    graduate_id: uuid.UUID | None
    employer_id: uuid.UUID | None
    college_id: uuid.UUID | None
    release_id: uuid.UUID
    number: int
    version: int
    state: str
    variables: dict[str, Any]
    facts: dict[str, Any]


def find_target(session: Session, actor: Actor, release_id: uuid.UUID) -> Release:
    """A release of the own school. Raises NotYours for any other."""
    wanted = select(Release).where(Release.id == release_id, Release.school_id == actor.school_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotYours
    return found


def running_elsewhere(release: Release) -> ColumnElement[bool]:
    """The running cases of this release's variant that run on another release."""
    others = select(Release.id).where(
        Release.school_id == release.school_id,
        Release.family == release.family,
        Release.variant == release.variant,
        Release.id != release.id,
    )
    return Case.release_id.in_(others) & Case.ended_at.is_(None)


def running_on_variant(draft: Draft) -> ColumnElement[bool]:
    """The running cases of the variant that this draft would replace."""
    of_variant = select(Release.id).where(
        Release.school_id == draft.school_id,
        Release.family == draft.family,
        Release.variant == draft.variant,
    )
    return Case.release_id.in_(of_variant) & Case.ended_at.is_(None)


def count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Case).where(which)) or 0


def content_of(session: Session, release_id: uuid.UUID) -> Content:
    """A release as the process takes it."""
    wanted = select(Release.content_hash, Release.diagram, Release.called)
    key, diagram, called = session.execute(wanted.where(Release.id == release_id)).one()
    return Content(key, diagram, {process: text.encode() for process, text in called.items()})


def content_of_draft(draft: Draft) -> Content | None:
    """What a draft would be as a release; None where it cannot even be read."""
    try:
        diagram = read_diagram(draft.diagram)
    except UnreadableDiagram:
        return None
    gathered = library.gather_called(diagram, called_by(draft))
    called = {process: one.xml for process, one in gathered.items()}
    return Content(releases.content_hash(draft.diagram, called, {}), draft.diagram, called)


def read_running(
    session: Session, which: ColumnElement[bool], after: uuid.UUID | None, most: int
) -> list[Running]:
    """Some of these cases as they are now, in the order of their ids, beginning behind `after`."""
    wanted = (
        select(Case.id, Case.school_id, Case.title, Case.graduate_id, Case.employer_id,
               Graduate.college_id, Case.release_id, Release.number, Case.version, Case.state,
               Case.variables, Case.facts)
        .join(Release, Release.id == Case.release_id)
        .outerjoin(Graduate, Graduate.id == Case.graduate_id)
        .where(which)
        .order_by(Case.id)
        .limit(most)
    )  # fmt: skip
    if after is not None:
        wanted = wanted.where(Case.id > after)
    return [Running(*tuple(row)) for row in session.execute(wanted)]


def place_running(
    contents: Mapping[uuid.UUID, Content],
    cases: Sequence[Running],
    target: Content,
    mapping: Mapping[str, str],
    now: datetime,
) -> dict[uuid.UUID, PlacedApart]:
    """What becomes of each case there; fewer where a case stopped the process, which is among them.

    Nobody's lock is held meanwhile. A case in which nobody could hold a waiting step is refused.
    """
    orders = [
        ToPlace(one.id.hex, contents[one.release_id], one.state, one.variables, one.facts)
        for one in cases
    ]
    found = place_apart(orders, target, now, mapping)
    placed = {one.id: found[one.id.hex] for one in cases if one.id.hex in found}
    missing = {one.id: nobody(one, placed[one.id]) for one in cases if one.id in placed}
    return {key: PlacedApart(missing[key]) if missing[key] else one for key, one in placed.items()}


def nobody(case: Running, placed: PlacedApart) -> str:
    """Which waiting step would come to somebody who does not exist in this case, "" if none."""
    for name, role in placed.holders:
        try:
            queue_for(role, case, case.college_id)
        except ValueError:
            return nobody_holds(name, role)
    return ""


def contents_of(session: Session, cases: Sequence[Running]) -> dict[uuid.UUID, Content]:
    """What these cases run on, by release."""
    return {one: content_of(session, one) for one in {case.release_id for case in cases}}


def try_some(
    session: Session,
    which: ColumnElement[bool],
    target: Content,
    mapping: Mapping[str, str],
    now: datetime,
    after: uuid.UUID | None = None,
    most: int = BATCH,
) -> list[Trial]:
    """What moving the next of these cases would come to, oldest first; empty behind the last.

    The session's transaction ends before the trying begins. Raises NoAnswer where the process was
    killed before it said anything.
    """
    cases = read_running(session, which, after, most)
    if not cases:
        return []
    waiting = steps_of(session, Case.id.in_([one.id for one in cases]))
    contents = contents_of(session, cases)
    session.rollback()
    placed = place_running(contents, cases, target, mapping, now)
    return [
        trial_of(one, placed[one.id], *waiting.get(one.id, ("", "等待时间或消息")))
        for one in cases
        if one.id in placed
    ]


def trial_of(case: Running, placed: PlacedApart, element: str, step: str) -> Trial:
    fits = not placed.refusal
    return Trial(case.id, case.title, case.number, element, step, fits, placed.refusal)


def try_out(
    session: Session, release: Release, mapping: Mapping[str, str], now: datetime
) -> Iterator[Trial]:
    """The same for every case that runs on another release of this variant."""
    return try_all(
        session, running_elsewhere(release), content_of(session, release.id), mapping, now
    )


def try_all(
    session: Session,
    which: ColumnElement[bool],
    target: Content,
    mapping: Mapping[str, str],
    now: datetime,
) -> Iterator[Trial]:
    after = None
    while found := try_some(session, which, target, mapping, now, after):
        yield from found
        after = found[-1].case_id


def steps_of(session: Session, which: ColumnElement[bool]) -> dict[uuid.UUID, tuple[str, str]]:
    """The step at which each of these cases waits: its path and name; the first of several."""
    wanted = (
        select(Task.case_id, Task.element, Task.name)
        .join(Case, Case.id == Task.case_id)
        .where(which, Task.state == "open")
        .order_by(Task.id.desc())
    )
    return {case_id: (element, name) for case_id, element, name in session.execute(wanted)}
