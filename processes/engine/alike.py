"""Whether a node of one release carries on what waits at a node of another."""

from __future__ import annotations

from typing import Any

from processes.elements import Loop
from processes.engine.clock import Timer
from processes.engine.events import Catching, Message
from processes.engine.nodes import Node
from processes.engine.specs import UserTask


def same_kind(spec: Node, found: Node) -> bool:
    if isinstance(spec, UserTask):
        return isinstance(found, UserTask)
    return type(spec) is type(found)


def same_event(spec: Node, found: Node) -> bool:
    """Whether both wait for the same: a timer of any length, or the same message or word."""
    if not isinstance(spec, Catching):
        return type(spec) is type(found)
    if type(spec) is not type(found):
        return False
    was, now = spec.event_definition, found.event_definition
    if type(was) is not type(now):
        return False
    if isinstance(was, Timer):
        return bool(was.repeats == now.repeats)
    if isinstance(was, Message):
        return bool(was.name == now.name)
    return (was.kind, was.word) == (now.kind, now.word)


def same_loop(was: Loop | None, now: Loop | None) -> bool:
    def said(loop: Loop | None) -> dict[str, Any]:
        return {**vars(loop), "line": 0} if loop else {}

    return said(was) == said(now)
