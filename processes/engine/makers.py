"""One maker per kind of element: reads what the diagram says and gives the spec, or refuses it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec

from processes.decisions.table import DecisionError, compile_decision
from processes.diagram import Diagram
from processes.elements import Element, EventDefinition
from processes.engine.clock import Timer, compile_timer
from processes.engine.deciding import DecisionTask
from processes.engine.events import (
    Boundary,
    CatchEvent,
    Caught,
    Message,
    Race,
    ReceiveTask,
    Watch,
)
from processes.engine.inclusive import Inclusive
from processes.engine.nodes import Node
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
from processes.engine.throwing import ThrowEvent, ThrowingEnd, Thrown
from processes.expressions import Expression, ExpressionError, compile_expression
from processes.findings import Finding
from processes.kinds import DEFINITIONS

RULE = "engine"
_WAITED_FOR = ("timer", "message", "signal")
STARTING = ("timer", "message", "signal", "error", "escalation")
_T = TypeVar("_T")


class ProcessSpec(BpmnProcessSpec):
    """A process spec that knows where the first token goes and its nodes by element id."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.task_specs.clear()  # the library's own Start and End would clash with such ids
        self.first: Node | None = None
        self.watches: tuple[Watch, ...] = ()


class Makers:
    """Makes the nodes of one diagram; what cannot be made is kept as a finding."""

    def __init__(self, diagram: Diagram, findings: list[Finding]) -> None:
        self.diagram = diagram
        self.findings = findings

    def make(self, spec: ProcessSpec, element: Element) -> Node | None:
        """The node for an element; None when it is refused."""
        maker = _MAKERS.get(element.kind)
        if maker is None:
            self._refuse(element, f"引擎不能执行 {element.kind}")
            return None
        return maker(self, spec, element)

    def start(self, spec: ProcessSpec, element: Element) -> Node | None:
        if element.parent and self.diagram.elements[element.parent].triggered:
            return StartEvent(spec, element.id)
        return self._undefined(StartEvent, spec, element)

    def throw(self, spec: ProcessSpec, element: Element) -> Node | None:
        if not element.events:
            return Pass(spec, element.id)
        if element.has("link"):
            return self._link(spec, element)
        thrown = self._thrown(element, {"signal", "escalation"})
        if thrown is None:
            return None
        node = ThrowEvent(spec, element.id)
        node.thrown = thrown
        return node

    def _link(self, spec: ProcessSpec, element: Element) -> Node | None:
        """Both ends of a link are places on the way; the throwing one leads to the other."""
        throws = element.kind == "intermediateThrowEvent"
        leads = len(self.diagram.links_from(element)) if throws else 1
        wrong = self.diagram.outgoing(element.id) if throws else self.diagram.incoming(element.id)
        if leads != 1 or wrong or len(element.events) > 1 or not element.events[0].word:
            self._refuse(element, "链接事件要有名称，同一层恰好有一个接收端，两端之间不画连线")
            return None
        return Pass(spec, element.id)

    def end(self, spec: ProcessSpec, element: Element) -> Node | None:
        if not element.events or all(event.kind == "terminate" for event in element.events):
            return EndEvent(spec, element.id)
        thrown = self._thrown(element, {"signal", "error", "escalation"})
        if thrown is None:
            return None
        node = ThrowingEnd(spec, element.id)
        node.thrown = thrown
        return node

    def _thrown(self, element: Element, kinds: Collection[str]) -> Thrown | None:
        event = element.events[0]
        if len(element.events) > 1 or event.kind not in kinds:
            self._refuse(element, f"这里不能抛出 {'、'.join(e.kind for e in element.events)} 事件")
            return None
        if event.word is None:
            self._refuse(element, "没有说明抛出的是哪一个（信号的名称，错误或升级的代码）")
            return None
        return Thrown(event.kind, event.word)

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

    def rules(self, spec: ProcessSpec, element: Element) -> Node | None:
        if element.decision is None:
            self._refuse(element, "没有决策表")
            return None
        try:
            table = compile_decision(element.decision)
        except DecisionError as error:
            self._refuse(element, error.message)
            return None
        node = DecisionTask(spec, element.id)
        node.table = table
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
        if element.has("link"):
            return self._link(spec, element)
        definition = self.definition(element, _WAITED_FOR)
        return None if definition is None else CatchEvent(spec, element.id, definition)

    def boundary(self, spec: ProcessSpec, element: Element) -> Node | None:
        definition = self.definition(element, STARTING)
        attached = self.diagram.elements.get(element.attached_to or "")
        if attached is None or not attached.is_activity or attached.triggered:
            self._refuse(element, "没有附着在任务、子流程或调用活动上")
            return None
        if definition is None:
            return None
        climbs = isinstance(definition, Caught) and definition.kind != "signal"
        if climbs and attached.kind not in {"subProcess", "callActivity"}:
            self._refuse(element, "错误和升级只能从子流程和调用活动里出来")
        if climbs and element.has("error") and not element.interrupting:
            self._refuse(element, "错误总是打断的")
        return Boundary(spec, element.id, definition, cancel_activity=element.interrupting)

    def definition(
        self, element: Element, kinds: Collection[str]
    ) -> Timer | Message | Caught | None:
        event: EventDefinition | None = element.event
        if event is None or len(element.events) > 1 or event.kind not in kinds:
            labels = "、".join(DEFINITIONS[kind] for kind in kinds)
            self._refuse(element, f"这里只能使用一个定义：{labels}")
            return None
        if event.kind in {"signal", "error", "escalation"}:
            if event.word is None and (event.refers or event.kind == "signal"):
                self._refuse(element, "没有说明等待的是哪一个（信号的名称，错误或升级的代码）")
                return None
            return Caught(event.kind, event.word)
        if event.kind == "timer":
            return Timer(event.text, compile_timer(event))
        if not event.message:
            self._refuse(element, "没有指定要接收的消息")
            return None
        return Message(event.message)

    def inner_name(self, container: str) -> str:
        return f"{self.diagram.process}:{container}"

    def inner(self, spec: ProcessSpec, element: Element) -> Node:
        return Inner(spec, element.id, self.inner_name(element.id))

    def call(self, spec: ProcessSpec, element: Element) -> Node:
        node = Call(spec, element.id, element.called or "")
        node.parameters = self._expressions(element, element.properties)
        return node

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


_MAKERS: dict[str, Callable[[Makers, ProcessSpec, Element], Node | None]] = {
    "startEvent": Makers.start,
    "endEvent": Makers.end,
    "userTask": Makers.user,
    "manualTask": Makers.manual,
    "serviceTask": Makers.operator,
    "sendTask": Makers.operator,
    "receiveTask": Makers.receive,
    "businessRuleTask": Makers.rules,
    "exclusiveGateway": Makers.choice,
    "parallelGateway": Makers.parallel,
    "inclusiveGateway": Makers.inclusive,
    "eventBasedGateway": Makers.race,
    "intermediateCatchEvent": Makers.catch,
    "intermediateThrowEvent": Makers.throw,
    "boundaryEvent": Makers.boundary,
    "subProcess": Makers.inner,
    "callActivity": Makers.call,
}


def finding_about(element: Element, message: str) -> Finding:
    return Finding(
        RULE, "error", element.id, element.name, element.line, message, "请在图中修改后重试。"
    )
