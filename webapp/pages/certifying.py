"""What an employer, and whoever reviews it, reads about its standing: level, papers, people."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.errors import NotYours
from webapp.models import Case, Employer, Manager, Membership, Person, School
from webapp.pages.labels import Status, status_of
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.accounts.actors import Actor
from webapp.services.employers.certifying import Offer, offers
from webapp.services.employers.credentials import has_case_with
from webapp.services.employers.lasting import (
    CERTIFIED,
    EXPIRED,
    ended_at,
    last_end,
    last_ends,
    level_now,
    level_of,
    levels_of,
)
from webapp.services.employers.levels import LABELS, Accepted, certifications_of, spoken_day
from webapp.services.employers.managers import current_manager, managers_of, members_of
from webapp.services.files.attachments import Attachment, attachments_of


@dataclass(frozen=True)
class OfferGroup:
    """One thing an employer may begin, and the schools that take it."""

    what: str
    words: str
    hint: str
    schools: Sequence[School]


@dataclass(frozen=True)
class Standing:
    """An employer as its own members see it."""

    employer: Employer
    level: str
    tone: str
    accepted: list[Accepted]
    running: list[tuple[Case, Status, str]]
    offers: list[OfferGroup]
    members: list[tuple[Membership, Person]]
    managers: list[Manager]
    manager_id: uuid.UUID | None
    is_manager: bool
    ends_at: datetime | None
    ended: bool


def standing_of(session: Session, actor: Actor, now: datetime) -> Standing:
    """The page of the actor's own employer."""
    employer = session.get_one(Employer, actor.employer_id)
    manager_id = current_manager(session, employer.id)
    level, tone = level_words(session, employer, now)
    return Standing(
        employer=employer,
        level=level,
        tone=tone,
        accepted=certifications_of(session, employer.id),
        running=running_cases(session, employer.id),
        offers=grouped(offers(session, actor), level_of(session, employer, now)),
        members=members_of(session, employer.id),
        managers=managers_of(session, employer.id),
        manager_id=manager_id,
        is_manager=manager_id == actor.person_id,
        ends_at=last_end(session, employer.id),
        ended=ended_at(session, employer.id, now) is not None,
    )


def tone_of(level: str) -> str:
    return "good" if level in CERTIFIED else "wait"


def level_words(session: Session, employer: Employer, now: datetime) -> tuple[str, str]:
    """The level at this moment and its tone; that a certification has ended is said instead."""
    level = level_of(session, employer, now)
    ended = ended_at(session, employer.id, now) is not None
    return (EXPIRED if ended else LABELS[level]), tone_of(level)


def words_of(level: str, end: datetime | None, now: datetime) -> str:
    """The level in words; of one that was certified, since when it is so no more."""
    return f"{EXPIRED}（{spoken_day(end)}）" if end is not None and end <= now else LABELS[level]


def grouped(found: Sequence[Offer], level: str) -> list[OfferGroup]:
    """Offers by what they are; a change of manager comes after the first certification."""
    groups: dict[str, list[Offer]] = {}
    for one in found:
        groups.setdefault(f"{one.entry.family}/{one.entry.variant}", []).append(one)
    certified = level in CERTIFIED
    return [
        OfferGroup(what, ones[0].entry.words, ones[0].entry.hint, [one.school for one in ones])
        for what, ones in groups.items()
        if certified or not what.endswith("/change_manager")
    ]


def running_cases(session: Session, employer_id: uuid.UUID) -> list[tuple[Case, Status, str]]:
    """What runs about the employer itself, with the school it is at."""
    found = session.execute(
        select(Case, School)
        .join(School, School.id == Case.school_id)
        .where(Case.employer_id == employer_id, Case.graduate_id.is_(None), Case.ended_at.is_(None))
        .order_by(Case.id.desc())
    )
    return [(case, status_of(case.status, school), school.name) for case, school in found]


@dataclass(frozen=True)
class Credentials:
    """What a reviewer sees of an employer beside its case (A21)."""

    level: str
    tone: str
    accepted: Accepted | None
    files: list[Attachment]


def credentials_of(
    session: Session, actor: Actor, employer: Employer | None, now: datetime
) -> Credentials | None:
    """The level and the papers of the last certification, as far as this reader may open them."""
    if employer is None:
        return None
    accepted = certifications_of(session, employer.id)
    last = accepted[0] if accepted else None
    files: list[Attachment] = []
    if last is not None and may_open(session, actor, employer.id, last):
        files = attachments_of(session, actor, session.get_one(Case, last.case_id))
    level, tone = level_words(session, employer, now)
    return Credentials(level, tone, last, files)


def may_open(session: Session, actor: Actor, employer_id: uuid.UUID, last: Accepted) -> bool:
    """The certifying office, and whoever reviews a case with the employer."""
    if actor.role == "office" and actor.school_id == last.school_id:
        return True
    return actor.role in ("reviewer", "office") and has_case_with(session, actor, employer_id)


@dataclass(frozen=True)
class EmployerLine:
    """One employer of the list."""

    employer: Employer
    level: str
    tone: str


def list_employers(session: Session, query: dict[str, str], now: datetime) -> Page:
    """Employers by the beginning of the name, or the code, and by level; latest first."""
    wanted = select(Employer).order_by(Employer.id.desc()).limit(PAGE + 1)
    if text := query.get("q", "").strip():
        named = Employer.name.contains(text, autoescape=True)
        wanted = wanted.where(named | (Employer.uscc == text))
    if query.get("level") in LABELS:
        wanted = wanted.where(level_now(session, now) == query["level"])
    if before := read_key(query.get("before")):
        wanted = wanted.where(Employer.id < before)
    found = list(session.scalars(wanted))
    ids = [one.id for one in found]
    levels, ends = levels_of(session, ids, now), last_ends(session, ids)
    lines = [
        EmployerLine(one, words_of(levels[one.id], ends.get(one.id), now), tone_of(levels[one.id]))
        for one in found
    ]
    return page_of(lines, lambda line: line.employer.id, query)


def find_employer(session: Session, employer_id: uuid.UUID) -> Employer:
    employer = session.get(Employer, employer_id)
    if employer is None:
        raise NotYours
    return employer


def cases_about(session: Session, actor: Actor, employer: Employer) -> list[tuple[Case, Status]]:
    """Certifications and changes of manager at the own school, latest first."""
    school = session.get(School, actor.school_id)
    found = session.scalars(
        select(Case)
        .where(
            Case.school_id == actor.school_id,
            Case.employer_id == employer.id,
            Case.graduate_id.is_(None),
            Case.status != "drafting",
        )
        .order_by(Case.id.desc())
        .limit(20)
    )
    return [(case, status_of(case.status, school)) for case in found]
