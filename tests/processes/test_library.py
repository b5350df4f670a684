"""The packaged diagrams are found, read with what they call, and beside a file its neighbours."""

from __future__ import annotations

from pathlib import Path

import pytest

from processes.checks import check
from processes.diagram import Diagram, Element, read_diagram
from processes.library import (
    UnknownDiagram,
    called_diagrams,
    find_diagram_files,
    gather_called,
    is_packaged,
    load_family,
    load_file,
)

PACKAGED = Path(__file__).parents[2] / "processes" / "diagrams"


def drawn() -> list[Diagram]:
    """Every packaged diagram, also those that are only called."""
    files = sorted(PACKAGED.rglob("*.bpmn"))
    assert files
    return [read_diagram(file.read_bytes(), file.name) for file in files]


def calling(process: str, called: str) -> bytes:
    head = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="t"'
    return (
        f'<definitions {head}><process id="{process}" isExecutable="true"><startEvent id="S"/>'
        f'<callActivity id="C" calledElement="{called}"/><endEvent id="E"/>'
        '<sequenceFlow id="a" sourceRef="S" targetRef="C"/>'
        '<sequenceFlow id="b" sourceRef="C" targetRef="E"/></process></definitions>'
    ).encode()


def test_the_families_that_a_case_can_start_with_are_found_without_the_shared_ones():
    found = {(file.family, file.variant) for file in find_diagram_files()}

    assert ("online_signing", "employer_invitation") in found
    assert "shared" not in {family for family, _ in found}


def test_every_packaged_family_has_scenarios_beside_it():
    assert all(file.scenarios is not None for file in find_diagram_files())


def test_a_family_comes_with_the_diagrams_that_it_calls():
    diagram, called = load_family("online_signing", "employer_invitation")

    assert diagram.process == "employer_invitation"
    assert set(called) == {"school_review"} == set(diagram.called)


def test_an_unknown_family_is_named_in_the_error():
    with pytest.raises(UnknownDiagram, match="online_signing/nowhere"):
        load_family("online_signing", "nowhere")


def test_called_diagrams_are_keyed_by_their_process():
    for process, data in called_diagrams().items():
        assert read_diagram(data).process == process


def test_a_file_finds_its_neighbours_before_the_packaged_diagrams(tmp_path: Path):
    (tmp_path / "mine.bpmn").write_bytes(calling("mine", "school_review"))
    (tmp_path / "other.bpmn").write_bytes(calling("school_review", "third"))
    (tmp_path / "third.bpmn").write_bytes(calling("third", "absent"))
    (tmp_path / "broken.bpmn").write_bytes(b"<nothing")

    diagram, called = load_file(tmp_path / "mine.bpmn")

    assert diagram.process == "mine"
    assert set(called) == {"school_review", "third"}
    assert "C" in called["school_review"].elements


def test_diagrams_that_call_each_other_are_gathered_once():
    candidates = {"a": calling("a", "b"), "b": calling("b", "a")}

    called = gather_called(read_diagram(candidates["a"]), candidates)

    assert set(called) == {"a", "b"}


def test_a_stranger_s_file_is_not_taken_for_a_packaged_one(tmp_path: Path):
    assert is_packaged(PACKAGED / "shared" / "school_review.bpmn")
    assert not is_packaged(tmp_path / "school_review.bpmn")


@pytest.mark.parametrize("diagram", drawn(), ids=lambda diagram: diagram.process)
def test_a_packaged_diagram_has_no_error(diagram: Diagram):
    called = {process: read_diagram(data) for process, data in called_diagrams().items()}

    faults = [finding for finding in check(diagram, called=called) if finding.forbids_running]

    assert faults == []


def starts_with_status(diagram: Diagram) -> bool:
    """Whether whatever leads to a task says the state of the case, from the start on."""
    return all("status" in start.properties for start in diagram.of_kind("startEvent"))


def people_of(diagram: Diagram) -> list[Element]:
    return [element for element in diagram.elements.values() if element.waits_for_person]


@pytest.mark.parametrize(
    "diagram", [d for d in drawn() if people_of(d)], ids=lambda diagram: diagram.process
)
def test_every_waiting_task_says_who_holds_it_and_what_silence_means(diagram: Diagram):
    tasks = [element for element in diagram.elements.values() if element.waits_for_person]

    assert tasks or diagram.called or diagram.process in called_diagrams()
    for task in tasks:
        assert task.role is not None
        assert task.form
        assert "status" in task.properties or starts_with_status(diagram)
        assert task.properties["silence"].endswith("。")


@pytest.mark.parametrize("diagram", drawn(), ids=lambda diagram: diagram.process)
def test_every_element_and_flow_is_drawn(diagram: Diagram):
    text = diagram.xml.decode()

    for element in diagram.elements:
        assert f'bpmnElement="{element}"' in text
    for flow in diagram.flows:
        assert f'<bpmndi:BPMNEdge id="{flow}_edge" bpmnElement="{flow}">' in text
