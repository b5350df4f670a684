"""What tasks, gateways, calls and ends do with a token.

The library's parallel join counts join tasks of earlier laps and fires early in a loop (trap 1).
Ours takes one waiting token per incoming flow, as BPMN says, and leaves the others waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from processes.engine.context import Scope, path_of
from processes.engine.errors import EngineError
from processes.engine.nodes import FLOW, Node, Way
from processes.engine.tokens import CalledWorkflow, Token
from processes.expressions import Expression


class StartEvent(Node, BpmnSpecMixin):
    """Where a process or sub-process begins."""

    def leave(self, my_task: Token) -> None:
        self.tell_status(my_task)
        super().leave(my_task)


class Pass(Node, BpmnSpecMixin):
    """An intermediate event without a definition: only a place on the way."""


class UserTask(Node, defaults.UserTask):
    """Waits for a person's answers.

    A call that passes a parameter `status` names the state of the case while it waits inside: two
    reviews of one case are told apart (协议待审核, 签约待审核).
    """

    announces = True

    def _on_ready(self, my_task: Token) -> None:
        super().announce(my_task)
        self.tell_status(my_task)
        context = my_task.workflow.context
        scope = my_task.workflow.scope
        if scope:
            parameters = context.lookup(scope).get("parameters", {})
            context.status = parameters.get("status") or context.status


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
        my_task.workflow.context.call(my_task.workflow.scope, self.element, values)
        self.tell_status(my_task)
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
    joins = True

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


class Inner(Node, defaults.SubWorkflowTask):
    """An embedded sub-process: a workflow inside, in the scope of its parent."""

    announces = True

    def inner_scope(self, my_task: Token) -> Scope:
        """The scope in which the inner workflow works."""
        scope: Scope = my_task.workflow.scope
        return scope

    def _update_hook(self, my_task: Token) -> bool:
        if self.announces:
            self.announce(my_task)
        self.open(my_task)
        my_task._set_state(TaskState.STARTED)
        my_task.workflow.top_workflow.open_inner(my_task).begin()
        return False

    def _on_ready(self, my_task: Token) -> None:
        my_task.workflow.ready.append(my_task)

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

    def inner_scope(self, my_task: Token) -> Scope:
        return (*my_task.workflow.scope, self.element.id)

    def open(self, my_task: Token) -> None:
        evaluate = my_task.workflow.script_engine.evaluate
        values = {name: evaluate(my_task, text) for name, text in self.parameters.items()}
        fresh = {"parameters": values}
        my_task.workflow.context.keep(my_task.workflow.scope, self.element.id, fresh)


class EndEvent(Node, BpmnSpecMixin):
    """Ends a token; a terminating one ends every token of its process."""

    @property
    def terminates(self) -> bool:
        return any(event.kind == "terminate" for event in self.element.events)

    def leave(self, my_task: Token) -> None:
        my_task.workflow.context.end(my_task.workflow.scope, self.element)
        if self.terminates:
            my_task.workflow.cancel_tokens()
