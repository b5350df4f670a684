"""What is to be drawn and what was drawn, as plain values that all steps of the layout share.

A `Scene` is a file as the layout sees it: nodes, links, pools and planes, without positions.
A `Picture` holds the positions: boxes, lines and labels in whole pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Point(NamedTuple):
    """A place on the sheet."""

    x: int
    y: int


class Box(NamedTuple):
    """A rectangle: left, top, width and height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return Point(self.x + self.width // 2, self.y + self.height // 2)

    def moved(self, dx: int, dy: int) -> Box:
        """The same box elsewhere."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def overlaps(self, other: Box, gap: int = 0) -> bool:
        """Whether the insides share a point, or come nearer than `gap`."""
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )

    def holds(self, other: Box) -> bool:
        """Whether the other box lies inside, borders included."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass
class Node:
    """One shape that is neither pool nor lane: flow node, data or annotation.

    `container` is the key of the sheet or the sub-process it lies in; `pool` the id of its
    participant; `lane` the innermost lane. `text` is what an annotation says.
    """

    id: str
    kind: str
    name: str
    container: str
    process: str
    lane: str | None = None
    host: str | None = None
    expanded: bool = False
    triggered: bool = False
    text: str = ""


@dataclass(frozen=True)
class Link:
    """One line: sequence flow, message flow, association or data association."""

    id: str
    kind: str
    source: str
    target: str
    name: str = ""
    is_default: bool = False


@dataclass
class Lane:
    """A lane with the lanes inside it, in the order of the file."""

    id: str
    name: str
    children: list[Lane] = field(default_factory=list)


@dataclass
class Pool:
    """A band across the sheet: a participant, or (without id) a process that has none."""

    id: str
    name: str
    process: str
    lanes: list[Lane] = field(default_factory=list)

    @property
    def is_drawn(self) -> bool:
        """Whether a frame with a title is drawn around it."""
        return bool(self.id)


@dataclass
class Sheet:
    """One BPMNDiagram: the element its plane shows, and the pools on it."""

    element: str
    pools: list[Pool] = field(default_factory=list)


@dataclass
class Scene:
    """Everything that has a place on a drawing of this file."""

    sheets: list[Sheet]
    nodes: dict[str, Node]
    links: dict[str, Link]


@dataclass
class Picture:
    """Positions on one sheet: boxes of shapes, waypoints of lines, boxes of labels."""

    boxes: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)

    def add(self, other: Picture, dx: int, dy: int) -> None:
        """Take over what another picture shows, moved."""
        self.boxes |= {key: box.moved(dx, dy) for key, box in other.boxes.items()}
        self.labels |= {key: box.moved(dx, dy) for key, box in other.labels.items()}
        self.lines |= {
            key: [Point(x + dx, y + dy) for x, y in points] for key, points in other.lines.items()
        }


GATEWAYS = frozenset(
    {
        "exclusiveGateway",
        "parallelGateway",
        "eventBasedGateway",
        "inclusiveGateway",
        "complexGateway",
    }
)
EVENTS = frozenset(
    {
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "event",
        "implicitThrowEvent",
    }
)
DATA = frozenset({"dataObjectReference", "dataStoreReference"})
ARTIFACTS = DATA | {"textAnnotation", "group"}
CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
FLOW = "sequenceFlow"
MESSAGE = "messageFlow"
