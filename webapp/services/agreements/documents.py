"""Agreements as documents: rendered once after approval, served as the same bytes for ever.

Rendering runs as a job in a process of its own, never inside a request of an approval. What is
handed out of it on paper stands in `prints`.
"""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ... import jobs
from ...database import begin_write, insert_for
from ...errors import CaseError, DocumentNotReady, NotYours
from ...models import Agreement, Blob, Case, College, Document, Employer, Graduate, School, new_id
from ..accounts.actors import Actor, Guest
from ..cases.cases import find_case, visible_to
from ..files import blobs
from . import agreements, printed, signatures
from .printing import is_printed

PRIVATE = ("mobile", "qq", "home_address")


@dataclass(frozen=True)
class StoredDocument:
    """A document as it is kept."""

    content: bytes
    sha256: str
    pages: int
    filename: str


def read(session: Session, actor: Actor, agreement_id: uuid.UUID) -> StoredDocument:
    """The stored bytes, for those who may see the case. Raises NotYours or DocumentNotReady."""
    return stored(session, find_agreement(session, actor, agreement_id))


def for_guest(session: Session, guest: Guest) -> StoredDocument:
    """The agreement that a guest is asked to seal, while it is valid (J15)."""
    agreement = agreement_for_guest(session, guest)
    if agreement is None:
        raise NotYours
    return stored(session, agreement)


def is_ready_for_guest(session: Session, guest: Guest) -> bool:
    """Whether there is an agreement behind this guest's step to download now."""
    agreement = agreement_for_guest(session, guest)
    return agreement is not None and (
        session.scalar(select(Document.id).where(Document.agreement_id == agreement.id)) is not None
    )


def agreement_for_guest(session: Session, guest: Guest) -> Agreement | None:
    return session.scalars(
        select(Agreement).where(Agreement.case_id == guest.case_id, Agreement.state == "valid")
    ).one_or_none()


def draft(session: Session, actor: Actor, case_id: uuid.UUID) -> bytes:
    """What the agreement would look like, marked as a draft: not a document, and never stored.

    Nobody's consent is on it, and an employer does not get the graduate's private data by it.
    """
    case = find_case(session, actor, case_id)
    graduate = session.get(Graduate, case.graduate_id) if case.graduate_id else None
    if graduate is None:
        raise NotYours
    require_printed(session, case.id)
    answers = agreements.what_was_said(case.variables)
    values = printed.agreement_values(
        session.get_one(School, case.school_id),
        session.get_one(College, graduate.college_id),
        graduate,
        session.get(Employer, case.employer_id) if case.employer_id else None,
        answers,
        opinions={},
    )
    if actor.role == "employer":
        values["graduate"].update(dict.fromkeys(PRIVATE, ""))
    return render_draft(values)


def template_for(session: Session, actor: Actor) -> bytes:
    """The agreement with nothing in it but the graduate's own base data, marked as a draft (G03)."""
    graduate = session.get(Graduate, actor.graduate_id) if actor.graduate_id else None
    if graduate is None:
        raise NotYours
    school = session.get_one(School, graduate.school_id)
    college = session.get_one(College, graduate.college_id)
    return render_draft(printed.agreement_values(school, college, graduate, None, {}, opinions={}))


def render_draft(values: dict[str, Any]) -> bytes:
    """A draft as PDF: no number, no code to verify, a watermark."""
    values.update(number="", version=1, issued_on="", verify_url="", draft=True)
    from pdf.errors import DocumentError
    from pdf.worker import render

    try:
        return render("agreement", values).content
    except DocumentError as failure:
        raise CaseError(failure.story, "请检查填写的内容，再预览一次。") from failure


def find_agreement(
    session: Session, actor: Actor, agreement_id: uuid.UUID, lock: bool = False
) -> Agreement:
    """The agreement as somebody who may see its case."""
    wanted = (
        select(Agreement)
        .join(Case, Case.id == Agreement.case_id)
        .where(Agreement.id == agreement_id, visible_to(actor))
    )
    if lock:
        wanted = wanted.with_for_update(of=Agreement)
    agreement = session.scalars(wanted).first()
    if agreement is None:
        raise NotYours
    require_printed(session, agreement.case_id)
    return agreement


def require_printed(session: Session, case_id: uuid.UUID) -> None:
    """Raise NotYours where an agreement stands on paper alone: no file of it exists (L06)."""
    if not is_printed(session, session.get_one(Case, case_id).release_id):
        raise NotYours


def stored(session: Session, agreement: Agreement) -> StoredDocument:
    row = session.execute(
        select(Blob.content, Document.sha256, Document.pages)
        .join(Blob, Blob.sha256 == Document.sha256)
        .where(Document.agreement_id == agreement.id, Document.kind == "agreement")
    ).first()
    if row is None:
        raise DocumentNotReady
    return StoredDocument(row.content, row.sha256, row.pages, f"{agreement.number}.pdf")


@jobs.handler("render_agreement")
def render_agreement(sessions: sessionmaker[Session], args: dict[str, Any], now: datetime) -> None:
    """Render and store the document of an agreement; doing it again changes nothing.

    No transaction is open while the renderer works: it may take seconds.
    """
    agreement_id = uuid.UUID(args["agreement"])
    with sessions() as session:
        agreement = session.get_one(Agreement, agreement_id)
        known = session.scalar(select(Document.id).where(Document.agreement_id == agreement_id))
        values = dict(agreement.snapshot["values"])
        pictures = signatures.pictures_for(session, values)
    if known:
        return
    values.update(
        verify_url=agreements.verify_url(agreement.number, agreement.version), draft=False
    )
    values["signatures"] = {
        role: base64.b64encode(picture).decode() for role, picture in pictures.items()
    }
    from pdf.worker import render

    rendered = render("agreement", values)
    with sessions.begin() as session:
        begin_write(session)
        store_blob(session, rendered.sha256, rendered.content)
        document = {
            "id": new_id(),
            "school_id": agreement.school_id,
            "agreement_id": agreement_id,
            "kind": "agreement",
            "sha256": rendered.sha256,
            "pages": rendered.pages,
            "rendered_at": now,
        }
        insert = insert_for(session, Document.__table__)
        session.execute(insert.values(document).on_conflict_do_nothing())


def store_blob(session: Session, sha256: str, content: bytes) -> None:
    """Keep bytes once, by their hash."""
    blobs.keep(session, sha256, content)
