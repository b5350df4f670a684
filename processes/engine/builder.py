"""Builds SpiffWorkflow process specs from one diagram: its process and each embedded sub-process.

We build the specs ourselves, one pass over elements and one over flows. SpiffWorkflow's parser
walks the flows recursively (490 tasks in a row overflow its stack), silently turns what it does not
know into something else (trap 10) and drops conditions on flows that leave a task.
"""

from __future__ import annotations

from processes.diagram import Diagram
from processes.durations import IsoError
from processes.elements import Element, Flow
from processes.engine.events import CatchEvent, Caught, Race, ReceiveTask, Split, Watch
from processes.engine.inclusive import Inclusive
from processes.engine.makers import RULE, STARTING, Makers, ProcessSpec
from processes.engine.nodes import Node, Way
from processes.engine.repeats import Repeat, Turn, compile_loop, most_turns
from processes.engine.specs import Choice, Parallel, StartEvent
from processes.expressions import Expression, ExpressionError, compile_expression
from processes.findings import Finding
from processes.reach import reachers

CHANGES_THE_COURSE = frozenset(
    {
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "loopDataOutputRef",
        "outputDataItem",
        "complexBehaviorDefinition",
        "@behavior",
        "transformation",
        "assignment",
        "@isCollection",
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


class Builder(Makers):
    """Builds the specs of one diagram: its process and each embedded sub-process."""

    def __init__(self, diagram: Diagram, findings: list[Finding]) -> None:
        super().__init__(diagram, findings)
        self.nodes: dict[str, Node] = {}
        self.entrances: dict[str, Node] = {}
        self.turns: dict[str, ProcessSpec] = {}

    def build(self) -> dict[str, ProcessSpec]:
        inner = [e.id for e in self.diagram.elements.values() if e.kind == "subProcess"]
        specs = {self.diagram.process: self._process(self.diagram.process, self.diagram.process)}
        for container in inner:
            name = self.inner_name(container)
            specs[name] = self._process(container, name)
        specs.update(self.turns)
        for flow in self.diagram.flows.values():
            self._check_ends(flow)
        for node in list(self.nodes.values()):
            self._connect(node)
        return specs

    def _process(self, container: str, name: str) -> ProcessSpec:
        spec = ProcessSpec(name)
        starts: list[Node] = []
        for element in self.diagram.children(container):
            node = self._node(spec, element)
            if node is None:
                continue
            self.nodes[element.id] = self.entrances[element.id] = node
            node.writes = element.writes
            if isinstance(node, StartEvent):
                starts.append(node)
        for element in self.diagram.children(container):
            self._attach(spec, element)
        for element in self.diagram.event_sub_processes(container):
            self._watch(spec, element)
        if len(starts) == 1:
            spec.first = starts[0]
        else:
            self._refuse_container(container, f"有 {len(starts)} 个开始事件，应当恰好有一个")
        return spec

    def _node(self, spec: ProcessSpec, element: Element) -> Node | None:
        for extra in element.extras:
            if extra.kind in CHANGES_THE_COURSE:
                self._refuse(element, f"引擎不能执行 {extra.kind.removeprefix('@')}")
        try:
            node = self._repeated(spec, element) if element.loop else self.make(spec, element)
        except (ExpressionError, IsoError) as error:
            self._refuse(element, error.message)
            return None
        if node is not None:
            node.element = element
        return node

    def _repeated(self, spec: ProcessSpec, element: Element) -> Node | None:
        """A node for all turns; the activity itself stands alone in a spec of its own."""
        loop = element.loop
        if loop is None or not element.is_activity or element.triggered:
            self._refuse(element, "这里不能使用循环或多实例标记")
            return None
        multiple = loop.kind != "standard"
        said = (loop.count is None) != (loop.items is None) if multiple else bool(loop.condition)
        if not said or (loop.items is None) != (loop.item is None):
            self._refuse(element, "循环没有写明条件、次数，或要逐项办理的列表和每一项的名称")
        if most_turns(loop) < 1:
            self._refuse(element, "循环没有写明最多办几次")
        levels = ProcessSpec(self.inner_name(f"{element.id}.Turns"))
        single = ProcessSpec(self.inner_name(f"{element.id}.Turn"))
        self.turns |= {levels.name: levels, single.name: single}
        inside = self.make(single, element)
        if inside is None:
            return None
        inside.element, single.first = element, inside
        outer = Repeat(spec, element.id, levels.name)
        outer.loop = compile_loop(loop)
        outer.turn = Turn(levels, f"{element.id}.Turn", single.name)
        outer.turn.element, outer.turn.alone = element, multiple
        return outer

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

    def _watch(self, spec: ProcessSpec, element: Element) -> None:
        """Put what waits for the start of an event sub-process beside the start of its level."""
        start, target = self.diagram.start_of(element.id), self.nodes.get(element.id)
        if self.diagram.incoming(element.id) or self.diagram.outgoing(element.id):
            self._refuse(element, "事件子流程不能有连线")
        if start is None or target is None:
            return  # a level without exactly one start is refused there
        try:
            definition = self.definition(start, STARTING)
        except (ExpressionError, IsoError) as error:
            self._refuse(start, error.message)
            return
        if definition is None:
            return
        if isinstance(definition, Caught) and definition.kind == "error" and not start.interrupting:
            self._refuse(start, "错误总是打断的")
        name = f"{start.id}.Watch"
        watch = Watch(spec, name, definition, cancel_activity=start.interrupting)
        watch.element = start
        watch.ways = (Way(None, target),)
        spec.watches = (*spec.watches, watch)

    def _connect(self, node: Node) -> None:
        element = node.element
        ways = []
        if element.kind == "intermediateThrowEvent" and element.has("link"):
            catches = (self.nodes.get(c.id) for c in self.diagram.links_from(element))
            ways += [Way(None, catch) for catch in catches if catch is not None]
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
