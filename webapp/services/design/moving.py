"""Moves running cases to another release of their variant: tried first, then done, and taken back.

Each case is moved in a transaction of its own, under its lock. What waits goes on waiting, in the
same tasks with the same deadlines; what cannot be placed stays on its release, and the report says
why. A move can be taken back as long as the case has not gone on.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, sessionmaker, undefer

from processes.engine import CannotPlace, EngineError, Executable, Run, place

from ... import jobs
from ...database import begin_write
from ...errors import CaseError, NotYours
from ...models import Case, Move, MovedCase, Person, Release, Task, new_id
from .. import audit, releases, steps
from ..actors import Actor
from ..history import Entry
from ..rows import LiveCase, lock_case
from .retasking import Retasked, restore_tasks, retask, tasks_before

AT_ONCE = 50  # cases moved while the admin waits; the sweep moves the others
BATCH = 100


class NothingToMove(CaseError):
    """No case was chosen, or none runs on another release."""

    status = 422
    title = "没有可以迁移的事项"
    story = "没有选中正在按其他版本办理的事项，没有迁移。"
    way_out = "在列表里勾选要迁移的事项，再开始。"


class ReasonNeeded(CaseError):
    """Moving cases says why it is done."""

    status = 422
    title = "请写迁移说明"
    story = "没有写迁移说明，没有迁移。"
    way_out = "用一两句话写为什么要迁移，再开始。"


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


def steps_of(session: Session, which: ColumnElement[bool]) -> dict[uuid.UUID, tuple[str, str]]:
    """The step at which each of these cases waits: its path and name; the first of several."""
    wanted = (
        select(Task.case_id, Task.element, Task.name)
        .join(Case, Case.id == Task.case_id)
        .where(which, Task.state == "open")
        .order_by(Task.id.desc())
    )
    return {case_id: (element, name) for case_id, element, name in session.execute(wanted)}


def begin_move(
    session: Session,
    actor: Actor,
    release_id: uuid.UUID,
    *,
    mapping: Mapping[str, str],
    note: str,
    now: datetime,
    chosen: Collection[uuid.UUID] | None = None,
    address: str = "",
) -> Move:
    """Order a move of all running cases, or of the chosen ones. The caller commits.

    The sweep carries it out; `carry_out` does so at once. Raises NotYours, ReasonNeeded,
    NothingToMove.
    """
    release = find_target(session, actor, release_id)
    if not note.strip():
        raise ReasonNeeded
    begin_write(session)
    found = list(session.scalars(select(Case.id).where(running_elsewhere(release))))
    if chosen is not None:
        found = [case_id for case_id in found if case_id in set(chosen)]
    if not found:
        raise NothingToMove
    move = Move(
        id=new_id(now),
        school_id=release.school_id,
        release_id=release.id,
        mapping=dict(mapping),
        note=note.strip(),
        author_id=actor.person_id,
        at=now,
    )
    session.add(move)
    session.flush()
    session.add_all(
        MovedCase(move_id=move.id, case_id=case_id, school_id=release.school_id)
        for case_id in found
    )
    jobs.enqueue(session, "move_cases", {"move": move.id.hex}, now, f"move:{move.id.hex}")
    about = f"{release.title} 第 {release.number} 版，{len(found)} 件：{move.note}"
    audit.record(session, "cases_moved", now, by=actor, about=about, address=address)
    return move


@jobs.handler("move_cases")
def move_cases(sessions: sessionmaker[Session], args: dict[str, Any], now: datetime) -> None:
    """Carry a move out to its end; what another worker did is done."""
    carry_out(sessions, uuid.UUID(args["move"]), now)


def carry_out(
    sessions: sessionmaker[Session], move_id: uuid.UUID, now: datetime, most: int | None = None
) -> int:
    """Move the cases that still wait for it, `most` at a time; gives how many were looked at."""
    with sessions() as session:
        wanted = select(MovedCase.case_id).where(
            MovedCase.move_id == move_id, MovedCase.outcome == "waiting"
        )
        waiting = list(session.scalars(wanted.order_by(MovedCase.case_id).limit(most)))
    for case_id in waiting:
        with sessions.begin() as session:
            move_case(session, move_id, case_id, now)
    with sessions.begin() as session:
        finish(session, move_id, now)
    return len(waiting)


def finish(session: Session, move_id: uuid.UUID, now: datetime) -> None:
    """Note the end of a move, once no case waits for it."""
    begin_write(session)
    waiting = select(func.count()).where(
        MovedCase.move_id == move_id, MovedCase.outcome == "waiting"
    )
    if not session.scalar(waiting):
        session.execute(
            update(Move)
            .where(Move.id == move_id, Move.finished_at.is_(None))
            .values(finished_at=now)
        )


def move_case(session: Session, move_id: uuid.UUID, case_id: uuid.UUID, now: datetime) -> None:
    """Move one case, or write down why not. The caller commits."""
    rows = steps.begin(session)
    case = lock_case(rows, case_id)
    line = session.get_one(MovedCase, (move_id, case_id), populate_existing=True)
    if line.outcome != "waiting" or case is None:
        return
    move = session.get_one(Move, move_id)
    release = session.get_one(Release, move.release_id)
    _, line.step = steps_of(session, Case.id == case_id).get(case_id, ("", ""))
    line.at = now
    refusal = why_not(case, release)
    if refusal is None:
        try:
            line.before = switch(session, case, move, release, now)
        except (CannotPlace, EngineError, Retasked) as error:
            refusal = error.message
    if refusal is not None:
        line.outcome, line.story = "refused", refusal
    else:
        line.outcome, line.version = "moved", case.version
    session.flush()


def why_not(case: LiveCase, release: Release) -> str | None:
    if case.is_finished:
        return "已经结束，结束的事项不再改动"
    if case.release_id == release.id:
        return "已经在这一版"
    return None


def switch(
    session: Session, case: LiveCase, move: Move, release: Release, now: datetime
) -> dict[str, Any]:
    """Put the locked case onto the release; gives what taking it back needs."""
    old = releases.executable_for(session, case.release_id)
    new = releases.executable_for(session, release.id)
    placed = place(
        old, new, case.state, variables=case.variables, facts=case.facts, now=now,
        mapping=move.mapping,
    )  # fmt: skip
    run = Run.restore(new, placed.state, variables=placed.variables, facts=case.facts)
    before = {
        "release": case.release_id.hex,
        "state": case.state,
        "variables": case.variables,
        "status": case.status,
        "wake_at": case.wake_at.isoformat() if case.wake_at else None,
        "messages": case.messages,
        "tasks": tasks_before(session, case.id),
    }
    status = retask(session, case, run, old, now)
    former = session.get_one(Release, case.release_id).number
    case.state, case.variables, case.release_id = placed.state, placed.variables, release.id
    case.status = status or case.status
    case.wake_at, case.messages = run.wake_at, list(run.messages)
    body = {"from": former, "to": release.number, "note": move.note}
    store(session, case, entry(move.author_id, "moved", body), now)
    return before


def undo(
    session: Session, actor: Actor, move_id: uuid.UUID, case_id: uuid.UUID, now: datetime
) -> MovedCase:
    """Take one case back to where it was, unless it has gone on since. The caller commits.

    Raises NotYours for another school's move; else the line says what became of it.
    """
    find_move(session, actor, move_id)
    case = lock_case(steps.begin(session), case_id)
    wanted = (
        select(MovedCase)
        .where(MovedCase.move_id == move_id, MovedCase.case_id == case_id)
        .options(undefer(MovedCase.before))
        .execution_options(populate_existing=True)
    )
    line = session.scalars(wanted).one_or_none()
    if case is None or line is None:
        raise NotYours
    if line.outcome not in ("moved", "kept"):
        return line
    line.at = now
    if case.is_finished or case.version != line.version:
        line.outcome, line.story = "kept", "迁移之后已经往下办，不能退回"
    else:
        take_back(session, case, line, actor, now)
    session.flush()
    return line


def take_back(
    session: Session, case: LiveCase, line: MovedCase, actor: Actor, now: datetime
) -> None:
    before = line.before or {}
    release = session.get_one(Release, uuid.UUID(before["release"]))
    former = session.get_one(Release, case.release_id).number
    case.state, case.variables, case.release_id = before["state"], before["variables"], release.id
    case.status, case.messages = before["status"], before["messages"]
    case.wake_at = datetime.fromisoformat(before["wake_at"]) if before["wake_at"] else None
    restore_tasks(session, case.id, before["tasks"])
    store(
        session,
        case,
        entry(actor.person_id, "moved_back", {"from": former, "to": release.number}),
        now,
    )
    line.outcome, line.story, line.version = "undone", "", case.version


def undo_all(
    sessions: sessionmaker[Session], actor: Actor, move_id: uuid.UUID, now: datetime,
    address: str = "",
) -> int:  # fmt: skip
    """Take back every case of a move that has not gone on; a transaction each. Gives how many."""
    with sessions.begin() as session:
        move = find_move(session, actor, move_id)
        wanted = select(MovedCase.case_id).where(
            MovedCase.move_id == move_id, MovedCase.outcome == "moved"
        )
        moved = list(session.scalars(wanted))
        about = f"{move.at:%Y-%m-%d %H:%M} 的迁移，{len(moved)} 件：{move.note}"
        audit.record(session, "move_undone", now, by=actor, about=about, address=address)
    undone = 0
    for case_id in moved:
        with sessions.begin() as session:
            undone += undo(session, actor, move_id, case_id, now).outcome == "undone"
    return undone


def find_move(session: Session, actor: Actor, move_id: uuid.UUID) -> Move:
    """A move of the own school. Raises NotYours for any other."""
    wanted = select(Move).where(Move.id == move_id, Move.school_id == actor.school_id)
    found = session.scalars(wanted).one_or_none()
    if found is None or actor.role != "admin":
        raise NotYours
    return found


def store(session: Session, case: LiveCase, made: Entry, now: datetime) -> None:
    """The case with its release under its version, and the line of its history."""
    session.execute(
        update(Case)
        .where(Case.id == case.id, Case.version == case.version)
        .values(release_id=case.release_id)
        .execution_options(synchronize_session=False)
    )
    steps.keep(session, case, [made], now)


def entry(person_id: uuid.UUID, kind: str, body: dict[str, Any]) -> Entry:
    """A row of history; it is an act of its own, which took no flow."""
    return Entry(
        "person", kind, "", person_id, {"role": "admin", **body, "passed": [], "flows": []}
    )


def author_of(session: Session, move: Move) -> str:
    return session.get_one(Person, move.author_id).name
