"""How far an employer is verified, by whom, what a school asks before it may invite (K13), and whose
account speaks for the unit's seal (A22)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...errors import CaseError
from ...models import Certification, Employer, School
from .lasting import end_of, ended_at, holds, level_of
from .managers import current_manager

LEVELS = ("none", "phone", "letter", "register")
LABELS = {
    "none": "未核验单位资质",
    "phone": "已核验电话",
    "letter": "已核验授权书",
    "register": "已核验授权书和工商登记",
}
SEALS = {"official": "公章", "personnel": "人事章"}
LOOKED_UP = {"found": "可查到", "exempt": "不在工商登记"}
SHANGHAI = ZoneInfo("Asia/Shanghai")


class NotVerifiedEnough(CaseError):
    """The school wants to know more of an employer before it may invite (K13)."""

    status = 403
    title = "先完成单位认证"
    link = ("/certification", "去办单位认证")

    def __init__(self, school: str, wanted: str, has: str, ended: datetime | None = None) -> None:
        now_is = f"认证已于{spoken_day(ended)}到期" if ended else f"现在是“{LABELS[has]}”"
        super().__init__(
            f"{school}要求用人单位{LABELS[wanted]}后才能邀请本校毕业生，贵单位{now_is}。",
            f"请在“单位信息”里点“单位认证”，{'重新' if ended else ''}提交网络签约授权书；学校通过后再来邀请。",
        )


@dataclass(frozen=True)
class Accepted:
    """One accepted certification, in words."""

    case_id: uuid.UUID
    school_id: uuid.UUID
    school: str
    at: datetime
    level: str
    seal: str
    looked_up: str
    manager_name: str
    ends_at: datetime | None


def require_level(session: Session, employer: Employer, school: School, now: datetime) -> None:
    """Raise NotVerifiedEnough where the school's minimum is above the employer's level."""
    wanted = school.settings.get("minimum_verification", "none")
    wanted = wanted if wanted in LEVELS else "none"
    has = level_of(session, employer, now)
    if LEVELS.index(has) < LEVELS.index(wanted):
        ended = ended_at(session, employer.id, now)
        raise NotVerifiedEnough(school.name, wanted, has, ended)


def is_seal_level(
    session: Session, employer_id: uuid.UUID, person_id: uuid.UUID, now: datetime
) -> bool:
    """Whether this person manages an account whose sealed letter a school has accepted, and it holds.

    Such an account speaks for the unit as its seal does; other members, and anybody of an employer
    without an accepted letter or after its end, do not.
    """
    sealed = select(Certification.id).where(
        Certification.employer_id == employer_id, holds(session, now)
    )
    if session.scalar(sealed.limit(1)) is None:
        return False
    return current_manager(session, employer_id) == person_id


def certifications_of(session: Session, employer_id: uuid.UUID) -> list[Accepted]:
    """What schools have accepted of this employer, latest first."""
    found = session.execute(
        select(Certification, School.name, School.settings)
        .join(School, School.id == Certification.school_id)
        .where(Certification.employer_id == employer_id)
        .order_by(Certification.id.desc())
    )
    return [
        Accepted(
            one.case_id,
            one.school_id,
            name,
            one.at,
            LABELS[one.level],
            SEALS[one.seal],
            LOOKED_UP[one.looked_up],
            one.manager_name,
            end_of(one.at, settings),
        )
        for one, name, settings in found
    ]


def spoken_day(moment: datetime) -> str:
    day = moment.astimezone(SHANGHAI)
    return f"{day.year}年{day.month}月{day.day}日"
