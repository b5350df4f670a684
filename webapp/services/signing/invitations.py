"""An employer finds the one graduate it has agreed with: exact school, name and student number.

No list, no part of a name, no hint which of the three was wrong: the register is not for browsing.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import CaseError, NotAllowed
from ...models import Case, Employer, Graduate, School
from ..accounts.actors import Actor
from ..accounts.throttles import Limit, count_try, take_back
from ..cases.cases import start_case
from ..cases.rows import LiveCase
from ..employers.levels import require_level

FAMILY, VARIANT = "online_signing", "employer_invitation"


class NoSuchGraduate(CaseError):
    """Nobody has these three together."""

    status = 422
    title = "没有找到这位毕业生"
    story = "没有找到这位毕业生。学校、姓名、学号三项要完全一致。"
    way_out = "请向毕业生核对后再试。"


def invite(
    session: Session,
    actor: Actor,
    school_code: str,
    name: str,
    student_no: str,
    limit: Limit,
    now: datetime,
) -> LiveCase | Case:
    """Open an invitation to this graduate, or go on with the draft that is already there.

    Tries are counted, so that nobody finds numbers by guessing. Raises NoSuchGraduate, TooManyTries,
    NoRelease, or NotVerifiedEnough where the school wants to know more of the employer (K13).
    """
    if actor.employer_id is None:
        raise NotAllowed
    key = f"lookup:{actor.employer_id.hex}"
    count_try(session, {key: limit}, now)
    employer = session.get_one(Employer, actor.employer_id)
    require_accepted(session, employer, school_code, now)
    graduate = find_graduate(session, school_code, name, student_no)
    hold(session, graduate)
    take_back(session, key)
    draft = unsent(session, actor, graduate)
    if draft is not None:
        return draft
    return start_case(
        session, actor, FAMILY, graduate=graduate, employer=employer, now=now, variant=VARIANT
    )


def require_accepted(session: Session, employer: Employer, school_code: str, now: datetime) -> None:
    """The school's own minimum, said before anybody is looked up."""
    school = session.scalars(select(School).where(School.code == plain(school_code))).first()
    if school is not None:
        require_level(session, employer, school, now)


def hold(session: Session, graduate: Graduate) -> None:
    """Let colleagues who begin at the same moment come one after the other: one draft is enough."""
    begin_write(session)
    session.execute(
        select(Graduate.id).where(Graduate.id == graduate.id).with_for_update(key_share=True)
    )


def find_graduate(session: Session, school_code: str, name: str, student_no: str) -> Graduate:
    """The one graduate with exactly these three."""
    found = session.scalars(
        select(Graduate)
        .join(School, School.id == Graduate.school_id)
        .where(
            School.code == plain(school_code),
            Graduate.student_no == plain(student_no),
            Graduate.name == plain(name),
        )
    ).first()
    if found is None:
        raise NoSuchGraduate
    return found


def unsent(session: Session, actor: Actor, graduate: Graduate) -> Case | None:
    """The draft this employer has already begun for the graduate: a second click opens it again."""
    return session.scalars(
        select(Case)
        .where(
            Case.employer_id == actor.employer_id,
            Case.graduate_id == graduate.id,
            Case.family == FAMILY,
            Case.variant == VARIANT,
            Case.status == "drafting",
            Case.ended_at.is_(None),
        )
        .order_by(Case.id.desc())
    ).first()


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
