"""Timers that take the moment from the run, never from the system clock.

SpiffWorkflow's own read the clock themselves (trap 8), need quoted text and accept nonsense
(trap 7), and after downtime fire every missed turn at once. Here a timer's next moment is stored
as UTC text under `event_value` when the token arrives, and a cycle catches up once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from processes.durations import (
    Cycle,
    Duration,
    IsoError,
    literal_in,
    parse_cycle,
    parse_duration,
    parse_moment,
)
from processes.elements import EventDefinition
from processes.engine.context import moment_text, path_of
from processes.engine.errors import EngineError
from processes.expressions import Expression, compile_expression

DUE = "event_value"
TURNS_LEFT = "turns"
CYCLE = "cycle"

_PARSERS: dict[str, Callable[[str], Duration | datetime | Cycle]] = {
    "duration": parse_duration,
    "date": parse_moment,
    "cycle": parse_cycle,
}


@dataclass(frozen=True)
class TimerText:
    """What a diagram says about a timer: an ISO 8601 literal, or an expression that gives one."""

    kind: str
    literal: Duration | datetime | Cycle | None
    expression: Expression | None


def compile_timer(event: EventDefinition) -> TimerText:
    """Read a timer; raises IsoError or ExpressionError when its text cannot be read."""
    kind = event.timer or ""
    if kind not in _PARSERS:
        raise IsoError("定时事件没有说明时长、时刻或周期")
    literal = literal_in(event.text)
    if literal is None:
        return TimerText(kind, None, compile_expression(event.text))
    return TimerText(kind, _PARSERS[kind](literal), None)


class Timer(TimerEventDefinition):
    """A timer event whose clock is the run's `now`."""

    external = True
    recurs = False

    def __init__(self, name: str, timer: TimerText) -> None:
        super().__init__(name, timer.expression)
        self.timer = timer

    @property
    def repeats(self) -> bool:
        return self.timer.kind == "cycle"

    def has_fired(self, my_task: Any) -> bool:
        """Set the moment when the token arrives; afterwards compare it with the run's clock."""
        due = my_task.internal_data.get(DUE)
        if due is None:
            self._start(my_task)
            return False
        return bool(due <= my_task.workflow.context.now_text)

    def turn(self, my_task: Any) -> bool:
        """Take one turn of a cycle; the next lies ahead of now. False when none is left."""
        internal, now = my_task.internal_data, my_task.workflow.context.now
        duration = parse_duration(internal[CYCLE])
        left = internal.get(TURNS_LEFT)
        due = datetime.fromisoformat(internal[DUE])
        while due <= now:
            due = duration.after(due)
            left = left - 1 if left is not None else None
        if left is not None and left <= 0:
            return False
        internal[DUE] = moment_text(due)
        if left is not None:
            internal[TURNS_LEFT] = left
        return True

    def _start(self, my_task: Any) -> None:
        now: datetime = my_task.workflow.context.now
        value, text = self._read(my_task)
        if isinstance(value, Cycle):
            due = value.start or value.duration.after(now)
            my_task.internal_data[CYCLE] = text.split("/")[-1]
            if value.repetitions is not None:
                my_task.internal_data[TURNS_LEFT] = value.repetitions
        else:
            due = value.after(now) if isinstance(value, Duration) else value
        my_task.internal_data[DUE] = moment_text(due.astimezone(UTC))

    def _read(self, my_task: Any) -> tuple[Duration | datetime | Cycle, str]:
        timer = self.timer
        if timer.literal is not None:
            return timer.literal, self.name
        path = path_of(my_task.workflow.scope, my_task.task_spec.element.id)
        text = my_task.workflow.script_engine.evaluate(my_task, timer.expression)
        if not isinstance(text, str):
            raise EngineError(f"{path} 的定时表达式没有给出文字", path)
        try:
            return _PARSERS[timer.kind](text), text.strip()
        except IsoError as error:
            raise EngineError(f"{path} 的定时无法计算：{error.message}", path) from error
