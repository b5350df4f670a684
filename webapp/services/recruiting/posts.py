"""Posts that employers want to fill: put up, changed and closed by them, found by graduates.

A post is open until the end of its last day in Shanghai, or until its employer closes it. What was
sent to it goes on after that.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import SHANGHAI, CaseError, NotYours
from ...models import Employer, Post, Release, new_id
from ..accounts.actors import Actor

FAMILY, VARIANT = "online_signing", "resume_to_offer"
PAGE = 20
EDITABLE = ("title", "category", "work_place", "wanted", "open_until", "description")


class PostClosed(CaseError):
    """The employer closed the post, or its last day is over."""

    title = "这个岗位已停止招聘"
    story = "单位已关闭这个岗位，或招聘截止日期已过，不能再投递。"
    way_out = "回到招聘岗位，看看别的岗位。"


def is_offered(session: Session, school_id: uuid.UUID | None) -> bool:
    """Whether this school lets its graduates apply online; without a school: whether any does."""
    wanted = select(Release.id).where(Release.variant == VARIANT, Release.in_force)
    if school_id:
        wanted = wanted.where(Release.school_id == school_id, Release.family == FAMILY)
    return session.scalar(wanted.limit(1)) is not None


def put_up(session: Session, actor: Actor, values: dict[str, Any], now: datetime) -> Post:
    """A new post of this employer. `values` are the answers of the form `recruiting/post`."""
    post = Post(
        id=new_id(now),
        employer_id=actor.employer_id,
        posted_by=actor.person_id,
        posted_at=now,
        **columns_of(values),
    )
    session.add(post)
    session.flush()
    return post


def change(
    session: Session, actor: Actor, post_id: uuid.UUID, values: dict[str, Any], now: datetime
) -> Post:
    """Change an open post; what was sent to it before keeps what it was sent to."""
    post = hold(session, actor, post_id)
    if post.closed_at is not None:
        raise PostClosed("已关闭的岗位不能再改。", "还要招人，请另发一个岗位。")
    for name, value in columns_of(values).items():
        setattr(post, name, value)
    session.flush()
    return post


def close(session: Session, actor: Actor, post_id: uuid.UUID, now: datetime) -> None:
    """Take no further résumés. Closing twice is closing once."""
    find_own(session, actor, post_id)
    begin_write(session)
    session.execute(
        update(Post).where(Post.id == post_id, Post.closed_at.is_(None)).values(closed_at=now)
    )


def columns_of(values: dict[str, Any]) -> dict[str, Any]:
    """The answers of the form as columns."""
    return {
        **{name: values[name] for name in EDITABLE},
        "open_until": date.fromisoformat(values["open_until"]),
    }


def hold(session: Session, actor: Actor, post_id: uuid.UUID) -> Post:
    """The own post, locked until the commit."""
    begin_write(session)
    found = session.scalars(
        select(Post)
        .where(Post.id == post_id, Post.employer_id == actor.employer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotYours
    return found


def find_own(session: Session, actor: Actor, post_id: uuid.UUID) -> Post:
    """A post of this employer, open or closed; another employer's does not exist here."""
    post = session.get(Post, post_id)
    if post is None or post.employer_id != actor.employer_id:
        raise NotYours
    return post


def find_for_graduate(session: Session, actor: Actor, post_id: uuid.UUID) -> Post:
    """A post as a graduate may read it; only where the school lets graduates apply."""
    post = session.get(Post, post_id)
    if post is None or not is_offered(session, actor.school_id):
        raise NotYours
    return post


def require_open(session: Session, post: Post, now: datetime) -> None:
    """Raise PostClosed; else it stays open until this transaction ends."""
    session.refresh(post, with_for_update={"read": True})
    if not is_open(post, now):
        raise PostClosed


def is_open(post: Post, now: datetime) -> bool:
    return post.closed_at is None and post.open_until >= today(now)


def today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def own_posts(
    session: Session, actor: Actor, *, limit: int = PAGE, before: uuid.UUID | None = None
) -> list[Post]:
    """The posts of this employer, latest first."""
    wanted = select(Post).where(Post.employer_id == actor.employer_id)
    if before:
        wanted = wanted.where(Post.id < before)
    return list(session.scalars(wanted.order_by(Post.id.desc()).limit(limit)))


def open_posts(
    session: Session,
    now: datetime,
    *,
    text: str = "",
    category: str = "",
    limit: int = PAGE,
    before: uuid.UUID | None = None,
) -> list[tuple[Post, Employer]]:
    """Posts that still take résumés, latest first; `text` is part of a title, or begins an employer."""
    wanted = (
        select(Post, Employer)
        .join(Employer, Employer.id == Post.employer_id)
        .where(Post.closed_at.is_(None), Post.open_until >= today(now))
    )
    if category:
        wanted = wanted.where(Post.category == category)
    if text.strip():
        wanted = wanted.where(matches(text.strip()))
    if before:
        wanted = wanted.where(Post.id < before)
    rows = session.execute(wanted.order_by(Post.id.desc()).limit(limit))
    return [(post, employer) for post, employer in rows]


def matches(text: str) -> ColumnElement[bool]:
    """The title by any part of it; the employer by a range, which its index answers once a search."""
    begins = and_(Employer.name >= text, Employer.name < text + "\U0010ffff")
    named = Post.employer_id.in_(select(Employer.id).where(begins))
    return or_(Post.title.contains(text, autoescape=True), named)
