"""What the page before a publication shows: verdict, difference, impact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from processes.compare import Change
from processes.diagram import Diagram, read_diagram
from processes.explore.proving import Proof, Proven
from webapp.models import Draft, Release
from webapp.pages.moving import Standing, impact_on_draft
from webapp.services.design.publishing import (
    changes_of,
    count_running,
    prove_draft,
    release_in_force,
)

KINDS = {"added": "新增", "removed": "去掉", "changed": "修改"}
ACTS = {"start": "开始", "time": "到期限"}


@dataclass(frozen=True)
class ToldFinding:
    """A finding with the way to it in words, "" where there is none."""

    proven: Proven
    way: str


@dataclass(frozen=True)
class Publication:
    """Everything that is known before a draft is published."""

    draft: Draft
    current: Release | None
    proof: Proof
    findings: list[ToldFinding]
    changes: list[tuple[str, Change]]
    standing: list[Standing]
    running: int

    @property
    def number(self) -> int:
        return self.current.number + 1 if self.current else 1

    @property
    def may_publish(self) -> bool:
        return self.proof.status == 0

    @property
    def errors(self) -> int:
        return sum(one.forbids_running for one in self.proof.findings)

    def marks(self, *kinds: str) -> dict[str, str]:
        """What to colour in a drawing, for changes of these kinds."""
        return {
            one.element: one.kind for _, one in self.changes if one.kind in kinds and one.element
        }


def publication_of(session: Session, draft: Draft, now: datetime) -> Publication:
    """Prove the draft and tell what would change for whom. Takes seconds for a large diagram."""
    current = release_in_force(session, draft)
    proof = prove_draft(draft)
    diagram = read_diagram(draft.diagram)
    return Publication(
        draft=draft,
        current=current,
        proof=proof,
        findings=[ToldFinding(one, way_of(one, diagram)) for one in proof.proven],
        changes=[(KINDS[one.kind], one) for one in changes_of(draft, current)],
        standing=impact_on_draft(session, draft, now),
        running=count_running(session, draft),
    )


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
