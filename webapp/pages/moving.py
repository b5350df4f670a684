"""What the pages for moving running cases show: the trial, the report, and the list of moves."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.diagram import Diagram
from processes.elements import Element
from processes.kinds import label_of
from webapp.models import Case, Move, MovedCase, Person, Release
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.accounts.actors import Actor
from webapp.services.design import moving, releases, undoing
from webapp.services.design.trials import Tried, trial_of_release
from webapp.services.design.trying import find_target, running_elsewhere

RENAME = "rename."
OUTCOMES = {
    "waiting": ("等待迁移", "wait"),
    "moved": ("已迁移", "good"),
    "refused": ("没有迁移", "bad"),
    "undone": ("已退回原版本", "plain"),
    "kept": ("不能退回", "wait"),
}


@dataclass(frozen=True)
class Renamed:
    """A step that the new release does not have, and what it may be called there."""

    path: str
    label: str
    choices: dict[str, str]
    chosen: str


@dataclass(frozen=True)
class TrialPage:
    """A move that was only tried."""

    release: Release
    tried: Tried
    renamed: list[Renamed]
    mapping: dict[str, str]

    @property
    def hidden(self) -> dict[str, str]:
        """The renamed steps as a form sends them again."""
        return {f"{RENAME}{path}": new for path, new in self.mapping.items()}


def trial_page(
    session: Session, actor: Actor, release_id: uuid.UUID, mapping: dict[str, str], now: datetime
) -> TrialPage:
    """Try the running cases of the variant on this release, or see how far that is.

    The caller commits: many cases are tried by the sweep. Raises NotYours.
    """
    release = find_target(session, actor, release_id)
    tried = trial_of_release(session, release, mapping, now)
    renamed = list(renamed_in(session, release, mapping))
    return TrialPage(release, tried, renamed, mapping)


def mapping_in(typed: Mapping[str, str]) -> dict[str, str]:
    """The renamed steps as the form names them: `rename.<path>` with the new path."""
    return {
        key.removeprefix(RENAME): value.strip()
        for key, value in typed.items()
        if key.startswith(RENAME) and value.strip()
    }


def renamed_in(session: Session, release: Release, mapping: Mapping[str, str]) -> Iterator[Renamed]:
    """The steps that releases with running cases have and this one has not."""
    new = paths_of(*releases.diagrams_of(session, release.id))
    wanted = select(Case.release_id).where(running_elsewhere(release)).distinct()
    old: dict[str, Element] = {}
    for release_id in session.scalars(wanted).all():
        old |= paths_of(*releases.diagrams_of(session, release_id))
    fresh = {path: element for path, element in new.items() if path not in old}
    for path, element in old.items():
        if path in new:
            continue
        around = path.rpartition("/")[0]
        around = mapping.get(around, around)
        choices = {
            one: f"{label_of(other.kind)}“{other.name or other.id}”"
            for one, other in fresh.items()
            if one.rpartition("/")[0] == around and other.kind == element.kind
        }
        if choices:
            label = f"{label_of(element.kind)}“{element.name or element.id}”"
            yield Renamed(path, label, choices, mapping.get(path, ""))


def paths_of(
    diagram: Diagram, called: Mapping[str, Diagram], around: str = ""
) -> dict[str, Element]:
    """What may hold a token or an answer, by path, in what is called too."""
    found: dict[str, Element] = {}
    for element in diagram.elements.values():
        if element.is_activity or element.events:
            found[f"{around}{element.id}"] = element
        if element.kind == "callActivity" and element.called in called:
            inner = called[element.called or ""]
            found |= paths_of(inner, called, f"{around}{element.id}/")
    return found


@dataclass(frozen=True)
class Line:
    """A case in the report of a move."""

    row: MovedCase
    title: str
    words: str
    tone: str


@dataclass(frozen=True)
class Report:
    """What a move came to."""

    move: Move
    release: Release
    author: str
    counts: dict[str, int]
    page: Page
    going_back: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """How many cases are done with, of a move that goes on or of one that is taken back."""
        return self.total - self.counts.get("moved" if self.going_back else "waiting", 0)

    @property
    def is_busy(self) -> bool:
        return self.going_back or not self.move.finished_at

    @property
    def told(self) -> str:
        return "，".join(
            f"{OUTCOMES[one][0]} {self.counts[one]} 件" for one in OUTCOMES if self.counts.get(one)
        )


def report_of(session: Session, actor: Actor, move_id: uuid.UUID, query: dict[str, str]) -> Report:
    """The report of a move, case by case, those that did not move first when asked for."""
    move = moving.find_move(session, actor, move_id)
    wanted = (
        select(MovedCase, Case.title)
        .join(Case, Case.id == MovedCase.case_id)
        .where(MovedCase.move_id == move.id)
        .order_by(MovedCase.case_id.desc())
        .limit(PAGE + 1)
    )
    if query.get("outcome") in OUTCOMES:
        wanted = wanted.where(MovedCase.outcome == query["outcome"])
    if before := read_key(query.get("before")):
        wanted = wanted.where(MovedCase.case_id < before)
    lines = [Line(row, title, *OUTCOMES[row.outcome]) for row, title in session.execute(wanted)]
    counted = (
        select(MovedCase.outcome, func.count())
        .where(MovedCase.move_id == move.id)
        .group_by(MovedCase.outcome)
    )
    return Report(
        move=move,
        release=session.get_one(Release, move.release_id),
        author=session.get_one(Person, move.author_id).name,
        counts=dict(list(session.execute(counted))),
        page=page_of(lines, lambda line: line.row.case_id, query),
        going_back=undoing.is_going_back(session, move.id),
    )


def list_moves(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """The moves of the school, latest first."""
    wanted = (
        select(Move, Release, Person.name)
        .join(Release, Release.id == Move.release_id)
        .join(Person, Person.id == Move.author_id)
        .where(Move.school_id == actor.school_id)
        .order_by(Move.id.desc())
        .limit(PAGE + 1)
    )
    if before := read_key(query.get("before")):
        wanted = wanted.where(Move.id < before)
    return page_of(session.execute(wanted).all(), lambda row: row[0].id, query)
