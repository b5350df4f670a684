"""Finds diagrams: the families that come with the package, and a file with its neighbours.

A family is a folder of `processes/diagrams`, a variant is a `.bpmn` file in it with its scenarios
in a `.toml` file beside it. Diagrams that others call lie in `shared`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from processes.diagram import Diagram, UnreadableDiagram, read_diagram

SHARED = "shared"


@dataclass(frozen=True)
class DiagramFile:
    """A packaged diagram: `family` and `variant` are its folder and file name."""

    family: str
    variant: str
    file: Traversable
    scenarios: Traversable | None

    @property
    def source(self) -> str:
        """What messages call it: `online_signing/employer_invitation.bpmn`."""
        return f"{self.family}/{self.variant}.bpmn"

    @property
    def scenario_source(self) -> str:
        """What messages call its scenarios."""
        return f"{self.family}/{self.variant}.toml"

    def read(self) -> bytes:
        """Return the bytes of the diagram."""
        return self.file.read_bytes()


class UnknownDiagram(LookupError):
    """No packaged diagram has this family and variant; `story` is Chinese."""

    def __init__(self, family: str, variant: str) -> None:
        self.story = f"没有名为 {family}/{variant} 的流程图。"
        super().__init__(self.story)


@cache
def find_diagram_files() -> tuple[DiagramFile, ...]:
    """Return the packaged diagrams that a case can start with, in a stable order."""
    return tuple(found for found in _packaged() if found.family != SHARED)


def find_diagram(family: str, variant: str) -> DiagramFile:
    """Return one packaged diagram; raises UnknownDiagram."""
    for found in _packaged():
        if (found.family, found.variant) == (family, variant):
            return found
    raise UnknownDiagram(family, variant)


def called_diagrams() -> dict[str, bytes]:
    """Return the packaged diagrams that others call: process id to bytes."""
    return dict(_shared())


def load_family(family: str, variant: str) -> tuple[Diagram, dict[str, Diagram]]:
    """Return a packaged diagram and every diagram that it calls, directly or not.

    A process reads each once: what is packaged does not change under it.
    """
    diagram, called = _family(find_diagram(family, variant))
    return diagram, dict(called)


@cache
def _family(found: DiagramFile) -> tuple[Diagram, Mapping[str, Diagram]]:
    diagram = read_diagram(found.read(), found.source)
    return diagram, gather_called(diagram, _shared())


@cache
def _shared() -> Mapping[str, bytes]:
    files = [found for found in _packaged() if found.family == SHARED]
    read = [(found, found.read()) for found in files]
    return {read_diagram(data, found.source).process: data for found, data in read}


def load_file(path: Path) -> tuple[Diagram, dict[str, Diagram]]:
    """Return a diagram from a file and what it calls: its neighbours first, then the packaged.

    Raises UnreadableDiagram, and OSError when the file cannot be opened.
    """
    diagram = read_diagram(path.read_bytes(), str(path))
    candidates = neighbours(path) if diagram.called else {}
    return diagram, gather_called(diagram, {**called_diagrams(), **candidates})


def neighbours(path: Path) -> dict[str, bytes]:
    """Return the readable diagrams in the folder of a file, without itself."""
    found = {}
    for other in sorted(path.parent.glob("*.bpmn")):
        if other.name == path.name:
            continue
        try:
            process = _process_in(other, other.stat().st_mtime_ns)
            if process:
                found[process] = other.read_bytes()
        except OSError:
            continue  # a broken neighbour is reported when it is checked itself
    return found


@lru_cache(maxsize=2048)
def _process_in(path: Path, changed_at: int) -> str:
    """The id of a file's process, "" when it cannot be read; kept until the file changes."""
    try:
        return read_diagram(path.read_bytes(), str(path)).process
    except UnreadableDiagram:
        return ""


def gather_called(diagram: Diagram, candidates: Mapping[str, bytes]) -> dict[str, Diagram]:
    """Return the diagrams reached from one by call activities; unknown ones are left out."""
    gathered: dict[str, Diagram] = {}
    wanted = sorted(diagram.called)
    while wanted:
        process = wanted.pop()
        if process in gathered or process not in candidates:
            continue
        gathered[process] = read_diagram(candidates[process], process)
        wanted += sorted(gathered[process].called)
    return gathered


def is_packaged(path: Path) -> bool:
    """Whether a file is one of the packaged diagrams."""
    root = files("processes") / "diagrams"
    return isinstance(root, Path) and path.resolve().is_relative_to(root.resolve())


@cache
def _packaged() -> tuple[DiagramFile, ...]:
    return tuple(_look_for_files())


def _look_for_files() -> Iterator[DiagramFile]:
    root = files("processes") / "diagrams"
    for family in sorted(root.iterdir(), key=lambda folder: folder.name):
        if not family.is_dir():
            continue
        for file in sorted(family.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".bpmn"):
                scenarios = family / f"{file.name.removesuffix('.bpmn')}.toml"
                yield DiagramFile(
                    family.name,
                    file.name.removesuffix(".bpmn"),
                    file,
                    scenarios if scenarios.is_file() else None,
                )
