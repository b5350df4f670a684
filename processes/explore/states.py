"""When two states are the same: the same tokens, the same time left, the same values ahead.

Token numbers and absolute moments differ from lap to lap and mean nothing; a value that nothing
ahead of the tokens reads means nothing either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from processes.diagram import Diagram
from processes.explore.reading import Reading

DUE, SINCE = "event_value", "since"
Scope = tuple[str, ...]


@dataclass
class Sameness:
    """Makes keys of the states of one release."""

    reading: Reading
    top: Diagram
    _reached: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)

    def key(self, state: str, variables: Mapping[str, Any], now: datetime) -> bytes:
        """Equal for states from which the same can happen."""
        _, _, parts = orjson.loads(state)
        names: dict[str, int] = {"": 0}
        shown: list[Any] = []
        places: dict[Scope, set[str]] = {}
        scopes: dict[str, tuple[Scope, Diagram]] = {"": ((), self.top)}
        turns: set[str] = set()
        for holder, rows in parts:
            scope, diagram = scopes[holder]
            own = []
            for id_, name, mark, parent, internal in rows:
                element = name if name in diagram.elements else name.rpartition(".")[0]
                names[id_] = len(names)
                places.setdefault(scope, set()).add(element)
                loop = diagram.elements[element].loop
                if loop is None or holder in turns:
                    scopes[id_] = self.within(scope, diagram, element)
                else:
                    turn = (internal or {}).get("turn")
                    own_scope = loop.is_multiple and turn is not None
                    scopes[id_] = ((*scope, f"{element}[{turn}]") if own_scope else scope, diagram)
                    if turn is not None:
                        turns.add(id_)
                own.append([name, mark, parent, _timeless(internal, now)])
            shown.append([names[holder], own])
        return orjson.dumps(
            [shown, self.ahead(variables, (), self.top, places)], option=orjson.OPT_SORT_KEYS
        )

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
        """The values that something reachable from the tokens still reads."""
        here = places.get(scope, set())
        readers = self.reading.readers[diagram.process]
        kept: dict[str, Any] = {}
        for name, value in variables.items():
            inner = (*scope, name)
            if name.endswith("]"):
                if inner in places:
                    kept[name] = self.ahead(value, inner, diagram, places)
            elif inner in places:
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
