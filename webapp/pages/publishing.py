"""What the page before a publication shows: verdict, difference, impact."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.compare import Change
from processes.diagram import Diagram, read_diagram
from processes.explore.proving import Proof, Proven
from webapp.errors import NotYours
from webapp.models import Draft, Person, Publication, Release
from webapp.pages.administration import find_release
from webapp.services.accounts.actors import Actor
from webapp.services.design import approving
from webapp.services.design.publishing import (
    changes_of,
    changes_of_releases,
    count_running,
    needs_second,
    prove_draft,
    release_in_force,
)
from webapp.services.design.trials import Tried, trial_of_draft

KINDS = {"added": "新增", "removed": "去掉", "changed": "修改"}
ACTS = {"start": "开始", "time": "到期限"}


def marks_of(changes: list[tuple[str, Change]], *kinds: str) -> dict[str, str]:
    return {one.element: one.kind for _, one in changes if one.kind in kinds and one.element}


@dataclass(frozen=True)
class Comparison:
    """Two releases of one variant, and all releases to choose from."""

    older: Release
    newer: Release
    changes: list[tuple[str, Change]]
    others: list[Release]

    def marks(self, *kinds: str) -> dict[str, str]:
        """What to colour in a drawing, for changes of these kinds."""
        return marks_of(self.changes, *kinds)


def comparison_of(
    session: Session, actor: Actor, release_id: uuid.UUID, other_id: uuid.UUID | None
) -> Comparison | None:
    """This release beside another one of its variant, the one before where none is said.

    None where there is no other. Raises NotYours for another school's or another variant's.
    """
    release = find_release(session, actor, release_id)
    wanted = (
        select(Release)
        .where(
            Release.school_id == release.school_id,
            Release.family == release.family,
            Release.variant == release.variant,
            Release.id != release.id,
        )
        .order_by(Release.number.desc())
    )
    others = list(session.scalars(wanted))
    if not others:
        return None
    earlier = [one for one in others if one.number < release.number]
    chosen = (earlier or others)[0].id if other_id is None else other_id
    if chosen not in {one.id for one in others}:
        raise NotYours
    other = find_release(session, actor, chosen)
    older, newer = (other, release) if other.number < release.number else (release, other)
    changes = [(KINDS[one.kind], one) for one in changes_of_releases(older, newer)]
    return Comparison(older, newer, changes, others)


@dataclass(frozen=True)
class ToldFinding:
    """A finding with the way to it in words, "" where there is none."""

    proven: Proven
    way: str


@dataclass(frozen=True)
class PublishPage:
    """Everything that is known before a draft is published."""

    draft: Draft
    current: Release | None
    proof: Proof
    findings: list[ToldFinding]
    changes: list[tuple[str, Change]]
    tried: Tried
    running: int
    number: int
    needs_second: bool = False
    asked: Publication | None = None
    asked_by: str = ""
    refused: Publication | None = None
    refused_by: str = ""

    @property
    def may_publish(self) -> bool:
        return self.proof.status == 0

    @property
    def errors(self) -> int:
        return sum(one.forbids_running for one in self.proof.findings)

    def marks(self, *kinds: str) -> dict[str, str]:
        """What to colour in a drawing, for changes of these kinds."""
        return marks_of(self.changes, *kinds)


def publication_of(session: Session, draft: Draft, now: datetime) -> PublishPage:
    """Prove the draft and tell what would change for whom. Takes seconds for a large diagram.

    The caller commits: many running cases are tried by the sweep.
    """
    current = release_in_force(session, draft)
    proof = prove_draft(draft)
    diagram = read_diagram(draft.diagram)
    return PublishPage(
        draft=draft,
        current=current,
        proof=proof,
        findings=[ToldFinding(one, way_of(one, diagram)) for one in proof.proven],
        changes=[(KINDS[one.kind], one) for one in changes_of(draft, current)],
        tried=trial_of_draft(session, draft, now),
        running=count_running(session, draft),
        number=next_number(session, draft),
        **consent_of(session, draft),
    )


def next_number(session: Session, draft: Draft) -> int:
    """The number that a release of this draft would get; after a return it is not the next but one."""
    last = select(func.max(Release.number)).where(
        Release.school_id == draft.school_id,
        Release.family == draft.family,
        Release.variant == draft.variant,
    )
    return (session.scalar(last) or 0) + 1


def consent_of(session: Session, draft: Draft) -> dict[str, Any]:
    """Whether a second person is needed, who asked, and what was said last time."""
    asked = approving.open_request(session, draft)
    refused = None if asked else approving.last_refusal(session, draft)
    names = {
        one.id: session.get_one(Person, person_id).name
        for one, person_id in (
            (asked, asked and asked.asked_by_id),
            (refused, refused and refused.decided_by_id),
        )
        if one and person_id
    }
    return {
        "needs_second": needs_second(session, draft.school_id),
        "asked": asked,
        "asked_by": names.get(asked.id, "") if asked else "",
        "refused": refused,
        "refused_by": names.get(refused.id, "") if refused else "",
    }


def way_of(proven: Proven, diagram: Diagram) -> str:
    """The steps of the path that shows a finding: 开始 → 填写（outcome=send）→ 到期限."""
    return " → ".join(step_of(step, diagram) for step in proven.path)


def step_of(step: Mapping[str, Any], diagram: Diagram) -> str:
    if step["kind"] == "message":
        return f"消息 {step['message']}"
    element = diagram.elements.get(str(step["element"]).split("/")[0])
    name = ACTS.get(step["kind"]) or (element.name if element and element.name else step["element"])
    chosen = "，".join(f"{key}={value}" for key, value in step["answers"].items())
    calls = "；".join(f"{operator}：{outcome}" for operator, outcome in step["calls"])
    told = "；".join(filter(None, [chosen, calls]))
    return f"{name}（{told}）" if told else str(name)
