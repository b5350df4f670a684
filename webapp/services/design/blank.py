"""The diagram that a new variant begins with: one step of a graduate, in lanes, with its drawing."""

from __future__ import annotations

from xml.sax.saxutils import escape

from processes.layout import renew_drawing

TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
                  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
                  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
                  xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
                  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"
                  id="Definitions_{name}" targetNamespace="https://qianyue.example/diagrams/{family}">
  <bpmn:collaboration id="Collaboration_{name}">
    <bpmn:participant id="Pool_{name}" name="{title}" processRef="{name}" />
  </bpmn:collaboration>
  <bpmn:process id="{name}" name="{title}" isExecutable="true">
    <bpmn:laneSet id="Lanes_{name}">
      <bpmn:lane id="Lane_graduate" name="毕业生">
        <bpmn:flowNodeRef>Started</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Fill</bpmn:flowNodeRef>
      </bpmn:lane>
      <bpmn:lane id="Lane_school" name="学校">
        <bpmn:flowNodeRef>Ended</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="Started" name="开始">
      <bpmn:outgoing>After_Started</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="Fill" name="填写">
      <bpmn:incoming>After_Started</bpmn:incoming>
      <bpmn:outgoing>After_Fill</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="Ended" name="结束">
      <bpmn:incoming>After_Fill</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="After_Started" sourceRef="Started" targetRef="Fill" />
    <bpmn:sequenceFlow id="After_Fill" sourceRef="Fill" targetRef="Ended" />
  </bpmn:process>
</bpmn:definitions>
"""


def blank_diagram(family: str, variant: str, title: str = "新的流程") -> bytes:
    """The bytes of a new diagram whose process is named after the variant and shown as `title`."""
    shown = escape(title, {'"': "&quot;"})
    return renew_drawing(TEMPLATE.format(family=family, name=variant, title=shown).encode())
