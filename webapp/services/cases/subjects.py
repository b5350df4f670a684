"""What a case is about: an agreement or destination in force, a post, an employer; and who begins it.

A diagram says on its process who starts it (`started_by`), what it is about (`about`) and which
families' results it is for (`about_families`); here that is held against what stands in the
registry (K9, I01, K07).
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.diagram import Diagram

from ...errors import NotAllowed, NotInForce
from ...models import Agreement, Case, Destination, Employer, Graduate, Post, Rescission
from ..accounts.actors import Actor, Anyone, Guest
from ..destinations import destinations
from ..employers.lasting import level_of
from ..recruiting import posts

InForce = Agreement | Destination
Subject = InForce | Post | Employer
SHANGHAI = ZoneInfo("Asia/Shanghai")


def facts_about(
    session: Session,
    actor: Anyone,
    diagram: Diagram,
    graduate: Graduate | None,
    about: Subject | None,
    now: datetime,
) -> dict[str, Any]:
    """The facts a case takes from what it is about, once this actor may begin it.

    Gives `agreement` (its number) with its `employer_name`, what `destinations.facts_of` tells, or
    `post` (its id) with its `post_title`; and `withdrawn_by`, where the diagram lets another side
    than its initiator take it back. Raises NotAllowed where the diagram is not for this role or this
    subject, NotInForce or PostClosed where the subject no longer holds.
    """
    said = diagram.properties
    if isinstance(actor, Guest):
        if "guest" not in words_in(said.get("started_by", "")) or about is not None:
            raise NotAllowed
        return {}
    if said.get("started_by") and actor.role not in words_in(said["started_by"]):
        raise NotAllowed
    if said.get("about", "graduate") != kind_of(about):
        raise NotAllowed
    given = {key: said[key] for key in ("withdrawn_by",) if said.get(key)}
    if isinstance(about, Employer):
        return {**given, "employer_verification": level_of(session, about, now)}
    if about is None or graduate is None:
        return given
    if isinstance(about, Post):
        posts.require_open(session, about, now)
        return {**given, "post": about.id.hex, "post_title": about.title}
    require_party_of(actor, graduate, about)
    origin = session.get_one(Case, about.case_id)
    if said.get("about_families") and origin.family not in words_in(said["about_families"]):
        raise NotAllowed
    if origin.ended_at is None:
        raise NotInForce
    session.refresh(about)
    if isinstance(about, Agreement):
        if about.state != "valid":
            raise NotInForce
        signed_with = about.snapshot["values"]["employer"]["name"]
        return {**given, "agreement": about.number, "employer_name": signed_with}
    if about.closed_at is not None:
        raise NotInForce
    return {**given, **destinations.facts_of(about)}


def agreement_as_shown(
    session: Session, school_id: uuid.UUID, facts: dict[str, Any]
) -> dict[str, Any]:
    """The agreement a case is about, as forms read it (`register.agreement`, F18); else nothing.

    It shows what was approved: terms and names come from the snapshot, not from today's register.
    """
    number = facts.get("case", {}).get("agreement")
    if not number:
        return {}
    agreement = session.scalars(
        select(Agreement)
        .where(Agreement.school_id == school_id, Agreement.number == number)
        .order_by(Agreement.version.desc())
        .limit(1)
    ).one()
    values, answers = agreement.snapshot["values"], agreement.snapshot["answers"]
    issued_on = agreement.issued_at.astimezone(SHANGHAI).date().isoformat()
    return {
        **answers,
        "number": agreement.number,
        "state": agreement.state,
        "may_change": agreement.state == "valid" and not is_being_rescinded(session, agreement.id),
        "graduate_name": values["graduate"]["name"],
        "employer_name": values["employer"]["name"],
        "signed_on": answers.get("signed_on") or issued_on,
    }


def is_being_rescinded(session: Session, agreement_id: uuid.UUID) -> bool:
    asked = select(Rescission.id).where(
        Rescission.agreement_id == agreement_id, Rescission.closed_at.is_(None)
    )
    return session.scalar(asked) is not None


def kind_of(about: Subject | None) -> str:
    """The word diagrams use for it."""
    if about is None:
        return "graduate"
    if isinstance(about, Employer):
        return "employer"
    if isinstance(about, Post):
        return "post"
    return "agreement" if isinstance(about, Agreement) else "destination"


def require_party_of(actor: Actor, graduate: Graduate, about: InForce) -> None:
    """The subject is the graduate's own, and an employer's act concerns its own agreement."""
    if about.graduate_id != graduate.id:
        raise NotAllowed
    if actor.role == "employer" and (
        not isinstance(about, Agreement) or about.employer_id != actor.employer_id
    ):
        raise NotAllowed


def words_in(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]
