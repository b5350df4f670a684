"""A second person agrees before a draft becomes a release, where the school wants it so.

A request holds for one revision of the draft: whoever agrees has seen what is published.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import AnotherPersonNeeded, CaseError, NotYours
from ...models import Draft, Publication, Release, new_id
from .. import audit
from ..accounts.actors import Actor
from . import publishing


class AlreadyDecided(CaseError):
    """Somebody was faster, or the draft was changed meanwhile."""

    title = "这份发布申请已经处理"
    story = "这份申请已由别人处理，或草稿之后又改过，没有发布。"
    way_out = "回到草稿，查看现在的情形。"


class RefusalReasonNeeded(CaseError):
    """Whoever does not agree says why."""

    status = 422
    title = "请写不同意的原因"
    story = "没有写不同意的原因，没有改动。"
    way_out = "用一句话写哪里要改，再提交。"


def open_request(session: Session, draft: Draft) -> Publication | None:
    """The request that waits for a second person; one for an older revision counts no more."""
    wanted = select(Publication).where(
        Publication.draft_id == draft.id,
        Publication.revision == draft.revision,
        Publication.decided_at.is_(None),
    )
    return session.scalars(wanted).one_or_none()


def last_refusal(session: Session, draft: Draft) -> Publication | None:
    """Why somebody did not agree, last time."""
    wanted = (
        select(Publication)
        .where(Publication.draft_id == draft.id, Publication.outcome == "refused")
        .order_by(Publication.id.desc())
        .limit(1)
    )
    return session.scalars(wanted).first()


def ask(
    session: Session,
    actor: Actor,
    draft_id: uuid.UUID,
    *,
    revision: int,
    note: str,
    confirmed: bool,
    now: datetime,
    address: str = "",
) -> Publication:
    """Ask a second person to publish the draft as it stands. The caller commits.

    Raises what publishing itself would raise: only what could be published is asked for.
    """
    draft, _ = publishing.ready(
        session, actor, draft_id, revision=revision, note=note, confirmed=confirmed
    )
    for former in session.scalars(
        select(Publication).where(
            Publication.school_id == draft.school_id,
            Publication.family == draft.family,
            Publication.variant == draft.variant,
            Publication.decided_at.is_(None),
        )
    ):
        former.outcome, former.decided_at = "outdated", now
    session.flush()
    asked = Publication(
        id=new_id(now),
        school_id=draft.school_id,
        family=draft.family,
        variant=draft.variant,
        draft_id=draft.id,
        revision=revision,
        note=note.strip(),
        confirmed=confirmed,
        asked_by_id=actor.person_id,
        asked_at=now,
    )
    session.add(asked)
    about = f"{draft.title}：{asked.note}"
    audit.record(session, "publication_asked", now, by=actor, about=about, address=address)
    return asked


def agree(
    session: Session,
    actor: Actor,
    publication_id: uuid.UUID,
    now: datetime,
    address: str = "",
) -> Release:
    """Publish what somebody else asked to publish. The caller commits.

    Raises NotYours, AlreadyDecided, AnotherPersonNeeded, or what publishing raises.
    """
    asked = held(session, actor, publication_id)
    if session.get(Draft, asked.draft_id) is None:
        raise AlreadyDecided
    draft, proof = publishing.ready(
        session, actor, asked.draft_id, revision=asked.revision, note=asked.note,
        confirmed=asked.confirmed,
    )  # fmt: skip
    release = publishing.freeze(
        session, actor, draft, proof, asked.note, asked.asked_by_id, now, address
    )
    decide(asked, actor, "published", now)
    session.flush()
    return release


def refuse(
    session: Session,
    actor: Actor,
    publication_id: uuid.UUID,
    reason: str,
    now: datetime,
    address: str = "",
) -> Publication:
    """Do not agree, and say why; the draft stays. The caller commits.

    Raises NotYours, AlreadyDecided, AnotherPersonNeeded, RefusalReasonNeeded.
    """
    asked = held(session, actor, publication_id)
    if not reason.strip():
        raise RefusalReasonNeeded
    decide(asked, actor, "refused", now)
    asked.reason = reason.strip()
    about = f"{asked.family}/{asked.variant}：{asked.reason}"
    audit.record(session, "publication_refused", now, by=actor, about=about, address=address)
    session.flush()
    return asked


def decide(asked: Publication, actor: Actor, outcome: str, now: datetime) -> None:
    asked.outcome, asked.decided_by_id, asked.decided_at = outcome, actor.person_id, now


def held(session: Session, actor: Actor, publication_id: uuid.UUID) -> Publication:
    """The open request with its row locked, for somebody else than who asked."""
    begin_write(session)
    wanted = (
        select(Publication)
        .where(Publication.id == publication_id, Publication.school_id == actor.school_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    asked = session.scalars(wanted).one_or_none()
    if asked is None or actor.role != "admin":
        raise NotYours
    if asked.decided_at is not None:
        raise AlreadyDecided
    if asked.asked_by_id == actor.person_id:
        raise AnotherPersonNeeded
    return asked
