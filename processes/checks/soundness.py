"""Do parallel branches always come together again?

Tokens are moved through each level of the drawing. Inclusive joins apart, a drawn process is a
free-choice net: a token in front of an element can only be taken by that element. So in each state
it is enough to move one element that can move, in all its ways, and no standstill is missed.
Inclusive joins wait for whoever can still come, so they move last.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from processes.checks.inspection import Inspection, about, titled
from processes.diagram import Diagram, Element
from processes.findings import Finding
from processes.kinds import CONTAINERS, label_of
from processes.reach import reachers

MAX_STATES = 4000
MAX_WAYS = 6  # conditions at one place whose every combination is tried
MAX_TOKENS = 400_000  # over all states, so that wide diagrams stay cheap too

Marking = frozenset[str]  # ids of the flows that carry a token, and of throwing link events


def look(inspection: Inspection) -> Iterator[Finding]:
    """Walk through the process and each sub-process; very large ones only in part."""
    diagram = inspection.diagram
    if not (diagram.of_kind("parallelGateway", "boundaryEvent", "inclusiveGateway")) and not any(
        flow.condition and diagram.elements[flow.source].is_activity
        for flow in diagram.flows.values()
    ):
        return
    levels = [diagram.process, *(element.id for element in diagram.of_kind(*CONTAINERS))]
    for level in levels:
        yield from _Level(diagram, level).findings()


class _Level:
    """One level of the drawing and what was found while walking through it."""

    def __init__(self, diagram: Diagram, container: str) -> None:
        self.diagram = diagram
        self.start = diagram.start_of(container)
        self.stuck: dict[str, set[str]] = {}
        self.doubled: dict[str, None] = {}
        self.reachers: dict[str, dict[str, frozenset[str]]] = {}

    def findings(self) -> Iterator[Finding]:
        self._walk()
        for join, missing in self.stuck.items():
            element = self.diagram.elements[join]
            yield about(
                element,
                f"{label_of(element.kind)}可能永远等不齐，案件会停在这里："
                f"{'、'.join(sorted(missing))} 可能没有人走到。",
                "请让每条分支都到达这里；只走其中一条时，请改用排他网关汇合。",
            )
        for target in self.doubled:
            yield about(
                self.diagram.elements[target],
                f"并行的分支没有先汇合，{titled(self.diagram.elements[target])} 会办理不止一次。",
                "请在前面用并行网关汇合。",
                severity="warning",
            )

    def _walk(self) -> None:
        if self.start is None:
            return
        first = frozenset(flow.id for flow in self.diagram.outgoing(self.start.id))
        seen = {first}
        waiting = [first]
        tokens = 0
        while waiting and len(seen) < MAX_STATES and tokens < MAX_TOKENS:
            marking = waiting.pop()
            tokens += len(marking)
            for following in self._next(marking):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)

    def _next(self, marking: Marking) -> list[Marking]:
        waiting: dict[str, Element] = {}
        for place in sorted(marking):
            target = self._target(place)
            if not self._is_join(target):
                return self._moved(target, marking - {place})
            waiting[target.id] = target
        for join in waiting.values():
            taken = self._taken(join, marking)
            if taken:
                return self._moved(join, marking - taken)
        for id_ in waiting:
            self.stuck.setdefault(id_, set()).update(self._needed(id_) - marking)
        return []

    def _target(self, place: str) -> Element:
        flow = self.diagram.flows.get(place)
        if flow is not None:
            return self.diagram.elements[flow.target]
        return self.diagram.links_from(self.diagram.elements[place])[0]

    def _is_join(self, element: Element) -> bool:
        if element.kind == "parallelGateway":
            return True
        return element.kind == "inclusiveGateway" and len(self._needed(element.id)) > 1

    def _taken(self, join: Element, marking: Marking) -> Marking:
        """What the join takes away now; nothing when it has to wait."""
        needed = self._needed(join.id)
        arrived = needed & marking
        if join.kind == "parallelGateway":
            return needed if needed <= marking else frozenset()
        if join.id not in self.reachers:
            self.reachers[join.id] = reachers(self.diagram, join.id)
        before = self.reachers[join.id]
        here = frozenset().union(*(before[flow] for flow in arrived))
        coming = frozenset().union(*(before[flow] for flow in needed - arrived))
        others = {self._target(place).id for place in marking - arrived}
        return frozenset() if others & (coming - here) else arrived

    def _needed(self, join: str) -> Marking:
        return frozenset(flow.id for flow in self.diagram.incoming(join))

    def _moved(self, element: Element, rest: Marking) -> list[Marking]:
        if element.has("terminate") or (element.kind == "endEvent" and element.has("error")):
            return [frozenset()]
        following = []
        for way in self._ways(element):
            for place in way & rest:
                self.doubled[self._target(place).id] = None
            following.append(rest | way)
        return following

    def _ways(self, element: Element) -> list[Marking]:
        outgoing = frozenset(flow.id for flow in self.diagram.outgoing(element.id))
        if element.kind in {"exclusiveGateway", "eventBasedGateway"}:
            return [frozenset({flow_id}) for flow_id in sorted(outgoing)] or [frozenset()]
        if element.kind == "intermediateThrowEvent" and self.diagram.links_from(element):
            return [frozenset({element.id})]
        ways = list(self._chosen(element, outgoing))
        for event in self.diagram.boundary_events(element.id):
            aside = frozenset(flow.id for flow in self.diagram.outgoing(event.id))
            ways += [aside] if event.interrupting else [way | aside for way in ways]
        return ways

    def _chosen(self, element: Element, outgoing: Marking) -> Iterator[Marking]:
        """Every set of flows that an inclusive gateway, or an activity, may take."""
        flows = self.diagram.outgoing(element.id)
        asked = [f.id for f in flows if f.condition is not None and f.id != element.default]
        always = outgoing - {*asked, element.default}
        if not asked:
            yield outgoing
            return
        sizes = range(1, len(asked) + 1) if len(asked) <= MAX_WAYS else (1, len(asked))
        for size in sizes:
            for held in itertools.combinations(asked, size):
                yield always | frozenset(held)
        if always or element.default is not None:
            yield always | ({element.default} if element.default is not None else set())
