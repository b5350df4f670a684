"""Where tokens lie: levels inside levels. A level is a process, a sub-process or a called diagram."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Alarm:
    """A timer that runs: when it is due, and for a cycle its text and the turns that are left."""

    due: datetime
    since: int
    cycle: str = ""
    left: int | None = None

    def copied(self) -> Alarm:
        return Alarm(self.due, self.since, self.cycle, self.left)


@dataclass(eq=False)
class Token:
    """One token at an element of its level.

    `rests` tells how: "ready" moves by itself, "person" and "event" wait, "race" stands before an
    event-based gateway, "join" on the flow `flow` before a gateway, "inside" in an activity whose
    level is `inner`. `alarms` are the timers beside it, by the id of their event, and `since` orders the
    events beside it by when they began to wait.
    A looped activity has a level for each of its running `turns`, of which `begun` have begun; with
    several instances `values` holds one value for each.
    """

    element: str
    number: int
    rests: str = "ready"
    flow: str = ""
    inner: Level | None = None
    alarms: dict[str, Alarm] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    turns: list[Level] = field(default_factory=list)
    begun: int = 0
    values: tuple[Any, ...] = ()
    is_gone: bool = False

    def copied(self, level: Level) -> Token:
        alarms = {event: alarm.copied() for event, alarm in self.alarms.items()}
        copy = Token(
            self.element, self.number, self.rests, self.flow, None, alarms,
            since=dict(self.since), begun=self.begun, values=self.values,
        )  # fmt: skip
        copy.inner = self.inner.copied(level, copy) if self.inner else None
        copy.turns = [turn.copied(level, copy) for turn in self.turns]
        return copy

    def levels(self) -> list[Level]:
        """What lies directly inside: the level of the activity, or those of its turns."""
        return [self.inner, *self.turns] if self.inner else self.turns


@dataclass(eq=False)
class Level:
    """The tokens of one process or sub-process while it runs.

    `process` names the diagram, `container` the sub-process in it ("" for the process itself),
    `scope` the calls around it; one that `is_turn` holds a single turn of an activity. `watched` are
    the event sub-processes that may still begin, with their start events, and `since` when those began
    to wait; `beside` are those that run without having interrupted.
    """

    process: str
    container: str
    scope: tuple[str, ...]
    outer: Level | None = None
    holder: Token | None = None
    tokens: list[Token] = field(default_factory=list)
    watched: dict[str, str] = field(default_factory=dict)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    beside: list[Level] = field(default_factory=list)
    is_turn: bool = False
    is_gone: bool = False

    def copied(self, outer: Level | None = None, holder: Token | None = None) -> Level:
        alarms = {event: alarm.copied() for event, alarm in self.alarms.items()}
        copy = Level(
            self.process, self.container, self.scope, outer, holder,
            watched=dict(self.watched), alarms=alarms, since=dict(self.since), is_turn=self.is_turn,
        )  # fmt: skip
        copy.tokens = [token.copied(copy) for token in self.tokens]
        copy.beside = [level.copied(copy) for level in self.beside]
        return copy

    def all_levels(self) -> list[Level]:
        """This level and all inside it."""
        found = [self]
        for token in self.tokens:
            for level in token.levels():
                found += level.all_levels()
        for level in self.beside:
            found += level.all_levels()
        return found

    def clear(self) -> None:
        """Every token of the level goes, with all that lies inside."""
        for token in self.tokens:
            discard(token)
        for level in self.beside:
            level.vanish()
        self.tokens, self.beside = [], []

    def listen_no_more(self) -> None:
        """Nothing begins here any more."""
        self.watched.clear()
        self.alarms.clear()

    def vanish(self) -> None:
        self.clear()
        self.is_gone = True


def discard(token: Token) -> None:
    """The token is no more, nor is what lies in its activity."""
    token.is_gone = True
    for level in token.levels():
        level.vanish()
