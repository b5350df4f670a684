"""Whatever is done to a diagram, the checks refuse it before the engine has to, and never crash."""

from __future__ import annotations

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from processes.checks import check
from processes.diagram import UnreadableDiagram, read_diagram
from processes.engine import DiagramRefused, compile_release

FORMS = {"f": {"outcome": ["a", "b"], "list": None}}
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
KINDS = [
    "userTask",
    "receiveTask",
    "subProcess",
    "callActivity",
    "businessRuleTask",
    "exclusiveGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "intermediateThrowEvent",
    "intermediateCatchEvent",
    "boundaryEvent",
    "startEvent",
    "endEvent",
]
TEXTS = ("P1D", "a == 1", "'x'", "-", "3", "case.x", "[1..2]", "", "A.outcome")
HEAD = "start Begin\nuser A form=f\nend Done\n"
SKETCHES = (
    HEAD + "end Other\nBegin > A\nA > Done : A.outcome == 'a'\nA > Other : A.outcome == 'b'",
    HEAD + "or F\nor J\nmanual M\nmanual N\nBegin > A > F\nF > M : A.outcome != 'a'\n"
    "F > N : A.outcome != 'b'\nM > J > Done\nN > J",
    HEAD + "throw T link=x\ncatch C link=x\nBegin > A > T\nC > Done",
    HEAD + "event G\ncatch C1 duration=P1D\ncatch C2 duration=P2D\nreceive R message=m\n"
    "Begin > A > G > C1 > Done\nG > C2 > Done\nG > R > Done",
    HEAD + "sub S\nstart I in=S\nuser B form=f in=S\nxor X in=S\nend G in=S\nend E in=S error=one\n"
    "throw U in=S escalation=up\nI > B > U > X\nX > G : B.outcome == 'a'\nX >> E\n"
    "boundary F on=S error=any\nboundary V on=S escalation=up free\nend W\nV > W\nF > A\n"
    "Begin > S > A > Done",
    HEAD + "sub H triggered\nstart S in=H signal=go free\nend E in=H\nS > E\nthrow T signal=go\n"
    "Begin > A > T > Done",
    HEAD + "user B form=f count=3 until='B.outcome == \"a\"'\nBegin > A > B > Done",
    HEAD + "manual B each=one of=A.list most=5\nmanual C again='A.outcome == \"a\"'\n"
    "Begin > A > B > C > Done",
    HEAD
    + "rules R asks=A.outcome gives=x row1='\"a\" => 1' row2='not(\"a\") => 2'\nxor X\nend Other\n"
    "Begin > A > R > X\nX > Done : R.x == 1\nX >> Other",
)


def broken(data, draw_one):
    """The diagram after a few things were done to it that an editor or a person might do."""
    root = etree.fromstring(data)
    for _ in range(draw_one(st.integers(1, 3))):
        nodes = [node for node in root.iter() if node.getparent() not in (None, root)]
        node = draw_one(st.sampled_from(nodes))
        names = [other.get("id") for other in nodes if other.get("id")]
        what = draw_one(st.sampled_from(("drop", "forget", "set", "turn", "double", "say")))
        if what == "drop":
            node.getparent().remove(node)
        elif what in ("forget", "set") and node.attrib:
            key = draw_one(st.sampled_from(sorted(node.attrib)))
            del node.attrib[key]
            if what == "set":
                node.set(key, draw_one(st.sampled_from(("true", "false", "0", "2", "x", *names))))
        elif what == "turn" and node.tag.startswith(BPMN):
            node.tag = BPMN + draw_one(st.sampled_from(KINDS))
        elif what == "double":
            draw_one(st.sampled_from(nodes)).append(copy.deepcopy(node))
        elif what == "say":
            node.text = draw_one(st.sampled_from(TEXTS))
    return etree.tostring(root)


@pytest.mark.parametrize("number", range(len(SKETCHES)))
def test_the_drawings_are_sound_as_they_are(number, draw):
    diagram = draw(SKETCHES[number])

    assert [str(f) for f in check(diagram, forms=FORMS) if f.forbids_running] == []
    assert compile_release(diagram).diagram is diagram


@settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_checks_refuse_whatever_the_engine_refuses(sketch, data):
    drawn = broken(sketch(data.draw(st.sampled_from(SKETCHES))), data.draw)
    try:
        diagram = read_diagram(drawn)
    except UnreadableDiagram:
        return

    found = check(diagram, forms=FORMS)
    try:
        compile_release(diagram)
        refused = []
    except DiagramRefused as error:
        refused = [finding.message for finding in error.findings]

    assert "rule_crashed" not in {finding.rule for finding in found}
    assert not refused or any(finding.forbids_running for finding in found), refused
