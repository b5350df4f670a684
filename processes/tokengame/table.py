"""What a step plays on: the levels as they change, the variables, and what everybody may ask."""

from __future__ import annotations

from collections import ChainMap, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from processes.diagram import Diagram
from processes.elements import Element, Flow
from processes.tokengame.levels import Level, Token, discard

Move = Callable[[Any, Any], None]  # of a token (or none) on a level
Outcomes = Callable[[str, str], str]  # path of the element, operator → outcome


class Unplayable(Exception):
    """The game does not play this element; `element` is its id."""

    def __init__(self, element: Element, what: str) -> None:
        self.element = element
        super().__init__(f"{element.id}: {what}")


class Stuck(Exception):
    """A join waits for a token that can never come."""


@dataclass(eq=False)
class Table:
    """One step. The moves lie with those who extend it; `ready` are the tokens about to move, and how.

    What is gone by the time its turn comes moves no more.
    """

    diagrams: Mapping[str, Diagram]
    root: Level
    variables: Mapping[str, Any]
    facts: Mapping[str, Any]
    now: datetime
    outcomes: Outcomes
    count: int
    ready: deque[tuple[Level, Token | None, Move]] = field(default_factory=deque)
    flows: set[str] = field(default_factory=set)
    ends: list[str] = field(default_factory=list)
    moves: int = 0

    def drawn(self, level: Level) -> Diagram:
        return self.diagrams[level.process]

    def element(self, level: Level, token: Token) -> Element:
        return self.drawn(level).elements[token.element]

    def known(self, level: Level) -> Mapping[str, Any]:
        steps: Any = self.variables
        around: list[Any] = []
        for call in level.scope:
            around = [steps, *around] if is_turn(call) else []
            steps = steps.get(call, {})
        return ChainMap(steps, *around, self.facts)  # type: ignore[arg-type]

    def keep(self, scope: tuple[str, ...], name: str, value: Any) -> None:
        steps: dict[str, Any] = dict(self.variables)
        self.variables = steps
        for call in scope:
            steps[call] = dict(steps.get(call, {}))
            steps = steps[call]
        steps[name] = value

    def task(self, path: str, place: int) -> tuple[Level, Token]:
        found = [
            (level, token)
            for level in self.root.all_levels()
            for token in level.tokens
            if token.rests == "person" and path_of(level, token.element) == path
        ]
        return sorted(found, key=lambda pair: pair[1].number)[place]

    def number(self) -> int:
        self.count += 1
        return self.count

    def take_away(self, level: Level, token: Token) -> None:
        discard(token)
        if token in level.tokens:
            level.tokens.remove(token)

    def arrive_ready(self, level: Level, element_id: str) -> None:
        """A token at an element where it need not wait."""
        token = Token(element_id, self.number())
        level.tokens.append(token)
        self.ready.append((level, token, self.carry_out))

    # the moves that all others lead to

    def begin(self, level: Level, at: str = "") -> None:
        raise NotImplementedError

    def arrive(self, level: Level, element_id: str, flow: str = "") -> None:
        raise NotImplementedError

    def go(self, level: Level, flows: list[Flow]) -> None:
        raise NotImplementedError

    def carry_out(self, level: Level, token: Token) -> None:
        raise NotImplementedError

    def complete(self, level: Level, token: Token) -> None:
        raise NotImplementedError


def path_of(level: Level, name: str) -> str:
    """The calls around and the name; turns are left out."""
    return "/".join((*(call for call in level.scope if not is_turn(call)), name))


def is_turn(call: str) -> bool:
    return call.endswith("]")


def joins(diagram: Diagram, element: Element) -> bool:
    kinds = {"parallelGateway", "inclusiveGateway"}
    return element.kind in kinds and len(diagram.incoming(element.id)) > 1


def is_catching(element: Element) -> bool:
    """Whether a token waits here for something; the catching end of a link does not."""
    return element.kind == "intermediateCatchEvent" and not has_event(element, "link")


def has_event(element: Element, kind: str) -> bool:
    return any(event.kind == kind for event in element.events)
