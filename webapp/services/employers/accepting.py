"""What the system finds out about an employer that wants to be certified, and what accepting does.

A certification is accepted by one school and counts at all of them; who accepted it is recorded.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...models import Certification, Employer, new_id
from ..cases.rows import LiveCase
from ..imports.values import uscc_check_digit
from .levels import LEVELS, certifications_of, spoken_day
from .managers import appoint

PROFILE = {
    "employer_name": "name", "uscc": "uscc", "nature": "nature", "industry": "industry",
    "region": "region", "address": "address", "postcode": "postcode",
    "contact_name": "contact_name", "contact_phone": "contact_phone",
    "contact_mobile": "contact_mobile", "contact_email": "contact_email", "superior": "superior",
}  # fmt: skip
NO_CODE = ("", "无")


def look_up(session: Session, case: LiveCase, variables: dict[str, Any]) -> dict[str, str]:
    """What the system itself can tell about the code, the name and earlier certifications (A18)."""
    said = variables["Fill_certification"]
    employer = session.get_one(Employer, case.employer_id)
    known = certifications_of(session, employer.id)
    certified = "还没有"
    if known:
        certified = f"{known[0].school}于{spoken_day(known[0].at)}认证"
    return {
        "code": about_code(session, employer, said.get("uscc") or ""),
        "name": about_name(session, employer, said.get("employer_name") or ""),
        "certified": certified,
    }


def about_code(session: Session, employer: Employer, code: str) -> str:
    if code in NO_CODE:
        return "没有信用代码，请对照说明核对"
    right = len(code) == 18 and uscc_check_digit(code[:17]) == code[17]
    told = "校验位相符" if right else "校验位不符，可能是早期代码，请对照证照"
    other = same_code(session, employer, code)
    return f"{told}；已属于另一个单位账号“{other.name}”" if other else f"{told}；没有其他单位使用"


def about_name(session: Session, employer: Employer, name: str) -> str:
    told = "与账号上的名称一致" if name == employer.name else f"账号上的名称是“{employer.name}”"
    others = select(func.count()).where(Employer.name == name, Employer.id != employer.id)
    number = session.scalar(others.select_from(Employer)) or 0
    return f"{told}；另有 {number} 个同名账号" if number else told


def same_code(session: Session, employer: Employer, code: str) -> Employer | None:
    """Another employer that has this code already."""
    if code in NO_CODE:
        return None
    wanted = select(Employer).where(Employer.uscc == code, Employer.id != employer.id)
    return session.scalars(wanted).first()


def certify(session: Session, case: LiveCase, variables: dict[str, Any], now: datetime) -> str:
    """Take over what was proved, raise the level, and record who accepted it (K13)."""
    said, decided = variables["Fill_certification"], variables["Review_certification"]
    employer = session.get_one(
        Employer, case.employer_id, populate_existing=True, with_for_update=True
    )
    if same_code(session, employer, said.get("uscc") or ""):
        return "code_taken"
    level = "register" if decided["looked_up"] == "found" else "letter"
    if not take_over(session, employer, said, level):
        return "code_taken"
    session.add(
        Certification(
            id=new_id(now),
            school_id=case.school_id,
            employer_id=employer.id,
            case_id=case.id,
            level=level,
            seal=decided["seal"],
            looked_up=decided["looked_up"],
            manager_name=said["manager_name"],
            at=now,
        )
    )
    appoint(session, case, said["manager_name"], said["manager_mobile"], now, ends_old=False)
    return "ok"


def take_over(session: Session, employer: Employer, said: dict[str, Any], level: str) -> bool:
    """Write the proved profile; False where another employer took the code at this very moment."""
    try:
        with session.begin_nested():
            for key, column in PROFILE.items():
                setattr(employer, column, said.get(key) or "")
            employer.verification = max(employer.verification, level, key=LEVELS.index)
            session.flush()
    except IntegrityError:
        session.refresh(employer)
        return False
    return True
