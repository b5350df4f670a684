"""Only the drawing is replaced: prefixes, comments, encodings and line breaks stay."""

from __future__ import annotations

import pytest

from processes.diagram import UnreadableDiagram, read_diagram
from processes.layout import measure, renew_drawing

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand -->
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:vis="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"
    id="D" targetNamespace="x">
    <b:process   id="P"><!-- a > b --><b:task id="a" name="审核 &amp; 通过"/>
    <b:extensionElements><other xmlns="urn:x" kept="yes"/></b:extensionElements></b:process>
    <vis:BPMNDiagram id="Old"><vis:BPMNPlane bpmnElement="P">
      <vis:BPMNShape bpmnElement="a" bioc:stroke="#ff0000"/>
    </vis:BPMNPlane></vis:BPMNDiagram>
    <!-- the end -->
</b:definitions>
"""


def test_everything_around_the_drawing_stays_byte_for_byte():
    data = FILE.encode()

    renewed = renew_drawing(data)

    assert renewed.startswith(data[: data.index(b"<vis:BPMNDiagram")])
    assert renewed.endswith(data[data.index(b"</vis:BPMNDiagram>") :])


def test_the_prefixes_and_colours_of_the_file_are_used():
    renewed = renew_drawing(FILE.encode()).decode()

    assert '<vis:BPMNShape id="a_shape" bpmnElement="a" bioc:stroke="#ff0000">' in renewed
    assert 'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"' in renewed
    assert "bpmndi:" not in renewed


def test_a_file_without_drawing_gets_one_before_its_end():
    head, _, rest = FILE.partition("    <vis:BPMNDiagram")
    plain = head + rest.partition("</vis:BPMNDiagram>\n")[2]

    renewed = renew_drawing(plain.encode()).decode()

    assert renewed.startswith(plain[: plain.index("</b:definitions>")].rstrip())
    assert measure(renewed.encode()).shapes == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_other_encodings_stay_what_they_are(encoding):
    declared = "UTF-16" if encoding == "utf-16" else encoding.removesuffix("-sig")
    text = FILE.replace("UTF-8", declared).replace("\n", "\r\n")

    renewed = renew_drawing(text.encode(encoding))

    again = renewed.decode(encoding)
    assert again.partition("<vis:BPMNDiagram")[0] == text.partition("<vis:BPMNDiagram")[0]
    assert again.count("\n") == again.count("\r\n") > 15
    assert read_diagram(renewed).elements["a"].name == "审核 & 通过"
    assert renew_drawing(renewed) == renewed


def test_ids_of_the_drawing_never_meet_others():
    text = FILE.replace('<b:task id="a"', '<b:task id="a_shape"/><b:task id="a"')

    renewed = renew_drawing(text.encode())

    assert read_diagram(renewed).notes == read_diagram(text.encode()).notes
    assert renewed.count(b' id="a_shape"') == 1


def test_what_is_no_diagram_is_refused():
    with pytest.raises(UnreadableDiagram):
        renew_drawing(b"<html/>")
    with pytest.raises(UnreadableDiagram):
        renew_drawing(b"<!DOCTYPE x><x/>")
