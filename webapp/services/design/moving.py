"""Moves running cases to another release of their variant: tried first, then done, and taken back.

Each case is moved in a transaction of its own, under its lock. What waits goes on waiting, in the
same tasks with the same deadlines; what cannot be placed stays on its release, and the report says
why. A move can be taken back as long as the case has not gone on.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker, undefer

from processes.engine import CannotPlace, EngineError, Run, place

from ... import jobs
from ...database import begin_write
from ...errors import CaseError, NotYours
from ...models import Case, Move, MovedCase, Release, new_id
from .. import audit
from ..accounts.actors import Actor
from ..cases import steps
from ..cases.history import Entry
from ..cases.rows import LiveCase, lock_case
from . import releases
from .retasking import Retasked, restore_tasks, retask, tasks_before
from .trying import find_target, running_elsewhere, steps_of

AT_ONCE = 50  # cases moved while the admin waits; the sweep moves the others


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
    session: Session,
    actor: Actor,
    move_id: uuid.UUID,
    case_id: uuid.UUID,
    now: datetime,
    address: str = "",
) -> MovedCase:
    """Take one case back to where it was, unless it has gone on since. The caller commits.

    Raises NotYours for another school's move; else the line says what became of it.
    """
    find_move(session, actor, move_id)
    rows = steps.begin(session)
    case = lock_case(rows, case_id)
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
        audit.record(session, "move_undone", now, by=actor, about=case.title, address=address)
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
    sessions: sessionmaker[Session],
    actor: Actor,
    move_id: uuid.UUID,
    now: datetime,
    address: str = "",
) -> int:
    """Take back every case of a move that has not gone on; a transaction each. Gives how many."""
    with sessions() as session:
        find_move(session, actor, move_id)
        wanted = select(MovedCase.case_id).where(
            MovedCase.move_id == move_id, MovedCase.outcome == "moved"
        )
        moved = list(session.scalars(wanted))
    undone = 0
    for case_id in moved:
        with sessions.begin() as session:
            line = undo(session, actor, move_id, case_id, now, address)
            undone += line.outcome == "undone"
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
