"""Do parallel branches always come together again?

Tokens are moved through each level of the drawing. A drawn process is a free-choice net: a token
in front of an element can only be taken by that element. So in each state it is enough to move
one element that can move, in all its ways, and no standstill is missed.
"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about, titled
from processes.diagram import Diagram, Element
from processes.findings import Finding
from processes.kinds import CONTAINERS

MAX_STATES = 4000
MAX_TOKENS = 400_000  # over all states, so that wide diagrams stay cheap too

Marking = frozenset[str]  # ids of the flows that carry a token


def look(inspection: Inspection) -> Iterator[Finding]:
    """Walk through the process and each sub-process; very large ones only in part."""
    diagram = inspection.diagram
    if not diagram.of_kind("parallelGateway", "boundaryEvent"):
        return
    levels = [diagram.process, *(element.id for element in diagram.of_kind(*CONTAINERS))]
    for level in levels:
        yield from _Level(diagram, level).findings()


class _Level:
    """One level of the drawing and what was found while walking through it."""

    def __init__(self, diagram: Diagram, container: str) -> None:
        self.diagram = diagram
        self.starts = [e for e in diagram.children(container) if e.kind == "startEvent"]
        self.stuck: dict[str, set[str]] = {}
        self.doubled: dict[str, None] = {}

    def findings(self) -> Iterator[Finding]:
        self._walk()
        for join, missing in self.stuck.items():
            yield about(
                self.diagram.elements[join],
                f"并行网关可能永远等不齐，案件会停在这里：{'、'.join(sorted(missing))} 可能没有人走到。",
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
        if len(self.starts) != 1:
            return
        first = frozenset(flow.id for flow in self.diagram.outgoing(self.starts[0].id))
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
        waiting: dict[str, None] = {}
        for flow_id in sorted(marking):
            target = self.diagram.elements[self.diagram.flows[flow_id].target]
            if target.kind != "parallelGateway":
                return self._moved(target, marking - {flow_id})
            waiting[target.id] = None
        for join in waiting:
            needed = self._needed(join)
            if needed <= marking:
                return self._moved(self.diagram.elements[join], marking - needed)
        for join in waiting:
            self.stuck.setdefault(join, set()).update(self._needed(join) - marking)
        return []

    def _needed(self, join: str) -> Marking:
        return frozenset(flow.id for flow in self.diagram.incoming(join))

    def _moved(self, element: Element, rest: Marking) -> list[Marking]:
        if any(event.kind == "terminate" for event in element.events):
            return [frozenset()]
        ways = self._ways(element)
        following = []
        for way in ways:
            for flow_id in way & rest:
                self.doubled[self.diagram.flows[flow_id].target] = None
            following.append(rest | way)
        return following

    def _ways(self, element: Element) -> list[Marking]:
        outgoing = frozenset(flow.id for flow in self.diagram.outgoing(element.id))
        if element.kind in {"exclusiveGateway", "eventBasedGateway", "inclusiveGateway"}:
            return [frozenset({flow_id}) for flow_id in sorted(outgoing)] or [frozenset()]
        ways = [outgoing]
        for event in self.diagram.boundary_events(element.id):
            aside = frozenset(flow.id for flow in self.diagram.outgoing(event.id))
            ways.append(aside if event.interrupting else outgoing | aside)
        return ways
