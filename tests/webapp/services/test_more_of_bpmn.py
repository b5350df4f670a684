"""A case on a diagram with turns, a decision table, a handler and a join runs on the real store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from processes.checks import check
from processes.diagram import read_diagram
from webapp.models import Case, History, Notification
from webapp.services.cases import case_page, cases, messages, tasks
from webapp.services.design import releases

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DIAGRAM = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core" xmlns:d="{DMN}" targetNamespace="t">
<message id="m" name="ask_again"/>
<process id="P" name="会签" isExecutable="true">
<extensionElements><s:properties><s:property name="started_by" value="employer"/></s:properties></extensionElements>
<laneSet id="L"><lane id="L1" name="毕业生"><flowNodeRef>Agree</flowNodeRef><flowNodeRef>Again</flowNodeRef></lane></laneSet>
<startEvent id="S" name="开始"/>
<manualTask id="Agree" name="会签"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></manualTask>
<businessRuleTask id="Rate" name="判断发起人"><extensionElements><d:definitions><d:decision id="D"><d:decisionTable>
<d:input><d:inputExpression><d:text>case.initiator</d:text></d:inputExpression></d:input><d:output name="kind"/>
<d:rule><d:inputEntry><d:text>"employer"</d:text></d:inputEntry><d:outputEntry><d:text>"firm"</d:text></d:outputEntry></d:rule>
<d:rule><d:inputEntry><d:text>"graduate"</d:text></d:inputEntry><d:outputEntry><d:text>"person"</d:text></d:outputEntry></d:rule>
</d:decisionTable></d:decision></d:definitions></extensionElements></businessRuleTask>
<inclusiveGateway id="Fork" name="分别通知" default="f3"/>
<serviceTask id="Tell" name="通知"><extensionElements><s:serviceTaskOperator id="notify"><s:parameters>
<s:parameter id="event" type="str" value="'accepted'"/><s:parameter id="to" type="str" value="'employer'"/>
</s:parameters></s:serviceTaskOperator></extensionElements></serviceTask>
<inclusiveGateway id="Join" name="汇合"/>
<endEvent id="E" name="会签完成"><extensionElements><s:properties><s:property name="status" value="completed"/></s:properties></extensionElements></endEvent>
<subProcess id="Beside" name="再看一次" triggeredByEvent="true">
<startEvent id="Asked" name="请再看一次" isInterrupting="false"><extensionElements><s:properties><s:property name="sent_by" value="employer"/></s:properties></extensionElements><messageEventDefinition messageRef="m"/></startEvent>
<manualTask id="Again" name="再看一次"/><endEvent id="Done" name="看过"/>
<sequenceFlow id="b1" sourceRef="Asked" targetRef="Again"/><sequenceFlow id="b2" sourceRef="Again" targetRef="Done"/>
</subProcess>
<sequenceFlow id="f0" sourceRef="S" targetRef="Agree"/><sequenceFlow id="f1" sourceRef="Agree" targetRef="Rate"/>
<sequenceFlow id="f" sourceRef="Rate" targetRef="Fork"/>
<sequenceFlow id="f2" sourceRef="Fork" targetRef="Tell"><conditionExpression>Rate.kind == 'firm'</conditionExpression></sequenceFlow>
<sequenceFlow id="f3" sourceRef="Fork" targetRef="Join"/><sequenceFlow id="f4" sourceRef="Tell" targetRef="Join"/>
<sequenceFlow id="f5" sourceRef="Join" targetRef="E"/>
</process></definitions>""".encode()


@pytest.fixture
def case(story, session, cast, monday):
    releases.publish(
        session, cast.school.id, "online_signing", "employer_invitation", DIAGRAM, {}, {},
        now=monday,
    )  # fmt: skip
    session.commit()
    return story.start()


def open_tasks(session, case):
    found = tasks.open_tasks(session, case.id)
    session.commit()
    return sorted(found, key=lambda task: int(task.token))


def test_every_turn_is_a_task_of_its_own_and_the_case_ends_after_all(story, session, cast, case):
    first, second = open_tasks(session, case)
    assert (first.element, second.element, first.name) == ("Agree", "Agree", "会签")

    story.submit(cast.lin, second)
    assert [task.id for task in open_tasks(session, case)] == [first.id]
    story.submit(cast.lin, first)

    session.expire_all()
    ended = session.get_one(Case, case.id)
    assert (ended.end_element, ended.status) == ("E", "completed")
    told = session.scalars(select(Notification.text).where(Notification.case_id == case.id)).all()
    assert len(told) >= 1


def test_history_tells_which_rule_decided(story, session, cast, case):
    for task in open_tasks(session, case):
        story.submit(cast.lin, task)

    rows = select(History.body).where(History.case_id == case.id, History.kind == "decided")
    (body,) = session.scalars(rows).all()
    page = case_page.describe(session, cast.lin, cases.find_case(session, cast.lin, case.id))

    assert (body["rules"], body["kind"]) == ([1], "firm")
    assert "系统按决策表办理了“判断发起人”：依据第 1 条规则" in [line.text for line in page.lines]


def test_a_handler_is_begun_by_the_role_that_the_diagram_names(story, session, cast, case, monday):
    found = cases.find_case(session, cast.hengxin, case.id)
    (act,) = messages.side_acts(session, cast.hengxin, found)
    assert act.words == "请再看一次"
    assert messages.side_acts(session, cast.lin, cases.find_case(session, cast.lin, case.id)) == []

    messages.do(session, cast.hengxin, case.id, act.message, monday + timedelta(hours=1))
    session.commit()

    assert [task.element for task in open_tasks(session, case)] == ["Agree", "Agree", "Again"]


def test_the_diagram_passes_its_check():
    found = check(read_diagram(DIAGRAM), forms={})

    assert [str(finding) for finding in found if finding.forbids_running] == []
