"""The few paths that together take every sequence flow, each from the start to an end.

For each flow not taken yet there is a shortest path through it; of these the one that takes most
new flows goes first. Finding the least number of paths is a set cover, which is only approached.
The same serves for turns: refusals, lapses and withdrawals, each at the place where it happens.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from processes.diagram import Diagram
from processes.explore.results import Act, Explored, Path, State
from processes.explore.turns import Turn, Turns

Edge = tuple[int, Act, int]  # state, what happens there, state it leads to
Place = tuple[int, int]  # a state and the number of a step out of it; -1 for the start itself
Mark = str | Turn
Marks = Callable[[State | None, Act], Iterable[Mark]]


def shortest_paths(explored: Explored, taken: Iterable[str] = ()) -> tuple[Path, ...]:
    """Paths that take every flow that can be taken, and reach every end that can be reached.

    `taken` are flows (paths like `School_review/By_college`) that are shown otherwise already; ends
    count as shown when a flow into them is.
    """
    return tuple(way.path for _, way in _Cover(explored, _flows).chosen(taken))


def worthy_paths(
    explored: Explored, turns: Turns, taken: Iterable[str] = (), shown: Iterable[Turn] = ()
) -> tuple[Path, ...]:
    """The shortest paths, and one more for each refusal, lapse and withdrawal that they leave out.

    The others have a title that says what they are for. `taken` are flows and `shown` turns that
    are shown otherwise already.
    """
    short = [way for _, way in _Cover(explored, _flows).chosen(taken)]
    seen = set(shown).union(*(way.marks(turns.of_act) for way in short))
    more = _Cover(explored, turns.of_act).chosen(seen)
    titled = [replace(way.path, title=turns.told(turn)) for turn, way in more]  # type: ignore[arg-type]
    return (*(way.path for way in short), *titled)


def titled_path(path: Path, diagram: Diagram, number: int) -> Path:
    """The path with a title that tells what it is for, its end, and its number, so that titles differ."""
    end = diagram.elements.get(path.ends_at or "")
    name = (end.name if end and end.name else path.ends_at) or "没有结束"
    what = f"{path.title}，" if path.title else ""
    return replace(path, title=f"路径 {number}：{what}结束于「{name}」")


@dataclass(frozen=True)
class _Way:
    """A whole path, with the state that each act left."""

    path: Path
    left: tuple[State | None, ...]

    def marks(self, marks: Marks) -> set[Mark]:
        """Everything that it shows."""
        pairs = zip(self.left, self.path.acts, strict=True)
        return {mark for state, act in pairs for mark in marks(state, act)}


class _Cover:
    """Chooses paths until everything that an act can show is shown."""

    def __init__(self, explored: Explored, marks: Marks) -> None:
        self.explored, self.marks = explored, marks
        self.home = _ways_home(explored)
        self.through = self.best_places()

    def chosen(self, shown: Iterable[Mark]) -> list[tuple[Mark, _Way]]:
        """Ways that together show the rest; each with a mark that it was chosen for."""
        missing = set(self.through) - set(shown)
        ways = {place: self.whole(place) for place in {self.through[mark] for mark in missing}}
        shows = {place: way.marks(self.marks) for place, way in ways.items()}
        found: list[tuple[Mark, _Way]] = []

        def worth(mark: Mark) -> tuple[int, int]:
            place = self.through[mark]
            return len(shows[place] & missing), -len(ways[place].path.acts)

        while missing:
            best = max(sorted(missing, key=repr), key=worth)
            found.append((best, ways[self.through[best]]))
            missing -= shows[self.through[best]]
        return found

    def best_places(self) -> dict[Mark, Place]:
        """For each mark where to get it, so that the whole path is shortest."""
        depth = _depths(self.explored)
        best: dict[Mark, tuple[int, Place]] = {}

        def offer(marks: Iterable[Mark], length: int, place: Place) -> None:
            for mark in marks:
                if mark not in best or length < best[mark][0]:
                    best[mark] = (length, place)

        for state in self.explored.states:
            if state.came_from is None and state.number in self.home:
                length = self.home[state.number][0]
                offer(self.marks(None, state.came_by), length, (state.number, -1))
            for step, (act, target) in enumerate(state.following):
                if target in self.home:
                    length = depth[state.number] + 1 + self.home[target][0]
                    offer(self.marks(state, act), length, (state.number, step))
        return {mark: place for mark, (_, place) in best.items()}

    def whole(self, place: Place) -> _Way:
        """From the start through a place to the nearest end."""
        states = self.explored.states
        number, step = place
        acts, left = _way_to(states, states[number])
        certain = len(acts)
        if step >= 0:
            left.append(states[number])
            act, number = states[number].following[step]
            acts.append(act)
        now = acts[-1].now
        while (edge := self.home[number][1]) is not None:
            source, act, number = edge
            now += act.now - states[source].now
            acts.append(replace(act, now=now))
            left.append(states[source])
        last = states[number]
        if len(acts) > certain + 1:
            acts = list(self.explored.retrace(last.facts, acts, [*filter(None, left), last]))
        return _Way(Path("", last.facts, tuple(acts), last.ended_at), tuple(left))


def _way_to(states: Sequence[State], state: State) -> tuple[list[Act], list[State | None]]:
    """The acts that lead to a state, with the state that each of them left."""
    acts, left = [state.came_by], [None if state.came_from is None else states[state.came_from]]
    while (before := left[-1]) is not None:
        acts.append(before.came_by)
        left.append(None if before.came_from is None else states[before.came_from])
    return acts[::-1], left[::-1]


def _flows(_: State | None, act: Act) -> Iterable[str]:
    return act.flows


def _ways_home(explored: Explored) -> dict[int, tuple[int, Edge | None]]:
    """For each state the number of steps to the nearest end, and the first of them."""
    before: dict[int, list[Edge]] = {}
    for state in explored.states:
        for act, target in state.following:
            before.setdefault(target, []).append((state.number, act, target))
    home: dict[int, tuple[int, Edge | None]] = {
        state.number: (0, None) for state in explored.states if state.is_end
    }
    waiting = deque(home)
    while waiting:
        number = waiting.popleft()
        for edge in before.get(number, ()):
            if edge[0] not in home:
                home[edge[0]] = (home[number][0] + 1, edge)
                waiting.append(edge[0])
    return home


def _depths(explored: Explored) -> list[int]:
    depths: list[int] = []
    for state in explored.states:  # a state stands after the one it came from
        depths.append(0 if state.came_from is None else depths[state.came_from] + 1)
    return depths
