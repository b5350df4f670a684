"""A diagram of another tool becomes a draft: read in a killable process, confirmed, then kept.

The file as it came is kept beside the draft, by its hash, and stays when the draft is gone.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from forms.definitions import DefinitionError
from processes import library
from processes.importing import Imported, Note, Place, import_in_process

from ...database import begin_write
from ...errors import CaseError, NotYours, spoken_moment
from ...models import Audit, Blob, Draft, Person
from .. import audit
from ..accounts.actors import Actor
from ..files import blobs
from .drafts import draft_of, open_draft, require_name, save_parts
from .titles import require_title

SECONDS, PATIENCE = 10.0, 45.0
ACT = "diagram_imported"


class NotImportable(CaseError):
    """Nothing can be made of the file, or something in it waits for a person's yes."""

    status = 422
    title = "还不能存成草稿"
    way_out = "请按列出的办法处理，再存成草稿。"


class DraftStands(CaseError):
    """There is a draft of this variant already, and nobody said that it may be replaced."""

    status = 422
    title = "这张流程图已经有草稿"
    way_out = "确认要用导入的图替换它，就勾选“替换草稿”；否则换一个短名。"

    def __init__(self, draft: Draft, who: str) -> None:
        self.revision = draft.revision
        super().__init__(
            f"“{draft.title}”的草稿由{who}在 {spoken_moment(draft.changed_at)} 保存过。"
        )


def import_file(
    data: bytes, name: str, *, process: str | None = None, roles: Mapping[str, str] | None = None
) -> Imported:
    """What becomes of a file, with every form draft a form of ours. Never raises for its content."""
    found = import_in_process(
        data,
        name,
        process=process,
        roles=roles,
        called=library.called_diagrams(),
        forms=forms.facts(),
        seconds=SECONDS,
        patience=PATIENCE,
    )
    return without_bad_forms(found)


def without_bad_forms(found: Imported) -> Imported:
    """Leave out the form drafts that our rules refuse, and say so."""
    notes: list[Note] = []
    kept = {}
    for key, draft in found.forms.items():
        try:
            forms.definitions.parse_definition(draft, key=key)
        except DefinitionError as error:
            way_out = "请在表单编辑器里新建这个表单。"
            message = f"表单草稿 {key} 不能用：{error.findings[0]}"
            notes.append(Note("missing", "form", message, way_out, (Place(""),), asks=True))
        else:
            kept[key] = draft
    return replace(found, notes=(*notes, *found.notes), forms=kept) if notes else found


def keep_import(
    session: Session,
    actor: Actor,
    found: Imported,
    data: bytes,
    *,
    family: str,
    variant: str,
    title: str,
    now: datetime,
    replacing: int | None = None,
    address: str = "",
) -> Draft:
    """Make the imported diagram the draft of a variant, and keep the file. The caller commits.

    `replacing` is the revision of a standing draft that may go. Raises NotImportable, BadVariant,
    BadTitle, DraftStands, and DraftChanged when that draft was saved meanwhile.
    """
    if found.diagram is None:
        raise NotImportable("这个文件不能导入，没有存草稿。")
    require_name(family, variant)
    begin_write(session)
    if title:
        require_title(session, actor, title, (family, variant))
    standing = draft_of(session, actor, family, variant)
    if standing is not None and replacing is None:
        raise DraftStands(standing, session.get_one(Person, standing.changed_by_id).name)
    draft = standing or open_draft(session, actor, family, variant, now, title=title)
    saved = save_parts(
        session,
        actor,
        draft.id,
        revision=draft.revision if standing is None or replacing is None else replacing,
        now=now,
        diagram=found.diagram,
        forms={**draft.forms, **{key: dict(one) for key, one in found.forms.items()}},
        title=title or None,
    )
    keep_original(session, actor, saved, found.source, data, now, address)
    return saved


def keep_original(
    session: Session,
    actor: Actor,
    draft: Draft,
    name: str,
    data: bytes,
    now: datetime,
    address: str = "",
) -> None:
    """Keep the file as it came, named by the audit: it outlives the draft."""
    sha256 = hashlib.sha256(data).hexdigest()
    blobs.keep(session, sha256, data)
    about = f"{name[:80] or '流程图'} {draft.id.hex} {sha256}"
    audit.record(session, ACT, now, by=actor, about=about, address=address)


def original_of(session: Session, actor: Actor, draft_id: uuid.UUID) -> tuple[str, bytes]:
    """The name and bytes of the file that a draft was imported from last. Raises NotYours."""
    about = told_of(session, actor, draft_id)
    if about is None:
        raise NotYours
    name, _, sha256 = about.rsplit(" ", 2)
    return name, session.scalars(select(Blob.content).where(Blob.sha256 == sha256)).one()


def has_original(session: Session, actor: Actor, draft_id: uuid.UUID) -> bool:
    """Whether the draft was imported from a file."""
    return told_of(session, actor, draft_id) is not None


def told_of(session: Session, actor: Actor, draft_id: uuid.UUID) -> str | None:
    """What the audit says of the draft's last import: name, draft and hash of the file."""
    wanted = (
        select(Audit.about)
        .where(
            Audit.school_id == actor.school_id,
            Audit.act == ACT,
            Audit.about.like(f"% {draft_id.hex} %"),
        )
        .order_by(Audit.at.desc(), Audit.id.desc())
    )
    return session.scalars(wanted.limit(1)).first()
