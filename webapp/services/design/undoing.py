"""Takes moved cases back to where they were, as long as they have not gone on since."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker, undefer

from ... import jobs
from ...database import begin_write
from ...errors import NotYours
from ...models import Job, MovedCase, Release
from .. import audit
from ..accounts.actors import Actor
from ..cases import steps
from ..cases.rows import LiveCase, lock_case
from .handing import tell_holders
from .moving import entry, find_move, one_by_one, store
from .retasking import restore_tasks, tasks_before
from .trying import BATCH


def order_undo(
    session: Session, actor: Actor, move_id: uuid.UUID, now: datetime, address: str = ""
) -> None:
    """Order that every case of a move that has not gone on goes back. The caller commits.

    The sweep carries it out; `take_back_some` begins at once. Raises NotYours.
    """
    find_move(session, actor, move_id)
    begin_write(session)
    args = {
        "move": move_id.hex,
        "person": actor.person_id.hex,
        "name": actor.name,
        "membership": actor.membership_id.hex,
        "school": actor.school_id.hex if actor.school_id else "",
        "address": address,
    }
    jobs.enqueue(session, "undo_move", args, now, key_of(move_id))


def key_of(move_id: uuid.UUID) -> str:
    return f"undo:{move_id.hex}"


def is_going_back(session: Session, move_id: uuid.UUID) -> bool:
    """Whether the cases of this move are being taken back now."""
    wanted = select(Job.id).where(Job.once_key == key_of(move_id), Job.state == "waiting")
    return session.scalar(wanted) is not None


@jobs.handler("undo_move")
def undo_move(
    sessions: sessionmaker[Session], args: dict[str, Any], now: datetime
) -> jobs.Unfinished | None:
    """Take some more cases back, in the name of who ordered it."""
    ordered_by = Actor(
        person_id=uuid.UUID(args["person"]),
        name=args["name"],
        membership_id=uuid.UUID(args["membership"]),
        role="admin",
        school_id=uuid.UUID(args["school"]),
    )
    move_id = uuid.UUID(args["move"])
    more = take_back_some(sessions, ordered_by, move_id, now, args["address"])
    return jobs.MORE if more else None


def take_back_some(
    sessions: sessionmaker[Session],
    actor: Actor,
    move_id: uuid.UUID,
    now: datetime,
    address: str = "",
    most: int = BATCH,
) -> bool:
    """Take back some cases of a move that have not gone on; a transaction each.

    Gives whether there may be others. Raises NotYours.
    """
    with sessions() as session:
        find_move(session, actor, move_id)
        wanted = select(MovedCase.case_id).where(
            MovedCase.move_id == move_id, MovedCase.outcome == "moved"
        )
        moved = list(session.scalars(wanted.order_by(MovedCase.case_id).limit(most)))
    one_by_one(
        sessions,
        moved,
        lambda session, case_id: undo(session, actor, move_id, case_id, now, address),
    )
    return len(moved) == most


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
    now_open = tasks_before(session, case.id)
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
    tell_holders(session, case, now_open, f"unmove:{line.move_id.hex}", now)
    line.outcome, line.story, line.version = "undone", "", case.version
