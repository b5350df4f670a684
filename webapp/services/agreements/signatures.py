"""Handwritten signatures of employers and graduates: versioned, printed on what is issued (A22, A23).

What becomes of agreements issued before is the school's policy: they keep theirs, or all of them
come out as a new version with the same terms, once the owner has read which ones. For an employer
that takes the account that speaks for its seal: a signature that anybody else makes is for what
is issued later.
"""

from __future__ import annotations

import hashlib
import uuid
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from ...database import begin_write, insert_for
from ...errors import ChangedMeanwhile, NotAllowed
from ...models import Agreement, Blob, Case, Graduate, School, Signature, new_id
from ..accounts.actors import Actor
from ..audit import record
from ..employers.levels import is_seal_level
from ..notices.notices import tell_beside
from . import rescissions
from .printing import is_printed

OWNERS = ("employer", "graduate")
NEW_ONLY, ALL = "new_only", "all"
POLICIES = {
    NEW_ONLY: "以后签发的用新签名，已签发的不变",
    ALL: "已签发的也换成新签名，出新版协议书，条款不变",
}
RESCINDED, EDITED = "正在办理解约，不换", "正在修改，改好的新版用新签名"
UNSEALED = "须由通过单位认证的帐号管理者来换"


@dataclass(frozen=True)
class Affected:
    """An agreement that a new signature reaches; `stays` says why it keeps the old one for now."""

    agreement: Agreement
    graduate: str
    school: str
    stays: str = ""


def put_under(
    session: Session,
    opinions: dict[str, dict[str, str]],
    graduate_id: uuid.UUID,
    employer_id: uuid.UUID | None,
) -> None:
    """Name the newest signature of each side that has agreed, by the hash of its picture."""
    owners = {"graduate": graduate_id, "employer": employer_id}
    for role, owner_id in owners.items():
        if role in opinions and owner_id and (newest := current(session, role, owner_id)):
            opinions[role]["signature"] = newest.sha256


def current(session: Session, role: str, owner_id: uuid.UUID) -> Signature | None:
    """The newest signature of an employer or a graduate, by the role they have in a case."""
    owner = Signature.employer_id if role == "employer" else Signature.graduate_id
    wanted = select(Signature).where(owner == owner_id).order_by(Signature.version.desc())
    return session.scalars(wanted.limit(1)).first()


def own(session: Session, actor: Actor) -> tuple[Signature, bytes] | None:
    """The signature of whom this actor stands for, with its picture."""
    found = current(session, actor.role, owner_of(actor))
    if found is None:
        return None
    return found, session.scalars(select(Blob.content).where(Blob.sha256 == found.sha256)).one()


def keep(session: Session, actor: Actor, picture: bytes, now: datetime) -> Signature:
    """Make this picture the actor's signature, and do what the schools' policies say about the rest.

    The same picture again is no new version, but reaches the agreements that kept an older one.
    Raises NotAllowed, ChangedMeanwhile (a colleague was faster).
    """
    owner_id = owner_of(actor)
    begin_write(session)
    last = current(session, actor.role, owner_id)
    sha256 = hashlib.sha256(picture).hexdigest()
    if last is None or last.sha256 != sha256:
        last = add_version(session, actor, last, picture, sha256, now)
    for one in affected(session, actor, sha256, now):
        if not one.stays:
            reissue(session, actor, one.agreement, sha256, now)
    return last


def add_version(
    session: Session,
    actor: Actor,
    last: Signature | None,
    picture: bytes,
    sha256: str,
    now: datetime,
) -> Signature:
    """The picture as the version after `last`. Raises ChangedMeanwhile."""
    from .documents import store_blob  # late: documents issue what is signed

    store_blob(session, sha256, picture)
    values = {
        "id": new_id(),
        f"{actor.role}_id": owner_of(actor),
        "version": last.version + 1 if last else 1,
        "sha256": sha256,
        "made_by": actor.person_id,
        "made_at": now,
    }
    insert = insert_for(session, Signature.__table__).values(values).on_conflict_do_nothing()
    made = session.execute(insert.returning(Signature.id)).first()
    if made is None:
        raise ChangedMeanwhile
    record(session, "signature_changed", now, by=actor, about=f"第 {values['version']} 版")
    return session.get_one(Signature, made.id)


def affected(session: Session, actor: Actor, sha256: str, now: datetime) -> list[Affected]:
    """The agreements in force that a new signature changes: those of schools that renew all.

    Where the actor's account does not speak for the employer's seal, each stays as it is.
    """
    unsealed = "" if may_renew(session, actor, now) else UNSEALED
    owner = Agreement.employer_id if actor.role == "employer" else Agreement.graduate_id
    rows = session.execute(
        select(Agreement, Graduate.name, School, Case.release_id)
        .options(undefer(Agreement.snapshot))
        .join(Graduate, Graduate.id == Agreement.graduate_id)
        .join(School, School.id == Agreement.school_id)
        .join(Case, Case.id == Agreement.case_id)
        .where(owner == owner_of(actor), Agreement.state == "valid")
        .order_by(Agreement.id)
    ).all()
    return [
        Affected(agreement, name, school.name, unsealed or why_it_stays(session, agreement))
        for agreement, name, school, release in rows
        if school.settings.get("signature_policy", NEW_ONLY) == ALL
        and signed_otherwise(agreement, actor.role, sha256)
        and is_printed(session, release)
    ]


def may_renew(session: Session, actor: Actor, now: datetime) -> bool:
    """Whether a new signature of this actor may change what is issued already (A22).

    A graduate signs for nobody else; an employer's account has to speak for its seal.
    """
    if actor.role != "employer":
        return True
    return is_seal_level(session, owner_of(actor), actor.person_id, now)


def reissue(
    session: Session, actor: Actor, agreement: Agreement, sha256: str, now: datetime
) -> None:
    """The same terms with another signature, as the next version; the other side is told."""
    from . import versions  # late: versions issue what is signed

    held = versions.lock_agreement(session, agreement.id)
    if held.state != "valid" or why_it_stays(session, held):
        return
    values: dict[str, Any] = deepcopy(held.snapshot["values"])
    values["opinions"][actor.role]["signature"] = sha256
    new = versions.issue_next(session, held, values, held.snapshot["answers"], now)
    other = "graduate" if actor.role == "employer" else "employer"
    tell_beside(session, held.case_id, "signature_renewed", other, f"signed:{new.id.hex}", now)


def why_it_stays(session: Session, agreement: Agreement) -> str:
    """A rescission goes first, and an edit brings the new signature along by itself."""
    from . import amendments  # late: amendments issue what is signed

    if rescissions.running_request(session, agreement.id):
        return RESCINDED
    return EDITED if amendments.running_request(session, agreement.id) else ""


def signed_otherwise(agreement: Agreement, role: str, sha256: str) -> bool:
    """Whether this side has signed the agreement, and with another picture or none."""
    opinion = agreement.snapshot["values"].get("opinions", {}).get(role)
    return opinion is not None and opinion.get("signature") != sha256


def owner_of(actor: Actor) -> uuid.UUID:
    """Whom this actor signs for. Raises NotAllowed for the school's people."""
    owner = {"employer": actor.employer_id, "graduate": actor.graduate_id}.get(actor.role)
    if owner is None:
        raise NotAllowed
    return owner


def pictures_for(session: Session, values: dict[str, Any]) -> dict[str, bytes]:
    """The pictures of the signatures that these printed values name, by role."""
    named = {
        role: opinion["signature"]
        for role, opinion in values.get("opinions", {}).items()
        if isinstance(opinion, dict) and opinion.get("signature")
    }
    found = session.execute(
        select(Blob.sha256, Blob.content).where(Blob.sha256.in_(set(named.values())))
    )
    stored = dict(list(found))
    return {role: stored[sha256] for role, sha256 in named.items()}
