"""Damaged files: whatever the bytes, reading answers with a diagram or with a refusal."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from processes.checks import check
from processes.diagram import UnreadableDiagram, read_diagram

GOOD = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D"
  xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">
<message id="M" name="withdraw"/>
<process id="P" isExecutable="true">
<laneSet id="L"><lane id="L1" name="\xe5\xad\xa6\xe6\xa0\xa1"><flowNodeRef>B</flowNodeRef></lane></laneSet>
<startEvent id="A" name="a"/>
<userTask id="B" name="b"><extensionElements><s:properties><s:property name="form" value="x"/>
</s:properties></extensionElements></userTask>
<boundaryEvent id="T" attachedToRef="B"><timerEventDefinition><timeDuration>P1D</timeDuration>
</timerEventDefinition></boundaryEvent>
<exclusiveGateway id="G" default="F3"/><subProcess id="S"><startEvent id="C"/></subProcess>
<endEvent id="E" name="e"/>
<sequenceFlow id="F1" sourceRef="A" targetRef="B"/><sequenceFlow id="F2" sourceRef="B" targetRef="G"/>
<sequenceFlow id="F3" sourceRef="G" targetRef="E"/><sequenceFlow id="F4" sourceRef="T" targetRef="S"/>
<sequenceFlow id="F5" sourceRef="G" targetRef="B"><conditionExpression>B.outcome == 'again'
</conditionExpression></sequenceFlow>
</process></definitions>"""

changes = st.lists(
    st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 6), st.binary(max_size=6)),
    min_size=1,
    max_size=5,
)
BOUNDED = settings(
    max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def read_and_check(data: bytes) -> None:
    """Read; when that works, checking must work too and no rule may crash."""
    try:
        diagram = read_diagram(data)
    except UnreadableDiagram:
        return
    assert [f for f in check(diagram) if f.rule == "rule_crashed"] == []


@BOUNDED
@given(changes)
def test_damaged_bytes_are_refused_or_read(edits):
    data = bytearray(GOOD)
    for place, length, new in edits:
        data[place : place + length] = new

    read_and_check(bytes(data))


WORDS = [b"A", b"B", b"C", b"E", b"G", b"P", b"S", b"T", b"F1", b"F3", b"", b"case", b"../x"]
TAGS = [
    b"startEvent",
    b"endEvent",
    b"userTask",
    b"subProcess",
    b"boundaryEvent",
    b"callActivity",
    b"parallelGateway",
    b"exclusiveGateway",
    b"eventBasedGateway",
    b"sequenceFlow",
    b"lane",
]


@BOUNDED
@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)), min_size=1, max_size=4))
def test_references_that_are_mixed_up_are_refused_or_read(swaps):
    data = GOOD
    for old, new in swaps:
        data = data.replace(b'"%b"' % old, b'"%b"' % new) if old else data

    read_and_check(data)


@BOUNDED
@given(st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS)), min_size=1, max_size=3))
def test_elements_that_are_mixed_up_are_refused_or_read(swaps):
    data = GOOD
    for old, new in swaps:
        data = data.replace(b"<" + old + b" ", b"<" + new + b" ")
        data = data.replace(b"</" + old + b">", b"</" + new + b">")

    read_and_check(data)


@BOUNDED
@given(st.binary(max_size=300))
@example(b"\xff\xfe<\x00")
@example(b"\x00<\x00?")
@example(b"<?xml version='1.0' encoding='utf-7'?>+ADw-a/+AD4-")
def test_any_bytes_are_refused_or_read(data):
    read_and_check(data)
