"""Events that are thrown inside a case: signals, errors and escalations; and where they are heard.

A signal is heard by everything in the case that waits for it at that moment, whoever began to wait
first hears it first. An error or escalation climbs from level to level to the first that catches
it: at each level first the event sub-processes, then the events at the border of what it lies in.
One that names the code goes before one that catches every code. Nothing is kept for later.

Whoever hears something moves on at once, before the token that threw; when it takes that token
away, the token goes no further.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from processes.engine.context import path_of
from processes.engine.errors import EngineError
from processes.engine.events import Catching, Caught, Watch
from processes.engine.nodes import Node, companions
from processes.engine.specs import EndEvent
from processes.engine.tokens import CalledWorkflow, Token


@dataclass(frozen=True)
class Thrown:
    """What is thrown: "signal", "error" or "escalation", and its name or code."""

    kind: str
    word: str

    def throw(self, my_task: Token) -> None:
        """Let everybody hear it whom it concerns; an error that nobody catches is an EngineError."""
        element = my_task.task_spec.element
        detail = {"kind": self.kind, "word": self.word}
        my_task.workflow.context.note("thrown", my_task.workflow.scope, element, detail)
        if self.kind == "signal":
            for listener in _listeners(my_task, self.word):
                _hear(listener)
            return
        catcher = _catcher(my_task, self)
        if catcher is not None:
            _hear(catcher)
        elif self.kind == "error":
            path = path_of(my_task.workflow.scope, element.id)
            raise EngineError(f"{path} 抛出的错误 {self.word} 没有人接", path)


class Throwing(Node):
    """An event that throws something and then goes on, if it is still there."""

    thrown: Thrown

    def _on_complete(self, my_task: Token) -> None:
        my_task._set_state(TaskState.READY)  # whoever hears it may take this token away
        self.before_throwing(my_task)
        self.thrown.throw(my_task)
        if my_task._state == TaskState.READY:
            my_task._set_state(TaskState.COMPLETED)
            self.after_throwing(my_task)

    def before_throwing(self, my_task: Token) -> None:
        """What is noted first."""

    def after_throwing(self, my_task: Token) -> None:
        super()._on_complete(my_task)


class ThrowEvent(Throwing, BpmnSpecMixin):
    """An intermediate event that throws a signal or an escalation."""


class ThrowingEnd(Throwing, EndEvent):
    """An end that throws: the token is gone, and what it threw is heard."""

    def before_throwing(self, my_task: Token) -> None:
        my_task.workflow.context.end(my_task.workflow.scope, self.element)

    def after_throwing(self, my_task: Token) -> None:
        my_task.workflow._task_completed_notify(my_task)


def _listeners(my_task: Token, word: str) -> list[Token]:
    waiting = my_task.workflow.top_workflow.event_manager.tasks.values()
    return [token for token in waiting if _catches(token, "signal", word)]


def _catcher(my_task: Token, thrown: Thrown) -> Token | None:
    level = my_task.workflow
    while True:
        found = _best(level.tasks.values(), thrown, Watch)
        if found is None and isinstance(level, CalledWorkflow):
            found = _best(companions(level.parent_token), thrown, Catching)
        if found is not None or not isinstance(level, CalledWorkflow):
            return found
        level = level.parent_token.workflow


def _best(tokens: Iterable[Token], thrown: Thrown, kind: type[Node]) -> Token | None:
    fitting = [
        token
        for token in tokens
        if isinstance(token.task_spec, kind) and _catches(token, thrown.kind, thrown.word)
    ]
    exact = [token for token in fitting if token.task_spec.event_definition.word is not None]
    return next(iter([*exact, *fitting]), None)


def _catches(token: Token, kind: str, word: str) -> bool:
    definition = token.task_spec.event_definition
    return (
        token._state == TaskState.WAITING
        and isinstance(definition, Caught)
        and definition.kind == kind
        and definition.word in (None, word)
    )


def _hear(token: Token) -> None:
    """Let a waiting event happen now, unless somebody took it away meanwhile."""
    if token._state != TaskState.WAITING:
        return
    definition = token.task_spec.event_definition
    detail = {"kind": definition.kind, "word": definition.word}
    element = token.task_spec.element
    token.workflow.context.note("caught", token.workflow.scope, element, detail)
    token.internal_data["event_fired"] = True
    token.task_spec._update(token)
    token.run()
