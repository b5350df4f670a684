"""Marks of steps on the drawings of a diagram and of what it calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from processes.diagram import Diagram


class Marked(Protocol):
    """What stands at a step: a short text, and how hot it is (0 nothing known, 1 to 4)."""

    @property
    def element(self) -> str: ...
    @property
    def mark(self) -> str: ...
    @property
    def level(self) -> int: ...


@dataclass(frozen=True)
class Drawing:
    """A diagram with the marks of its steps; `called` is empty for the release's own."""

    called: str
    name: str
    notes: dict[str, dict[str, object]]


def drawings_of(
    diagram: Diagram, called: Mapping[str, Diagram], lines: Iterable[Marked]
) -> list[Drawing]:
    """The marks by diagram; a called diagram gathers all calls of it."""
    notes: dict[str, dict[str, dict[str, object]]] = {"": {}}
    for line in lines:
        process, element = place_of(diagram, called, line.element)
        notes.setdefault(process, {})[element] = {"text": line.mark, "level": line.level}
    return [
        Drawing(process, called[process].name if process else diagram.name, found)
        for process, found in notes.items()
    ]


def place_of(diagram: Diagram, called: Mapping[str, Diagram], path: str) -> tuple[str, str]:
    """The called process ("" for the own diagram) and the element of a path."""
    process = ""
    *calls, last = path.split("/")
    for call in calls:
        element = diagram.elements.get(call)
        if element is None or element.called not in called:
            return "", path
        process = element.called or ""
        diagram = called[process]
    return process, last
