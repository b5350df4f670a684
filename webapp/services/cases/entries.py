"""What a person may begin: the entries that the school's releases in force offer to a role.

A diagram says on its process what its entry is called, who starts it and what it is about; so a
school that publishes another variant changes the home page with it, and no page lists processes.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from processes.diagram import Diagram

from ...errors import NotYours
from ...models import Agreement, Case, Destination, Graduate, Release, School
from ..accounts.actors import Actor
from ..agreements import amendments, rescissions
from ..agreements.printing import is_printed
from ..design import releases
from ..signing.leaving import in_season, season_of
from .binding import holder_of_claim
from .cases import find_case, start_case, visible_to
from .subjects import InForce, Subject, kind_of, words_in

AMENDMENT = "amendment"
SIGNING = "online_signing"
GRADUATE, AGREEMENT, DESTINATION = KINDS = ("graduate", "agreement", "destination")


@dataclass(frozen=True)
class Entry:
    """A process that somebody may begin: its words as the sources print them, and what it is about."""

    family: str
    variant: str
    words: str
    hint: str
    about: str
    started_by: tuple[str, ...]
    about_families: tuple[str, ...]
    handed_out_by: str = ""
    season: str = ""


def entries_for(
    session: Session, actor: Actor, school_id: uuid.UUID | None, about: str = GRADUATE
) -> list[Entry]:
    """The entries of a school for this actor's role, in the order of their publication."""
    return [
        entry
        for entry in published(session, school_id)
        if entry.about == about and actor.role in entry.started_by
    ]


def handed_out(session: Session, actor: Actor, school_id: uuid.UUID | None) -> list[Entry]:
    """What this role lets guests begin, by a link or a code of its own (E01)."""
    return [entry for entry in published(session, school_id) if entry.handed_out_by == actor.role]


def free_signings(session: Session, actor: Actor) -> list[Entry]:
    """The ways of signing online that a graduate may begin, while nothing binds them (G01)."""
    if holder_of_claim(session, actor.graduate_id) is not None:
        return []
    own = entries_for(session, actor, actor.school_id)
    return [entry for entry in own if entry.family == SIGNING]


def find_entry(
    session: Session,
    actor: Actor,
    graduate: Graduate,
    family: str,
    variant: str,
    about: str,
    now: datetime,
) -> Entry:
    """One of them; raises NotYours where the school offers no such thing to this role at this time."""
    offered = entries_for(session, actor, graduate.school_id, about)
    for entry in in_season(offered, season_for(session, graduate, now)):
        if (entry.family, entry.variant) == (family, variant):
            return entry
    raise NotYours


def season_for(session: Session, graduate: Graduate, now: datetime) -> str:
    """Whether this graduate has left school."""
    settings = session.get_one(School, graduate.school_id).settings
    return season_of(settings, graduate.cohort, now)


def acts_on(session: Session, actor: Actor, subject: InForce, now: datetime) -> list[Entry]:
    """What may be begun about an agreement or a destination: it follows from how it came to be."""
    origin = session.get_one(Case, subject.case_id)
    if origin.ended_at is None:  # an agreement that still waits for its seals (J13)
        return []
    found = [
        entry
        for entry in entries_for(session, actor, subject.school_id, kind_of(subject))
        if not entry.about_families or origin.family in entry.about_families
    ]
    graduate = session.get_one(Graduate, subject.graduate_id)
    return in_season(found, season_for(session, graduate, now))


def published(session: Session, school_id: uuid.UUID | None) -> list[Entry]:
    """Every release in force of this school that names an entry."""
    found = session.execute(
        select(Release.id, Release.family, Release.variant, Release.content_hash)
        .where(Release.school_id == school_id, Release.in_force)
        .order_by(Release.published_at, Release.id)
    )
    entries = (entry_of(session, *row) for row in found)
    return [entry for entry in entries if entry is not None]


def entry_of(
    session: Session, release_id: uuid.UUID, family: str, variant: str, content_hash: str
) -> Entry | None:
    """The entry that a release's diagram names; None where it names none."""
    diagram = releases.executable_for(session, release_id, content_hash).diagram
    said = diagram.properties
    if not said.get("entry"):
        return None
    return Entry(
        family,
        variant,
        said["entry"],
        said.get("entry_hint", ""),
        said.get("about", GRADUATE),
        tuple(words_in(said.get("started_by", ""))),
        tuple(filter(None, words_in(said.get("about_families", "")))),
        said.get("handed_out_by", ""),
        said.get("season", ""),
    )


def published_diagram(session: Session, actor: Actor, family: str, variant: str) -> Diagram:
    """The diagram in force of an entry that this actor's school offers; raises NotYours."""
    offered = {
        (entry.family, entry.variant)
        for entry in published(session, actor.school_id)
        if actor.role in entry.started_by
    }
    if actor.school_id is None or (family, variant) not in offered:
        raise NotYours
    release = releases.require_in_force(session, actor.school_id, family, variant)
    return releases.executable_for(session, release.id, release.content_hash).diagram


def makes_agreement(session: Session, actor: Actor, entry: Entry) -> bool:
    """Whether this entry leads to an agreement of the system's own, whose template can be shown."""
    if actor.school_id is None:
        return False
    release = releases.in_force(session, actor.school_id, entry.family, entry.variant)
    return release is not None and is_printed(session, release.id)


def subject_of(
    session: Session, actor: Actor, kind: str, subject_id: uuid.UUID
) -> tuple[Graduate, InForce | None]:
    """What somebody wants to begin something about, and whose it is; raises NotYours for a stranger."""
    if kind == GRADUATE:
        graduate = session.get(Graduate, subject_id)
        own = actor.role != "graduate" or subject_id == actor.graduate_id
        if graduate is None or graduate.school_id != actor.school_id or not own:
            raise NotYours
        return graduate, None
    found: InForce | None = session.get(Agreement, subject_id)
    if kind == DESTINATION:
        found = session.get(Destination, subject_id)
    if found is None:
        raise NotYours
    find_case(session, actor, found.case_id)
    return session.get_one(Graduate, found.graduate_id), found


def begin(
    session: Session,
    actor: Actor,
    entry: Entry,
    graduate: Graduate,
    about: Subject | None,
    now: datetime,
) -> uuid.UUID:
    """Open a case of this entry, or find the one that runs already or that this person left unfinished."""
    case = asked_already(session, actor, about, entry.family) or running(
        session, actor, entry, graduate
    )
    if case is not None:
        return case
    opened = start_case(
        session,
        actor,
        entry.family,
        graduate=graduate,
        employer=None,
        now=now,
        variant=entry.variant,
        about=about,
    )
    return opened.id


def running(session: Session, actor: Actor, entry: Entry, graduate: Graduate) -> uuid.UUID | None:
    """What this person began here and has not finished: it is gone on with, not begun twice."""
    return session.scalar(
        select(Case.id)
        .where(
            Case.opened_by == actor.person_id,
            Case.school_id == graduate.school_id,
            Case.graduate_id == graduate.id,
            Case.family == entry.family,
            Case.variant == entry.variant,
            Case.ended_at.is_(None),
        )
        .order_by(Case.id.desc())
        .limit(1)
    )


def asked_already(
    session: Session, actor: Actor, subject: Subject | None, family: str
) -> uuid.UUID | None:
    """The request that runs on this agreement, whoever began it: one of a kind at a time (I09).

    While it is being rescinded nothing else is begun either, so that leads there as well. Likewise
    what runs already to end this destination.
    """
    if subject is None:
        return None
    if isinstance(subject, Destination):
        return running_void(session, actor, subject)
    rescission = rescissions.running_request(session, subject.id)
    if rescission is None and family == AMENDMENT:
        return amendments.running_request(session, subject.id)
    return rescission


def running_void(session: Session, actor: Actor, subject: Destination) -> uuid.UUID | None:
    """The case about this destination that runs now, as far as this actor may see it."""
    running = select(Case).where(
        Case.school_id == subject.school_id,
        Case.graduate_id == subject.graduate_id,
        Case.ended_at.is_(None),
        visible_to(actor),
    )
    for case in session.scalars(running.order_by(Case.id)):
        if case.facts.get("case", {}).get("destination_id") == subject.id.hex:
            return case.id
    return None


@dataclass(frozen=True)
class Act:
    """An entry with what it would be about, and the case that runs on it already, if any."""

    entry: Entry
    kind: str
    subject_id: uuid.UUID
    running: uuid.UUID | None = None


def acts_of_case(session: Session, actor: Actor, case: Case, now: datetime) -> list[Act]:
    """What may be begun about the agreement or the destination that this case brought about."""
    own = (Agreement.case_id == case.id, Destination.case_id == case.id)
    return acts_among(session, actor, *own, now)


def acts_on_graduate(
    session: Session, actor: Actor, graduate: Graduate, now: datetime
) -> list[Act]:
    """What this member of the school may begin about a graduate or about what the graduate has."""
    whole = [
        Act(entry, GRADUATE, graduate.id, running(session, actor, entry, graduate))
        for entry in entries_for(session, actor, graduate.school_id)
    ]
    own = (Agreement.graduate_id == graduate.id, Destination.graduate_id == graduate.id)
    return whole + acts_among(session, actor, *own, now)


def acts_among(
    session: Session,
    actor: Actor,
    of_agreement: ColumnElement[bool],
    of_destination: ColumnElement[bool],
    now: datetime,
) -> list[Act]:
    """What may be begun about the agreements and destinations in force among these."""
    in_force: list[InForce] = [
        *session.scalars(select(Agreement).where(of_agreement, Agreement.state == "valid")),
        *session.scalars(
            select(Destination).where(of_destination, Destination.closed_at.is_(None))
        ),
    ]
    return [
        Act(
            entry,
            kind_of(subject),
            subject.id,
            asked_already(session, actor, subject, entry.family),
        )
        for subject in in_force
        for entry in acts_on(session, actor, subject, now)
    ]
