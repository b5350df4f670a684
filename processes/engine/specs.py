"""What each BPMN element does with a token: our task specs on SpiffWorkflow's classes.

Library surprises that are answered here (SpiffWorkflow 3.2.0):

* The parallel join counts join tasks of earlier laps and fires early in a loop (trap 1). Ours takes
  one waiting token per incoming flow, as BPMN says, and leaves the others waiting.
* An event-based gateway moves its events into itself, where two timers share a value (trap 9). Ours
  lets its events wait side by side; the first to happen cancels the others.
* A cycle timer hangs its paths under itself and takes them along when it is cancelled. Ours hang
  from the root.
* A boundary event needs a split and a join around its activity. Ours keeps the split; the
  activity or the interrupting event cancels what waits beside it, so no join is left open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from processes.elements import Element, Flow
from processes.engine.clock import Timer, moment_text
from processes.engine.context import Context, Scope, path_of
from processes.engine.errors import EngineError
from processes.engine.tokens import CalledWorkflow, Token
from processes.expressions import Expression

FLOW = "flow"
SINCE = "since"


@dataclass(frozen=True)
class Way:
    """A flow that leaves an element, the spec it leads to, and when it is taken.

    The ways from a split to its activity and events are not drawn: they have no flow.
    """

    flow: Flow | None
    target: Node
    condition: Expression | None = None


class Node(BpmnTaskSpec):
    """What all elements share: no prediction, children only when they are reached."""

    element: Element
    ways: tuple[Way, ...] = ()
    default: Way | None = None
    announces = False
    gathers = False

    def _predict(self, my_task: Token, *args: Any, **kwargs: Any) -> None:
        """Nothing is predicted: that recursion overflows, and nothing here needs it."""

    def _update(self, my_task: Token) -> None:
        if self._update_hook(my_task):
            my_task._set_state(TaskState.READY)
            self._on_ready(my_task)

    def _update_hook(self, my_task: Token) -> bool:
        return True

    def _on_ready(self, my_task: Token) -> None:
        if self.announces:
            self.announce(my_task)
        my_task.workflow.top_workflow.ready.append(my_task)

    def _run_hook(self, my_task: Token) -> bool:
        return True

    def _on_complete(self, my_task: Token) -> None:
        self.leave(my_task)
        for way in self.ways_on(my_task):
            follow(my_task, way)
        if not my_task._children:
            my_task.workflow._task_completed_notify(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        if self.announces and SINCE in my_task.internal_data:
            context_of(my_task).note(
                "cancelled", my_task.workflow.scope, self.element, token(my_task)
            )

    def ways_on(self, my_task: Token) -> Sequence[Way]:
        return self.ways

    def announce(self, my_task: Token) -> None:
        """Say that a token has come to rest, or to work, here."""
        context = context_of(my_task)
        my_task.internal_data[SINCE] = moment_text(context.now)
        context.note("entered", my_task.workflow.scope, self.element, token(my_task))

    def leave(self, my_task: Token) -> None:
        """The activity is done: what waited at its border goes, and so do its rivals."""
        if self.announces:
            context_of(my_task).note("left", my_task.workflow.scope, self.element, token(my_task))
        cancel_companions(my_task)


class StartEvent(Node, BpmnSpecMixin):
    """Where a process or sub-process begins."""


class Pass(Node, BpmnSpecMixin):
    """An intermediate event without a definition: only a place on the way."""


class UserTask(Node, defaults.UserTask):
    """Waits for a person's answers."""

    announces = True

    def _on_ready(self, my_task: Token) -> None:
        super().announce(my_task)
        context = context_of(my_task)
        context.status = self.element.properties.get("status") or context.status


class ManualTask(UserTask, defaults.ManualTask):
    """Waits like a user task; there is nothing to fill in."""


class OperatorTask(Node, defaults.ServiceTask):
    """A service or send task: asks the application, whose outcome a gateway routes.

    Exceptions pass through to the caller; they never reach a boundary event (trap 16).
    """

    parameters: dict[str, Expression]

    def _run_hook(self, my_task: Token) -> bool:
        evaluate = my_task.workflow.script_engine.evaluate
        values = {name: evaluate(my_task, text) for name, text in self.parameters.items()}
        context_of(my_task).call(my_task.workflow.scope, self.element, values)
        return True


class Choice(Node, defaults.ExclusiveGateway):
    """Takes the first flow whose condition holds, else the default one."""

    def ways_on(self, my_task: Token) -> Sequence[Way]:
        evaluate = my_task.workflow.script_engine.evaluate
        for way in self.ways:
            if way is not self.default and (
                way.condition is None or evaluate(my_task, way.condition)
            ):
                return (way,)
        if self.default is None:
            path = path_of(my_task.workflow.scope, self.element.id)
            raise EngineError(f"网关 {path} 没有一个条件成立，也没有默认方向", path)
        return (self.default,)


class Parallel(Node, defaults.ParallelGateway):
    """Waits for one token on each incoming flow, then sends one along each outgoing flow."""

    arriving: tuple[str, ...] = ()

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.arriving) < 2:
            return True
        my_task._set_state(TaskState.WAITING)
        together = self._one_of_each(my_task.workflow.tasks.values())
        if len(together) < len(self.arriving):
            return False
        for other in together:
            if other is not my_task:
                other._set_state(TaskState.COMPLETED)
        return True

    def _one_of_each(self, tokens: Iterable[Token]) -> list[Token]:
        """The oldest waiting token of every incoming flow (tokens stay in order of arrival)."""
        oldest: dict[str, Token] = {}
        for waiting in tokens:
            if waiting.task_spec is self and waiting._state == TaskState.WAITING:
                oldest.setdefault(waiting.internal_data[FLOW], waiting)
        return list(oldest.values())


class Message(MessageEventDefinition):
    """A message; what it brings goes to the case's variables, never into the token."""

    def catch(self, my_task: Token, event: Any = None) -> None:
        my_task.internal_data["event_fired"] = True
        context, scope = context_of(my_task), my_task.workflow.scope
        element = my_task.task_spec.element
        context.steps(scope)[element.id] = dict(event.payload or {})
        context.note("message", scope, element, {"message": self.name})


class Catching(Node):
    """Waits for a timer or a message."""

    event_definition: Any

    def _update_hook(self, my_task: Token) -> bool:
        if my_task._state != TaskState.WAITING:
            my_task._set_state(TaskState.WAITING)
            if self.announces:
                self.announce(my_task)
            if isinstance(self.event_definition, Timer):
                self.event_definition.has_fired(my_task)  # sets the moment
            my_task.workflow.top_workflow.event_manager.add_task(my_task)
            return False
        if isinstance(self.event_definition, Timer):
            return self.event_definition.has_fired(my_task) and self.fire(my_task)
        return bool(my_task.internal_data.pop("event_fired", False))

    def _on_ready(self, my_task: Token) -> None:
        top = my_task.workflow.top_workflow
        top.event_manager.remove_task(my_task)
        top.ready.append(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.workflow.top_workflow.event_manager.remove_task(my_task)
        super()._on_cancel(my_task)

    def _run_hook(self, my_task: Token) -> bool:
        return True

    def fire(self, my_task: Token) -> bool:
        """The timer's moment has come. True when the token goes on with it."""
        detail = {"due": my_task.internal_data["event_value"]}
        context_of(my_task).note("fired", my_task.workflow.scope, self.element, detail)
        return True


class CatchEvent(Catching, defaults.IntermediateCatchEvent):
    """An intermediate event that waits."""

    announces = True


class ReceiveTask(Catching, defaults.ReceiveTask):
    """A task that waits for a message."""

    announces = True


class Boundary(Catching, defaults.BoundaryEvent):
    """Waits at the border of an activity; an interrupting one takes the activity away."""

    def leave(self, my_task: Token) -> None:
        if self.cancel_activity:
            for companion in companions(my_task):
                companion.cancel()

    def fire(self, my_task: Token) -> bool:
        super().fire(my_task)
        if not self.event_definition.repeats:
            return True
        more = self.event_definition.turn(my_task)
        if self.cancel_activity or not more:
            return True
        for way in self.ways:
            follow(my_task.workflow.task_tree, way)
        return False

    def _on_ready(self, my_task: Token) -> None:
        super()._on_ready(my_task)
        if not self.cancel_activity and isinstance(self.event_definition, Message):
            self._wait_again(my_task)

    def _wait_again(self, my_task: Token) -> None:
        """A non-interrupting message may come more than once while the activity lasts."""
        again = my_task.parent._add_child(self, TaskState.FUTURE)
        self._update(again)


class Split(Node, BoundaryEventSplit):
    """Stands before an activity with boundary events and sends a token to each."""

    gathers = True


class Race(Node, BpmnSpecMixin):
    """An event-based gateway: whatever happens first decides."""

    gathers = True


class Inner(Node, defaults.SubWorkflowTask):
    """An embedded sub-process: a workflow inside, in the scope of its parent."""

    announces = True

    def inner_scope(self, scope: Scope) -> Scope:
        return scope

    def _update_hook(self, my_task: Token) -> bool:
        self.announce(my_task)
        self.open(my_task)
        my_task._set_state(TaskState.STARTED)
        my_task.workflow.top_workflow.open_inner(my_task).begin()
        return False

    def _on_ready(self, my_task: Token) -> None:
        my_task.workflow.top_workflow.ready.append(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        inner: CalledWorkflow | None
        inner = my_task.workflow.top_workflow.subprocesses.pop(my_task.id, None)
        if inner is not None:
            inner.completed = True
            inner.cancel_tokens()
        Node._on_cancel(self, my_task)

    def leave(self, my_task: Token) -> None:
        my_task.workflow.top_workflow.subprocesses.pop(my_task.id, None)
        super().leave(my_task)

    def open(self, my_task: Token) -> None:
        """Prepare the scope in which the inner workflow works."""

    def inner_completed(self, my_task: Token) -> None:
        """The last token inside is gone; this one moves on."""
        if my_task._state == TaskState.STARTED:
            my_task._set_state(TaskState.READY)
            self._on_ready(my_task)


class Call(Inner, defaults.CallActivity):
    """A call activity: another diagram in a scope of its own, emptied when the call starts."""

    parameters: dict[str, Expression]

    def inner_scope(self, scope: Scope) -> Scope:
        return (*scope, self.element.id)

    def open(self, my_task: Token) -> None:
        evaluate = my_task.workflow.script_engine.evaluate
        values = {name: evaluate(my_task, text) for name, text in self.parameters.items()}
        steps = context_of(my_task).steps(my_task.workflow.scope)
        steps[self.element.id] = {"parameters": values}


class EndEvent(Node, BpmnSpecMixin):
    """Ends a token; a terminating one ends every token of its process."""

    @property
    def terminates(self) -> bool:
        return any(event.kind == "terminate" for event in self.element.events)

    def leave(self, my_task: Token) -> None:
        context_of(my_task).end(my_task.workflow.scope, self.element)
        if self.terminates:
            my_task.workflow.cancel_tokens()


def follow(my_task: Token, way: Way) -> None:
    """Send a token along a flow."""
    child = my_task._add_child(way.target)
    if way.flow is not None:
        context_of(my_task).note("flow", my_task.workflow.scope, way.flow)
        if isinstance(way.target, Parallel):
            child.internal_data[FLOW] = way.flow.id
    way.target._update(child)


def companions(my_task: Token) -> list[Token]:
    """The unfinished tokens that an activity shares its border with, or an event its race."""
    parent = my_task.parent
    if parent is None or not getattr(parent.task_spec, "gathers", False):
        return []
    return [other for other in parent.children if other is not my_task and other.unfinished]


def cancel_companions(my_task: Token) -> None:
    for companion in companions(my_task):
        companion.cancel()


def context_of(my_task: Token) -> Context:
    context: Context = my_task.workflow.top_workflow.context
    return context


def token(my_task: Token) -> dict[str, str]:
    return {"token": my_task.id}
