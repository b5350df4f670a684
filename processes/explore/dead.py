"""What no answer and no outcome ever leads to: in a diagram and in every diagram that it calls.

A finding about a called diagram stands at the call of the own diagram that leads there, since that is
what somebody looking at the diagram can see; the message names the diagram and the element in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from processes.coverage import Coverage, key_of
from processes.diagram import Diagram, Element, Flow
from processes.explore.results import State
from processes.findings import Finding

MOST_OF_A_KIND = 20


@dataclass(frozen=True)
class Dead:
    """A finding, and a state at which the last step before it was just passed, if there is one."""

    finding: Finding
    before: State | None


def find_dead(
    diagram: Diagram, called: Mapping[str, Diagram], states: Iterable[State], coverage: Coverage
) -> Iterator[Dead]:
    """Elements that are never reached, then flows never taken, diagram by diagram.

    A called diagram that is never entered is not gone through: its call is dead.
    """
    missing = {(key.process, key.flow) for key in coverage.missing}
    taken = _first_states(diagram, called, states)
    calls = _first_calls(diagram, called)
    for drawn in (diagram, *called.values()):
        place = None if drawn is diagram else calls.get(drawn.process)
        if drawn is not diagram and not any(process == drawn.process for process, _ in taken):
            continue
        search = _Search(drawn, place, missing, taken)
        yield from search.elements()
        yield from search.flows()


class _Search:
    """One diagram, and the call that leads into it."""

    def __init__(
        self,
        drawn: Diagram,
        place: Element | None,
        missing: set[tuple[str, str]],
        taken: Mapping[tuple[str, str], State],
    ) -> None:
        self.drawn, self.place, self.taken = drawn, place, taken
        self.missing = {flow for process, flow in missing if process == drawn.process}
        self.dead = [element for element in drawn.elements.values() if self._is_dead(element)]

    def elements(self) -> Iterator[Dead]:
        for element in self.dead[:MOST_OF_A_KIND]:
            flows = self.drawn.incoming(element.id)
            yield Dead(
                self._finding(
                    "dead_element",
                    element,
                    "无论怎样办理，都不会走到这里。",
                    "请检查通向它的条件，或删掉它。",
                ),
                next((state for flow in flows if (state := self._before(flow))), None),
            )

    def flows(self) -> Iterator[Dead]:
        """Of the flows never taken those where the way ends."""
        unreached = {element.id for element in self.dead}
        causes = [f for f in self.drawn.flows.values() if f.id in self.missing]
        causes = [flow for flow in causes if flow.source not in unreached]
        for flow in causes[:MOST_OF_A_KIND]:
            yield Dead(
                self._finding(
                    "dead_flow",
                    flow,
                    "无论怎样办理，都不会走这条连线。",
                    "请检查它前面的条件，或删掉它。",
                ),
                self._before(flow),
            )

    def _is_dead(self, element: Element) -> bool:
        """Whether no flow into it is ever taken; of an event at a border, no flow out of it."""
        aside = element.kind == "boundaryEvent"
        flows = (self.drawn.outgoing if aside else self.drawn.incoming)(element.id)
        return bool(flows) and all(flow.id in self.missing for flow in flows)

    def _before(self, flow: Flow) -> State | None:
        """The first state after the step that the flow leaves was reached."""
        source = self.drawn.elements[flow.source]
        flows = self.drawn.incoming(source.attached_to or source.id)
        found = [self.taken.get((self.drawn.process, one.id)) for one in flows]
        return min((one for one in found if one), key=lambda state: state.number, default=None)

    def _finding(self, rule: str, owner: Element | Flow, message: str, way_out: str) -> Finding:
        if self.place is None:
            return Finding(rule, "warning", owner.id, owner.name, owner.line, message, way_out)
        name = f"“{owner.name}”（{owner.id}）" if owner.name else f"“{owner.id}”"
        return Finding(
            rule,
            "warning",
            self.place.id,
            self.place.name,
            self.place.line,
            f"它调用的流程“{self.drawn.name or self.drawn.process}”里的{name}："
            f"从这张图调用时，{message}",
            way_out,
        )


def _first_states(
    diagram: Diagram, called: Mapping[str, Diagram], states: Iterable[State]
) -> dict[tuple[str, str], State]:
    """By (process, flow) the first state that was come to by taking it."""
    found: dict[tuple[str, str], State] = {}
    for state in states:
        for path in state.came_by.flows:
            key = key_of(path, diagram, called)
            found.setdefault((key.process, key.flow), state)
    return found


def _first_calls(diagram: Diagram, called: Mapping[str, Diagram]) -> dict[str, Element]:
    """By process the first call of the own diagram that leads there, through others too."""
    found: dict[str, Element] = {}
    waiting = [(call, call.called or "") for call in diagram.of_kind("callActivity")]
    while waiting:
        call, process = waiting.pop(0)
        if process in found or process not in called:
            continue
        found[process] = call
        waiting += [(call, one.called or "") for one in called[process].of_kind("callActivity")]
    return found
