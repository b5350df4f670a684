"""What BPMN calls things, and what our readers call them."""

from __future__ import annotations

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
DRAWING_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        "http://www.omg.org/spec/DD/20100524/DI",
    }
)

EVENTS = {
    "startEvent": "开始事件",
    "endEvent": "结束事件",
    "boundaryEvent": "边界事件",
    "intermediateCatchEvent": "中间捕获事件",
    "intermediateThrowEvent": "中间抛出事件",
}
ACTIVITIES = {
    "userTask": "用户任务",
    "manualTask": "手工任务",
    "serviceTask": "服务任务",
    "sendTask": "发送任务",
    "receiveTask": "接收任务",
    "subProcess": "子流程",
    "callActivity": "调用活动",
    "task": "未指定类型的任务",
    "scriptTask": "脚本任务",
    "businessRuleTask": "业务规则任务",
    "transaction": "事务子流程",
    "adHocSubProcess": "即席子流程",
}
GATEWAYS = {
    "exclusiveGateway": "排他网关",
    "parallelGateway": "并行网关",
    "eventBasedGateway": "事件网关",
    "inclusiveGateway": "包容网关",
    "complexGateway": "复杂网关",
}
RARE = {
    "event": "未指定类型的事件",
    "implicitThrowEvent": "隐式抛出事件",
    "choreographyTask": "编排任务",
    "subChoreography": "子编排",
    "callChoreography": "调用编排",
}
FLOW_NODES: dict[str, str] = EVENTS | ACTIVITIES | GATEWAYS | RARE
CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})

DEFINITIONS = {
    "timer": "定时",
    "message": "消息",
    "terminate": "终止",
    "signal": "信号",
    "error": "错误",
    "escalation": "升级",
    "compensate": "补偿",
    "conditional": "条件",
    "link": "链接",
    "cancel": "取消",
}

DATA = {
    "dataObject": "数据对象",
    "dataObjectReference": "数据对象",
    "dataStoreReference": "数据存储",
    "dataInputAssociation": "数据输入连线",
    "dataOutputAssociation": "数据输出连线",
}
ARTIFACTS = frozenset({"textAnnotation", "association", "group"})

# Children and attributes that the reader understands, or that only describe.
QUIET_CHILDREN = frozenset(
    {"incoming", "outgoing", "extensionElements", "documentation", "laneSet", "sequenceFlow"}
)
# fmt: off
KNOWN_ATTRIBUTES = frozenset({
    "id", "name", "isExecutable", "processType", "isClosed", "sourceRef", "targetRef",
    "default", "gatewayDirection", "attachedToRef", "cancelActivity", "isInterrupting",
    "parallelMultiple", "calledElement", "triggeredByEvent", "isForCompensation",
    "startQuantity", "completionQuantity", "implementation", "operationRef", "messageRef",
    "instantiate", "eventGatewayType", "method", "associationDirection", "language",
    "targetNamespace", "expressionLanguage", "typeLanguage", "exporter", "exporterVersion",
    "textFormat", "processRef", "participantRef", "categoryValueRef", "value",
    "itemSubjectRef", "isCollection", "dataObjectRef", "dataStoreRef", "structureRef",
    "itemKind", "ordering", "cancelRemainingInstances", "isSequential", "behavior",
    "testBefore", "loopMaximum", "oneBehaviorEventRef", "noneBehaviorEventRef",
    "scriptFormat", "signalRef", "errorRef", "escalationRef", "errorCode", "escalationCode",
    "activityRef", "waitForCompletion", "isImmediate", "definitionalCollaborationRef",
    "partitionElementRef", "capacity", "isUnlimited", "isReference", "evaluatesToTypeRef",
    "implementationRef", "minimum", "maximum", "location", "namespace", "importType",
    "isStartActivity",
})
# fmt: on


def label_of(kind: str) -> str:
    """Return the Chinese word for a BPMN element, or its own name when it has none."""
    return FLOW_NODES.get(kind) or DATA.get(kind) or kind
