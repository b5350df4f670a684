"""Moves running cases to another release of their variant: tried first, then done, and taken back.

Cases are placed some at a time in a process with limits, while nobody's lock is held; then each is
moved in a transaction of its own, under its lock, unless it went on meanwhile: then it is placed
again. What waits goes on waiting, in the same tasks with the same deadlines; what cannot be placed
stays on its release, and the report says why.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from processes.engine import EngineError, Run
from processes.engine.placing_apart import PlacedApart

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
from .handing import tell_holders
from .retasking import Retasked, retask, tasks_before
from .trying import (
    BATCH,
    Running,
    content_of,
    contents_of,
    find_target,
    place_running,
    read_running,
    running_elsewhere,
    steps_of,
)

AT_ONCE = 50  # cases moved while the admin waits; the sweep moves the others
LONGEST_REST = 0.1  # seconds between two cases


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

    The sweep carries it out; `carry_out` begins at once. Raises NotYours, ReasonNeeded,
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
def move_cases(
    sessions: sessionmaker[Session], args: dict[str, Any], now: datetime
) -> jobs.Unfinished | None:
    """Carry a move on; what another worker did is done."""
    return jobs.MORE if carry_out(sessions, uuid.UUID(args["move"]), now, BATCH) else None


def carry_out(
    sessions: sessionmaker[Session], move_id: uuid.UUID, now: datetime, most: int = BATCH
) -> bool:
    """Move some of the cases that still wait for it; gives whether others wait then.

    Raises NoAnswer where the process that places them was killed before it said anything.
    """
    with sessions() as session:
        wanted = select(MovedCase.case_id).where(
            MovedCase.move_id == move_id, MovedCase.outcome == "waiting"
        )
        waiting = list(session.scalars(wanted.order_by(MovedCase.case_id).limit(most)))
        placed = place_waiting(session, move_id, waiting, now)
    one_by_one(
        sessions,
        waiting,
        lambda session, case_id: move_case(session, move_id, case_id, placed.get(case_id), now),
    )
    with sessions.begin() as session:
        return not finish(session, move_id, now)


def one_by_one(
    sessions: sessionmaker[Session],
    case_ids: Iterable[uuid.UUID],
    act: Callable[[Session, uuid.UUID], object],
) -> None:
    """Do the act for each case in a transaction of its own, with a rest as long as it took.

    On SQLite whoever waits for the write lock looks for it only now and then; without rests a long
    move would keep everybody else from writing for seconds.
    """
    for case_id in case_ids:
        began = time.monotonic()
        with sessions.begin() as session:
            act(session, case_id)
        time.sleep(min(time.monotonic() - began, LONGEST_REST))


def place_waiting(
    session: Session, move_id: uuid.UUID, waiting: list[uuid.UUID], now: datetime
) -> dict[uuid.UUID, tuple[int, PlacedApart]]:
    """Where these cases would stand in the new release, with the version that was looked at.

    The session's transaction ends before the placing begins.
    """
    move = session.get_one(Move, move_id)
    mapping = move.mapping
    which = Case.id.in_(waiting) & Case.ended_at.is_(None) & (Case.release_id != move.release_id)
    cases: list[Running] = read_running(session, which, None, len(waiting))
    if not cases:
        return {}
    target, contents = content_of(session, move.release_id), contents_of(session, cases)
    session.rollback()
    placed = place_running(contents, cases, target, mapping, now)
    return {one.id: (one.version, placed[one.id]) for one in cases if one.id in placed}


def finish(session: Session, move_id: uuid.UUID, now: datetime) -> bool:
    """Note the end of a move, once no case waits for it; gives whether it has ended."""
    begin_write(session)
    waiting = select(func.count()).where(
        MovedCase.move_id == move_id, MovedCase.outcome == "waiting"
    )
    if session.scalar(waiting):
        return False
    session.execute(
        update(Move).where(Move.id == move_id, Move.finished_at.is_(None)).values(finished_at=now)
    )
    return True


def move_case(
    session: Session,
    move_id: uuid.UUID,
    case_id: uuid.UUID,
    found: tuple[int, PlacedApart] | None,
    now: datetime,
) -> None:
    """Move one case, or write down why not; it still waits where it went on since it was placed.

    The caller commits.
    """
    rows = steps.begin(session)
    case = lock_case(rows, case_id)
    line = session.get_one(MovedCase, (move_id, case_id), populate_existing=True)
    if line.outcome != "waiting" or case is None:
        return
    move = session.get_one(Move, move_id)
    release = session.get_one(Release, move.release_id)
    refusal = why_not(case, release)
    placed = found[1] if found and found[0] == case.version else None
    if refusal is None and placed is None:
        return
    _, line.step = steps_of(session, Case.id == case_id).get(case_id, ("", ""))
    line.at = now
    if refusal is None and placed is not None:
        try:
            line.before = switch(session, case, move, release, placed, now)
        except (EngineError, Retasked) as error:
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
    session: Session,
    case: LiveCase,
    move: Move,
    release: Release,
    placed: PlacedApart,
    now: datetime,
) -> dict[str, Any]:
    """Put the locked case onto the release; gives what taking it back needs.

    Raises Retasked where it was placed in vain.
    """
    if placed.refusal:
        raise Retasked(placed.refusal)
    old = releases.executable_for(session, case.release_id)
    new = releases.executable_for(session, release.id)
    run = Run.restore(new, placed.state, variables=placed.variables, facts=case.facts)
    before = {
        "release": case.release_id.hex,
        "state": case.state,
        "variables": case.variables,
        "status": case.status,
        "wake_at": case.wake_at.isoformat() if case.wake_at else None,
        "messages": case.messages,
        "tasks": (tasks := tasks_before(session, case.id)),
    }
    status = retask(session, case, run, old, now)
    former = session.get_one(Release, case.release_id).number
    case.state, case.variables, case.release_id = placed.state, placed.variables, release.id
    case.status = status or case.status
    case.wake_at, case.messages = run.wake_at, list(run.messages)
    body = {"from": former, "to": release.number, "note": move.note}
    store(session, case, entry(move.author_id, "moved", body), now)
    tell_holders(session, case, tasks, f"move:{move.id.hex}", now)
    return before


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
