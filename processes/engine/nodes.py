"""What all elements share: a token arrives, is ready, completes and goes on along its flows.

SpiffWorkflow predicts every possible future as soon as a task is reached, recursively. Nothing is
predicted here: a child exists once a token has really reached it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.util.task import TaskState

from processes.elements import Element, Flow
from processes.engine.context import path_of
from processes.engine.errors import EngineError
from processes.engine.tokens import UNFINISHED, Token
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
    decides_later = False  # whether its flows count as taken only when what they lead to happens
    joins = False
    conditional = False
    writes: tuple[str, ...] = ()
    lingers = False  # whether a level ends although such a token is left
    _waits = False  # whether a hook decides about a token that arrives, and works when it is run
    _works = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._waits = cls._update_hook is not Node._update_hook
        cls._works = cls._run_hook is not Node._run_hook

    def _predict(self, my_task: Token, *args: Any, **kwargs: Any) -> None:
        """Nothing is predicted: that recursion overflows, and nothing here needs it."""

    def _update(self, my_task: Token) -> None:
        if not self._waits or self._update_hook(my_task):
            my_task._state = TaskState.READY
            self._on_ready(my_task)

    def _update_hook(self, my_task: Token) -> bool:
        return True

    def _on_ready(self, my_task: Token) -> None:
        if self.announces:
            self.announce(my_task)
        my_task.workflow.ready.append(my_task)

    def _run_hook(self, my_task: Token) -> bool:
        return True

    def _on_complete(self, my_task: Token) -> None:
        if self.writes:
            self.write(my_task)
        self.leave(my_task)
        for way in self.ways_on(my_task):
            follow(my_task, way)
        if not my_task._children:
            my_task.workflow._task_completed_notify(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        if self.announces and SINCE in my_task.internal_data:
            my_task.workflow.context.note(
                "cancelled", my_task.workflow.scope, self.element, token(my_task)
            )

    def ways_on(self, my_task: Token) -> Sequence[Way]:
        return self.that_hold(my_task) if self.conditional else self.ways

    def that_hold(self, my_task: Token) -> Sequence[Way]:
        """Every way without a condition and every one whose condition holds; else the default.

        Raises EngineError when no way is left.
        """
        evaluate = my_task.workflow.script_engine.evaluate
        held = [way for way in self.ways if way is not self.default]
        held = [way for way in held if way.condition is None or evaluate(my_task, way.condition)]
        if held:
            return held
        if self.default is not None:
            return (self.default,)
        path = path_of(my_task.workflow.scope, self.element.id)
        raise EngineError(f"{path} 之后没有一个条件成立，也没有默认方向", path)

    def announce(self, my_task: Token) -> None:
        """Say that a token has come to rest, or to work, here."""
        context = my_task.workflow.context
        my_task.internal_data[SINCE] = context.now_text
        context.note("entered", my_task.workflow.scope, self.element, token(my_task))

    def write(self, my_task: Token) -> None:
        """Copy what the step left to the data objects that it writes."""
        context, scope = my_task.workflow.context, my_task.workflow.scope
        left = context.lookup(scope).get(self.element.id)
        if left is not None:
            for name in self.writes:
                context.keep(scope, name, left)

    def tell_status(self, my_task: Token) -> None:
        """Let the element's `status` be the state of the case, until a later one says otherwise."""
        context = my_task.workflow.context
        context.status = self.element.properties.get("status") or context.status

    def leave(self, my_task: Token) -> None:
        """The activity is done: what waited at its border goes, and so do its rivals."""
        if self.announces:
            my_task.workflow.context.note(
                "left", my_task.workflow.scope, self.element, token(my_task)
            )
        for companion in companions(my_task):
            companion.cancel()


def follow(my_task: Token, way: Way) -> None:
    """Send a token along a flow."""
    child = my_task._add_child(way.target)
    if way.flow is not None:
        if not getattr(my_task.task_spec, "decides_later", False):
            my_task.workflow.context.note("flow", my_task.workflow.scope, way.flow)
        if way.target.joins:
            child.internal_data[FLOW] = way.flow.id
    way.target._update(child)


def companions(my_task: Token) -> list[Token]:
    """The unfinished tokens that an activity shares its border with, or an event its race."""
    tokens = my_task.workflow.tasks
    parent = tokens.get(my_task._parent)
    if parent is None or not getattr(parent.task_spec, "gathers", False):
        return []
    beside = [tokens[child] for child in parent._children]
    return [other for other in beside if other is not my_task and other._state & UNFINISHED]


def token(my_task: Token) -> dict[str, str]:
    return {"token": my_task.id}
