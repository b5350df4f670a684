"""What drafts are called: a title that no other flow of the school has, and where it may change, the short name."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import library
from processes.diagram import read_diagram

from ...database import begin_write
from ...errors import CaseError
from ...models import Draft, Release, School
from .. import audit
from ..accounts.actors import Actor
from . import drafts

LONGEST = 60
Flow = tuple[str, str]  # family and variant


class BadTitle(CaseError):
    """Nothing, or too long, or what another flow of the school is called."""

    status = 422
    title = "这个名称不能用"
    way_out = "请换一个名称。"


class VariantStays(CaseError):
    """What was published, or came with the system, is known by its short name."""

    status = 422
    title = "短名不能改"
    story = "这种流程已经发布过，或是系统自带的，短名不能再改。"
    way_out = "可以只改名称；要换短名，请新建一张流程图。"


class VariantTaken(CaseError):
    """Another draft, release or packaged diagram of the family has this short name."""

    status = 422
    title = "这个短名已经用了"
    way_out = "请换一个短名。"


def titles_in_use(session: Session, actor: Actor) -> list[tuple[str, Flow]]:
    """What the flows of the school are called, each with its flow: packaged, in force, in drafts."""
    packaged = [
        (read_diagram(one.read(), one.source).name, (one.family, one.variant))
        for one in library.find_diagram_files()
    ]
    wanted = (
        select(Release.title, Release.family, Release.variant).where(
            Release.school_id == actor.school_id, Release.in_force
        ),
        select(Draft.title, Draft.family, Draft.variant).where(Draft.school_id == actor.school_id),
    )
    kept = [(title, (f, v)) for one in wanted for title, f, v in session.execute(one)]
    return packaged + kept


def require_title(session: Session, actor: Actor, title: str, flow: Flow) -> None:
    """Raises BadTitle for a title that this flow of the school cannot have.

    The school's row is locked, so that no two take the same title at once.
    """
    if not title:
        raise BadTitle("没有写名称，没有保存。", "请写一个名称，如“线上签约：暑期”。")
    if len(title) > LONGEST:
        raise BadTitle(f"名称有 {len(title)} 个字，最多 {LONGEST} 个，没有保存。", "请写短一些。")
    session.execute(select(School.id).where(School.id == actor.school_id).with_for_update())
    used = titles_in_use(session, actor)
    other = next((one for name, one in used if name == title and one != flow), None)
    if other is not None:
        raise BadTitle(f"已经有一种流程叫“{title}”（短名 {other[1]}），没有保存。")


def require_new(session: Session, actor: Actor, title: str, flow: Flow) -> None:
    """Raises what forbids a new flow of this title and short name: BadVariant, VariantTaken, BadTitle."""
    drafts.require_name(*flow)
    begin_write(session)
    require_free(session, actor, flow)
    require_title(session, actor, title, flow)


def require_free(session: Session, actor: Actor, flow: Flow) -> None:
    family, variant = flow
    standing = drafts.draft_of(session, actor, family, variant)
    if standing is not None or is_known(session, actor.school_id, flow):
        raise VariantTaken(f"这一类里已经有短名是 {variant} 的流程，没有保存。")


def may_change_variant(session: Session, draft: Draft) -> bool:
    """Whether nothing but the draft has its short name yet."""
    return not is_known(session, draft.school_id, (draft.family, draft.variant))


def is_known(session: Session, school_id: uuid.UUID | None, flow: Flow) -> bool:
    """Whether a flow was ever published at the school, or is packaged."""
    family, variant = flow
    published = select(Release.id).where(
        Release.school_id == school_id, Release.family == family, Release.variant == variant
    )
    packaged = {(one.family, one.variant) for one in library.find_diagram_files()}
    return flow in packaged or session.scalars(published.limit(1)).first() is not None


def rename(
    session: Session,
    actor: Actor,
    draft_id: uuid.UUID,
    title: str,
    variant: str,
    *,
    revision: int,
    read: str,
    now: datetime,
    address: str = "",
) -> Draft:
    """Give a draft another title, and where it may change another short name. The caller commits.

    `read` is the title that was read: what else of the draft was saved meanwhile is no hindrance.
    Raises DraftChanged, BadTitle, BadVariant, VariantStays, VariantTaken.
    """
    draft = drafts.take_up(session, actor, draft_id, revision, lambda found: found.title == read)
    before = f"{draft.title}（{draft.variant}）"
    if variant != draft.variant:
        require_variant(session, actor, draft, variant)
    require_title(session, actor, title, (draft.family, draft.variant))
    draft.title, draft.variant = title, variant
    about = f"{before} 改为 {title}（{variant}）"
    audit.record(session, "draft_renamed", now, by=actor, about=about, address=address)
    return drafts.count_up(session, actor, draft, now)


def require_variant(session: Session, actor: Actor, draft: Draft, variant: str) -> None:
    if not may_change_variant(session, draft):
        raise VariantStays
    drafts.require_name(draft.family, variant)
    require_free(session, actor, (draft.family, variant))
