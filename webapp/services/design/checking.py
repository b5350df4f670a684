"""What a draft would run on, and the quick check of it: rules, in a process that can be killed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import forms
from forms.definitions import Definition
from processes import library
from processes.diagram import Diagram, UnreadableDiagram, read_diagram
from processes.explore.walking import try_in_process
from processes.sandbox import CheckResult, check_in_process

from ...models import Draft

PATIENCE = 15.0


def forms_of(draft: Draft) -> dict[str, Definition]:
    """Every form that the draft may name: its own first, then the packaged ones."""
    known = dict(forms.definitions.packaged())
    for key, raw in draft.forms.items():
        known[key] = forms.definitions.parse_definition(raw, key=key)
    return known


def called_by(draft: Draft) -> dict[str, bytes]:
    """Every diagram that the draft may call, by process id: its own first, then the packaged ones."""
    own = {process: text.encode() for process, text in draft.called.items()}
    return {**library.called_diagrams(), **own}


def check_draft(draft: Draft) -> CheckResult:
    """Rules only, within seconds; never raises for what is drawn."""
    return check_in_process(
        draft.diagram,
        f"{draft.family}/{draft.variant}",
        called=called_by(draft),
        forms=forms.facts(forms_of(draft)),
        patience=PATIENCE,
    )


def check_called(draft: Draft, process: str) -> CheckResult:
    """The same for one of the diagrams that the draft calls."""
    called = called_by(draft)
    return check_in_process(
        called[process],
        process,
        called=called,
        forms=forms.facts(forms_of(draft)),
        patience=PATIENCE,
    )


def walk_draft(
    draft: Draft, facts: Mapping[str, Any] | None, acts: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Where these acts lead in the draft as it was saved last; see `trying.try_out`."""
    return try_in_process(
        draft.diagram,
        f"{draft.family}/{draft.variant}",
        called=called_by(draft),
        forms=forms.facts(forms_of(draft)),
        scenarios=draft.scenarios,
        facts=facts,
        acts=acts,
        patience=PATIENCE,
    )


def parts_of(draft: Draft) -> tuple[dict[str, bytes], dict[str, dict[str, Any]]]:
    """What a release of this draft freezes: the diagrams that it calls, and the forms they name."""
    diagram = read_diagram(draft.diagram)
    gathered = library.gather_called(diagram, called_by(draft))
    known = forms_of(draft)
    keys = {key for one in (diagram, *gathered.values()) for key in forms_named(one)}
    called = {process: one.xml for process, one in gathered.items()}
    return called, {key: known[key].as_dict() for key in sorted(keys) if key in known}


def forms_named(diagram: Diagram) -> Iterator[str]:
    return (element.form for element in diagram.elements.values() if element.form)


def outcomes_of(diagram: Diagram) -> list[str]:
    """What calling this diagram can come to: the outcomes of its ends."""
    found = (one.properties.get("outcome", "") for one in diagram.elements.values())
    return sorted({outcome for outcome in found if outcome})


def findings_of(result: CheckResult) -> list[dict[str, Any]]:
    """Errors first, then by place in the file."""
    ordered = sorted(result.findings, key=lambda one: (one.severity != "error", one.line))
    return [one.as_dict() for one in ordered]


def called_readable(called: Mapping[str, bytes]) -> Iterator[tuple[str, Diagram]]:
    """The diagrams that can be read; the check tells about the others."""
    for process, data in sorted(called.items()):
        try:
            yield process, read_diagram(data)
        except UnreadableDiagram:
            continue
