"""A registered employer enters what it has agreed with a graduate by other means (D01, D02).

It names the graduate exactly: school, name, and student number or the end of the identity number.
The register is not for browsing, and tries are counted.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from ...errors import CaseError, NotAllowed
from ...models import Case, Employer, Graduate, Release, School
from ..accounts.actors import Actor
from ..accounts.throttles import Limit, count_try, take_back
from ..cases.cases import start_case
from ..cases.rows import LiveCase
from .invitations import hold, plain, require_accepted

FAMILY, VARIANT = "online_signing", "employer_direct"
ID_END = 6


class NobodyLikeThat(CaseError):
    """Nobody, or more than one, has these together."""

    status = 422
    title = "没有找到这位毕业生"
    story = "没有找到这位毕业生。学校、姓名，和学号或身份证号后 6 位，要完全一致。"
    way_out = "请向毕业生核对后再试。"


def enter(
    session: Session,
    actor: Actor,
    school_code: str,
    name: str,
    number: str,
    limit: Limit,
    now: datetime,
) -> LiveCase | Case:
    """Open an entry for this graduate, or go on with the draft that is already there.

    Raises NobodyLikeThat, TooManyTries, NoRelease, or NotVerifiedEnough (K13).
    """
    if actor.employer_id is None:
        raise NotAllowed
    key = f"lookup:{actor.employer_id.hex}"
    count_try(session, {key: limit}, now)
    employer = session.get_one(Employer, actor.employer_id)
    require_accepted(session, employer, school_code, now)
    graduate = find_graduate(session, school_code, name, number)
    hold(session, graduate)
    take_back(session, key)
    draft = unsent(session, actor, graduate)
    if draft is not None:
        return draft
    return start_case(
        session, actor, FAMILY, graduate=graduate, employer=employer, now=now, variant=VARIANT
    )


def find_graduate(session: Session, school_code: str, name: str, number: str) -> Graduate:
    """The one graduate with these; a student number wins over the end of an identity number."""
    found = session.scalars(
        select(Graduate)
        .join(School, School.id == Graduate.school_id)
        .where(School.code == plain(school_code), Graduate.name == plain(name), is_number(number))
        .limit(3)
    ).all()
    by_number = [one for one in found if one.student_no == plain(number)]
    if len(by_number or found) != 1:
        raise NobodyLikeThat
    return (by_number or found)[0]


def is_number(number: str) -> ColumnElement[bool]:
    number = plain(number)
    is_student_no = Graduate.student_no == number
    if len(number) != ID_END:
        return is_student_no
    length = func.length(Graduate.id_no)
    end = func.substr(Graduate.id_no, length - ID_END + 1)
    return or_(is_student_no, (length > ID_END) & (end == number.upper()))


def unsent(session: Session, actor: Actor, graduate: Graduate) -> Case | None:
    """The draft this employer has already begun for the graduate."""
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


def schools_that_offer(session: Session, variant: str) -> list[School]:
    """The schools where employers may begin this way of signing."""
    offers = select(Release.id).where(
        Release.school_id == School.id,
        Release.family == FAMILY,
        Release.variant == variant,
        Release.in_force,
    )
    return list(session.scalars(select(School).where(offers.exists()).order_by(School.code)))
