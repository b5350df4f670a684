"""Events that wait: on the way, at the border of an activity, or in a race.

Library surprises that are answered here (SpiffWorkflow 3.2.0):

* An event-based gateway moves its events into itself, where two timers share a value (trap 9). Ours
  lets its events wait side by side; the first to happen cancels the others.
* A cycle timer hangs its paths under itself and takes them along when it is cancelled. Ours hang
  from the root.
* A boundary event needs a split and a join around its activity. Ours keeps the split; the
  activity or the interrupting event cancels what waits beside it, so no join is left open.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from processes.engine.clock import DUE, Timer
from processes.engine.nodes import Node, companions, follow
from processes.engine.tokens import Token


class Message(MessageEventDefinition):
    """A message; what it brings goes to the case's variables, never into the token."""

    external = True
    recurs = True

    def catch(self, my_task: Token, event: Any = None) -> None:
        my_task.internal_data["event_fired"] = True
        context, scope = my_task.workflow.context, my_task.workflow.scope
        element = my_task.task_spec.element
        context.keep(scope, element.id, dict(event.payload or {}))
        context.note("message", scope, element, {"message": self.name})


class Caught(EventDefinition):
    """What comes from inside the case: a signal, an error or an escalation.

    `word` is the signal's name or the code; None catches every code.
    """

    external = False

    def __init__(self, kind: str, word: str | None) -> None:
        super().__init__(word)
        self.kind, self.word = kind, word
        self.recurs = kind != "error"


class Catching(Node):
    """Waits for a timer, a message, or what is thrown inside the case."""

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

    def leave(self, my_task: Token) -> None:
        """What happens first in a race takes the flow that leads to it, and no other is taken."""
        before = my_task.parent
        if before is not None and isinstance(before.task_spec, Race):
            for way in before.task_spec.ways:
                if way.target is self and way.flow is not None:
                    my_task.workflow.context.note("flow", my_task.workflow.scope, way.flow)
        super().leave(my_task)

    def fire(self, my_task: Token) -> bool:
        """The timer's moment has come. True when the token goes on with it."""
        detail = {"due": my_task.internal_data[DUE]}
        my_task.workflow.context.note("fired", my_task.workflow.scope, self.element, detail)
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
        self.tell_status(my_task)
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
        if not self.cancel_activity and self.event_definition.recurs:
            self._wait_again(my_task)

    def _wait_again(self, my_task: Token) -> None:
        """What does not interrupt may happen more than once while the activity lasts."""
        again = my_task.parent._add_child(self, TaskState.FUTURE)
        self._update(again)


class Watch(Boundary):
    """Waits at the start of an event sub-process, as long as the level around it lasts.

    An interrupting one takes every other token of its level away, running event sub-processes too.
    """

    lingers = True

    def leave(self, my_task: Token) -> None:
        self.tell_status(my_task)
        if self.cancel_activity:
            my_task.workflow.cancel_tokens()


class Split(Node, BoundaryEventSplit):
    """Stands before an activity with boundary events and sends a token to each, at once."""

    gathers = True

    def _on_ready(self, my_task: Token) -> None:
        my_task.run()


class Race(Node, BpmnSpecMixin):
    """An event-based gateway: whatever happens first decides."""

    gathers = True
    decides_later = True

    def _on_ready(self, my_task: Token) -> None:
        my_task.run()  # its events wait from the moment its flow is taken
