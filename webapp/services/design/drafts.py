"""Drafts of diagrams with their forms and scenarios: opened, saved, given up.

There is one draft of each variant. Every save names the revision that it changes, so that two
people on one draft never overwrite each other: the second learns who was faster.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from processes import library
from processes.diagram import read_diagram
from processes.scenario import read_scenarios

from ...database import begin_write
from ...errors import CaseError, NotYours, spoken_moment
from ...models import Draft, Person, Release, new_id
from ..accounts.actors import Actor
from . import releases
from .blank import blank_diagram

VARIANT = re.compile(r"[a-z][a-z0-9_]{1,59}")


AsRead = Callable[[Draft], bool]


def never(draft: Draft) -> bool:
    """Nothing but the revision tells whether a draft is as it was read."""
    return False


class DraftChanged(CaseError):
    """Somebody else saved this draft since it was opened. `revision` is the one that stands."""

    title = "草稿已有更新的内容"
    way_out = "先把您的改动导出为文件，再载入最新的草稿，把改动加进去。"

    def __init__(self, who: str, when: datetime, revision: int) -> None:
        self.who, self.when, self.revision = who, when, revision
        super().__init__(f"{who}在 {spoken_moment(when)} 保存过这份草稿，您这次没有保存任何内容。")


class BadVariant(CaseError):
    """The short name of a new diagram cannot be taken, or its family is not known."""

    status = 422
    title = "这张流程图不能新建"
    way_out = "短名用小写英文字母开头，只含字母、数字和下划线，如 summer_signing；类别从列表里选。"


def list_drafts(session: Session, actor: Actor) -> list[Draft]:
    """The drafts of this school, by family and variant."""
    wanted = select(Draft).where(Draft.school_id == actor.school_id)
    return list(session.scalars(wanted.order_by(Draft.family, Draft.variant)))


def find_draft(session: Session, actor: Actor, draft_id: uuid.UUID) -> Draft:
    """One draft of this school. Raises NotYours for any other."""
    wanted = select(Draft).where(Draft.id == draft_id, Draft.school_id == actor.school_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotYours
    return found


def open_draft(
    session: Session,
    actor: Actor,
    family: str,
    variant: str,
    now: datetime,
    *,
    title: str = "",
    like: str = "",
) -> Draft:
    """The draft of a variant; where there is none yet, one is begun.

    It begins as a copy of the release in force, else of the packaged diagram, else blank. A new
    variant may begin `like` another one of its family. The caller commits.
    Raises BadVariant for a family that nobody knows and a name that is none.
    """
    require_name(family, variant)
    begin_write(session)
    if standing := draft_of(session, actor, family, variant):
        return standing
    began = beginning(session, actor, family, like or variant)
    draft = Draft(
        id=new_id(now),
        school_id=actor.school_id,
        family=family,
        variant=variant,
        title=title or began["title"] or variant,
        created_by_id=actor.person_id,
        changed_by_id=actor.person_id,
        changed_at=now,
        **{key: value for key, value in began.items() if key != "title"},
    )
    if like and like != variant:
        draft.base_release_id = None
    session.add(draft)
    session.flush()
    return draft


def save_parts(
    session: Session,
    actor: Actor,
    draft_id: uuid.UUID,
    *,
    revision: int,
    now: datetime,
    diagram: bytes | None = None,
    called: Mapping[str, str] | None = None,
    forms: Mapping[str, dict[str, Any]] | None = None,
    scenarios: str | None = None,
    title: str | None = None,
    is_as_read: AsRead = never,
) -> Draft:
    """Store what is given over `revision`, which must be the one that stands. The caller commits.

    Where it is not, `is_as_read` may tell that what the caller changes still is as it was read, and
    only something else of the draft was saved: the diagram in one window, a form in another.
    Raises DraftChanged otherwise, UnreadableDiagram for bytes that are no diagram.
    """
    if diagram is not None:
        read_diagram(diagram)
    draft = take_up(session, actor, draft_id, revision, is_as_read)
    given = {
        "diagram": diagram,
        "called": None if called is None else dict(called),
        "forms": None if forms is None else dict(forms),
        "scenarios": scenarios,
        "title": title,
    }
    for name, value in given.items():
        if value is not None:
            setattr(draft, name, value)
    return count_up(session, actor, draft, now)


def save_form(
    session: Session,
    actor: Actor,
    draft_id: uuid.UUID,
    key: str,
    raw: Mapping[str, Any],
    *,
    revision: int,
    now: datetime,
    is_as_read: AsRead = never,
) -> Draft:
    """Store one form of a draft, a definition that was parsed; as `save_parts`."""
    draft = take_up(session, actor, draft_id, revision, is_as_read)
    draft.forms = {**draft.forms, key: dict(raw)}
    return count_up(session, actor, draft, now)


def drop_form(
    session: Session, actor: Actor, draft_id: uuid.UUID, key: str, *, revision: int, now: datetime
) -> Draft:
    """Take the draft's own version of a form out again; as `save_parts`."""
    draft = take_up(session, actor, draft_id, revision, never)
    draft.forms = {name: raw for name, raw in draft.forms.items() if name != key}
    return count_up(session, actor, draft, now)


def add_scenario(
    session: Session, actor: Actor, draft_id: uuid.UUID, text: str, now: datetime
) -> Draft:
    """Put one more scenario behind those of the draft, whoever saved meanwhile.

    `text` is TOML. Raises ScenarioError where it, or all of it together, cannot be read.
    """
    begin_write(session)
    draft = hold(session, actor, draft_id)
    together = f"{draft.scenarios.rstrip()}\n\n{text.strip()}\n".lstrip()
    read_scenarios(together)
    draft.scenarios = together
    return count_up(session, actor, draft, now)


def take_up(
    session: Session, actor: Actor, draft_id: uuid.UUID, revision: int, is_as_read: AsRead
) -> Draft:
    """The draft, locked, where it still is what the caller read. Raises DraftChanged."""
    begin_write(session)
    draft = hold(session, actor, draft_id)
    if draft.revision != revision and not is_as_read(draft):
        who = session.get_one(Person, draft.changed_by_id).name
        raise DraftChanged(who, draft.changed_at, draft.revision)
    return draft


def count_up(session: Session, actor: Actor, draft: Draft, now: datetime) -> Draft:
    draft.revision += 1
    draft.changed_by_id, draft.changed_at = actor.person_id, now
    session.flush()
    return draft


def print_of(content: bytes | Mapping[str, Any] | None) -> str:
    """By what a page tells whether a part of a draft still is as it was read; "" for nothing."""
    if content is None:
        return ""
    data = content if isinstance(content, bytes) else json.dumps(content, sort_keys=True).encode()
    return hashlib.sha256(data).hexdigest()


def discard(session: Session, actor: Actor, draft_id: uuid.UUID) -> None:
    """Give a draft up; what is published stays. The caller commits."""
    draft = find_draft(session, actor, draft_id)
    session.execute(delete(Draft).where(Draft.id == draft.id))


def families(session: Session, actor: Actor) -> list[str]:
    """The families that a diagram may belong to: the packaged ones and those of this school."""
    packaged = {found.family for found in library.find_diagram_files()}
    own = session.scalars(
        select(Release.family).where(Release.school_id == actor.school_id).distinct()
    )
    return sorted(packaged | set(own))


def draft_of(session: Session, actor: Actor, family: str, variant: str) -> Draft | None:
    wanted = select(Draft).where(
        Draft.school_id == actor.school_id, Draft.family == family, Draft.variant == variant
    )
    return session.scalars(wanted).one_or_none()


def hold(session: Session, actor: Actor, draft_id: uuid.UUID) -> Draft:
    """The draft with its row locked, as the database has it now."""
    wanted = (
        select(Draft)
        .where(Draft.id == draft_id, Draft.school_id == actor.school_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotYours
    return found


def require_name(family: str, variant: str) -> None:
    known = {found.family for found in library.find_diagram_files()}
    if family not in known or not VARIANT.fullmatch(variant):
        raise BadVariant(f"类别“{family}”或短名“{variant}”不能用。")


def beginning(session: Session, actor: Actor, family: str, variant: str) -> dict[str, Any]:
    """The values of a draft that nobody has touched: `base_release_id`, title, diagram and so on."""
    current = (
        releases.in_force(session, actor.school_id, family, variant) if actor.school_id else None
    )
    if current:
        return {
            "base_release_id": current.id,
            "title": current.title,
            "diagram": current.diagram,
            "called": current.called,
            "forms": current.forms,
            "scenarios": current.scenarios,
        }
    try:
        return packaged_beginning(family, variant)
    except library.UnknownDiagram:
        return {
            "base_release_id": None,
            "title": "",
            "diagram": blank_diagram(family, variant),
            "called": {},
            "forms": {},
            "scenarios": "",
        }


def packaged_beginning(family: str, variant: str) -> dict[str, Any]:
    found = library.find_diagram(family, variant)
    diagram, called = library.load_family(family, variant)
    return {
        "base_release_id": None,
        "title": diagram.name,
        "diagram": diagram.xml,
        "called": {process: child.xml.decode() for process, child in called.items()},
        "forms": releases.definitions_for([diagram, *called.values()]),
        "scenarios": found.scenarios.read_text("utf-8") if found.scenarios else "",
    }
