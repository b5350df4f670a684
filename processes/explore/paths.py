"""The few paths that together take every sequence flow, each from the start to an end.

For each flow not taken yet there is a shortest path through it; of these the one that takes most
new flows goes first. Finding the least number of paths is a set cover, which is only approached.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from processes.diagram import Diagram
from processes.explore.results import Act, Explored, Path, State

Edge = tuple[int, Act, int]  # state, what happens there, state it leads to


def shortest_paths(explored: Explored, taken: Iterable[str] = ()) -> tuple[Path, ...]:
    """Paths that take every flow that can be taken, and reach every end that can be reached.

    `taken` are flows (paths like `School_review/By_college`) that are shown otherwise already; ends
    count as shown when a flow into them is.
    """
    missing = {
        flow for state in explored.states for act, _ in state.following for flow in act.flows
    } - set(taken)
    missing |= {
        flow for state in explored.states if state.came_from is None for flow in state.came_by.flows
    }
    missing -= set(taken)
    home = _ways_home(explored)
    through = _best_edges(explored, home)
    found: list[tuple[Act, ...]] = []
    states: list[State] = []
    while missing:
        candidates = [_whole(explored, through[flow], home) for flow in missing if flow in through]
        if not candidates:
            break
        acts, last = max(candidates, key=lambda one: (len(_flows(one[0]) & missing), -len(one[0])))
        found.append(acts)
        states.append(last)
        missing -= _flows(acts)
    return tuple(
        Path("", state.facts, acts, state.ended_at)
        for acts, state in zip(found, states, strict=True)
    )


def titled_path(path: Path, diagram: Diagram, number: int) -> Path:
    """The path with a title that tells its end and its number, so that titles differ."""
    end = diagram.elements.get(path.ends_at or "")
    name = (end.name if end and end.name else path.ends_at) or "没有结束"
    return Path(f"路径 {number}：结束于「{name}」", path.facts, path.acts, path.ends_at)


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


def _best_edges(
    explored: Explored, home: dict[int, tuple[int, Edge | None]]
) -> dict[str, State | Edge]:
    """For each flow where to take it: the step (or the start) that makes the whole path shortest."""
    depth = _depths(explored)
    best: dict[str, tuple[int, State | Edge]] = {}

    def offer(flows: Iterable[str], length: int, place: State | Edge) -> None:
        for flow in flows:
            if flow not in best or length < best[flow][0]:
                best[flow] = (length, place)

    for state in explored.states:
        if state.came_from is None and state.number in home:
            offer(state.came_by.flows, home[state.number][0], state)
        for act, target in state.following:
            if target in home:
                length = depth[state.number] + 1 + home[target][0]
                offer(act.flows, length, (state.number, act, target))
    return {flow: place for flow, (_, place) in best.items()}


def _depths(explored: Explored) -> list[int]:
    depths: list[int] = []
    for state in explored.states:  # a state stands after the one it came from
        depths.append(0 if state.came_from is None else depths[state.came_from] + 1)
    return depths


def _whole(
    explored: Explored, place: State | Edge, home: dict[int, tuple[int, Edge | None]]
) -> tuple[tuple[Act, ...], State]:
    """From the start through a place to the nearest end."""
    if isinstance(place, State):
        acts, number = [place.came_by], place.number
    else:
        source, act, number = place
        acts = [*explored.path_to(explored.states[source]).acts, act]
    now = acts[-1].now
    while (edge := home[number][1]) is not None:
        source, act, number = edge
        now += act.now - explored.states[source].now
        acts.append(replace(act, now=now))
    return tuple(acts), explored.states[number]


def _flows(acts: Iterable[Act]) -> set[str]:
    return {flow for act in acts for flow in act.flows}
