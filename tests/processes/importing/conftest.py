from __future__ import annotations

from pathlib import Path

import pytest

from processes.importing import Imported, Note, import_diagram

DIALECTS = Path(__file__).with_name("dialects")
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="D" targetNamespace="x">'
)


@pytest.fixture
def take_in():
    """Import the inside of a process; `called` "p"."""

    def take(inside: str, *, attributes: str = 'isExecutable="true"', beside: str = "", **options):
        text = f'{HEAD}{beside}<process id="p" {attributes}>{inside}</process></definitions>'
        return import_diagram(text.encode(), "p.bpmn", **options)

    return take


def notes_of(found: Imported, rule: str) -> list[Note]:
    return [note for note in found.notes if note.rule == rule]


def note_about(found: Imported, rule: str) -> Note:
    (note,) = notes_of(found, rule)
    return note
