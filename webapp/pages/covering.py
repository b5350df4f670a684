"""How much of a diagram was taken: by its scenarios, or by the cases that really ran on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from processes.coverage import Coverage
from processes.diagram import Diagram
from processes.safe_xml import UnreadableDiagram
from webapp.models import Release
from webapp.pages.tints import missing_flows, tints
from webapp.services.design.runnable import Runnable
from webapp.services.design.taken import taken_by_cases


@dataclass(frozen=True)
class Tinted:
    """One drawing with its colours; `called` is empty for the diagram's own."""

    called: str
    name: str
    marks: dict[str, str]
    notes: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class CoveringPage:
    """Everything the page shows. `played` is None where cases were counted."""

    title: str
    flows: int = 0
    taken: int = 0
    played: int | None = None
    failed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    drawings: tuple[Tinted, ...] = ()
    problem: str = ""

    @property
    def percent(self) -> str:
        """Rounded down, so that 100 means all."""
        return f"{100 * self.taken // self.flows}" if self.flows else "0"


def scenarios_page(runnable: Runnable) -> CoveringPage:
    """What the scenarios of a draft or release take."""
    found = runnable.rehearse()
    if found.coverage is None:
        return CoveringPage(runnable.title, problem=found.problem)
    return told(runnable, found.coverage, played=found.played, failed=found.failed)


def cases_page(session: Session, release: Release, runnable: Runnable) -> CoveringPage:
    """What the cases of a release took."""
    try:
        diagram, called = runnable.read()
    except UnreadableDiagram as refusal:
        return CoveringPage(
            runnable.title, problem="；".join(one.message for one in refusal.findings)
        )
    return told(runnable, taken_by_cases(session, release, diagram, called))


def told(runnable: Runnable, coverage: Coverage, **more: Any) -> CoveringPage:
    diagram, called = runnable.read()
    diagrams = {diagram.process: diagram, **called}
    return CoveringPage(
        runnable.title,
        flows=len(coverage.flows),
        taken=len(coverage.taken),
        missing=tuple(missing_flows(coverage, diagrams)),
        drawings=tuple(drawn_of(diagram, called, coverage)),
        **more,
    )


def drawn_of(diagram: Diagram, called: Mapping[str, Diagram], coverage: Coverage) -> list[Tinted]:
    return [
        Tinted(
            "" if one is diagram else one.process, one.name or one.process, *tints(one, coverage)
        )
        for one in (diagram, *called.values())
    ]
