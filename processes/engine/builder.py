"""Builds SpiffWorkflow process specs from one diagram: its process and each embedded sub-process.

We build the specs ourselves, one pass over elements and one over flows. SpiffWorkflow's parser
walks the flows recursively (490 tasks in a row overflow its stack), silently turns what it does not
know into something else (trap 10) and drops conditions on flows that leave a task.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec

from processes.diagram import Diagram
from processes.durations import IsoError
from processes.elements import Element, EventDefinition, Flow
from processes.engine.clock import Timer, compile_timer
from processes.engine.events import Boundary, CatchEvent, Message, Race, ReceiveTask, Split
from processes.engine.inclusive import Inclusive
from processes.engine.nodes import Node, Way
from processes.engine.specs import (
    Call,
    Choice,
    EndEvent,
    Inner,
    ManualTask,
    OperatorTask,
    Parallel,
    Pass,
    StartEvent,
    UserTask,
)
from processes.expressions import Expression, ExpressionError, compile_expression
from processes.findings import Finding
from processes.reach import reachers

RULE = "engine"
CHANGES_THE_COURSE = frozenset(
    {
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "@triggeredByEvent",
        "@isForCompensation",
        "@instantiate",
        "@eventGatewayType",
        "@startQuantity",
        "@completionQuantity",
        "script",
        "preScript",
        "postScript",
        "eventDefinitionRef",
    }
)
_T = TypeVar("_T")


class ProcessSpec(BpmnProcessSpec):
    """A process spec that knows where the first token goes and its nodes by element id."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.task_specs.clear()  # the library's own Start and End would clash with such ids
        self.first: Node | None = None


class Builder:
    """Builds the specs of one diagram: its process and each embedded sub-process."""

    def __init__(self, diagram: Diagram, findings: list[Finding]) -> None:
        self.diagram = diagram
        self.findings = findings
        self.nodes: dict[str, Node] = {}
        self.entrances: dict[str, Node] = {}

    def build(self) -> dict[str, ProcessSpec]:
        inner = [e.id for e in self.diagram.elements.values() if e.kind == "subProcess"]
        specs = {self.diagram.process: self._process(self.diagram.process, self.diagram.process)}
        for container in inner:
            name = self._inner_name(container)
            specs[name] = self._process(container, name)
        for flow in self.diagram.flows.values():
            self._check_ends(flow)
        for node in list(self.nodes.values()):
            self._connect(node)
        return specs

    def _inner_name(self, container: str) -> str:
        return f"{self.diagram.process}:{container}"

    def _process(self, container: str, name: str) -> ProcessSpec:
        spec = ProcessSpec(name)
        starts: list[Node] = []
        for element in self.diagram.children(container):
            node = self._node(spec, element)
            if node is None:
                continue
            self.nodes[element.id] = self.entrances[element.id] = node
            if isinstance(node, StartEvent):
                starts.append(node)
        for element in self.diagram.children(container):
            self._attach(spec, element)
        if len(starts) == 1:
            spec.first = starts[0]
        else:
            self._refuse_container(container, f"有 {len(starts)} 个开始事件，应当恰好有一个")
        return spec

    def _node(self, spec: ProcessSpec, element: Element) -> Node | None:
        make = _MAKERS.get(element.kind)
        if make is None:
            self._refuse(element, f"引擎不能执行 {element.kind}")
            return None
        for extra in element.extras:
            if extra.kind in CHANGES_THE_COURSE:
                self._refuse(element, f"引擎不能执行 {extra.kind.removeprefix('@')}")
        if element.triggered:
            self._refuse(element, "引擎不能执行 triggeredByEvent")
        try:
            node = make(self, spec, element)
        except (ExpressionError, IsoError) as error:
            self._refuse(element, error.message)
            return None
        if node is not None:
            node.element = element
        return node

    def _attach(self, spec: ProcessSpec, element: Element) -> None:
        """Put a split before an activity with boundary events."""
        events = self.diagram.boundary_events(element.id)
        node = self.nodes.get(element.id)
        if not events or node is None:
            return
        split = Split(spec, f"{element.id}.BoundaryEventSplit")
        split.element = element
        beside = [self.nodes[event.id] for event in events if event.id in self.nodes]
        split.ways = tuple(Way(None, target) for target in (node, *beside))
        self.entrances[element.id] = split

    def _connect(self, node: Node) -> None:
        element = node.element
        ways = []
        for flow in self.diagram.outgoing(element.id):
            target = self.entrances.get(flow.target)
            if target is None:
                continue
            if isinstance(node, Race) and not isinstance(target, CatchEvent | ReceiveTask):
                self._refuse(element, "事件网关后面只能是没有边界事件的捕获事件或接收任务")
            ways.append(Way(flow, target, self._condition(node, flow)))
            node._outputs.append(target.name)
            target._inputs.append(node.name)
        node.ways = tuple(ways)
        if isinstance(node, Parallel):
            node.arriving = tuple(flow.id for flow in self.diagram.incoming(element.id))
        if isinstance(node, Inclusive):
            node.reachers = reachers(self.diagram, element.id)
            node.joins = len(node.reachers) > 1
        if isinstance(node, Choice | Inclusive):
            self._check_choice(node)
        elif any(way.condition for way in ways):
            node.conditional = True
            self._find_default(node)

    def _condition(self, node: Node, flow: Flow) -> Expression | None:
        if flow.condition is None:
            return None
        if not (isinstance(node, Choice | Inclusive) or node.element.is_activity):
            self._refuse(node.element, f"连线 {flow.id} 的条件只能写在任务、排他网关或包容网关之后")
            return None
        if flow.id == node.element.default:
            return None  # BPMN: a condition on the default flow is ignored
        try:
            return compile_expression(flow.condition)
        except ExpressionError as error:
            self._refuse(node.element, f"连线 {flow.id} 的条件无法使用：{error.message}")
            return None

    def _find_default(self, node: Node) -> None:
        default = node.element.default
        node.default = next((way for way in node.ways if way.flow and way.flow.id == default), None)
        if default and node.default is None:
            self._refuse(node.element, f"默认连线 {default} 不是从这里出发的")

    def _check_choice(self, node: Node) -> None:
        self._find_default(node)
        if len(node.ways) < 2:
            return
        for way in node.ways:
            if way is not node.default and way.flow and way.flow.condition is None:
                self._refuse(node.element, f"连线 {way.flow.id} 没有条件，也不是默认方向")

    def _check_ends(self, flow: Flow) -> None:
        elements = self.diagram.elements
        if flow.source not in elements or flow.target not in elements:
            lost = flow.source if flow.source not in elements else flow.target
            self._refuse_flow(flow, f"连线 {flow.id} 的一端 {lost or '（空）'} 不存在")
        elif elements[flow.source].parent != elements[flow.target].parent:
            self._refuse_flow(flow, f"连线 {flow.id} 穿过了子流程的边界")
        elif elements[flow.target].kind in {"startEvent", "boundaryEvent"}:
            self._refuse_flow(flow, f"连线 {flow.id} 不能指向 {flow.target}")

    def _expressions(self, element: Element, texts: Mapping[str, str]) -> dict[str, Expression]:
        found = {}
        for name, text in texts.items():
            try:
                found[name] = compile_expression(text)
            except ExpressionError as error:
                self._refuse(element, f"参数 {name} 无法使用：{error.message}")
        return found

    def _refuse(self, element: Element, message: str) -> None:
        self.findings.append(finding_about(element, message))

    def _refuse_flow(self, flow: Flow, message: str) -> None:
        self.findings.append(
            Finding(RULE, "error", flow.id, flow.name, flow.line, message, "请在图中修改后重试。")
        )

    def _refuse_container(self, container: str, message: str) -> None:
        element = self.diagram.elements.get(container)
        if element is not None:
            self._refuse(element, message)
            return
        diagram = self.diagram
        self.findings.append(
            Finding(RULE, "error", container, diagram.name, 0, message, "请在图中修改后重试。")
        )

    # One maker per kind of element ------------------------------------------------------------

    def start(self, spec: ProcessSpec, element: Element) -> Node | None:
        return self._undefined(StartEvent, spec, element)

    def passing(self, spec: ProcessSpec, element: Element) -> Node | None:
        return self._undefined(Pass, spec, element)

    def end(self, spec: ProcessSpec, element: Element) -> Node | None:
        if any(event.kind != "terminate" for event in element.events):
            self._refuse(element, "结束事件只能是普通结束或终止结束")
            return None
        return EndEvent(spec, element.id)

    def _undefined(self, make: type[_T], spec: ProcessSpec, element: Element) -> _T | None:
        if element.events:
            self._refuse(element, f"这里不能使用 {element.events[0].kind} 事件")
            return None
        return make(spec, element.id)  # type: ignore[call-arg]

    def user(self, spec: ProcessSpec, element: Element) -> Node:
        return UserTask(spec, element.id)

    def manual(self, spec: ProcessSpec, element: Element) -> Node:
        return ManualTask(spec, element.id)

    def operator(self, spec: ProcessSpec, element: Element) -> Node | None:
        if element.operator is None:
            self._refuse(element, "没有指定操作")
            return None
        node = OperatorTask(spec, element.id)
        node.parameters = self._expressions(element, element.operator.parameters)
        return node

    def receive(self, spec: ProcessSpec, element: Element) -> Node | None:
        if not element.message:
            self._refuse(element, "没有指定要接收的消息")
            return None
        return ReceiveTask(spec, element.id, Message(element.message))

    def choice(self, spec: ProcessSpec, element: Element) -> Node:
        return Choice(spec, element.id)

    def parallel(self, spec: ProcessSpec, element: Element) -> Node:
        return Parallel(spec, element.id)

    def inclusive(self, spec: ProcessSpec, element: Element) -> Node:
        return Inclusive(spec, element.id)

    def race(self, spec: ProcessSpec, element: Element) -> Node:
        return Race(spec, element.id)

    def catch(self, spec: ProcessSpec, element: Element) -> Node | None:
        definition = self._definition(element)
        return None if definition is None else CatchEvent(spec, element.id, definition)

    def boundary(self, spec: ProcessSpec, element: Element) -> Node | None:
        definition = self._definition(element)
        attached = self.diagram.elements.get(element.attached_to or "")
        if attached is None or not attached.is_activity:
            self._refuse(element, "没有附着在任务、子流程或调用活动上")
            return None
        if definition is None:
            return None
        return Boundary(spec, element.id, definition, cancel_activity=element.interrupting)

    def _definition(self, element: Element) -> Timer | Message | None:
        event: EventDefinition | None = element.event
        if event is None or len(element.events) > 1 or event.kind not in {"timer", "message"}:
            self._refuse(element, "这里只能使用一个定时或消息定义")
            return None
        if event.kind == "timer":
            return Timer(event.text, compile_timer(event))
        if not event.message:
            self._refuse(element, "没有指定要接收的消息")
            return None
        return Message(event.message)

    def inner(self, spec: ProcessSpec, element: Element) -> Node:
        return Inner(spec, element.id, self._inner_name(element.id))

    def call(self, spec: ProcessSpec, element: Element) -> Node:
        node = Call(spec, element.id, element.called or "")
        node.parameters = self._expressions(element, element.properties)
        return node


_MAKERS: dict[str, Callable[[Builder, ProcessSpec, Element], Node | None]] = {
    "startEvent": Builder.start,
    "endEvent": Builder.end,
    "userTask": Builder.user,
    "manualTask": Builder.manual,
    "serviceTask": Builder.operator,
    "sendTask": Builder.operator,
    "receiveTask": Builder.receive,
    "exclusiveGateway": Builder.choice,
    "parallelGateway": Builder.parallel,
    "inclusiveGateway": Builder.inclusive,
    "eventBasedGateway": Builder.race,
    "intermediateCatchEvent": Builder.catch,
    "intermediateThrowEvent": Builder.passing,
    "boundaryEvent": Builder.boundary,
    "subProcess": Builder.inner,
    "callActivity": Builder.call,
}


def finding_about(element: Element, message: str) -> Finding:
    return Finding(
        RULE, "error", element.id, element.name, element.line, message, "请在图中修改后重试。"
    )
