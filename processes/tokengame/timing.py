"""When timers are due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from processes.durations import literal_in, parse_cycle, parse_duration, parse_moment
from processes.elements import EventDefinition
from processes.expressions import compile_expression
from processes.tokengame.levels import Alarm


def start_alarm(
    event: EventDefinition, known: Mapping[str, Any], now: datetime, since: int
) -> Alarm:
    """A timer that begins to run now."""
    literal = literal_in(event.text)
    text = str(compile_expression(event.text)(known)) if literal is None else literal
    if event.timer == "date":
        return Alarm(parse_moment(text).astimezone(UTC), since)
    if event.timer == "duration":
        return Alarm(parse_duration(text).after(now).astimezone(UTC), since)
    cycle = parse_cycle(text)
    due = cycle.start or cycle.duration.after(now)
    return Alarm(due.astimezone(UTC), since, text.split("/")[-1], cycle.repetitions)


def next_turn(alarm: Alarm, now: datetime) -> Alarm | None:
    """The alarm after it rang: the next turn that lies ahead, or None when none is left."""
    if not alarm.cycle:
        return None
    duration, due, left = parse_duration(alarm.cycle), alarm.due, alarm.left
    while due <= now:
        due = duration.after(due)
        left = None if left is None else left - 1
    if left is not None and left <= 0:
        return None
    return Alarm(due.astimezone(UTC), alarm.since, alarm.cycle, left)
