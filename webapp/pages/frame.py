"""What surrounds every page: whose house this is, how to call it, and what waits."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import College, Incident, School
from webapp.services.accounts.actors import Actor
from webapp.services.agreements.filing_search import files_agreements
from webapp.services.cases.tasks import count_waiting
from webapp.services.notices.notices import count_unread
from webapp.services.recruiting.posts import is_offered
from webapp.services.reviewing.review import ELSEWHERE
from webapp.services.signing.signings import count_to_sign, signs_with_graduates

PARTIES = ("graduate", "employer")


@dataclass(frozen=True)
class Frame:
    """The names and counts in the header and footer."""

    house: str = ""
    house_phone: str = ""
    waiting_count: int = 0
    notice_count: int = 0
    incident_count: int = 0
    signing_count: int = 0
    signs: bool = False
    recruits: bool = False
    may_file: bool = False


def frame_for(session: Session, actor: Actor | None) -> Frame:
    """The frame as this person sees it; nobody's frame shows the school when there is only one."""
    school = school_of(session, actor)
    if actor is None:
        return Frame(school.name, phone_of(school)) if school else Frame()
    return Frame(
        house=house_name(session, actor, school),
        house_phone=phone_of(school),
        waiting_count=count_waiting(session, actor, without=elsewhere(actor)),
        notice_count=count_unread(session, actor.person_id),
        incident_count=count_incidents(session, actor) if actor.role == "admin" else 0,
        signing_count=count_to_sign(session, actor) if actor.role == "employer" else 0,
        signs=actor.role == "employer" and signs_with_graduates(session, actor),
        recruits=actor.role in PARTIES and is_offered(session, actor.school_id),
        may_file=actor.role == "reviewer" and files_agreements(session, actor),
    )


def elsewhere(actor: Actor) -> tuple[str, ...]:
    """The forms whose tasks have a page of their own beside the queue that the badge counts."""
    return ELSEWHERE if actor.role == "reviewer" else ()


def school_of(session: Session, actor: Actor | None) -> School | None:
    if actor is not None and actor.school_id:
        return session.get(School, actor.school_id)
    schools = session.scalars(select(School).order_by(School.code).limit(2)).all()
    return schools[0] if len(schools) == 1 else None


def phone_of(school: School | None) -> str:
    if school is None:
        return ""
    return school.phone or str(school.settings.get("phone", ""))


def house_name(session: Session, actor: Actor, school: School | None) -> str:
    if actor.role == "reviewer":
        college = session.get(College, actor.college_id)
        return college.name if college else ""
    return school.name if school else ""


def count_incidents(session: Session, actor: Actor) -> int:
    unsolved = select(func.count()).where(
        Incident.school_id == actor.school_id, Incident.solved_at.is_(None)
    )
    return session.scalar(unsolved.select_from(Incident)) or 0
