"""What a case would read on its way and never get, when it goes on in the middle of a diagram.

The checks prove a diagram from its start. A case that is set down in the middle has not passed the
steps before; a condition behind it that reads one of those would stop the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from processes.checks.graph import exit_of, flat_graph
from processes.diagram import Diagram
from processes.durations import literal_in
from processes.elements import Element
from processes.expressions import Expression, ExpressionError, compile_expression
from processes.kinds import CONTAINERS


@dataclass(frozen=True)
class Unmade:
    """`reader` reads `name`, which only `maker` gives; all three for people, `name` as written."""

    reader: str
    maker: str
    name: str


def find_unmade(
    diagram: Diagram,
    places: Iterable[str],
    known: Mapping[str, Any],
    entering: Iterable[str] = (),
) -> Unmade | None:
    """The first value that a case at `places` may come to read without having it; None if none.

    `known` is what expressions there can read now. `entering` are elements that a token is about
    to enter.
    """
    edges = flat_graph(diagram)
    places, entering = set(places), set(entering)
    reached: dict[str, set[str]] = {}
    for element, read in reads_of(diagram, known):
        maker = read.name.partition(".")[0]
        if maker not in reached:
            reached[maker] = entered_before(diagram, edges, places, maker, entering)
        stands = not read.arriving and read.node in places
        if read.node != maker and (stands or read.node in reached[maker]):
            made_by = diagram.elements[maker]
            return Unmade(element.name or element.id, made_by.name or maker, read.name)
    return None


@dataclass(frozen=True)
class Read:
    """A path that an expression reads, at which node, and whether when a token arrives there."""

    node: str
    name: str
    arriving: bool


def reads_of(diagram: Diagram, known: Mapping[str, Any]) -> Iterator[tuple[Element, Read]]:
    """What the diagram reads of its own steps that is not known now."""
    for element in diagram.elements.values():
        for node, text, arriving in texts_of(diagram, element):
            for name in sorted(names_in(text)):
                if name.partition(".")[0] in diagram.elements and not is_known(name, known):
                    yield element, Read(node, name, arriving)


def entered_before(
    diagram: Diagram,
    edges: Mapping[str, tuple[str, ...]],
    places: Iterable[str],
    maker: str,
    entering: Iterable[str] = (),
) -> set[str]:
    """The nodes that tokens from `places` can come to while `maker` is not done.

    A step that is interrupted at its border has given nothing.
    """
    aside = {event.id for event in diagram.boundary_events(maker)}
    done = exit_of(maker) if diagram.elements[maker].kind in CONTAINERS else maker
    entered: set[str] = set(entering)
    waiting = [*places, *entered]
    while waiting:
        node = waiting.pop()
        following = edges.get(node, ())
        for one in following:
            if one not in entered and (node != done or one in aside):
                entered.add(one)
                waiting.append(one)
    return entered


def texts_of(diagram: Diagram, element: Element) -> Iterator[tuple[str, str, bool]]:
    """The expressions of an element: at which node of the flat graph, and whether on arrival."""
    leaves = exit_of(element.id) if element.kind in CONTAINERS else element.id
    for flow in diagram.outgoing(element.id):
        if flow.condition and flow.id != element.default:
            yield leaves, flow.condition, False
    if element.operator is not None:
        for text in element.operator.parameters.values():
            yield element.id, text, True
    if element.kind == "callActivity":
        for text in element.properties.values():
            yield element.id, text, True
    for event in element.events:
        if event.kind == "timer" and literal_in(event.text) is None:
            yield element.attached_to or element.id, event.text, True
    if element.loop is not None:
        loop = element.loop
        for said in (loop.condition, loop.count, loop.items, loop.until):
            if said:
                yield element.id, said, False


def names_in(text: str) -> frozenset[str]:
    try:
        found = compile_expression(text)
    except ExpressionError:
        return frozenset()
    return found.names if isinstance(found, Expression) else frozenset()


def is_known(name: str, known: Mapping[str, Any]) -> bool:
    """Whether the whole dotted path can be read now."""
    value: Any = known
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return False
        value = value[part]
    return True
