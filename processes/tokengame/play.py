"""One step of the game: what each element does with a token that reaches it.

Written from BPMN 2.0 (13.4) and docs/diagrams.md, for being read beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from processes.decisions.table import compile_decision
from processes.diagram import Diagram
from processes.elements import Element, Flow
from processes.tokengame.happenings import Happenings
from processes.tokengame.joins import Joins
from processes.tokengame.levels import Alarm, Level, Token
from processes.tokengame.routing import compiled, every_way, one_way
from processes.tokengame.table import Stuck, Unplayable, is_catching, is_turn, joins, path_of
from processes.tokengame.timing import start_alarm
from processes.tokengame.turns import Turns

PERSONS = {"userTask", "manualTask"}
WORKS = {"serviceTask", "sendTask"}
HOLDERS = {"subProcess", "callActivity"}
MOST_MOVES = 5000


@dataclass(frozen=True)
class Marking:
    """Where all tokens are after a step; acts make a new one and leave this as it is.

    `waiting` are the paths of tasks that wait for a person, `messages` what would be taken,
    `wake_at` the next moment that changes something, `ended_at` the last end once all is over.
    `flows` are the flows of the last step, as paths.
    """

    root: Level
    variables: Mapping[str, Any]
    facts: Mapping[str, Any]
    waiting: tuple[str, ...]
    messages: tuple[str, ...]
    wake_at: datetime | None
    ended_at: str | None
    flows: frozenset[str]
    count: int


class Play(Joins, Turns, Happenings):
    """The moves of one step, from the levels as they were copied to a new marking."""

    def finish(self) -> Marking:
        self.settle()
        levels = [] if self.root.is_gone else self.root.all_levels()
        tokens = [(level, token) for level in levels for token in level.tokens]
        waiting = sorted(path_of(lv, t.element) for lv, t in tokens if t.rests == "person")
        alarms = [alarm.due for _, _, _, alarm in self.alarms()]
        messages = {
            event.message or ""
            for *_, element in self.listening("message")
            for event in element.events
            if event.kind == "message"
        } | {element.message or "" for *_, element in self.listening("receive")}
        return Marking(
            self.root, self.variables, self.facts, tuple(waiting), tuple(sorted(messages)),
            min(alarms, default=None), self.ends[-1] if self.root.is_gone else None,
            frozenset(self.flows), self.count,
        )  # fmt: skip

    def settle(self) -> None:
        """Move whatever moves by itself; then joins that may not wait longer; then the next alarm."""
        while True:
            while self.ready:
                level, token, move = self.ready.popleft()
                if level.is_gone or (token is not None and token.is_gone):
                    continue
                self.moves += 1
                if self.moves > MOST_MOVES:
                    raise Stuck("endless loop")
                move(level, token)
            if self.open_inclusive():
                continue
            due = min(self.alarms(), key=lambda one: (one[3].due, one[3].since), default=None)
            if due is None or due[3].due > self.now:
                break
            self.ring(*due)
        self.require_alive()

    def require_alive(self) -> None:
        if self.root.is_gone:
            return
        someone = any(t.rests == "person" for lv in self.root.all_levels() for t in lv.tokens)
        outside = next(self.listening("message"), None) or next(self.listening("receive"), None)
        if not (someone or outside or next(self.alarms(), None)):
            raise Stuck("nothing can happen any more")

    def begin(self, level: Level, at: str = "") -> None:
        diagram = self.drawn(level)
        self.arrive(level, at or self.start_of(diagram, level).id)
        for process in diagram.event_sub_processes(level.container or level.process):
            start = diagram.start_of(process.id)
            if start is None or not start.event:
                raise Unplayable(process, "start")
            level.watched[process.id] = start.id
            level.since[process.id] = self.number()
            if start.event.kind == "timer":
                level.alarms[process.id] = self.alarm(level, start)

    def start_of(self, diagram: Diagram, level: Level) -> Element:
        start = diagram.start_of(level.container or level.process)
        if start is None:
            raise Unplayable(next(iter(diagram.elements.values())), "start")
        return start

    def settle_level(self, level: Level) -> None:
        """A level without tokens is over, and what held it goes on when its turn comes."""
        if level.is_gone or level.tokens or level.beside:
            return
        level.is_gone = True
        level.listen_no_more()
        if level.outer is not None:
            self.ready.append((level.outer, level.holder, partial(self.after, level)))

    def after(self, level: Level, outer: Level, holder: Token | None) -> None:
        """What a level that is over leads to: the end of a turn, of an activity, or of a level."""
        if holder is None:
            outer.beside.remove(level)
            self.settle_level(outer)
        elif level.is_turn:
            holder.turns.remove(level)
            self.turn_over(outer, holder, level)
        else:
            holder.inner = None
            self.complete(outer, holder)

    def go(self, level: Level, flows: list[Flow]) -> None:
        for flow in flows:
            if level.is_gone:
                return
            self.flows.add(path_of(level, flow.id))
            self.arrive(level, flow.target, flow.id)

    def arrive(self, level: Level, element_id: str, flow: str = "") -> None:
        """What waits begins to wait at once, and what holds a level begins it; the rest gets its turn."""
        diagram = self.drawn(level)
        element = diagram.elements[element_id]
        token = Token(element_id, self.number(), flow=flow)
        level.tokens.append(token)
        if element.loop and not level.is_turn:
            self.begin_turns(level, token, element, element.loop)
        elif element.kind in HOLDERS:
            self.enter(level, token, element)
        elif element.kind in PERSONS:
            token.rests = "person"
        elif element.kind == "receiveTask" or is_catching(element):
            token.rests = "event"
        elif element.kind == "eventBasedGateway":
            token.rests = "race"
        elif joins(diagram, element):
            token.rests = "join"
        if not level.is_turn:
            self.watch(level, token, element)
        if token.rests == "join" and element.kind == "parallelGateway":
            self.open_parallel(level, element)
        elif token.rests == "ready":
            self.ready.append((level, token, self.carry_out))

    def watch(self, level: Level, token: Token, element: Element) -> None:
        """What waits beside a token: its own event, those at its border, those of a race."""
        diagram = self.drawn(level)
        beside = [element] if token.rests == "event" else []
        beside += diagram.boundary_events(element.id) if element.is_activity else ()
        if token.rests == "race":
            beside += [diagram.elements[flow.target] for flow in diagram.outgoing(element.id)]
        for event in beside:
            token.since[event.id] = self.number()
            if event.event and event.event.kind == "timer":
                token.alarms[event.id] = self.alarm(level, event)

    def alarm(self, level: Level, event: Element) -> Alarm:
        assert event.event is not None
        return start_alarm(event.event, self.known(level), self.now, self.number())

    def carry_out(self, level: Level, token: Token) -> None:
        element = self.element(level, token)
        if element.kind in WORKS:
            operator = element.operator.id if element.operator else ""
            outcome = self.outcomes(path_of(level, element.id), operator)
            self.keep(level.scope, element.id, {"outcome": outcome})
        elif element.kind == "businessRuleTask":
            self.decide(level, element)
        elif element.kind == "endEvent":
            self.end(level, token, element)
            return
        elif element.kind == "intermediateThrowEvent":
            self.throw(level, token, element)
            return
        self.complete(level, token)

    def enter(self, level: Level, token: Token, element: Element) -> None:
        token.rests = "inside"
        if element.kind == "callActivity":
            inner = Level(element.called or "", "", (*level.scope, element.id), level, token)
            known = self.known(level)
            parameters = {name: compiled(text)(known) for name, text in element.properties.items()}
            self.keep(level.scope, element.id, {"parameters": parameters})
        else:
            inner = Level(level.process, element.id, level.scope, level, token)
        token.inner = inner
        self.begin(inner)

    def decide(self, level: Level, element: Element) -> None:
        if element.decision is None:
            raise Unplayable(element, "decision")
        table, known = compile_decision(element.decision), self.known(level)
        values = [one(known) for one in table.inputs]
        self.keep(level.scope, element.id, table.decide(values))

    def complete(self, level: Level, token: Token) -> None:
        """The token leaves its element."""
        diagram, element = self.drawn(level), self.element(level, token)
        self.take_away(level, token)
        flows = () if level.is_turn else diagram.outgoing(element.id)
        if element.writes and not level.is_turn:
            self.write(level, element)
        if all(not flow.condition for flow in flows) and len(flows) < 2:
            self.go(level, list(flows))
        elif element.kind == "exclusiveGateway":
            self.go(level, one_way(diagram, element, self.known(level)))
        elif element.kind == "inclusiveGateway" or element.is_activity:
            self.go(level, every_way(diagram, element, self.known(level)))
        else:
            self.go(level, list(flows))
        self.settle_level(level)

    def write(self, level: Level, element: Element) -> None:
        """What the step left, for the data objects that it writes."""
        left = self.known(level).get(element.id)
        if left is not None:
            for name in element.writes:
                self.keep(level.scope, name, left)

    def end(self, level: Level, token: Token, element: Element) -> None:
        self.ends.append(path_of(level, element.id))
        outcome = element.properties.get("outcome")
        if level.scope and outcome and not is_turn(level.scope[-1]):
            self.keep(level.scope, "outcome", outcome)
        kinds = {event.kind for event in element.events}
        if "terminate" in kinds:
            level.clear()
        elif kinds:
            self.spread(level, element)
        if not token.is_gone:
            self.take_away(level, token)
        self.settle_level(level)
