"""The moves of the game: what each element does with a token that reaches it.

Written from BPMN 2.0 (13.4) and docs/diagrams.md, for being read beside them.
"""

from __future__ import annotations

from collections import ChainMap, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from processes.decisions.table import compile_decision
from processes.diagram import Diagram
from processes.elements import Element, Flow, Loop
from processes.tokengame.levels import Alarm, Level, Token, discard
from processes.tokengame.routing import compiled, every_way, is_link, one_way, reachable
from processes.tokengame.timing import next_turn, start_alarm

PERSONS = {"userTask", "manualTask"}
WORKS = {"serviceTask", "sendTask"}
HOLDERS = {"subProcess", "callActivity"}
MOST_MOVES = 5000

Outcomes = Callable[[str, str], str]  # path of the element, operator → outcome


class Unplayable(Exception):
    """The game does not play this element; `element` is its id."""

    def __init__(self, element: Element, what: str) -> None:
        self.element = element
        super().__init__(f"{element.id}: {what}")


class Stuck(Exception):
    """A join waits for a token that can never come."""


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


class Game:
    """The rules for one diagram and what it calls."""

    def __init__(self, diagram: Diagram, called: Mapping[str, Diagram]) -> None:
        self.top = diagram.process
        self.diagrams = {diagram.process: diagram, **called}

    def start(self, facts: Mapping[str, Any], now: datetime, outcomes: Outcomes) -> Marking:
        """The first marking of a case."""
        root = Level(self.top, "", ())
        play = _Play(self, root, {}, facts, now, outcomes, 0)
        play.begin(root)
        return play.finish()

    def answer(
        self,
        marking: Marking,
        path: str,
        answers: Mapping[str, Any],
        now: datetime,
        outcomes: Outcomes,
        place: int = 0,
    ) -> Marking:
        """Somebody completes the task that waits at this path; of several `place` names one, the
        oldest being 0.
        """
        play = self._play(marking, now, outcomes)
        play.settle()
        level, token = play.task(path, place)
        play.keep(level.scope, token.element, dict(answers))
        play.complete(level, token)
        return play.finish()

    def message(
        self,
        marking: Marking,
        name: str,
        now: datetime,
        outcomes: Outcomes,
        payload: Mapping[str, Any] | None = None,
    ) -> Marking:
        """A message for everything that waits for it; what it brings stands under the event's id."""
        play = self._play(marking, now, outcomes)
        play.settle()
        play.hear("message", lambda event: event.message == name, payload or {})
        return play.finish()

    def wait(self, marking: Marking, now: datetime, outcomes: Outcomes) -> Marking:
        """Time passes until `now`."""
        return self._play(marking, now, outcomes).finish()

    def _play(self, marking: Marking, now: datetime, outcomes: Outcomes) -> _Play:
        root = marking.root.copied()
        return _Play(self, root, marking.variables, marking.facts, now, outcomes, marking.count)


@dataclass(eq=False)
class _Play:
    """One step: the levels as they change, and the tokens that are about to move."""

    game: Game
    root: Level
    variables: Mapping[str, Any]
    facts: Mapping[str, Any]
    now: datetime
    outcomes: Outcomes
    count: int
    ready: deque[tuple[Level, Token]] = field(default_factory=deque)
    flows: set[str] = field(default_factory=set)
    ends: list[str] = field(default_factory=list)
    moves: int = 0

    # -- where things are -----------------------------------------------------------------

    def drawn(self, level: Level) -> Diagram:
        return self.game.diagrams[level.process]

    def element(self, level: Level, token: Token) -> Element:
        return self.drawn(level).elements[token.element]

    def known(self, level: Level) -> Mapping[str, Any]:
        steps: Any = self.variables
        around: list[Any] = []
        for call in level.scope:
            around = [steps, *around] if is_turn(call) else []
            steps = steps.get(call, {})
        return ChainMap(steps, *around, self.facts)  # type: ignore[arg-type]

    def keep(self, scope: tuple[str, ...], name: str, value: Any) -> None:
        steps: dict[str, Any] = dict(self.variables)
        self.variables = steps
        for call in scope:
            steps[call] = dict(steps.get(call, {}))
            steps = steps[call]
        steps[name] = value

    def task(self, path: str, place: int) -> tuple[Level, Token]:
        found = [
            (level, token)
            for level in self.root.all_levels()
            for token in level.tokens
            if token.rests == "person" and path_of(level, token.element) == path
        ]
        return sorted(found, key=lambda pair: pair[1].number)[place]

    def number(self) -> int:
        self.count += 1
        return self.count

    # -- a step ---------------------------------------------------------------------------

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
                level, token = self.ready.popleft()
                if not token.is_gone and not level.is_gone:
                    self.moves += 1
                    if self.moves > MOST_MOVES:
                        raise Stuck("endless loop")
                    self.carry_out(level, token)
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

    # -- levels ---------------------------------------------------------------------------

    def begin(self, level: Level, at: str = "") -> None:
        diagram = self.drawn(level)
        for process in diagram.event_sub_processes(level.container or level.process):
            start = diagram.start_of(process.id)
            if start is None or not start.event:
                raise Unplayable(process, "start")
            level.watched[process.id] = start.id
            if start.event.kind == "timer":
                level.alarms[process.id] = self.alarm(level, start)
        start_id = at or self.start_of(diagram, level).id
        self.arrive(level, start_id)

    def start_of(self, diagram: Diagram, level: Level) -> Element:
        start = diagram.start_of(level.container or level.process)
        if start is None:
            raise Unplayable(next(iter(diagram.elements.values())), "start")
        return start

    def settle_level(self, level: Level) -> None:
        """A level without tokens is over, and what held it goes on."""
        if level.is_gone or level.tokens or level.beside:
            return
        level.is_gone = True
        outer, holder = level.outer, level.holder
        if level.is_turn and holder is not None and outer is not None:
            holder.turns.remove(level)
            self.turn_over(outer, holder, level)
        elif holder is not None and outer is not None:
            holder.inner = None
            self.complete(outer, holder)
        elif outer is not None and level in outer.beside:
            outer.beside.remove(level)
            self.settle_level(outer)

    def take_away(self, level: Level, token: Token) -> None:
        discard(token)
        if token in level.tokens:
            level.tokens.remove(token)

    # -- a token arrives ------------------------------------------------------------------

    def go(self, level: Level, flows: list[Flow]) -> None:
        for flow in flows:
            if level.is_gone:
                return
            self.flows.add(path_of(level, flow.id))
            self.arrive(level, flow.target, flow.id)

    def arrive(self, level: Level, element_id: str, flow: str = "") -> None:
        """What waits begins to wait at once; everything else gets its turn."""
        diagram = self.drawn(level)
        element = diagram.elements[element_id]
        token = Token(element_id, self.number(), flow=flow)
        level.tokens.append(token)
        if element.loop and not level.is_turn:
            token.rests = "ready"
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
            self.ready.append((level, token))

    def watch(self, level: Level, token: Token, element: Element) -> None:
        """Start the timers beside a token: its own, those at its border, those of a race."""
        diagram = self.drawn(level)
        beside = [element] if token.rests == "event" else []
        beside += diagram.boundary_events(element.id) if element.is_activity else ()
        if token.rests == "race":
            beside += [diagram.elements[flow.target] for flow in diagram.outgoing(element.id)]
        for event in beside:
            if event.event and event.event.kind == "timer":
                token.alarms[event.id] = self.alarm(level, event)

    def alarm(self, level: Level, event: Element) -> Alarm:
        assert event.event is not None
        return start_alarm(event.event, self.known(level), self.now, self.number())

    # -- a token has its turn -------------------------------------------------------------

    def carry_out(self, level: Level, token: Token) -> None:
        element = self.element(level, token)
        if element.loop and not level.is_turn:
            self.begin_turns(level, token, element, element.loop)
            return
        if element.kind in HOLDERS:
            self.enter(level, token, element)
            return
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
        if not level.is_turn:
            self.write(level, element)
        if level.is_turn:
            pass
        elif element.kind == "exclusiveGateway":
            self.go(level, one_way(diagram, element, self.known(level)))
        elif element.kind == "inclusiveGateway" or element.is_activity:
            self.go(level, every_way(diagram, element, self.known(level)))
        else:
            self.go(level, list(diagram.outgoing(element.id)))
        self.settle_level(level)

    def write(self, level: Level, element: Element) -> None:
        """What the step left, for the data objects that it writes."""
        left = self.known(level).get(element.id)
        if left is not None:
            for name in element.writes:
                self.keep(level.scope, name, left)

    # -- turns ----------------------------------------------------------------------------

    def begin_turns(self, level: Level, token: Token, element: Element, loop: Loop) -> None:
        """The first turn of a loop, or of several instances all or the first."""
        token.rests, known = "inside", self.known(level)
        if not loop.is_multiple:
            if loop.before and not compiled(loop.condition or "")(known):
                self.complete(level, token)
            else:
                self.begin_turn(level, token, element)
            return
        for name in [name for name in self.steps(level.scope) if name.startswith(f"{element.id}[")]:
            self.keep(level.scope, name, {})
        found = compiled(loop.items or loop.count or "0")(known)
        token.values = tuple(found) if loop.items else (None,) * int(found)
        if loop.maximum and len(token.values) > int(compiled(loop.maximum)({})):
            raise Stuck("too many turns")
        if not token.values:
            self.complete(level, token)
        for _ in token.values if loop.kind == "parallel" else token.values[:1]:
            self.begin_turn(level, token, element)

    def steps(self, scope: tuple[str, ...]) -> Mapping[str, Any]:
        steps: Any = self.variables
        for call in scope:
            steps = steps.get(call, {})
        return steps  # type: ignore[no-any-return]

    def begin_turn(self, level: Level, token: Token, element: Element) -> None:
        token.begun += 1
        loop, scope = element.loop, level.scope
        if loop and loop.is_multiple:
            scope = (*scope, f"{element.id}[{token.begun}]")
            self.keep(level.scope, scope[-1], {})
            if loop.item:
                self.keep(scope, loop.item, token.values[token.begun - 1])
        turn = Level(level.process, level.container, scope, level, token, is_turn=True)
        token.turns.append(turn)
        self.arrive(turn, element.id)

    def turn_over(self, level: Level, token: Token, turn: Level) -> None:
        """A turn has ended: the next one, or the flows out of the activity."""
        element = self.element(level, token)
        loop = element.loop
        assert loop is not None
        if not loop.is_multiple:
            again = compiled(loop.condition or "")(self.known(level))
            most = int(compiled(loop.maximum or "200")({}))
            if again and token.begun < most:
                self.begin_turn(level, token, element)
            else:
                self.complete(level, token)
            return
        if element.id in (left := self.steps(turn.scope)):
            self.keep(level.scope, element.id, left[element.id])
        if loop.until and compiled(loop.until)(self.known(turn)):
            self.complete(level, token)
        elif loop.kind == "sequential" and token.begun < len(token.values):
            self.begin_turn(level, token, element)
        elif not token.turns:
            self.complete(level, token)

    # -- ends and throws ------------------------------------------------------------------

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

    def throw(self, level: Level, token: Token, element: Element) -> None:
        if is_link(element):
            [caught] = self.drawn(level).links_from(element)
            self.take_away(level, token)
            self.arrive_ready(level, caught.id)
            return
        if element.events:
            self.spread(level, element)
        if not token.is_gone and not level.is_gone:
            self.complete(level, token)

    def arrive_ready(self, level: Level, element_id: str) -> None:
        token = Token(element_id, self.number())
        level.tokens.append(token)
        self.ready.append((level, token))

    def spread(self, level: Level, element: Element) -> None:
        """A signal to all who listen; an error or escalation up to the first who catches it."""
        for event in element.events:
            if event.kind == "signal":
                word = event.word
                self.hear("signal", lambda one, word=word: one.word == word)  # type: ignore[misc]
            else:
                self.climb(level, event.kind, event.word)

    def climb(self, level: Level, kind: str, word: str | None) -> None:
        here: Level | None = level
        while here is not None:
            catching = self.catchers(here, kind, word)
            if catching:
                place, token, event = catching[0]
                self.happen(place, token, event)
                return
            here = here.outer

    def catchers(
        self, level: Level, kind: str, word: str | None
    ) -> list[tuple[Level, Token | None, Element]]:
        """Who catches on this level: event sub-processes, then the border of what it lies in."""
        diagram = self.drawn(level)
        found: list[tuple[Level, Token | None, Element]] = [
            (level, None, diagram.elements[start]) for start in level.watched.values()
        ]
        chosen = by_code(found, kind, word)
        if chosen or level.holder is None or level.outer is None or level.outer.is_turn:
            return chosen
        outer = self.drawn(level.outer)
        border = outer.boundary_events(level.holder.element)
        return by_code([(level.outer, level.holder, one) for one in border], kind, word)

    # -- events ---------------------------------------------------------------------------

    def listening(self, kind: str) -> Iterator[tuple[Level, Token | None, Element]]:
        """Everything that waits for an event of a kind now; "receive" are receive tasks."""
        if self.root.is_gone:
            return
        for level in self.root.all_levels():
            diagram = self.drawn(level)
            for process, start in level.watched.items():
                if process in level.watched and has_event(diagram.elements[start], kind):
                    yield level, None, diagram.elements[start]
            for token in level.tokens:
                element = diagram.elements[token.element]
                if element.kind == "receiveTask" and token.rests == "event" and kind == "receive":
                    yield level, token, element
                if token.rests == "event" and has_event(element, kind):
                    yield level, token, element
                if token.rests == "race":
                    for flow in diagram.outgoing(element.id):
                        target = diagram.elements[flow.target]
                        wanted = target.kind == "receiveTask" and kind == "receive"
                        if wanted or has_event(target, kind):
                            yield level, token, target
                if element.is_activity and not level.is_turn:
                    for event in diagram.boundary_events(element.id):
                        if has_event(event, kind):
                            yield level, token, event

    def hear(
        self, kind: str, fits: Callable[[Any], bool], brings: Mapping[str, Any] | None = None
    ) -> None:
        heard = [one for one in self.listening(kind) if any(map(fits, one[2].events))]
        if kind == "message":
            heard += [one for one in self.listening("receive") if fits(one[2])]
        heard.sort(key=lambda one: one[1].number if one[1] else 0)
        for level, token, event in heard:
            if level.is_gone or (token is not None and token.is_gone):
                continue
            if brings is not None:
                self.keep(level.scope, event.id, dict(brings))
            self.happen(level, token, event)

    def alarms(self) -> Iterator[tuple[Level, Token | None, Element, Alarm]]:
        if self.root.is_gone:
            return
        for level in self.root.all_levels():
            elements = self.drawn(level).elements
            for process, alarm in level.alarms.items():
                yield level, None, elements[level.watched[process]], alarm
            for token in level.tokens:
                for event, alarm in token.alarms.items():
                    yield level, token, elements[event], alarm

    def ring(self, level: Level, token: Token | None, event: Element, alarm: Alarm) -> None:
        place = level.alarms if token is None else token.alarms
        key = event.id if token is not None else (event.parent or "")
        following = next_turn(alarm, self.now)
        if following:
            place[key] = following
        else:
            place.pop(key, None)
        self.happen(level, token, event)

    def happen(self, level: Level, token: Token | None, event: Element) -> None:
        """An event occurs at a border, in a race, at a waiting token or before a sub-process."""
        diagram = self.drawn(level)
        if token is None:
            self.begin_event_process(level, event)
        elif event.kind == "boundaryEvent":
            if event.interrupting or has_event(event, "error"):
                self.take_away(level, token)
            self.arrive_ready(level, event.id)
        elif diagram.elements[token.element].kind == "eventBasedGateway":
            flow = next(f for f in diagram.outgoing(token.element) if f.target == event.id)
            self.take_away(level, token)
            self.flows.add(path_of(level, flow.id))
            self.arrive_ready(level, event.id)
        else:
            token.rests = "ready"
            token.alarms.clear()
            self.ready.append((level, token))

    def begin_event_process(self, level: Level, start: Element) -> None:
        process = start.parent or ""
        inner = Level(level.process, process, level.scope, level)
        if start.interrupting:
            level.clear()
            level.watched.clear()
            level.alarms.clear()
        level.beside.append(inner)
        self.begin(inner, start.id)

    # -- joins ----------------------------------------------------------------------------

    def open_parallel(self, level: Level, gateway: Element) -> None:
        """One token on each incoming flow: all of them become one."""
        taken = self.first_on_each(level, gateway)
        if len(taken) == len(self.drawn(level).incoming(gateway.id)):
            self.merge(level, gateway, taken)

    def first_on_each(self, level: Level, gateway: Element) -> list[Token]:
        first: dict[str, Token] = {}
        for token in level.tokens:
            if token.rests == "join" and token.element == gateway.id:
                first.setdefault(token.flow, token)
        return list(first.values())

    def merge(self, level: Level, gateway: Element, taken: list[Token]) -> None:
        for token in taken:
            self.take_away(level, token)
        self.arrive_ready(level, gateway.id)

    def open_inclusive(self) -> bool:
        """Let the inclusive join whose token has waited longest go on, if any is activated."""
        waiting = [
            (token.number, level, self.element(level, token))
            for level in ([] if self.root.is_gone else self.root.all_levels())
            for token in level.tokens
            if token.rests == "join" and self.element(level, token).kind == "inclusiveGateway"
        ]
        for _, level, gateway in sorted(waiting, key=lambda one: one[0]):
            if self.is_activated(level, gateway):
                self.merge(level, gateway, self.first_on_each(level, gateway))
                return True
        return False

    def is_activated(self, level: Level, gateway: Element) -> bool:
        diagram = self.drawn(level)
        incoming = {flow.id for flow in diagram.incoming(gateway.id)}
        full = {t.flow for t in level.tokens if t.rests == "join" and t.element == gateway.id}
        for token in level.tokens:
            if token.element == gateway.id:
                continue
            reached = reachable(diagram, diagram.elements[token.element], gateway.id) & incoming
            if reached - full and not reached & full:
                return False
        return True


def path_of(level: Level, name: str) -> str:
    """The calls around and the name; turns are left out."""
    return "/".join((*(call for call in level.scope if not is_turn(call)), name))


def is_turn(call: str) -> bool:
    return call.endswith("]")


def joins(diagram: Diagram, element: Element) -> bool:
    kinds = {"parallelGateway", "inclusiveGateway"}
    return element.kind in kinds and len(diagram.incoming(element.id)) > 1


def is_catching(element: Element) -> bool:
    """Whether a token waits here for something; the catching end of a link does not."""
    return element.kind == "intermediateCatchEvent" and not has_event(element, "link")


def has_event(element: Element, kind: str) -> bool:
    return any(event.kind == kind for event in element.events)


def by_code(
    found: list[tuple[Level, Token | None, Element]], kind: str, word: str | None
) -> list[tuple[Level, Token | None, Element]]:
    """Who names the code goes before who catches all."""

    def events(one: tuple[Level, Token | None, Element]) -> list[Any]:
        return [event for event in one[2].events if event.kind == kind]

    exact = [
        one for one in found if any(e.word == word and e.word is not None for e in events(one))
    ]
    return exact or [one for one in found if any(not event.refers for event in events(one))]
