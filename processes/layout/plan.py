"""The plan of one container: items to place, links between them, and where each shall stand.

A plan knows columns and rows only; pixels come later. An item is a node with everything attached
to it (boundary events) or inside it (an expanded sub-process), and has one cell.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Item:
    """Something with a cell of its own.

    `band` is the horizontal band (lane) it belongs to; `loose` items (data, annotations) stand
    near what they are linked with. `shift` moves a narrow item within its column.
    `unhappy` ends are not where the main path leads.
    """

    id: str
    kind: str
    band: int
    width: int
    height: int
    loose: bool = False
    hangers: list[str] = field(default_factory=list)
    column: int = 0
    row: int = 0
    shift: int = 0
    unhappy: bool = False


@dataclass(frozen=True)
class Join:
    """A line between two items; `hanger` is the boundary event that it leaves from.

    `weak` lines (messages, associations) do not push their target to the right.
    """

    id: str
    source: str
    target: str
    hanger: str = ""
    weak: bool = False
    main: bool = False
    name: str = ""


@dataclass
class Plan:
    """Items and joins of one container, by id, in the order of the file.

    `subject` is what the whole is called, where it has a name.
    """

    items: dict[str, Item]
    joins: dict[str, Join]
    bands: int = 1
    subject: str = ""
    backward: set[str] = field(default_factory=set)
    path: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.leaving: dict[str, list[Join]] = defaultdict(list)
        self.reaching: dict[str, list[Join]] = defaultdict(list)
        for join in self.joins.values():
            self.leaving[join.source].append(join)
            self.reaching[join.target].append(join)

    def is_loop(self, join: Join) -> bool:
        """Whether a join leads back to where the case has been."""
        return join.id in self.backward or join.source == join.target

    def onward(self, id_: str) -> list[Join]:
        """Strong joins that leave an item and lead forward."""
        return [j for j in self.leaving[id_] if not j.weak and not self.is_loop(j)]

    def arriving(self, id_: str) -> list[Join]:
        """Strong joins that reach an item from before."""
        return [j for j in self.reaching[id_] if not j.weak and not self.is_loop(j)]
