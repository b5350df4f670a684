"""Turns what the check and a bounded trial run find in the result into notes, and gives the verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from processes.checks import FormFacts, check
from processes.diagram import Diagram
from processes.engine import DiagramRefused
from processes.explore import explore
from processes.findings import Finding
from processes.importing.notes import Kind, Note, Place, Status, Trial

MOST_STATES = 2_000

# Rules that tell of something left open, which the modeler can fill in; every other error is a
# fault of the drawing itself.
_OPEN = frozenset(
    """conditions decisions expressions variables compared_values operators forms_known calls
    called_diagram lanes messages timers incomplete_property names end_status not_explored
    claim_not_released loops dead_flow dead_element nobody_acts end_without_label decision_tables
    data_objects""".split()  # noqa: SIM905 - reads as a list
)
# Remarks about what is there and does nothing.
_IDLE = frozenset(
    {"foreign_content", "drawn_only", "unknown_content", "supported"}
    | {"not_executable", "several_processes"}
)
# Elements that the rule of supported elements refuses, but an operator can take the place of.
_HANDLED = ("脚本任务",)
# The note that an earlier step of the import has made already.
_SAID = {
    "operators": "handler",
    "decision_tables": "handler",
    "expressions": "condition_unreadable",
    "timers": "timer_unreadable",
    "supported": "handler",
    "forms_known": "form",
    "several_processes": "several_processes",
}
# Translations that a person is asked about although the file could mean nothing else and run.
_ONLY_WAY = frozenset({"boundary_without_way"})
_FOREIGN_SAID = re.compile(
    r"(?:assignee|candidateGroups|candidateUsers|actorName|formKey|formRef|formData|formField|"
    r"formProperty|delegateExpression|expression|class|topic|decisionRef|serviceName|"
    r"taskDefinition|assignmentDefinition|userTaskForm|formDefinition)(?:（|来自)"
)
_QUOTED = re.compile(r"「[^」]*」")


def judge(
    diagram: Diagram,
    called: Mapping[str, Diagram],
    forms: FormFacts,
    said: Iterable[Note],
) -> tuple[list[Note], Trial | None]:
    """Check the result and try it; return what was not said before, and how far the trial came."""
    known = {(note.rule, element) for note in said for element in note.named}
    findings = check(diagram, called=called, forms=forms)
    notes = list(_notes(diagram, findings, known))
    if any(finding.forbids_running for finding in findings):
        return notes, None
    try:
        found = explore(diagram, called, forms, most_states=MOST_STATES)
    except DiagramRefused as refusal:
        return [*notes, _engine(diagram, refusal.message)], None
    notes += _notes(diagram, found.findings, known)
    return notes, Trial(len(found.states), tuple(sorted(found.ends)), found.complete)


def verdict(notes: Iterable[Note]) -> Status:
    """Refused where anything is; a warning where anything asks that matters to running; else it runs."""
    told = list(notes)
    if any(note.kind == "refused" for note in told):
        return "refused"
    warns = any(note.asks and note.rule not in _ONLY_WAY for note in told)
    return "imports_with_warnings" if warns else "runs"


def _notes(
    diagram: Diagram, findings: Iterable[Finding], known: set[tuple[str, str]]
) -> Iterator[Note]:
    for finding in findings:
        if (_SAID.get(finding.rule, ""), finding.element) in known:
            continue
        if finding.rule == "foreign_content" and _FOREIGN_SAID.search(finding.message):
            continue
        yield note_of(finding, diagram)


def note_of(finding: Finding, diagram: Diagram | None = None) -> Note:
    """What a finding of the check means to somebody who imports."""
    return Note(
        _kind(finding),
        finding.rule,
        _alike(finding, diagram),
        finding.way_out,
        (Place(finding.element, finding.name, finding.line),),
        asks=finding.forbids_running,
    )


def _kind(finding: Finding) -> Kind:
    if not finding.forbids_running:
        return "understood" if finding.rule in _IDLE else "missing"
    if finding.rule == "supported" and any(word in finding.message for word in _HANDLED):
        return "missing"
    if finding.rule == "dangling_reference" and finding.message.endswith("没有填写。"):
        return "refused" if "连线" in finding.message else "missing"
    return "missing" if finding.rule in _OPEN else "refused"


def _alike(finding: Finding, diagram: Diagram | None) -> str:
    """The message without the element's own id and name, so that equal faults read equal."""
    message = finding.message
    own = [finding.element, *(_neighbours(diagram, finding.element) if diagram else ())]
    for id_ in sorted(filter(None, own), key=len, reverse=True):
        message = re.sub(rf" ?{re.escape(id_)}(?![\w-]) ?", "", message)
    if finding.name:
        message = message.replace(f"「{finding.name}」", "")
    return message


def _neighbours(diagram: Diagram, element: str) -> Iterator[str]:
    """The gateway that a flow leaves: every flow of it has the same fault."""
    flow = diagram.flows.get(element)
    if flow is not None:
        yield flow.source


def _engine(diagram: Diagram, story: str) -> Note:
    place = Place(diagram.process, diagram.name, diagram.line)
    return Note("refused", "engine", story, "请按提示改图后再导入。", (place,), asks=True)


def relined(notes: Iterable[Note], lines: Mapping[str, int], told: Mapping[str, int]) -> list[Note]:
    """The same notes with the lines of the file as it came.

    `lines` goes by element id, `told` by message for what belongs to no element.
    """
    return [
        replace(
            note,
            places=tuple(
                replace(p, line=lines.get(p.element, 0) if p.element else told.get(note.message, 0))
                for p in note.places
            ),
        )
        for note in notes
    ]
