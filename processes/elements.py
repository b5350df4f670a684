"""A drawn process and its parts, as plain frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from processes.decisions.reading import Decision
from processes.findings import Finding
from processes.roles import Role


@dataclass(frozen=True)
class EventDefinition:
    """What an event waits for or does.

    `kind` is "timer", "message", "terminate" or the local name of another BPMN definition without
    its ending ("signal", "error", …). For timers `timer` is "duration", "date" or "cycle" (None
    when the diagram does not say) and `text` what was written; for messages `message` is the
    message's name (None when the reference leads nowhere).

    `word` is what throwing and catching agree on: a signal's or link's name, the code of an error
    or escalation (None when there is none). `refers` tells that the diagram names an error or
    escalation at all: one that names none catches every one.
    """

    kind: str
    line: int
    timer: str | None = None
    text: str = ""
    message: str | None = None
    word: str | None = None
    refers: bool = False


@dataclass(frozen=True)
class OperatorCall:
    """The operator that a task names, with an expression for each parameter."""

    id: str
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Extra:
    """Something inside an element that the reader does not carry out itself.

    `kind` is the BPMN local name ("multiInstanceLoopCharacteristics", "script", …) or an
    attribute written as `@name`, so that the checks can name it.
    """

    kind: str
    line: int


@dataclass(frozen=True)
class Loop:
    """How often an activity is carried out: in turns ("standard", "sequential") or "parallel".

    A standard loop goes on while `condition` holds, asked before the first turn when `before`.
    The others take `count` turns, or one for each value of the list `items`, and stop early once
    `until` holds; inside a turn the value is called `item`. `maximum` is the text of the most
    turns there may be. Texts are expressions as written, None where there are none.
    """

    kind: str
    line: int
    condition: str | None = None
    before: bool = False
    count: str | None = None
    items: str | None = None
    item: str | None = None
    until: str | None = None
    maximum: str | None = None

    @property
    def may_be_skipped(self) -> bool:
        """Whether there may be no turn at all."""
        if self.kind == "standard":
            return self.before
        return not (self.count or "").isdigit() or int(self.count or "0") == 0

    @property
    def is_multiple(self) -> bool:
        """Whether turns keep what they do to themselves."""
        return self.kind != "standard"


@dataclass(frozen=True)
class Element:
    """A flow node: task, event, gateway, sub-process or call activity.

    `parent` is the id of the embedded sub-process it lies in (None in the process itself).
    `default` is the id of the default flow. `triggered` marks an event sub-process; its start
    event says whether it is `interrupting`, as a boundary event does. `writes` and `reads` are ids
    of data objects.
    """

    id: str
    kind: str
    name: str
    line: int
    process: str
    parent: str | None = None
    lane: str | None = None
    role: Role | None = None
    properties: dict[str, str] = field(default_factory=dict)
    operator: OperatorCall | None = None
    called: str | None = None
    events: tuple[EventDefinition, ...] = ()
    message: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    default: str | None = None
    documentation: str = ""
    extras: tuple[Extra, ...] = ()
    triggered: bool = False
    loop: Loop | None = None
    decision: Decision | None = None
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()

    @property
    def form(self) -> str | None:
        """Key of the form that a person answers here."""
        return self.properties.get("form") or None

    @property
    def event(self) -> EventDefinition | None:
        """The only event definition, or the first when the diagram wrongly has several."""
        return self.events[0] if self.events else None

    def has(self, kind: str) -> bool:
        """Whether one of the event definitions is of this kind."""
        return any(event.kind == kind for event in self.events)

    @property
    def is_task(self) -> bool:
        """Whether somebody or something works here."""
        return self.kind in TASKS

    @property
    def is_activity(self) -> bool:
        """Whether boundary events may be attached."""
        return self.kind in TASKS or self.kind in {"subProcess", "callActivity"}

    @property
    def waits_for_person(self) -> bool:
        """Whether the token rests here until a person acts."""
        return self.kind in {"userTask", "manualTask"}


@dataclass(frozen=True)
class Flow:
    """A sequence flow. One without id in the file gets a stable generated id."""

    id: str
    source: str
    target: str
    name: str
    condition: str | None
    line: int
    parent: str | None = None


@dataclass(frozen=True)
class DataObject:
    """A data object that some step writes: a variable of the case under its id."""

    id: str
    name: str
    line: int
    parent: str | None = None
    is_collection: bool = False


@dataclass(frozen=True)
class Lane:
    """A lane (or a pool that stands for one) and the role that its name means.

    `within` is the id of the lane around it.
    """

    id: str
    name: str
    role: Role | None
    line: int
    members: tuple[str, ...] = ()
    within: str | None = None


TASKS = frozenset(
    {"userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask"}
)


@dataclass(frozen=True)
class Diagram:
    """One process of a file, with everything that it refers to.

    `xml` holds the bytes as they were read. `process` is the id of the process that runs ("" when
    the file has none) and `processes` those of all. `notes` are the findings of the reader.
    `messages` maps message ids to names. `data` holds the data objects that steps write.
    """

    source: str
    xml: bytes
    process: str
    name: str
    processes: tuple[str, ...]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, Lane]
    messages: Mapping[str, str]
    properties: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    line: int = 0
    notes: tuple[Finding, ...] = ()
    data: Mapping[str, DataObject] = field(default_factory=dict)

    def outgoing(self, element_id: str) -> tuple[Flow, ...]:
        """Flows that leave an element, in the order of the file."""
        return self._outgoing.get(element_id, ())

    def incoming(self, element_id: str) -> tuple[Flow, ...]:
        """Flows that reach an element, in the order of the file."""
        return self._incoming.get(element_id, ())

    def boundary_events(self, element_id: str) -> tuple[Element, ...]:
        """Events attached to an activity."""
        return self._boundary.get(element_id, ())

    def children(self, container: str) -> tuple[Element, ...]:
        """Elements directly inside a sub-process, or inside the process itself."""
        return self._children.get(container, ())

    def event_sub_processes(self, container: str) -> tuple[Element, ...]:
        """Event sub-processes directly inside a sub-process, or inside the process itself."""
        return self._triggered.get(container, ())

    def links_from(self, throw: Element) -> tuple[Element, ...]:
        """The catching link events on the same level that a throwing one leads to."""
        return tuple(e for e in self._links if e.parent == throw.parent and e.event and throw.event
                     and e.event.word is not None and e.event.word == throw.event.word)  # fmt: skip

    def start_of(self, container: str) -> Element | None:
        """The only start event of a level; None when there is not exactly one."""
        starts = [e for e in self.children(container) if e.kind == "startEvent"]
        return starts[0] if len(starts) == 1 else None

    def ancestors(self, element_id: str) -> tuple[str, ...]:
        """Ids of the sub-processes around an element, from the inside out."""
        found: list[str] = []
        parent = self.elements[element_id].parent
        while parent is not None:
            found.append(parent)
            parent = self.elements[parent].parent
        return tuple(found)

    def of_kind(self, *kinds: str) -> tuple[Element, ...]:
        """Every element of these kinds, at any depth, in the order of the file."""
        return tuple(element for element in self.elements.values() if element.kind in kinds)

    @property
    def called(self) -> frozenset[str]:
        """Ids of the processes that call activities name."""
        return frozenset(e.called for e in self.elements.values() if e.called)

    @cached_property
    def _outgoing(self) -> dict[str, tuple[Flow, ...]]:
        return _grouped((flow.source, flow) for flow in self.flows.values())

    @cached_property
    def _incoming(self) -> dict[str, tuple[Flow, ...]]:
        return _grouped((flow.target, flow) for flow in self.flows.values())

    @cached_property
    def _boundary(self) -> dict[str, tuple[Element, ...]]:
        return _grouped((e.attached_to, e) for e in self.elements.values() if e.attached_to)

    @cached_property
    def _children(self) -> dict[str, tuple[Element, ...]]:
        return _grouped((e.parent or self.process, e) for e in self.elements.values())

    @cached_property
    def _triggered(self) -> dict[str, tuple[Element, ...]]:
        found = (e for e in self.elements.values() if e.triggered)
        return _grouped((e.parent or self.process, e) for e in found)

    @cached_property
    def _links(self) -> tuple[Element, ...]:
        catching = (e for e in self.elements.values() if e.kind == "intermediateCatchEvent")
        return tuple(e for e in catching if e.has("link"))


_T = TypeVar("_T")


def _grouped(pairs: Iterable[tuple[str, _T]]) -> dict[str, tuple[_T, ...]]:
    groups: dict[str, list[_T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
