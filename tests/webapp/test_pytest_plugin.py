"""Scenarios beside diagrams as tests of pytest: collected by themselves, their failures told."""

from __future__ import annotations

import pytest

from processes.library import find_diagram

pytest_plugins = "pytester"

FLOW = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" targetNamespace="http://example.org">
<process id="P" name="报名" isExecutable="true">
<laneSet id="L"><lane id="L1" name="毕业生">
<flowNodeRef>Begin</flowNodeRef><flowNodeRef>Sign</flowNodeRef><flowNodeRef>Done</flowNodeRef></lane></laneSet>
<startEvent id="Begin" name="开始"/><userTask id="Sign" name="填写报名表"/>
<endEvent id="Done" name="已报名"><extensionElements><spiffworkflow:properties>
<spiffworkflow:property name="status" value="done"/></spiffworkflow:properties></extensionElements></endEvent>
<sequenceFlow id="F1" sourceRef="Begin" targetRef="Sign"/>
<sequenceFlow id="F2" sourceRef="Sign" targetRef="Done"/>
</process></definitions>"""
SCENARIOS = """starts = "2027-03-01T09:00:00+08:00"
[[scenario]]
title = "报上名"
ends_at = "Done"
[[scenario.step]]
who = "graduate"
task = "Sign"
[[scenario]]
title = "没有人填"
ends_at = "Done"
[[scenario.step]]
after = "P1D"
"""
USUAL = "def test_usual():\n    pass\n"


@pytest.fixture
def folder(pytester):
    """A folder with a diagram, its scenarios (of which one fails), and a usual test."""
    (pytester.path / "flow.bpmn").write_text(FLOW, "utf-8")
    (pytester.path / "flow.toml").write_text(SCENARIOS, "utf-8")
    (pytester.path / "other.toml").write_text("[tool]\n", "utf-8")
    pytester.makepyfile(test_usual=USUAL)
    return pytester


def run(folder, *arguments):
    return folder.runpytest("-p", "webapp.pytest_plugin", "-p", "no:cacheprovider", *arguments)


def test_scenarios_beside_a_diagram_are_collected_with_the_other_tests(folder):
    run(folder).assert_outcomes(passed=2, failed=1)


def test_named_diagrams_are_tried_alone_their_rules_first(folder):
    result = run(folder, "-v", "--diagram", "flow.bpmn")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*flow.bpmn::rules PASSED*", "*报上名 PASSED*"])
    result.stdout.no_fnmatch_line("*test_usual*")


def test_what_is_named_beside_the_diagrams_is_run_too(folder):
    run(folder, "test_usual.py", "--diagram", "flow.bpmn").assert_outcomes(passed=3, failed=1)


def test_one_scenario_can_be_chosen_by_its_title(folder):
    run(folder, "--diagram", "flow.bpmn", "-k", "报上名").assert_outcomes(passed=1, deselected=2)


def test_a_failure_says_what_was_expected_where_the_token_waits_and_who_holds_it(folder):
    result = run(folder, "--diagram", "flow.bpmn")

    result.stdout.fnmatch_lines(
        [
            "场景：没有人填*flow.toml*",
            "不符：预期结束于 Done，流程却没有结束。",
            "现在停在：填写报名表（Sign，由毕业生办理）。",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_diagram_against_the_rules_fails_with_the_findings(folder):
    broken = FLOW.replace('<sequenceFlow id="F2" sourceRef="Sign" targetRef="Done"/>', "")
    (folder.path / "flow.bpmn").write_text(broken, "utf-8")

    result = run(folder, "--diagram", "flow.bpmn", "-k", "rules")

    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(["*Sign*"])


@pytest.mark.parametrize("content", [b"no diagram", b"\xff\xfe\x00"])
def test_a_diagram_that_cannot_be_read_fails_its_scenarios_with_the_reason(folder, content):
    (folder.path / "flow.bpmn").write_bytes(content)

    result = run(folder, "flow.toml")

    result.assert_outcomes(failed=2)
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_wrong_word_in_the_scenarios_stops_the_collection_with_its_place(folder):
    (folder.path / "flow.toml").write_text(SCENARIOS + "afterwards = 1\n", "utf-8")

    result = run(folder, "flow.toml")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*没有人填*afterwards*"])


@pytest.mark.parametrize("name", ["nowhere.bpmn", "flow.toml"])
def test_what_is_no_diagram_is_refused_by_name(folder, name):
    result = run(folder, "--diagram", name)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{name}*"])


def test_a_packaged_diagram_passes_with_its_answers_held_to_our_forms(pytester):
    found = find_diagram("rescission", "counsellor_decision")

    result = run(pytester, "--diagram", str(found.file))

    assert result.ret == pytest.ExitCode.OK
    assert result.parseoutcomes()["passed"] > 1


def test_the_plugin_is_found_without_being_named():
    """The entry point bears the module's own name, so naming it again by -p does no harm."""
    import tomllib
    from pathlib import Path

    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
    entries = project["project"]["entry-points"]["pytest11"]

    assert entries == {"webapp.pytest_plugin": "webapp.pytest_plugin"}
