"""What an import says about a file: notes with their places, questions, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Kind = Literal["understood", "translated", "missing", "refused"]
Status = Literal["runs", "imports_with_warnings", "refused"]

LABELS: dict[str, str] = {
    "refused": "不能导入",
    "missing": "缺少",
    "translated": "已改写",
    "understood": "已识别",
}
VERDICTS: dict[str, str] = {
    "runs": "可以运行",
    "imports_with_warnings": "可以导入，有事项要处理",
    "refused": "不能导入",
}
ORDER: tuple[Kind, ...] = ("refused", "missing", "translated", "understood")
FEW = 3  # equal notes up to here stand each on a line of their own


@dataclass(frozen=True)
class Place:
    """An element of the file: id ("" for the whole file), name, line from 1 (0: none)."""

    element: str
    name: str = ""
    line: int = 0

    def __str__(self) -> str:
        called = " ".join(p for p in (self.element, f"「{self.name}」" if self.name else "") if p)
        return called or "整个文件"


@dataclass(frozen=True)
class Note:
    """One thing that an import says, in Chinese, about one place or several alike.

    `asks` tells of a translation that a person should confirm, and of a missing part without which
    nothing runs. `before` and `after` hold what stood there and what stands there now. `also` names
    whatever else was changed with it: flows, what was added, parts that were taken out.
    """

    kind: Kind
    rule: str
    message: str
    way_out: str
    places: tuple[Place, ...] = ()
    asks: bool = False
    before: str = ""
    after: str = ""
    also: tuple[str, ...] = ()

    @property
    def element(self) -> str:
        return self.places[0].element if self.places else ""

    @property
    def name(self) -> str:
        return self.places[0].name if self.places else ""

    @property
    def line(self) -> int:
        return self.places[0].line if self.places else 0

    @property
    def named(self) -> frozenset[str]:
        """Every id that it speaks of."""
        return frozenset(place.element for place in self.places) | set(self.also)

    @property
    def label(self) -> str:
        """The Chinese word for its kind."""
        if self.kind == "missing" and not self.asks:
            return "可以补充"
        return LABELS[self.kind] + ("，请确认" if self.asks and self.kind == "translated" else "")

    @property
    def change(self) -> str:
        """What became what, "" where nothing did."""
        return f"{self.before} → {self.after}" if self.before else self.after

    @property
    def story(self) -> str:
        """The message with how often, and what became what."""
        more = ""
        if len(self.places) > FEW:
            shown = "、".join(str(place) for place in self.places[:FEW])
            more = f"（共 {len(self.places)} 处：{shown} 等）"
        change = f"（{self.change}）" if self.change else ""
        return f"{self.message.rstrip('。')}{change}{more}。"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        first = {"element": self.element, "name": self.name, "line": self.line}
        return {**asdict(self), **first, "label": self.label, "story": self.story}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Note:
        """Build a note from what `as_dict` gave."""
        kept = {name: values[name] for name in cls.__dataclass_fields__}
        kept["places"] = tuple(Place(**place) for place in values["places"])
        kept["also"] = tuple(values["also"])
        return cls(**kept)

    def __str__(self) -> str:
        where = f"第 {self.line} 行" if self.line else "整个文件"
        place = f" {self.places[0]}" if self.element else ""
        return f"{where} {self.label}{place}：{self.story}{self.way_out}"


@dataclass(frozen=True)
class ProcessChoice:
    """A process of the file that may be the one that runs; `steps` counts what is drawn in it."""

    id: str
    name: str
    steps: int
    executable: bool


@dataclass(frozen=True)
class RoleQuestion:
    """Somebody whom the file names and we do not know: a lane (`lane:…`) or a person (`who:…`).

    `suggested` is a role's value, a guess from the words; `elements` are the tasks concerned.
    """

    key: str
    label: str
    suggested: str
    elements: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """A bounded trial run: states found, ends reached, whether nothing was left out."""

    states: int
    ends: tuple[str, ...]
    complete: bool


@dataclass(frozen=True)
class Imported:
    """What became of a file.

    `diagram` is in our dialect (None where nothing can be made of the file), `forms` maps keys to
    drafts of form definitions. `process` is the process that runs, `processes` those to choose
    from. `stopped` says why the import could not be finished: "time", "memory", "crash", or "".
    """

    source: str
    status: Status
    diagram: bytes | None
    notes: tuple[Note, ...]
    forms: Mapping[str, Mapping[str, Any]]
    process: str = ""
    name: str = ""
    processes: tuple[ProcessChoice, ...] = ()
    roles: tuple[RoleQuestion, ...] = ()
    trial: Trial | None = None
    elements: int = 0
    stopped: str = ""
    seconds: float = 0.0

    def of_kind(self, kind: str) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.kind == kind)

    @property
    def to_confirm(self) -> tuple[Note, ...]:
        """The translations that a person should confirm."""
        return tuple(note for note in self.of_kind("translated") if note.asks)

    @property
    def verdict(self) -> str:
        """The Chinese words for its status."""
        return VERDICTS[self.status]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values; `diagram` is text in UTF-8."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return plain | {
            "diagram": None if self.diagram is None else self.diagram.decode("utf-8", "replace"),
            "notes": [note.as_dict() for note in self.notes],
            "processes": [asdict(one) for one in self.processes],
            "roles": [asdict(one) for one in self.roles],
            "trial": None if self.trial is None else asdict(self.trial),
            "seconds": round(self.seconds, 3),
        }


def gathered(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Equal notes as one where there are many; the gravest kind first, then by line."""
    groups: dict[tuple[Any, ...], list[Note]] = {}
    for note in dict.fromkeys(notes):
        key = (note.kind, note.rule, note.message, note.way_out, note.asks, note.change)
        groups.setdefault(key, []).append(note)
    found: list[Note] = []
    for alike in groups.values():
        places = tuple(dict.fromkeys(place for note in alike for place in note.places))
        if len(alike) > FEW:
            also = tuple(dict.fromkeys(id_ for note in alike for id_ in note.also))
            found.append(replace(alike[0], places=places, also=also))
        else:
            found.extend(alike)
    return tuple(sorted(found, key=lambda n: (ORDER.index(n.kind), not n.asks, n.line, n.rule)))


def refused(rule: str, message: str, way_out: str, line: int = 0) -> Note:
    """A refusal of the whole file."""
    return Note("refused", rule, message, way_out, (Place("", "", line),), asks=True)
