"""The audit as an admin reads it: own school, latest first, filtered by act or person."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import Audit, Person
from webapp.pages.labels import ROLES
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.accounts.actors import Actor
from webapp.services.audit import ACTS


@dataclass(frozen=True)
class AuditLine:
    """One act in words."""

    row: Audit
    act: str
    who: str
    whom: str
    about: str


def list_audit(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """The acts at the own school, and those of nobody's school, such as an employer's log-in.

    `act` is a key of ACTS, `person` a login or the beginning of a name: who did it, or to whom.
    """
    who, whom = aliased(Person), aliased(Person)
    wanted = (
        select(Audit, who.name, whom.name)
        .outerjoin(who, who.id == Audit.person_id)
        .outerjoin(whom, whom.id == Audit.about_id)
        .where(or_(Audit.school_id == actor.school_id, Audit.school_id.is_(None)))
        .order_by(Audit.id.desc())
        .limit(PAGE + 1)
    )
    if query.get("act"):
        wanted = wanted.where(Audit.act == query["act"])
    if person := query.get("person", "").strip():
        people = select(Person.id).where(
            or_(Person.login == person, Person.name.startswith(person, autoescape=True))
        )
        wanted = wanted.where(or_(Audit.person_id.in_(people), Audit.about_id.in_(people)))
    if before := read_key(query.get("before")):
        wanted = wanted.where(Audit.id < before)
    lines = [
        AuditLine(
            row,
            ACTS.get(row.act, row.act),
            name or "–",
            whom_ or "–",
            ROLES.get(row.about, row.about),
        )
        for row, name, whom_ in session.execute(wanted)
    ]
    return page_of(lines, lambda line: line.row.id, query)
