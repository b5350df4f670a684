"""Reading a diagram: what it says is there, and what is wrong with it is noted."""

from __future__ import annotations

import re

import pytest

from processes.checks import check
from processes.diagram import OperatorCall, UnreadableDiagram, read_diagram


def noted(diagram, rule):
    """Element and severity of each note of a rule."""
    return [(note.element, note.severity) for note in diagram.notes if note.rule == rule]


def test_a_task_tells_its_form_lane_and_deadline(draw):
    diagram = draw(
        """
        start Begin
        user Answer form=signing/answer status=waiting_answer name=应约
        boundary Deadline on=Answer date=Fill.reply_by
        boundary Withdrawn on=Answer message=withdraw free
        end Done
        end Late
        Begin > Answer > Done
        Deadline > Late
        Withdrawn > Late
        """,
        lane="毕业生（本人）",
    )

    task = diagram.elements["Answer"]
    deadline, withdrawn = diagram.boundary_events("Answer")

    assert (task.name, task.form, task.lane, task.role) == (
        "应约",
        "signing/answer",
        "毕业生（本人）",
        "graduate",
    )
    assert task.properties["status"] == "waiting_answer"
    assert (deadline.event.timer, deadline.event.text) == ("date", "Fill.reply_by")
    assert (deadline.interrupting, withdrawn.interrupting) == (True, False)
    assert withdrawn.event.message == "withdraw"


def test_a_service_task_tells_its_operator(draw):
    diagram = draw("start A\nservice W op=write_destination p.code=\"'10'\"\nend E\nA > W > E")

    assert diagram.elements["W"].operator == OperatorCall("write_destination", {"code": "'10'"})


def test_flows_lead_from_and_to(draw):
    diagram = draw("start A\nxor G\nend B\nend C\nA > G\nG > B : case.x == 1\nG >> C")

    assert [flow.target for flow in diagram.outgoing("G")] == ["B", "C"]
    assert [flow.source for flow in diagram.incoming("G")] == ["A"]
    assert diagram.flows["G_to_B"].condition == "case.x == 1"
    assert diagram.elements["G"].default == "G_to_C"


def test_a_sub_process_holds_its_children(draw):
    diagram = draw(
        "start A\nsub S\nstart B in=S\nmanual M in=S\nend C in=S\nend D\nA > S > D\nB > M > C"
    )

    assert [child.id for child in diagram.children("S")] == ["B", "M", "C"]
    assert diagram.elements["M"].parent == "S"
    assert diagram.elements["M"].role == "office"


def test_called_processes_are_listed(draw):
    diagram = draw("start A\ncall R calls=review\nend E\nA > R > E")

    assert diagram.called == {"review"}


def test_flows_without_id_get_the_same_id_every_time(wrap):
    data = wrap(
        '<startEvent id="A" name="a"/><endEvent id="B" name="b"/><manualTask id="Flow_1" name="m"/>'
        '<sequenceFlow sourceRef="A" targetRef="Flow_1"/>'
        '<sequenceFlow sourceRef="Flow_1" targetRef="B"/>'
    )

    first, second = read_diagram(data), read_diagram(data)

    assert list(first.flows) == list(second.flows) == ["Flow_2", "Flow_3"]
    assert not any(note.forbids_running for note in first.notes)
    assert first.xml == data


def test_a_step_without_id_is_an_error(wrap):
    diagram = read_diagram(wrap('<startEvent name="a"/>'))

    assert noted(diagram, "missing_id") == [("startEvent_1", "error")]


def test_an_id_used_twice_is_an_error(wrap):
    """Engine trap 10: SpiffWorkflow accepts it and keeps one of the two."""
    diagram = read_diagram(wrap('<startEvent id="A" name="a"/>\n<endEvent id="A" name="b"/>'))

    assert noted(diagram, "duplicate_id") == [("A", "error")]
    assert diagram.elements["A"].kind == "startEvent"


@pytest.mark.parametrize(
    ("body", "element", "says"),
    [
        ('<sequenceFlow id="F" sourceRef="A" targetRef="Z"/>', "F", "终点指向不存在的 Z"),
        ('<sequenceFlow id="F" sourceRef="Z" targetRef="A"/>', "F", "起点指向不存在的 Z"),
        ('<sequenceFlow id="F" sourceRef="A"/>', "F", "终点没有填写"),
        ('<boundaryEvent id="B" attachedToRef="Z"/>', "B", "所依附的任务指向不存在的 Z"),
        ('<exclusiveGateway id="G" default="Z"/>', "G", "默认连线指向不存在的 Z"),
        ('<receiveTask id="R" messageRef="Z"/>', "R", "引用的消息指向不存在的 Z"),
        ('<receiveTask id="R"/>', "R", "接收任务等待的消息没有填写"),
        (
            '<intermediateCatchEvent id="C"><messageEventDefinition messageRef="Z"/>'
            "</intermediateCatchEvent>",
            "C",
            "引用的消息指向不存在的 Z",
        ),
        (
            '<intermediateCatchEvent id="C"><messageEventDefinition/></intermediateCatchEvent>',
            "C",
            "引用的消息没有填写",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_is_named(body, element, says, wrap):
    """Engine trap 11: SpiffWorkflow answers with TypeError("unexpected keyword 'node'")."""
    diagram = read_diagram(wrap(f'<startEvent id="A" name="a"/>\n{body}'))

    found = [note for note in diagram.notes if note.rule == "dangling_reference"]

    assert [(note.element, note.severity, note.line) for note in found] == [(element, "error", 5)]
    assert says in found[0].message


def test_a_lane_member_that_does_not_exist_is_noted(wrap):
    diagram = read_diagram(
        wrap('<laneSet><lane id="L" name="学校"><flowNodeRef>Z</flowNodeRef></lane></laneSet>')
    )

    assert noted(diagram, "dangling_reference") == [("L", "warning")]


def test_a_listed_flow_that_does_not_exist_is_noted(wrap):
    body = '<startEvent id="A" name="a"><outgoing>Z</outgoing></startEvent>'

    assert noted(read_diagram(wrap(body)), "dangling_reference") == [("A", "warning")]


def test_the_innermost_lane_counts(wrap):
    diagram = read_diagram(
        wrap(
            '<laneSet><lane id="O" name="学校"><flowNodeRef>A</flowNodeRef><childLaneSet>'
            '<lane id="I" name="院系"><flowNodeRef>A</flowNodeRef></lane>'
            "</childLaneSet></lane></laneSet>"
            '<manualTask id="A" name="a"/>'
        )
    )

    assert (diagram.elements["A"].lane, diagram.lanes["I"].within) == ("院系", "O")
    assert not [f for f in check(diagram) if f.rule == "lanes"]


def test_any_prefix_will_do(sketch):
    plain = sketch("start A\nmanual M\nend E\nA > M > E").decode()
    prefixed = re.sub(r"<(/?)(?=[a-z][A-Za-z]*[ >/])", r"<\1any:", plain)
    prefixed = prefixed.replace('xmlns="http', 'xmlns:any="http')

    diagram = read_diagram(prefixed.encode())

    assert "<any:startEvent" in prefixed
    assert list(diagram.elements) == ["A", "M", "E"]
    assert diagram.elements["E"].properties == {"status": "done"}


def test_a_reference_may_carry_a_prefix(wrap):
    diagram = read_diagram(
        wrap(
            '<startEvent id="A" name="a"/><endEvent id="B" name="b"/>'
            '<sequenceFlow id="F" sourceRef="t:A" targetRef="t:B"/>'
        )
    )

    assert diagram.flows["F"].target == "B"


def test_foreign_content_is_said_once_for_many(wrap):
    body = '<startEvent id="A" name="a" c:x="1" xmlns:c="urn:camunda"/>' + "".join(
        f'<manualTask id="M{n}" name="m" xmlns:c="urn:camunda" c:assignee="lin"/>' for n in range(7)
    )

    found = [n for n in read_diagram(wrap(body)).notes if n.rule == "foreign_content"]

    assert [note.severity for note in found] == ["warning", "warning"]
    assert any("c:assignee（共 7 处）" in note.message for note in found)


def test_what_is_only_drawn_is_accepted(wrap):
    body = (
        '<startEvent id="A" name="a"/><textAnnotation id="N"><text>备注</text></textAnnotation>'
        '<association id="S" sourceRef="N" targetRef="A"/><group id="G"/>'
    )

    diagram = read_diagram(wrap(body))

    assert [note for note in diagram.notes if note.forbids_running] == []
    assert list(diagram.elements) == ["A"]


def test_data_are_a_warning_and_no_elements(wrap):
    body = (
        '<startEvent id="A" name="a"/><dataObject id="D"/><dataObjectReference id="R"/>'
        '<userTask id="T" name="t"><dataInputAssociation id="I"/></userTask>'
    )

    diagram = read_diagram(wrap(body))

    assert noted(diagram, "drawn_only") == [("D", "warning"), ("T", "warning")]
    assert list(diagram.elements) == ["A", "T"]


def test_a_process_that_is_not_marked_executable_still_runs(wrap):
    diagram = read_diagram(wrap('<startEvent id="A" name="a"/>', executable=""))

    assert noted(diagram, "not_executable") == [("P", "warning")]
    assert diagram.process == "P"


SECOND = '</process>\n<process id="Q" {}><startEvent id="B" name="b"/>'


def test_a_second_process_that_is_only_drawn_is_a_warning(wrap):
    diagram = read_diagram(wrap('<startEvent id="A" name="a"/>' + SECOND.format("")))

    assert diagram.process == "P"
    assert noted(diagram, "several_processes") == [("Q", "warning")]
    assert list(diagram.elements) == ["A"]


def test_two_executable_processes_are_an_error(wrap):
    second = SECOND.format('isExecutable="true"')

    diagram = read_diagram(wrap('<startEvent id="A" name="a"/>' + second))

    assert noted(diagram, "several_processes") == [("Q", "error")]


def test_a_pool_may_stand_for_a_lane(wrap):
    body = (
        '<startEvent id="A" name="a"/><manualTask id="M" name="m"/></process>'
        '<collaboration id="C"><participant id="Pool" name="就业中心" processRef="P"/>'
        '<participant id="Box" name="教育部"/>'
        '<messageFlow id="MF" sourceRef="A" targetRef="Box"/></collaboration>'
        '<process id="Empty">'
    )

    diagram = read_diagram(wrap(body))

    assert (diagram.elements["M"].lane, diagram.elements["M"].role) == ("就业中心", "office")
    assert noted(diagram, "drawn_only") == [("MF", "warning")]


def test_a_file_without_any_step_is_told_so(wrap):
    diagram = read_diagram(wrap(""))

    assert noted(diagram, "no_process") == [("P", "error")]
    assert any(finding.forbids_running for finding in check(diagram))


def test_markup_in_names_and_documentation_stays_text(wrap):
    body = (
        '<manualTask id="M" name="&lt;script&gt;alert(1)&lt;/script&gt;\n 第二行">'
        "<documentation><![CDATA[<b>粗</b>]]></documentation></manualTask>"
    )

    task = read_diagram(wrap(body)).elements["M"]

    assert task.name == "<script>alert(1)</script> 第二行"
    assert task.documentation == "<b>粗</b>"


def test_a_chain_of_a_thousand_tasks_is_legal(draw):
    """Engine trap 11: 490 tasks in a row overflow the stack of SpiffWorkflow's parser."""
    tasks = "\n".join(f"manual T{n}" for n in range(1000))
    chain = " > ".join(["A", *(f"T{n}" for n in range(1000)), "E"])

    diagram = draw(f"start A\n{tasks}\nend E\n{chain}")

    assert len(diagram.elements) == 1002
    assert check(diagram) == []


def test_lines_are_right_beyond_65535(wrap):
    """lxml stops counting there."""
    diagram = read_diagram(wrap("\n" * 70000 + '<startEvent\n id="A"\n name="a"/>'))

    assert diagram.elements["A"].line == 70004


@pytest.mark.parametrize(
    ("data", "rule", "says"),
    [
        (b"", "empty_file", "空的"),
        (b"PK\x03\x04\x00\x00", "not_xml", "开头不是 XML"),
        (b"<a><b></a>", "not_xml", "对不上"),
        (b"<a>", "not_xml", "在中间断开"),
        (b"<html><body/></html>", "not_bpmn", "<html>"),
        (b"<definitions/>", "not_bpmn", "不是 BPMN 2.0"),
    ],
)
def test_what_is_not_bpmn_is_told_in_words(data, rule, says):
    """Engine trap 11: SpiffWorkflow raises a raw XMLSyntaxError."""
    with pytest.raises(UnreadableDiagram) as refused:
        read_diagram(data)

    (finding,) = refused.value.findings
    assert finding.rule == rule
    assert says in finding.message


def test_a_broken_line_is_named():
    with pytest.raises(UnreadableDiagram) as refused:
        read_diagram(b"<a>\n<b>\n</c>\n</a>")

    assert refused.value.findings[0].line == 3
