"""Whatever a file holds: no traceback, no silent change, and a result that reads as BPMN."""

from __future__ import annotations

import copy
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from processes.diagram import read_diagram
from processes.importing import import_diagram
from processes.importing.form_drafts import TAKEN
from processes.kinds import BPMN
from processes.safe_xml import MAX_BYTES

from .conftest import DIALECTS
from .differences import differing

MANY = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
KINDS = ["userTask", "task", "endEvent", "startEvent", "boundaryEvent", "subProcess", "lane", "laneSet",
         "sequenceFlow", "parallelGateway", "exclusiveGateway", "conditionExpression", "serviceTask",
         "timerEventDefinition", "timeDuration", "messageEventDefinition", "linkEventDefinition",
         "adHocSubProcess", "ioSpecification", "extensionElements", "callActivity", "nonsense"]  # fmt: skip
VALUES = [
    "",
    "true",
    "x",
    "p",
    "Start",
    "Apply",
    "f3",
    "${",
    "${a > 1}",
    "=1",
    "PT5M",
    "a:b",
    "不",
    "-",
]
ATTRIBUTES = ["id", "name", "sourceRef", "targetRef", "default", "attachedToRef", "isExecutable",
              "triggeredByEvent", "calledElement", "messageRef", "processRef", "cancelActivity"]  # fmt: skip


@cache
def trees() -> list[etree._Element]:
    found = []
    for file in sorted(DIALECTS.iterdir()):
        if file.name != "oryx.bpmn":
            found.append(etree.fromstring(file.read_bytes()))
    return found


@st.composite
def mutated(draw) -> bytes:
    """A dialect's file with a few parts renamed, rewired, taken out, doubled or put elsewhere."""
    root = copy.deepcopy(draw(st.sampled_from(trees())))
    for _ in range(draw(st.integers(1, 8))):
        nodes = [node for node in root.iter("*") if node is not root]
        if not nodes:
            break
        node, other = draw(st.sampled_from(nodes)), draw(st.sampled_from(nodes))
        act = draw(
            st.sampled_from(["rename", "set", "rewire", "remove", "double", "move", "text", "add"])
        )
        if act == "rename":
            node.tag = f"{{{BPMN}}}{draw(st.sampled_from(KINDS))}"
        elif act == "set":
            node.set(draw(st.sampled_from(ATTRIBUTES)), draw(st.sampled_from(VALUES)))
        elif act == "rewire" and other.get("id"):
            node.set(
                draw(st.sampled_from(["sourceRef", "targetRef", "attachedToRef"])), other.get("id")
            )
        elif act == "remove":
            node.getparent().remove(node)
        elif act == "double":
            node.getparent().append(copy.deepcopy(node))
        elif act == "move" and node not in list(other.iterancestors()) and node is not other:
            other.append(node)
        elif act == "text":
            node.text = draw(st.sampled_from(VALUES))
        elif act == "add":
            id_ = draw(st.sampled_from(["", "new_1", "new_2"]))
            child = etree.SubElement(node, f"{{{BPMN}}}{draw(st.sampled_from(KINDS))}")
            if id_:
                child.set("id", id_)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@MANY
@given(mutated())
def test_a_mutated_file_is_judged_and_every_change_is_named(data):
    found = import_diagram(data, "mutated.bpmn")

    assert found.notes
    assert found.status == "refused" or found.diagram is not None
    if found.diagram is None:
        return
    read_diagram(found.diagram)
    named = {id_ for note in found.notes for id_ in note.named}
    drawn_anew = any(note.rule == "drawing" for note in found.notes)
    assert differing(data, found.diagram, with_drawing=not drawn_anew) <= named


def test_the_names_that_forms_keep_are_all_known():
    from forms.definitions import RESERVED

    kept = {name for name in RESERVED if name == name.lower() and not name.startswith("_")}
    assert kept <= TAKEN


@MANY
@given(st.sampled_from(sorted(DIALECTS.iterdir())), st.data())
def test_broken_bytes_are_judged(file, data):
    content = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    found = import_diagram(bytes(content[: data.draw(st.integers(0, len(content)))]), "broken.bpmn")

    assert found.notes
    assert all(note.message and note.way_out for note in found.notes)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0",
        b"<a/>",
        b"PK\x03\x04",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"\xff\xfe<",
        b"{}",
        b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>",
        b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'><process/></definitions>",
        b"<a>" * 300 + b"</a>" * 300,
        b"x" * (MAX_BYTES + 1),
    ],
)
def test_what_is_no_diagram_is_refused(data):
    found = import_diagram(data, "no.bpmn")

    assert found.status == "refused"
    assert found.diagram is None
    assert found.of_kind("refused")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_encodings_read_alike(encoding):
    text = etree.tostring(trees()[1], encoding="unicode")

    found = import_diagram(text.encode(encoding), "e.bpmn")

    plain = import_diagram(text.encode(), "e.bpmn")
    assert (
        read_diagram(found.diagram).elements.keys() == read_diagram(plain.diagram).elements.keys()
    )
    assert read_diagram(found.diagram).name == read_diagram(plain.diagram).name
