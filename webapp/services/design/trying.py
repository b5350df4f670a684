"""Tries running cases on another release or on a draft: who could go on there, and why not."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from processes import library
from processes.diagram import read_diagram
from processes.engine import EngineError, Executable, compile_release, place

from ...errors import NotYours
from ...models import Case, Draft, Release, Task
from ..accounts.actors import Actor
from . import releases
from .checking import called_by

BATCH = 100


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


def try_out(
    session: Session, release: Release, mapping: Mapping[str, str], now: datetime
) -> Iterator[Trial]:
    """What moving each running case to this release would come to, oldest first."""
    target = releases.executable_for(session, release.id)
    return try_on(session, running_elsewhere(release), target, mapping, now)


def try_on(
    session: Session,
    which: ColumnElement[bool],
    target: Executable,
    mapping: Mapping[str, str],
    now: datetime,
) -> Iterator[Trial]:
    """The same for any cases and anything that could run, such as a draft."""
    wanted = (
        select(Case.id, Case.title, Case.release_id, Release.number, Case.state, Case.variables,
               Case.facts)
        .join(Release, Release.id == Case.release_id)
        .where(which)
        .order_by(Case.id)
    )  # fmt: skip
    waiting = steps_of(session, which)
    for case_id, title, release_id, number, state, variables, facts in session.execute(
        wanted.execution_options(yield_per=BATCH)
    ).all():
        element, step = waiting.get(case_id, ("", "等待时间或消息"))
        mine = releases.executable_for(session, release_id)
        told = {"case_id": case_id, "title": title, "number": number}
        try:
            place(mine, target, state, variables=variables, facts=facts, now=now, mapping=mapping)
        except EngineError as error:
            yield Trial(**told, element=element, step=step, fits=False, story=error.message)
        else:
            yield Trial(**told, element=element, step=step, fits=True)


def try_on_draft(session: Session, draft: Draft, now: datetime) -> Iterator[Trial]:
    """The same for a draft that is not published yet; nothing where it cannot run at all."""
    diagram = read_diagram(draft.diagram)
    gathered = library.gather_called(diagram, called_by(draft))
    try:
        target = compile_release(diagram, gathered)
    except EngineError:
        return
    of_variant = select(Release.id).where(
        Release.school_id == draft.school_id,
        Release.family == draft.family,
        Release.variant == draft.variant,
    )
    running = Case.release_id.in_(of_variant) & Case.ended_at.is_(None)
    yield from try_on(session, running, target, {}, now)


def steps_of(session: Session, which: ColumnElement[bool]) -> dict[uuid.UUID, tuple[str, str]]:
    """The step at which each of these cases waits: its path and name; the first of several."""
    wanted = (
        select(Task.case_id, Task.element, Task.name)
        .join(Case, Case.id == Task.case_id)
        .where(which, Task.state == "open")
        .order_by(Task.id.desc())
    )
    return {case_id: (element, name) for case_id, element, name in session.execute(wanted)}
