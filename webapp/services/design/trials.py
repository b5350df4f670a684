"""Trials of a move: a few cases at once, many as work of the queue, which pages read as it goes.

The row of the job holds the order and what was found so far, never more than a page shows. Each
batch is added to it in one transaction, so a killed worker's batch is tried again and none twice.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session, sessionmaker

from processes.engine.placing_apart import Content

from ... import jobs
from ...database import begin_write
from ...models import Draft, Job, Release
from .trying import (
    BATCH,
    Trial,
    content_of,
    content_of_draft,
    count,
    running_elsewhere,
    running_on_variant,
    try_all,
    try_some,
)

NAMED = 20  # cases named for each step and verdict
SHOWN = 200  # cases in the list to choose from
FRESH = timedelta(minutes=10)
KEPT = timedelta(days=1)
STOPPED = "试算没有做完，已经停止。请重新试算。"
OUTDATED = "试算的时候草稿又改动了。请重新试算。"


@dataclass
class Standing:
    """The cases that wait at one step, and whether they can be moved."""

    step: str
    fits: bool
    story: str
    number: int = 0
    cases: list[Trial] = field(default_factory=list)


@dataclass
class Tried:
    """How far a trial is: of `total` running cases `tried`, `fits` of them can be moved.

    `at` is the moment of its order, and `ordered` says that there was one: few cases need none.
    `problem` says why it ended early, "" where it did not.
    """

    total: int
    at: datetime
    tried: int = 0
    fits: int = 0
    standing: list[Standing] = field(default_factory=list)
    fitting: list[Trial] = field(default_factory=list)
    after: uuid.UUID | None = None
    finished: bool = False
    ordered: bool = False
    problem: str = ""

    @property
    def sorted_standing(self) -> list[Standing]:
        """Those that cannot be moved first, then the largest."""
        return sorted(self.standing, key=lambda one: (one.fits, -one.number, one.step))

    def add(self, trials: Iterable[Trial]) -> None:
        """Count more cases in, behind those that were tried already."""
        for one in trials:
            self.tried += 1
            self.fits += one.fits
            self.after = one.case_id
            standing = self._standing_of(one)
            standing.number += 1
            if len(standing.cases) < NAMED:
                standing.cases.append(one)
            if one.fits and len(self.fitting) < SHOWN:
                self.fitting.append(one)
        self.total = max(self.total, self.tried)

    def _standing_of(self, one: Trial) -> Standing:
        key = (one.step, one.fits, one.story)
        for standing in self.standing:
            if (standing.step, standing.fits, standing.story) == key:
                return standing
        self.standing.append(Standing(*key))
        return self.standing[-1]

    def as_plain(self) -> dict[str, Any]:
        """Plain values, ready for JSON; `read_tried` takes them back."""
        plain: dict[str, Any] = orjson.loads(orjson.dumps(asdict(self)))
        return plain


def read_tried(plain: Mapping[str, Any]) -> Tried:
    """A trial from what `as_plain` gave."""
    standing = [
        Standing(**{**one, "cases": list(map(_read_trial, one["cases"]))})
        for one in plain["standing"]
    ]
    return Tried(
        **{
            **plain,
            "at": datetime.fromisoformat(plain["at"]),
            "after": uuid.UUID(plain["after"]) if plain["after"] else None,
            "standing": standing,
            "fitting": list(map(_read_trial, plain["fitting"])),
        }
    )


def _read_trial(plain: Mapping[str, Any]) -> Trial:
    return Trial(**{**plain, "case_id": uuid.UUID(plain["case_id"])})


def trial_of_release(
    session: Session,
    release: Release,
    mapping: Mapping[str, str],
    now: datetime,
    anew: bool = False,
) -> Tried:
    """What moving every running case of the variant to this release would come to.

    Up to BATCH cases are tried at once; more are ordered, and the answer says how far that is. The
    caller commits. `anew` orders it again although there is a fresh one.
    """
    which, target = running_elsewhere(release), content_of(session, release.id)
    order = {"school": release.school_id.hex, "release": release.id.hex, "draft": ""}
    return _trial(session, which, target, order, mapping, now, anew)


def trial_of_draft(session: Session, draft: Draft, now: datetime, anew: bool = False) -> Tried:
    """The same for what a draft would become; nothing where it cannot run at all."""
    target = content_of_draft(draft)
    if target is None:
        return Tried(0, now, finished=True)
    order = {"school": draft.school_id.hex, "release": "", "draft": draft.id.hex}
    return _trial(session, running_on_variant(draft), target, order, {}, now, anew)


def _trial(
    session: Session,
    which: ColumnElement[bool],
    target: Content,
    order: dict[str, str],
    mapping: Mapping[str, str],
    now: datetime,
    anew: bool,
) -> Tried:
    total = count(session, which)
    if total <= BATCH:
        tried = Tried(total, now, finished=True)
        tried.add(try_all(session, which, target, mapping, now))
        return tried
    key = _key(order, target, mapping)
    job = session.scalars(select(Job).where(Job.once_key == key)).one_or_none()
    if job is None or anew or _is_stale(job, now):
        begun = Tried(total, now, ordered=True)
        args = {"key": key, "target": target.key, "mapping": dict(mapping), **order}
        _order(session, key, {**args, "found": begun.as_plain()}, now)
        return begun
    tried = read_tried(job.args["found"])
    if job.state == "failed":
        tried.finished, tried.problem = True, STOPPED
    return tried


def _key(order: Mapping[str, str], target: Content, mapping: Mapping[str, str]) -> str:
    said = orjson.dumps([order, target.key, mapping], option=orjson.OPT_SORT_KEYS)
    return f"try:{hashlib.sha256(said).hexdigest()[:40]}"


def _is_stale(job: Job, now: datetime) -> bool:
    return job.state == "done" and read_tried(job.args["found"]).at < now - FRESH


def _order(session: Session, key: str, args: dict[str, Any], now: datetime) -> None:
    begin_write(session)
    forgotten = (Job.once_key == key) | ((Job.state != "waiting") & (Job.run_at < now - KEPT))
    session.execute(delete(Job).where(Job.name == "try_cases", forgotten))
    jobs.enqueue(session, "try_cases", args, now, key)


@jobs.handler("try_cases")
def try_cases(
    sessions: sessionmaker[Session], args: dict[str, Any], now: datetime
) -> jobs.Unfinished | None:
    """Try the next batch of a trial and add it to what was found."""
    tried = read_tried(args["found"])
    behind = tried.after
    with sessions() as session:
        aim = _aim(session, args)
        if aim is None:
            tried.problem, trials = OUTDATED, []
        else:
            trials = try_some(session, *aim, args["mapping"], now, behind, BATCH)
    tried.add(trials)
    tried.finished = not trials
    if not _keep(sessions, args["key"], behind, tried):
        return None
    return jobs.MORE if trials else None


def _aim(session: Session, args: Mapping[str, Any]) -> tuple[ColumnElement[bool], Content] | None:
    """The cases and the content that were meant, as long as they are still there as they were."""
    if args["release"]:
        release = session.get(Release, uuid.UUID(args["release"]))
        if release is None:
            return None
        return running_elsewhere(release), content_of(session, release.id)
    draft = session.get(Draft, uuid.UUID(args["draft"]))
    content = content_of_draft(draft) if draft else None
    if draft is None or content is None or content.key != args["target"]:
        return None
    return running_on_variant(draft), content


def _keep(
    sessions: sessionmaker[Session], key: str, behind: uuid.UUID | None, tried: Tried
) -> bool:
    """Store how far the trial is; False where another worker was there, or it was ordered anew."""
    with sessions.begin() as session:
        begin_write(session)
        wanted = select(Job).where(Job.once_key == key).with_for_update()
        job = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
        if job is None or read_tried(job.args["found"]).after != behind:
            return False
        job.args = {**job.args, "found": tried.as_plain()}
        return True
