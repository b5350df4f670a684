"""What BPMN knows and we do not carry out is refused by name, never ignored."""

from __future__ import annotations

import pytest

TASK = '<userTask id="X" name="x">{}</userTask>'
CATCH = '<intermediateCatchEvent id="X" name="x"><{}EventDefinition/></intermediateCatchEvent>'
THROW = '<intermediateThrowEvent id="X" name="x"><{}EventDefinition/></intermediateThrowEvent>'
START = '<startEvent id="X" name="x"><{}EventDefinition/></startEvent>'
END = '<endEvent id="X" name="x"><{}EventDefinition/></endEvent>'
BOUNDARY = '<boundaryEvent id="X" name="x" attachedToRef="T"><{}EventDefinition/></boundaryEvent>'
SCRIPT = "<extensionElements><spiffworkflow:{0}>import os</spiffworkflow:{0}></extensionElements>"

REFUSED = {
    "task": ('<task id="X" name="x"/>', "未指定类型的任务"),
    "script task": ('<scriptTask id="X" name="x"><script>1</script></scriptTask>', "脚本任务"),
    "business rule task": ('<businessRuleTask id="X" name="x"/>', "没有决策表"),
    "complex gateway": ('<complexGateway id="X" name="x"/>', "复杂网关"),
    "transaction": ('<transaction id="X" name="x"/>', "事务子流程"),
    "ad-hoc sub-process": ('<adHocSubProcess id="X" name="x"/>', "即席子流程"),
    "event sub-process without an event": (
        '<subProcess id="Y" name="y" triggeredByEvent="true"><startEvent id="X" name="x"/></subProcess>',
        "没有说明由什么触发",
    ),
    "conditional start of an event sub-process": (
        f'<subProcess id="Y" name="y" triggeredByEvent="true">{START.format("conditional")}</subProcess>',
        "条件开始事件",
    ),
    "parallel multi-instance": (
        TASK.format("<multiInstanceLoopCharacteristics/>"),
        "多实例标记",
    ),
    "loop": (TASK.format("<standardLoopCharacteristics/>"), "循环标记"),
    "input and output": (TASK.format("<ioSpecification/>"), "ioSpecification"),
    "pre-script": (TASK.format(SCRIPT.format("preScript")), "前置脚本"),
    "post-script": (TASK.format(SCRIPT.format("postScript")), "后置脚本"),
    "compensation marker": ('<userTask id="X" name="x" isForCompensation="true"/>', "补偿标记"),
    "instantiating receive": ('<receiveTask id="X" name="x" instantiate="true"/>', "启动流程"),
    "parallel event gateway": (
        '<eventBasedGateway id="X" name="x" eventGatewayType="Parallel"/>',
        "并行事件网关",
    ),
    "empty catch": ('<intermediateCatchEvent id="X" name="x"/>', "没有说明在等什么"),
    "timer start": (START.format("timer"), "定时开始事件"),
    "message start": (START.format("message"), "消息开始事件"),
    "signal start": (START.format("signal"), "信号开始事件"),
    "message end": (END.format("message"), "消息结束事件"),
    "error end": (END.format("error"), "错误没有代码"),
    "signal end": (END.format("signal"), "没有选择信号"),
    "escalation end": (END.format("escalation"), "升级没有代码"),
    "compensation end": (END.format("compensate"), "补偿结束事件"),
    "cancel end": (END.format("cancel"), "取消结束事件"),
    "link catch": (CATCH.format("link").replace('name="x"', ""), "链接事件没有名称"),
    "signal catch": (CATCH.format("signal"), "没有选择信号"),
    "conditional catch": (CATCH.format("conditional"), "条件中间捕获事件"),
    "link throw": (THROW.format("link").replace('name="x"', ""), "链接事件没有名称"),
    "compensation throw": (THROW.format("compensate"), "补偿中间抛出事件"),
    "error throw": (THROW.format("error"), "错误中间抛出事件"),
    "message throw": (THROW.format("message"), "消息中间抛出事件"),
    "error boundary": (BOUNDARY.format("error"), "错误边界事件"),
    "escalation boundary": (BOUNDARY.format("escalation"), "升级边界事件"),
    "multiple events": (
        '<boundaryEvent id="X" name="x" attachedToRef="T"><timerEventDefinition/>'
        "<messageEventDefinition/></boundaryEvent>",
        "有 2 个定义",
    ),
    "choreography": ('<choreographyTask id="X" name="x"/>', "编排任务"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_we_do_not_carry_out_is_refused_by_name(kind, wrap, faults):
    """Engine trap 10: SpiffWorkflow would ignore or change most of these silently."""
    body, says = REFUSED[kind]
    data = wrap(f'<userTask id="T" name="t"/>\n{body}')

    spoken = [finding for finding in faults(data) if finding.element == "X"]

    assert any(says in finding.message for finding in spoken), [str(f) for f in spoken]
    assert all(finding.line == 5 and finding.way_out for finding in spoken)


def test_a_single_flow_with_a_condition_after_a_task_is_refused(sketch, faults):
    """BPMN 2.0 asks for another flow beside it: nothing would go on when it does not hold."""
    data = sketch("start A\nmanual B\nend C\nA > B\nB > C : case.initiator == 'graduate'")

    assert [(f.rule, f.element) for f in faults(data)] == [("conditions", "B_to_C")]


def test_a_default_on_a_task_is_refused(sketch, faults):
    data = sketch("start A\nmanual B\nend C\nA > B\nB >> C")

    assert [(f.rule, f.element) for f in faults(data)] == [("conditions", "B")]


def test_a_property_without_value_is_refused(wrap, faults):
    """Engine trap 17: a KeyError in SpiffWorkflow's parser."""
    data = wrap(
        '<userTask id="X" name="x"><extensionElements><spiffworkflow:properties>'
        '<spiffworkflow:property name="form"/>'
        "</spiffworkflow:properties></extensionElements></userTask>"
    )

    spoken = [finding for finding in faults(data) if finding.rule == "incomplete_property"]

    assert [(f.element, f.line) for f in spoken] == [("X", 4)]


def test_a_parameter_without_type_is_refused(wrap, faults):
    """Engine trap 17: a KeyError in SpiffWorkflow's parser."""
    data = wrap(
        '<serviceTask id="X" name="x"><extensionElements>'
        '<spiffworkflow:serviceTaskOperator id="notify"><spiffworkflow:parameters>'
        '<spiffworkflow:parameter id="event" value="\'invitation\'"/>'
        "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
        "</extensionElements></serviceTask>"
    )

    spoken = [finding for finding in faults(data) if finding.rule == "incomplete_property"]

    assert "（event）" in spoken[0].message


def test_an_unconnected_unknown_element_is_told(wrap):
    """Engine trap 10: SpiffWorkflow never looks at it."""
    from processes.diagram import read_diagram

    notes = read_diagram(wrap('<startEvent id="A" name="a"/>\n<dream id="X"/>')).notes

    assert ("unknown_content", "X") in [(note.rule, note.element) for note in notes]


def test_a_step_outside_the_bpmn_namespace_is_an_error(wrap, faults):
    data = wrap('<startEvent id="A" name="a"/>\n<userTask xmlns="urn:other" id="X" name="x"/>')

    assert ("wrong_namespace", "X") in [(f.rule, f.element) for f in faults(data)]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            '<userTask id="X" name="x"><extensionElements><spiffworkflow:properties>'
            '<spiffworkflow:property name="form" value="a"/>'
            '<spiffworkflow:property name="form" value="b"/>'
            "</spiffworkflow:properties></extensionElements></userTask>",
            "form 写了 2 次",
        ),
        (
            '<serviceTask id="X" name="x"><extensionElements>'
            '<spiffworkflow:serviceTaskOperator id="acquire_claim"/>'
            '<spiffworkflow:serviceTaskOperator id="release_claim"/>'
            "</extensionElements></serviceTask>",
            "2 个操作",
        ),
        (
            '<intermediateCatchEvent id="X" name="x"><timerEventDefinition>'
            "<timeDuration>P1D</timeDuration><timeDate>2026-06-05</timeDate>"
            "</timerEventDefinition></intermediateCatchEvent>",
            "2 个时间",
        ),
    ],
)
def test_what_is_said_twice_is_refused(body, says, wrap, faults):
    spoken = [finding for finding in faults(wrap(body)) if finding.rule == "said_twice"]

    assert [finding.element for finding in spoken] == ["X"]
    assert says in spoken[0].message


def test_a_condition_that_is_no_expression_is_told_in_words(sketch, faults):
    """Engine trap 12: SpiffWorkflow's own SyntaxError path crashes."""
    data = sketch("start A\nxor G\nend B\nend C\nA > G\nG > B : case.x = 1\nG >> C")

    (finding,) = faults(data)

    assert (finding.rule, finding.element) == ("expressions", "G_to_B")
    assert "==" in finding.message
