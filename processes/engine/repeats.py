"""Activities that are carried out several times: loops and multi-instances.

The activity's own token stays where the activity is drawn, with its border events, and holds a
level with one token for each turn; each turn holds a level of its own with the activity itself.
The turns of a multi-instance work in scopes of their own, `Review[1]`, `Review[2]`, … beside what
their surroundings know. What the turn that ended last left stands under the activity's id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from processes.elements import Loop
from processes.engine.context import Scope, path_of
from processes.engine.errors import EngineError
from processes.engine.specs import Inner
from processes.engine.tokens import Token
from processes.expressions import Expression, compile_expression

TURN = "turn"
TURNS = "turns"


@dataclass(frozen=True)
class Turns:
    """A loop as it is carried out; the texts of `Loop`, compiled."""

    kind: str
    before: bool
    maximum: int
    condition: Expression | None
    count: Expression | None
    items: Expression | None
    item: str | None
    until: Expression | None


def compile_loop(loop: Loop) -> Turns:
    """Compile the texts of a marker; raises ExpressionError."""
    return Turns(
        kind=loop.kind,
        before=loop.before,
        maximum=most_turns(loop),
        condition=_compiled(loop.condition),
        count=_compiled(loop.count),
        items=_compiled(loop.items),
        item=loop.item,
        until=_compiled(loop.until),
    )


def most_turns(loop: Loop) -> int:
    """The most turns there may be; a number of turns that is written out bounds itself. 0: unsaid."""
    text = loop.maximum or loop.count or ""
    return int(text) if text.isascii() and text.isdigit() else 0


def _compiled(text: str | None) -> Expression | None:
    return None if text is None else compile_expression(text)


class Repeat(Inner):
    """Stands for all turns of an activity."""

    announces = False
    loop: Turns
    turn: Turn

    def _update_hook(self, my_task: Token) -> bool:
        turns = self._turns_to_begin(my_task)
        if turns == 0:
            return True
        my_task._set_state(TaskState.STARTED)
        my_task.workflow.top_workflow.open_inner(my_task)
        for number in range(1, turns + 1):
            self._begin(my_task, number)
        return False

    def turn_ended(self, my_task: Token, turn: Token) -> None:
        """A turn is over: stop, or begin the next one where turns follow each other."""
        number = turn.internal_data[TURN]
        if self.loop.kind == "standard":
            if number < self.loop.maximum and self._holds(my_task, self.loop.condition):
                self._begin(my_task, number + 1)
            return
        scope = self.turn.inner_scope(turn)
        my_task.workflow.context.lift(scope, self.element.id)
        if self.loop.until is not None and self._holds(turn, self.loop.until, scope):
            turn.workflow.cancel_tokens()
        elif self.loop.kind == "sequential" and number < my_task.internal_data[TURNS]:
            self._begin(my_task, number + 1)

    def _begin(self, my_task: Token, number: int) -> None:
        level = my_task.workflow.top_workflow.subprocesses[my_task.id]
        token = level.task_tree._add_child(self.turn)
        token.internal_data[TURN] = number
        self.turn._update(token)

    def _turns_to_begin(self, my_task: Token) -> int:
        """How many turns begin at once; 0 when there is nothing to do at all."""
        if self.loop.kind == "standard":
            skips = self.loop.before and not self._holds(my_task, self.loop.condition)
            return 0 if skips else 1
        context, scope = my_task.workflow.context, my_task.workflow.scope
        context.forget_turns(scope, self.element.id)
        items = self._items(my_task)
        total = self._count(my_task) if items is None else len(items)
        if total > self.loop.maximum:
            path = path_of(scope, self.element.id)
            raise EngineError(f"{path} 要办 {total} 次，超过了上限 {self.loop.maximum} 次", path)
        for number, item in enumerate(items or (), 1):
            context.keep((*scope, turn_of(self.element.id, number)), str(self.loop.item), item)
        my_task.internal_data[TURNS] = total
        return min(total, 1) if self.loop.kind == "sequential" else total

    def _items(self, my_task: Token) -> list[Any] | None:
        if self.loop.items is None:
            return None
        items = self._value(my_task, self.loop.items)
        if not isinstance(items, list | tuple):
            path = path_of(my_task.workflow.scope, self.element.id)
            raise EngineError(f"{path} 要逐项办理的 {self.loop.items.text} 不是列表", path)
        return list(items)

    def _count(self, my_task: Token) -> int:
        assert self.loop.count is not None  # the builder refuses a loop that counts nothing
        count = self._value(my_task, self.loop.count)
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            path = path_of(my_task.workflow.scope, self.element.id)
            raise EngineError(f"{path} 的次数 {count!r} 不是整数", path)
        return count

    def _value(self, my_task: Token, expression: Expression) -> Any:
        return my_task.workflow.script_engine.evaluate(my_task, expression)

    def _holds(
        self, my_task: Token, condition: Expression | None, scope: Scope | None = None
    ) -> bool:
        if condition is None:
            return False
        return bool(my_task.workflow.script_engine.evaluate(my_task, condition, scope))


class Turn(Inner):
    """One turn of an activity."""

    announces = False
    alone = False  # whether turns have scopes of their own

    def inner_scope(self, my_task: Token) -> Scope:
        scope: Scope = my_task.workflow.scope
        if not self.alone:
            return scope
        return (*scope, turn_of(self.element.id, my_task.internal_data[TURN]))

    def leave(self, my_task: Token) -> None:
        super().leave(my_task)
        outer: Token = my_task.workflow.parent_token
        outer.task_spec.turn_ended(outer, my_task)


def turn_of(element: str, number: int) -> str:
    """The name of a turn's scope."""
    return f"{element}[{number}]"
