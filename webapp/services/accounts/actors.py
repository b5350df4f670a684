"""Who is acting: a person in one of their memberships, as services see them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...errors import NotYours
from ...models import Employer, Graduate, Membership, Person


class InPlace(Protocol):
    """A case's own ids, whichever shape it comes in."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def school_id(self) -> uuid.UUID: ...
    @property
    def graduate_id(self) -> uuid.UUID | None: ...
    @property
    def employer_id(self) -> uuid.UUID | None: ...


@dataclass(frozen=True)
class Actor:
    """A person in one role at one place. `school_id` is empty for an employer."""

    person_id: uuid.UUID
    name: str
    membership_id: uuid.UUID
    role: str
    school_id: uuid.UUID | None = None
    college_id: uuid.UUID | None = None
    employer_id: uuid.UUID | None = None
    graduate_id: uuid.UUID | None = None

    @property
    def queues(self) -> list[str]:
        """The queues whose tasks this actor may answer."""
        place = self.place
        return [queue(self.role, place)] if place else []

    @property
    def place(self) -> uuid.UUID | None:
        """What the role belongs to: the graduate, employer, college or school."""
        return {
            "graduate": self.graduate_id,
            "employer": self.employer_id,
            "reviewer": self.college_id,
            "office": self.school_id,
            "admin": self.school_id,
        }[self.role]


@dataclass(frozen=True)
class Guest:
    """Somebody without an account, behind a link with a proved mobile, in the one case it opens.

    Only what takes `Anyone` can be done as a guest; nothing that takes an `Actor` can.
    """

    link_id: uuid.UUID
    proof_id: uuid.UUID
    mobile: str
    school_id: uuid.UUID
    case_id: uuid.UUID | None = None
    graduate_id: uuid.UUID | None = None  # whose card it is
    role: str = field(default="guest", init=False)
    person_id: None = field(default=None, init=False)
    membership_id: None = field(default=None, init=False)

    @property
    def queues(self) -> list[str]:
        return [queue(self.role, self.case_id)] if self.case_id else []

    @property
    def masked_mobile(self) -> str:
        return masked_mobile(self.mobile)


Anyone = Actor | Guest


def masked_mobile(mobile: str) -> str:
    """138****0002: enough to recognise, too little to call."""
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) >= 11 else "****"


def queue(role: str, place: uuid.UUID) -> str:
    """The key of a queue, such as `reviewer:0192…`."""
    return f"{role}:{place.int:032x}"


def queue_for(role: str, case: InPlace, college_id: uuid.UUID | None) -> str:
    """Where a task of `role` in this case goes; raises ValueError when nobody can hold it."""
    places = {
        "graduate": case.graduate_id,
        "employer": case.employer_id,
        "reviewer": college_id,
        "office": case.school_id,
        "admin": case.school_id,
        "guest": case.id,
    }
    place = places.get(role)
    if place is None:
        raise ValueError(f"case {case.id}: nobody can hold a task of role {role!r}")
    return queue(role, place)


def actors_of(session: Session, person_id: uuid.UUID) -> list[Actor]:
    """Every role in which this person may act now, oldest first. A blocked person has none."""
    rows = session.execute(
        select(Membership, Person.name, Graduate.id)
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Graduate, Graduate.person_id == Person.id)
        .where(
            Membership.person_id == person_id,
            Membership.ended_at.is_(None),
            Person.blocked_at.is_(None),
        )
        .order_by(Membership.id)
    )
    return [
        Actor(
            person_id=person_id,
            name=name,
            membership_id=membership.id,
            role=membership.role,
            school_id=membership.school_id,
            college_id=membership.college_id,
            employer_id=membership.employer_id,
            graduate_id=graduate_id if membership.role == "graduate" else None,
        )
        for membership, name, graduate_id in rows
    ]


def find_actor(session: Session, person_id: uuid.UUID, membership_id: uuid.UUID) -> Actor:
    """This person in this membership; raises NotYours when it ended or was never theirs."""
    for actor in actors_of(session, person_id):
        if actor.membership_id == membership_id:
            return actor
    raise NotYours


def place_name(session: Session, actor: Actor) -> str:
    """What the page head shows beside the person's name."""
    if actor.employer_id:
        employer = session.get(Employer, actor.employer_id)
        return employer.name if employer else ""
    return ""
