"""Requests for another print: asked with a reason, granted or refused once, all registered (F24).

A grant lets its side print one copy beyond the quota, or where the school prints itself.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ...database import begin_write, insert_for
from ...errors import NotAllowed, NotInForce, NotYours, ReasonMissing, RequestDecided, RequestWaits
from ...models import Agreement, Case, PrintRequest, School, new_id
from ...models.versions import WAITING_REQUEST
from ..accounts.actors import Actor
from ..audit import record
from ..cases.cases import visible_to
from ..notices.notices import tell_beside
from .documents import find_agreement

PARTIES = ("graduate", "employer")
LONGEST = 200
ANSWERS = {"granted": "同意", "refused": "不同意"}


def ask(
    session: Session, actor: Actor, agreement_id: uuid.UUID, copy: str, reason: str, now: datetime
) -> None:
    """Ask the school for one more print. Raises ReasonMissing, RequestWaits or NotInForce."""
    from .prints import copies_of  # late: prints builds on this module

    if actor.role not in PARTIES:
        raise NotAllowed
    begin_write(session)
    agreement = find_agreement(session, actor, agreement_id, lock=True)
    if not 2 <= len(reason.strip()) <= LONGEST:
        raise ReasonMissing(
            f"申请的原因要写 2 到 {LONGEST} 字。", "写明为什么要再打印，再提交一次。"
        )
    if agreement.state != "valid":
        raise NotInForce
    if copy not in copies_of(session.get_one(School, agreement.school_id).settings):
        raise NotYours
    values = {
        "id": new_id(now),
        "school_id": agreement.school_id,
        "agreement_id": agreement.id,
        "person_id": actor.person_id,
        "role": actor.role,
        "copy": copy,
        "reason": reason.strip(),
        "asked_at": now,
        "state": "waiting",
        "answer": "",
    }
    insert = insert_for(session, PrintRequest.__table__).values(values)
    insert = insert.on_conflict_do_nothing(
        index_elements=["agreement_id", "role"], index_where=WAITING_REQUEST
    )
    if session.execute(insert.returning(PrintRequest.id)).first() is None:
        raise RequestWaits
    tell_beside(session, agreement.case_id, "print_asked", "office", f"print:{values['id']}", now)


def decide(
    session: Session, actor: Actor, request_id: uuid.UUID, state: str, answer: str, now: datetime
) -> PrintRequest:
    """Grant or refuse, once. Raises NotYours, ReasonMissing (a refusal says why), RequestDecided."""
    if actor.role != "office":
        raise NotAllowed
    begin_write(session)
    request = find_request(session, actor, request_id)
    if state not in ANSWERS:
        raise NotAllowed
    if state == "refused" and len(answer.strip()) < 2:
        raise ReasonMissing("不同意的，要写明原因，申请人会看到。", "写明原因后再提交一次。")
    decided = session.execute(
        update(PrintRequest)
        .where(PrintRequest.id == request.id, PrintRequest.state == "waiting")
        .values(
            state=state,
            decided_by=actor.person_id,
            decided_at=now,
            answer=answer.strip()[:LONGEST],
        )
    )
    if decided.rowcount != 1:  # type: ignore[attr-defined]
        raise RequestDecided
    session.refresh(request)
    about = f"{ANSWERS[state]}：{answer.strip()}" if answer.strip() else ANSWERS[state]
    record(session, "print_decided", now, by=actor, about_id=request.person_id, about=about)
    case_id = session.get_one(Agreement, request.agreement_id).case_id
    tell_beside(
        session, case_id, f"print_{state}", request.role, f"print:{request.id}:{state}", now
    )
    return request


def find_request(session: Session, actor: Actor, request_id: uuid.UUID) -> PrintRequest:
    """A request about an agreement whose case this actor may see."""
    found = session.scalars(
        select(PrintRequest)
        .join(Agreement, Agreement.id == PrintRequest.agreement_id)
        .join(Case, Case.id == Agreement.case_id)
        .where(PrintRequest.id == request_id, visible_to(actor))
    ).first()
    if found is None:
        raise NotYours
    return found


def requests_of(session: Session, actor: Actor, agreement_id: uuid.UUID) -> list[PrintRequest]:
    """What was asked about this version, latest first: a party reads its own side's alone."""
    agreement = find_agreement(session, actor, agreement_id)
    wanted = select(PrintRequest).where(PrintRequest.agreement_id == agreement.id)
    if actor.role in PARTIES:
        wanted = wanted.where(PrintRequest.role == actor.role)
    return list(session.scalars(wanted.order_by(PrintRequest.id.desc())))


def unused_grants(session: Session, actor: Actor, agreement_id: uuid.UUID) -> list[PrintRequest]:
    """The granted requests of this side that no print has used yet, the oldest first."""
    wanted = select(PrintRequest).where(
        PrintRequest.agreement_id == agreement_id,
        PrintRequest.role == actor.role,
        PrintRequest.state == "granted",
        PrintRequest.print_id.is_(None),
    )
    return list(session.scalars(wanted.order_by(PrintRequest.id)))


def count_waiting_requests(session: Session, school_id: uuid.UUID | None) -> int:
    """How many requests the office has still to decide."""
    waiting = select(func.count()).where(
        PrintRequest.school_id == school_id, PrintRequest.state == "waiting"
    )
    return session.scalar(waiting.select_from(PrintRequest)) or 0
