"""Files as other tools write them come in, with a list of what became of each part."""

from __future__ import annotations

import pytest

from forms.definitions import facts, parse_definition
from processes.checks import check
from processes.diagram import read_diagram
from processes.importing import import_diagram
from processes.layout import measure

from .conftest import DIALECTS, note_about, notes_of
from .differences import differing

FILES = sorted(DIALECTS.iterdir())


def imported(name: str, **options):
    return import_diagram((DIALECTS / name).read_bytes(), name, forms=facts(), **options)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_dialect_comes_in_drawn_and_readable(file):
    found = import_diagram(file.read_bytes(), file.name)

    diagram = read_diagram(found.diagram)
    assert diagram.process == found.process
    assert not [f for f in measure(found.diagram).flaws if f.kind.startswith("missing")]
    assert not found.of_kind("refused")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_whatever_changed_is_named(file):
    data = file.read_bytes()

    found = import_diagram(data, file.name)

    named = {id_ for note in found.notes for id_ in note.named}
    drawn_anew = bool(notes_of(found, "drawing"))
    assert differing(data, found.diagram, with_drawing=not drawn_anew) <= named


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_result_needs_no_second_import(file):
    once = import_diagram(file.read_bytes(), file.name)

    twice = import_diagram(once.diagram, file.name)

    assert twice.diagram == once.diagram
    assert not twice.of_kind("translated")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_form_drafts_are_forms(file):
    found = import_diagram(file.read_bytes(), file.name)

    for key, draft in found.forms.items():
        assert parse_definition(draft, key=key).fields


def test_conditions_of_camunda_read_the_field_of_the_task_that_asks():
    found = imported("camunda7.bpmn")

    flow = read_diagram(found.diagram).flows["f3"]
    assert flow.condition == "Apply.leave_kind == 'sick' and Apply.days > 3"
    note = note_about(found, "condition")
    assert note.asks
    assert (note.element, note.name, note.line) == ("f3", "病假", 21)
    assert note.before == '${leaveKind == "sick" && days>3}'


def test_a_form_of_camunda_becomes_a_draft_that_the_task_shows():
    found = imported("camunda7.bpmn")

    assert read_diagram(found.diagram).elements["Apply"].form == "imported/apply"
    kind, days = found.forms["imported/apply"]["components"]
    assert (kind["type"], kind["decides"], kind["validate"]) == ("radio", True, {"required": True})
    assert [value["value"] for value in kind["values"]] == ["sick", "personal"]
    assert days["type"] == "number"


def test_a_form_of_camunda_8_becomes_a_draft():
    found = imported("camunda8.bpmn")

    result, remark = found.forms["imported/check"]["components"]
    assert (result["key"], result["label"]) == ("check_result", "结果")
    assert remark["key"] == "remark"


def test_what_the_machine_did_is_missing_with_what_it_called():
    found = imported("camunda8.bpmn")

    told = {note.element: note.story for note in notes_of(found, "handler")}
    assert "pack" in told["Pack"]
    assert "price" in told["Bill"]
    assert found.status == "imports_with_warnings"


def test_two_ways_out_of_a_task_become_a_fork_and_ask():
    found = imported("camunda8.bpmn")

    diagram = read_diagram(found.diagram)
    (way,) = diagram.outgoing("Check")
    assert diagram.elements[way.target].kind == "parallelGateway"
    assert {flow.target for flow in diagram.outgoing(way.target)} == {"Pack", "Bill"}
    assert note_about(found, "several_ways_out").asks


def test_a_bare_duration_stays_as_it_is():
    found = imported("camunda7.bpmn")

    assert read_diagram(found.diagram).elements["Late"].event.text == "PT5M"
    assert not notes_of(found, "timer")


def test_chinese_in_gbk_stays_chinese():
    found = imported("activiti.bpmn")

    diagram = read_diagram(found.diagram)
    assert (diagram.name, diagram.elements["fill"].name) == ("绑定", "填写")
    assert note_about(found, "encoding").after == "UTF-8"
    assert b"UTF-8" in found.diagram[:60]


def test_a_condition_that_calls_java_stays_and_is_missing():
    found = imported("flowable.bpmn20.xml")

    note = note_about(found, "condition_unreadable")
    assert note.asks
    assert note.element == "s4"
    assert "userService" in read_diagram(found.diagram).flows["s4"].condition


def test_the_process_that_runs_can_be_chosen():
    by_default, chosen = imported("signavio.bpmn"), imported("signavio.bpmn", process="sid-b")

    assert (by_default.process, chosen.process) == ("sid-a", "sid-b")
    assert [choice.id for choice in by_default.processes] == ["sid-a", "sid-b"]
    assert note_about(by_default, "several_processes").asks
    assert read_diagram(chosen.diagram).process == "sid-b"


def test_a_lane_gets_the_role_that_was_chosen():
    (question,) = imported("signavio.bpmn").roles

    found = imported("signavio.bpmn", roles={question.key: "employer"})

    assert question.label == "Clerk"
    assert found.roles == ()
    assert read_diagram(found.diagram).elements["sid-file"].role == "employer"


def test_assignees_become_lanes_once_their_roles_are_chosen():
    asked = imported("flowable.bpmn20.xml").roles

    answers = {"who:$INITIATOR": "graduate", "who:manager": "reviewer"}
    found = imported("flowable.bpmn20.xml", roles=answers)

    assert {question.key: question.suggested for question in asked} == {
        "who:$INITIATOR": "office",
        "who:manager": "office",
    }
    elements = read_diagram(found.diagram).elements
    assert (elements["fill"].role, elements["boss"].role) == ("graduate", "reviewer")
    assert elements["paid"].role == "office"


def test_many_equal_faults_are_one_line():
    note = note_about(imported("plain.bpmn"), "plain_task")

    assert len(note.places) == 5
    assert "共 5 处" in note.story


def test_comments_stay():
    assert b"<!-- drawn by hand -->" in imported("camunda7.bpmn").diagram


def test_a_sound_file_of_ours_is_not_touched():
    from processes.library import called_diagrams, find_diagram

    file = find_diagram("online_signing", "employer_invitation")

    found = import_diagram(file.read(), "ours.bpmn", called=called_diagrams(), forms=facts())

    assert found.diagram == file.read()
    assert not found.of_kind("translated")
    assert not found.of_kind("refused")


def test_a_translated_file_passes_the_check_once_nothing_is_missing():
    found = imported("activiti.bpmn")

    known = {**facts(), "imported/fill": {"kind": ["one", "two"]}}
    findings = check(read_diagram(found.diagram), forms=known)
    assert not [finding for finding in findings if finding.forbids_running]
    assert found.trial is not None
    assert found.trial.ends == ("stop",)
