"""Mobiles in the form of a case: proved by a code before the form may be sent (A12, A16).

Which fields ask for it, the form itself says (`properties.proved`), as frozen with its release. The
proof belongs to the case and to the number: another number is not proved by it, nor another case.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine import Executable

from ...database import insert_for
from ...errors import CaseError
from ...models import Case, MobileProof, Person, Release, Task, new_id
from ..accounts.actors import Actor, Anyone, Guest, masked_mobile
from ..accounts.codes import plain_mobile
from ..accounts.proving import Proving, ask_for_code, take_code
from ..audit import record
from . import late
from .rows import LiveCase, TaskRow
from .separation import element_at

LASTS = timedelta(days=30)
# Per release the fields that must be proved, by form and key, with their labels: a release never changes.
ASKED: dict[uuid.UUID, dict[str, dict[str, str]]] = {}


class MobileNotProved(CaseError):
    """The number was never proved, was changed afterwards, or was proved too long ago."""

    status = 422
    title = "手机号还没有核验"

    def __init__(self, task_id: uuid.UUID, label: str, mobile: str) -> None:
        self.link = (f"/tasks/{task_id}/answer", "回去核验")
        super().__init__(
            f"{label} {masked_mobile(mobile)} 还没有用短信验证码核验，或者核验以后改过号码。这次没有提交。",
            "填写的内容都在。回到填写页，点“用短信验证码核验”，通过后再提交。",
        )


def require_proved(
    session: Session,
    actor: Anyone,
    executable: Executable,
    case: LiveCase,
    task: TaskRow,
    answers: Mapping[str, Any],
    now: datetime,
) -> None:
    """Raises MobileNotProved where the form asks for a proved mobile and got another one.

    A guest's own mobile was proved before the guest could act at all.
    """
    element = element_at(executable.diagram, executable.called, task.element)
    form = element.form if element else None
    for key, label in asked_fields(session, case.release_id, form or "").items():
        mobile = answers.get(key)
        if not mobile or (isinstance(actor, Guest) and mobile == actor.mobile):
            continue
        if mobile not in proved_mobiles(session, case.id, now):
            raise MobileNotProved(task.id, label, str(mobile))


def asked_fields(session: Session, release_id: uuid.UUID, form: str) -> dict[str, str]:
    """The keys and labels of a form's fields that ask for a proved mobile, read once per release."""
    if release_id not in ASKED:
        forms = session.scalars(select(Release.forms).where(Release.id == release_id)).one()
        ASKED[release_id] = {key: dict(asked_in(raw)) for key, raw in forms.items()}
    return ASKED[release_id].get(form, {})


def asked_in(part: Any) -> list[tuple[str, str]]:
    if isinstance(part, list):
        return [found for one in part for found in asked_in(one)]
    if not isinstance(part, dict):
        return []
    own = (part.get("properties") or {}).get("proved") and part.get("key")
    below = asked_in(part.get("components"))
    return [(part["key"], part.get("label", "")), *below] if own else below


def proved_mobiles(session: Session, case_id: uuid.UUID, now: datetime) -> frozenset[str]:
    """The numbers that count as proved in this case."""
    wanted = select(MobileProof.mobile).where(
        MobileProof.case_id == case_id, MobileProof.proved_at > now - LASTS
    )
    return frozenset(session.scalars(wanted))


def last_proof(session: Session, case_id: uuid.UUID) -> tuple[MobileProof, str] | None:
    """The latest proof of a case and the name of who typed its code."""
    row = session.execute(
        select(MobileProof, Person.name)
        .join(Person, Person.id == MobileProof.proved_by_id)
        .where(MobileProof.case_id == case_id)
        .order_by(MobileProof.proved_at.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def send_proof_code(
    session: Session, actor: Actor, task: Task, typed: str, address: str, now: datetime
) -> str:
    """Have a code sent to the mobile of a waiting form; gives it in plain digits. The caller commits.

    Whether the number has an account is never asked, so nothing tells it. Raises NotAMobile,
    SentJustNow, or why the task no longer waits.
    """
    require_waiting(session, task)
    return ask_for_code(session, proving_for(actor, task, address), typed, now)


def prove_mobile(
    session: Session, actor: Actor, task: Task, mobile: str, typed: str, address: str, now: datetime
) -> str:
    """The code came back: the mobile is proved for the task's case. The caller commits.

    Raises NotAMobile, WrongCode, CodeExpired, TooManyTries, or why the task no longer waits.
    """
    require_waiting(session, task)
    mobile, case_id = plain_mobile(mobile), task.case_id
    take_code(session, proving_for(actor, task, address), mobile, typed, now)
    case = session.get_one(Case, case_id)
    keep_proof(session, actor, case, mobile, now)
    record(
        session, "mobile_proved", now,
        person_id=actor.person_id, school_id=case.school_id,
        about=f"{case.title} · {masked_mobile(mobile)}", address=address,
    )  # fmt: skip
    return mobile


def require_waiting(session: Session, task: Task) -> None:
    if task.state != "open":
        raise late.why_not_open(session, task.id)


def keep_proof(session: Session, actor: Actor, case: Case, mobile: str, now: datetime) -> None:
    """Remember that this number was proved for this case, and by whom; once more renews it."""
    renewed = {"proved_at": now, "proved_by_id": actor.person_id}
    row = insert_for(session, MobileProof.__table__).values(
        id=new_id(now), school_id=case.school_id, case_id=case.id, mobile=mobile, **renewed
    )
    session.execute(row.on_conflict_do_update(index_elements=["case_id", "mobile"], set_=renewed))


def proving_for(actor: Actor, task: Task, address: str) -> Proving:
    """A code is good for this case alone, and counted under whoever asks for it."""
    purpose = f"case:{task.case_id.hex}"
    return Proving("person", actor.person_id, purpose, address, task.school_id)
