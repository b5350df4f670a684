"""When two states are the same: the same tokens, the same time left, the same values ahead.

Turns of a parallel multi-instance that stand alike may change places.

Token numbers and absolute moments differ from lap to lap and mean nothing; a value that nothing
ahead of the tokens reads means nothing either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import orjson

from processes.diagram import Diagram
from processes.elements import Loop
from processes.explore.reading import Reading

DUE, SINCE = "event_value", "since"
Scope = tuple[str, ...]


@dataclass(frozen=True)
class Position:
    """A state as it counts: equal keys mean that the same can happen.

    Turns of a parallel multi-instance that stand at the same and know the same are interchangeable,
    so a key has turns in an order of its own; `order` has their numbers in that order. `twins` are
    the tokens inside turns that are just like an earlier one: what they can do, that one can.
    """

    key: bytes
    order: tuple[int, ...]
    twins: frozenset[str]


@dataclass
class Sameness:
    """Makes keys of the states of one release."""

    reading: Reading
    top: Diagram
    _reached: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)

    def position(self, state: str, variables: Mapping[str, Any], now: datetime) -> Position:
        """Where a state stands, with token numbers and moments left out."""
        return _Shape(self, state, variables, now).position()

    def within(self, scope: Scope, diagram: Diagram, element: str) -> tuple[Scope, Diagram]:
        """The scope and diagram inside an element: a call's own, or that of the sub-process."""
        drawn = diagram.elements.get(element)
        if drawn is None or drawn.called not in self.reading.diagrams:
            return scope, diagram
        return (*scope, element), self.reading.diagrams[str(drawn.called)]

    def ahead(
        self,
        variables: Mapping[str, Any],
        scope: Scope,
        diagram: Diagram,
        places: Mapping[Scope, set[str]],
    ) -> dict[str, Any]:
        """The values that something reachable from the tokens still reads; turns keep their own."""
        here = places.get(scope, set())
        readers = self.reading.readers[diagram.process]
        kept: dict[str, Any] = {}
        for name, value in variables.items():
            inner = (*scope, name)
            if name.endswith("]"):
                continue
            if inner in places:
                called = self.reading.diagrams[str(diagram.elements[name].called)]
                kept[name] = self.ahead(value, inner, called, places)
            elif name == "parameters" or readers.get(name, set()) & self.reached(
                diagram, here, name
            ):
                kept[name] = value
        return kept

    def reached(self, diagram: Diagram, elements: set[str], maker: str) -> set[str]:
        """The nodes that come before `maker` makes its values anew."""
        found: set[str] = set()
        for element in elements:
            key = (diagram.process, element, maker)
            if key not in self._reached:
                self._reached[key] = self.ways(diagram, element, maker)
            found |= self._reached[key]
        return found

    def ways(self, diagram: Diagram, start: str, maker: str) -> set[str]:
        """Everything ahead of `start`; past the maker only what leaves it by its border."""
        graph = self.reading.graphs[diagram.process]
        borders = [node for node in graph.get(maker, ()) if _is_aside(diagram, node)]
        found, waiting = {start}, [start]
        while waiting:
            node = waiting.pop()
            for following in borders if node == maker else graph.get(node, ()):
                if following not in found:
                    found.add(following)
                    waiting.append(following)
        return found


class _Shape:
    """One state, level by level, each with what lies inside its tokens."""

    def __init__(
        self, sameness: Sameness, state: str, variables: Mapping[str, Any], now: datetime
    ) -> None:
        self.sameness, self.variables, self.now = sameness, variables, now
        self.parts: dict[str, list[Any]] = dict(orjson.loads(state)[2])
        self.scopes: dict[str, tuple[Scope, Diagram]] = {"": ((), sameness.top)}
        self.places: dict[Scope, set[str]] = {}
        self.turns: dict[str, Loop] = {}
        self.order: list[int] = []
        self.twins: set[str] = set()
        self.place_tokens()

    def place_tokens(self) -> None:
        """The scope and diagram of each level, and the elements at which tokens stand."""
        for holder, rows in self.parts.items():
            scope, diagram = self.scopes[holder]
            for id_, name, _, _, internal in rows:
                element = name if name in diagram.elements else name.rpartition(".")[0]
                self.places.setdefault(scope, set()).add(element)
                loop = diagram.elements[element].loop
                turn = (internal or {}).get("turn")
                if loop is None or holder in self.turns:
                    self.scopes[id_] = self.sameness.within(scope, diagram, element)
                elif turn is None:
                    self.scopes[id_] = (scope, diagram)
                else:
                    own = (*scope, f"{element}[{turn}]") if loop.is_multiple else scope
                    self.scopes[id_] = (own, diagram)
                    self.turns[id_] = loop

    def position(self) -> Position:
        known = self.sameness.ahead(self.variables, (), self.sameness.top, self.places)
        key = orjson.dumps([self.level(""), known], option=orjson.OPT_SORT_KEYS)
        return Position(key, tuple(self.order), frozenset(self.twins))

    def level(self, holder: str) -> list[Any]:
        rows = self.parts.get(holder, [])
        if rows and all(row[0] in self.turns for row in rows):
            return self.turns_of(rows)
        return [
            [name, mark, parent, _timeless(internal, self.now), self.level(id_)]
            for id_, name, mark, parent, internal in rows
        ]

    def turns_of(self, rows: list[Any]) -> list[Any]:
        """The turns of one activity; those that run side by side in an order of their own."""
        found, beside = [], may_change_places(self.turns[rows[0][0]])
        for id_, name, mark, parent, internal in rows:
            own = {key: value for key, value in internal.items() if key != "turn" or not beside}
            order, self.order = self.order, []
            entry = [name, mark, parent, _timeless(own, self.now), self.level(id_), self.own(id_)]
            inside, self.order = self.order, order
            text = orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)
            found.append((text, internal["turn"], inside, entry, id_))
        if beside:
            found.sort(key=lambda one: one[:2])
            for before, after in pairwise(found):
                if before[0] == after[0]:
                    self.twins |= self.tokens_in(after[4])
        for _, turn, inside, _, _ in found:
            self.order += [turn, *inside]
        return [entry for _, _, _, entry, _ in found]

    def own(self, turn: str) -> dict[str, Any]:
        """What a turn of a multi-instance knows for itself, as far as it is still read."""
        scope, diagram = self.scopes[turn]
        if not self.turns[turn].is_multiple:
            return {}
        known = self.variables
        for name in scope:
            known = known.get(name, {})
        return self.sameness.ahead(known, scope, diagram, self.places)

    def tokens_in(self, holder: str) -> set[str]:
        """The tokens of a level and of all levels inside it."""
        found: set[str] = set()
        for id_, *_ in self.parts.get(holder, []):
            found |= {id_, *self.tokens_in(id_)}
        return found


def may_change_places(loop: Loop) -> bool:
    """Whether turns of an activity run side by side, so that their numbers mean nothing."""
    return loop.kind == "parallel"


def _is_aside(diagram: Diagram, node: str) -> bool:
    """Whether a node is reached without finishing the step that leads to it."""
    element = diagram.elements.get(node)
    return element is not None and (element.kind == "boundaryEvent" or element.triggered)


def _timeless(internal: Any, now: datetime) -> Any:
    """A token's own data with the time left in place of the moment."""
    if not internal:
        return 0
    kept = {key: value for key, value in internal.items() if key != SINCE}
    if DUE in kept:
        kept[DUE] = (datetime.fromisoformat(kept[DUE]) - now).total_seconds()
    return kept
