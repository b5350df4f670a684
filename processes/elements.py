"""The parts of a drawn process, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field

from processes.roles import Role


@dataclass(frozen=True)
class EventDefinition:
    """What an event waits for or does.

    `kind` is "timer", "message", "terminate" or the local name of another BPMN definition without
    its ending ("signal", "error", …). For timers `timer` is "duration", "date" or "cycle" (None
    when the diagram does not say) and `text` what was written; for messages `message` is the
    message's name (None when the reference leads nowhere).
    """

    kind: str
    line: int
    timer: str | None = None
    text: str = ""
    message: str | None = None


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
class Element:
    """A flow node: task, event, gateway, sub-process or call activity.

    `parent` is the id of the embedded sub-process it lies in (None in the process itself).
    `default` is the id of the default flow.
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

    @property
    def form(self) -> str | None:
        """Key of the form that a person answers here."""
        return self.properties.get("form") or None

    @property
    def event(self) -> EventDefinition | None:
        """The only event definition, or the first when the diagram wrongly has several."""
        return self.events[0] if self.events else None

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
class Lane:
    """A lane (or a pool that stands for one) and the role that its name means."""

    id: str
    name: str
    role: Role | None
    line: int
    members: tuple[str, ...] = ()


TASKS = frozenset({"userTask", "manualTask", "serviceTask", "sendTask", "receiveTask"})
