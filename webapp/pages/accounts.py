"""What a person reads about themselves, and an employer's member about the employer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Case, College, Employer, Graduate, Person, School
from webapp.pages.certifying import level_words
from webapp.pages.graduates import path_word, register_groups, word
from webapp.pages.labels import Status, say_role, status_of
from webapp.services.accounts.actors import Actor
from webapp.services.cases.entries import Entry, entries_for

CORRECTION = "base_data"
Groups = list[tuple[str, list[tuple[str, str]]]]


def own_base_data(session: Session, actor: Actor) -> tuple[Graduate, Groups]:
    """The own line of the school's register, in words."""
    graduate = session.get_one(Graduate, actor.graduate_id)
    college = session.get_one(College, graduate.college_id)
    return graduate, register_groups(graduate, college.name)


@dataclass(frozen=True)
class Correcting:
    """How a graduate has wrong base data corrected: the entry, and what runs already (B02)."""

    entry: Entry | None
    case: Case | None
    status: Status | None


def correcting_of(session: Session, actor: Actor) -> Correcting:
    """The way to a correction at the own school."""
    found = [
        one for one in entries_for(session, actor, actor.school_id) if one.family == CORRECTION
    ]
    case = session.scalars(
        select(Case)
        .where(
            Case.school_id == actor.school_id,
            Case.graduate_id == actor.graduate_id,
            Case.family == CORRECTION,
            Case.ended_at.is_(None),
        )
        .order_by(Case.id.desc())
        .limit(1)
    ).first()
    school = session.get(School, actor.school_id)
    return Correcting(
        found[0] if found else None, case, status_of(case.status, school) if case else None
    )


def about_me(session: Session, actor: Actor, now: datetime) -> Groups:
    """The groups of facts of the account page, by role."""
    if actor.role == "graduate":
        return own_base_data(session, actor)[1]
    if actor.role == "employer":
        return [
            (("单位"), about_employer(session, session.get_one(Employer, actor.employer_id), now))
        ]
    person = session.get_one(Person, actor.person_id)
    rows = [
        ("姓名", person.name),
        ("登录名", person.login),
        ("身份", say_role(session, actor)),
        ("手机", person.mobile),
        ("邮箱", person.email),
    ]
    return [("账号", [row for row in rows if row[1]])]


def about_employer(session: Session, employer: Employer, now: datetime) -> list[tuple[str, str]]:
    rows = [
        ("单位名称", employer.name),
        ("统一社会信用代码", employer.uscc),
        ("单位性质", word("employer_nature", employer.nature)),
        ("单位行业", word("industry", employer.industry)),
        ("所在地", path_word("region", employer.region)),
        ("地址", employer.address),
        ("邮编", employer.postcode),
        ("联系人", employer.contact_name),
        ("电话", employer.contact_phone),
        ("手机", employer.contact_mobile),
        ("邮箱", employer.contact_email),
        ("上级主管单位", employer.superior),
        ("核验", level_words(session, employer, now)[0]),
    ]
    return [row for row in rows if row[1]]
