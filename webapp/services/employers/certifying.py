"""What an employer may begin about itself, at a school of its choice: certification, a new manager.

A certification is accepted by one school and counts at all of them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...errors import CaseError, NotAllowed, NotYours
from ...models import Case, Employer, School
from ..accounts.actors import Actor
from ..cases import entries
from ..cases.cases import start_case
from ..cases.entries import Entry
from .lasting import CERTIFIED, level_of

EMPLOYER = "employer"
CHANGE = "change_manager"


class NotCertifiedYet(CaseError):
    """A manager is changed where there is one on record."""

    title = "单位还没有认证"
    story = "变更管理者要先完成单位认证，认证到期的要重新认证。"
    way_out = "先办理单位认证，公函上填新的管理者即可。"


@dataclass(frozen=True)
class Offer:
    """Something an employer may begin about itself, and the school it would turn to."""

    school: School
    entry: Entry


def offers(session: Session, actor: Actor) -> list[Offer]:
    """What every school's releases in force let this actor begin about an employer."""
    wanted = select(School).order_by(School.code)
    if actor.school_id:
        wanted = wanted.where(School.id == actor.school_id)
    return [
        Offer(school, entry)
        for school in session.scalars(wanted)
        for entry in entries.entries_for(session, actor, school.id, EMPLOYER)
    ]


def begin(
    session: Session,
    actor: Actor,
    school_code: str,
    family: str,
    variant: str,
    employer_id: uuid.UUID,
    now: datetime,
) -> uuid.UUID:
    """Open such a case at a school, or go on with the one that runs there already.

    An employer begins for itself, the office for any employer. Raises NotYours for what the school
    does not offer, NotCertifiedYet, NotAllowed.
    """
    employer = session.get(Employer, employer_id)
    if employer is None:
        raise NotYours
    if actor.role == "employer" and actor.employer_id != employer_id:
        raise NotAllowed
    found = [
        one
        for one in offers(session, actor)
        if (one.school.code, one.entry.family, one.entry.variant) == (school_code, family, variant)
    ]
    if not found:
        raise NotYours
    school = found[0].school
    if variant == CHANGE and level_of(session, employer, now) not in CERTIFIED:
        raise NotCertifiedYet
    running = session.scalar(
        select(Case.id)
        .where(
            Case.employer_id == employer_id,
            Case.school_id == school.id,
            Case.family == family,
            Case.variant == variant,
            Case.ended_at.is_(None),
        )
        .limit(1)
    )
    if running is not None:
        return running
    case = start_case(
        session, actor, family, variant=variant, graduate=None, employer=employer,
        about=employer, school_id=school.id, now=now,
    )  # fmt: skip
    return case.id
