"""What an admin looks at: releases, incidents, people and the school's settings, own school only."""

from __future__ import annotations

import uuid
from base64 import b64encode
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, undefer

from processes.diagram import read_diagram
from webapp.errors import NotYours
from webapp.models import Case, College, Employer, Incident, Membership, Person, Release
from webapp.pages.labels import ROLES
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.accounts.actors import Actor
from webapp.services.imports.report import ImportReport
from webapp.services.imports.writing import secrets_csv


@dataclass(frozen=True)
class ReleaseLine:
    """A release and how many cases run on it."""

    release: Release
    author: str
    running: int


def list_releases(session: Session, actor: Actor) -> list[ReleaseLine]:
    """Every release of the own school, latest first."""
    running = (
        select(Case.release_id, func.count().label("running"))
        .where(Case.school_id == actor.school_id, Case.ended_at.is_(None))
        .group_by(Case.release_id)
        .subquery()
    )
    wanted = (
        select(Release, Person.name, running.c.running)
        .outerjoin(Person, Person.id == Release.author_id)
        .outerjoin(running, running.c.release_id == Release.id)
        .where(Release.school_id == actor.school_id)
        .order_by(Release.family, Release.variant, Release.number.desc())
    )
    return [
        ReleaseLine(release, author or "系统", number or 0)
        for release, author, number in session.execute(wanted)
    ]


def called_names(release: Release) -> dict[str, str]:
    """What the diagrams that a release calls are named, by their id."""
    return {key: read_diagram(xml.encode(), key).name or key for key, xml in release.called.items()}


def find_release(session: Session, actor: Actor, release_id: uuid.UUID) -> Release:
    """A release of the own school, with its diagram and forms."""
    wanted = (
        select(Release)
        .where(Release.id == release_id, Release.school_id == actor.school_id)
        .options(undefer(Release.diagram), undefer(Release.called), undefer(Release.forms))
    )
    release = session.scalars(wanted).first()
    if release is None:
        raise NotYours
    return release


def list_incidents(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """Cases that failed while nobody was looking, with the unsolved ones alone unless asked."""
    wanted = (
        select(Incident, Case.title)
        .join(Case, Case.id == Incident.case_id)
        .where(Incident.school_id == actor.school_id)
        .order_by(Incident.id.desc())
        .limit(PAGE + 1)
    )
    if query.get("state") != "all":
        wanted = wanted.where(Incident.solved_at.is_(None))
    if before := read_key(query.get("before")):
        wanted = wanted.where(Incident.id < before)
    return page_of(session.execute(wanted).all(), lambda row: row[0].id, query)


@dataclass(frozen=True)
class PersonLine:
    """Somebody with the roles held."""

    person: Person
    roles: str


def list_people(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """People of the own school, and members of employers, by login or name."""
    member = select(Membership.person_id).where(
        Membership.ended_at.is_(None),
        or_(Membership.school_id == actor.school_id, Membership.role == "employer"),
    )
    wanted = select(Person).where(Person.id.in_(member)).order_by(Person.id.desc()).limit(PAGE + 1)
    if text := query.get("q", "").strip():
        wanted = wanted.where(
            or_(Person.login == text, Person.name.startswith(text, autoescape=True))
        )
    if before := read_key(query.get("before")):
        wanted = wanted.where(Person.id < before)
    lines = [PersonLine(one, roles_of(session, actor, one)) for one in session.scalars(wanted)]
    return page_of(lines, lambda line: line.person.id, query)


def find_person(session: Session, actor: Actor, person_id: uuid.UUID) -> PersonLine:
    """Somebody with a role at the own school or an employer, and nowhere else."""
    person = session.get(Person, person_id)
    roles = session.execute(
        select(Membership.school_id).where(
            Membership.person_id == person_id, Membership.ended_at.is_(None)
        )
    ).all()
    if person is None or not roles or any(s not in (None, actor.school_id) for (s,) in roles):
        raise NotYours
    return PersonLine(person, roles_of(session, actor, person))


def roles_of(session: Session, actor: Actor, person: Person) -> str:
    wanted = (
        select(Membership.role, College.name, Employer.name)
        .outerjoin(College, College.id == Membership.college_id)
        .outerjoin(Employer, Employer.id == Membership.employer_id)
        .where(
            Membership.person_id == person.id,
            Membership.ended_at.is_(None),
            or_(Membership.school_id == actor.school_id, Membership.role == "employer"),
        )
    )
    return "，".join(
        f"{college or employer or ''} {ROLES[role]}".strip()
        for role, college, employer in session.execute(wanted)
    )


def secrets_file(report: ImportReport | None) -> str:
    """The one-time codes as an address that carries them whole: nothing of them stays here (A03)."""
    if report is None or not report.secrets:
        return ""
    text = "\ufeff" + secrets_csv(report.secrets)
    return "data:text/csv;charset=utf-8;base64," + b64encode(text.encode()).decode()
