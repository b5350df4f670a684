"""What a draft or a release runs on, alike for everything that tries it without a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import forms
from forms.definitions import Definition
from processes.covering import Rehearsed, rehearse_in_process
from processes.diagram import Diagram, read_diagram
from processes.library import gather_called
from processes.safe_xml import UnreadableDiagram
from processes.simulation import Foreseen, simulate_in_process

from ...models import Draft, Release
from .checking import called_by, forms_of

PATIENCE = 40.0


@dataclass(frozen=True)
class Runnable:
    """A diagram with what it calls, the forms it may name, and the TOML that plays it."""

    title: str
    family: str
    variant: str
    diagram: bytes
    called: Mapping[str, bytes]
    forms: Mapping[str, Definition]
    scenarios: str

    def read(self) -> tuple[Diagram, dict[str, Diagram]]:
        """The diagram and those that it really calls. Raises UnreadableDiagram."""
        diagram = read_diagram(self.diagram)
        return diagram, gather_called(diagram, self.called)

    def rehearse(self) -> Rehearsed:
        """What the scenarios take, in a process that can be killed."""
        try:
            diagram, called = self.read()
        except UnreadableDiagram as refusal:
            return Rehearsed(problem="；".join(one.message for one in refusal.findings))
        known = forms.facts(self.forms)
        return rehearse_in_process(diagram, called, self.scenarios, known, patience=PATIENCE)

    def foresee(self, plan: Mapping[str, Any] | None) -> Foreseen:
        """What may be assumed and, with a plan, a simulated term, in a process that can be killed."""
        return simulate_in_process(
            self.diagram,
            f"{self.family}/{self.variant}",
            called=self.called,
            forms=forms.facts(self.forms),
            scenarios=self.scenarios,
            plan=plan,
            patience=PATIENCE,
        )


def of_draft(draft: Draft) -> Runnable:
    """A draft as it was saved last, with the packaged parts that it may use."""
    return Runnable(
        draft.title, draft.family, draft.variant, bytes(draft.diagram), called_by(draft),
        forms_of(draft), draft.scenarios,
    )  # fmt: skip


def of_release(release: Release) -> Runnable:
    """A release as it is frozen."""
    definitions = {
        key: forms.definitions.parse_definition(raw, key=key) for key, raw in release.forms.items()
    }
    called = {process: text.encode() for process, text in release.called.items()}
    return Runnable(
        f"{release.title} 第 {release.number} 版", release.family, release.variant,
        bytes(release.diagram), called, definitions, release.scenarios,
    )  # fmt: skip
