"""Events: messages, timers, signals, errors and escalations, and those who wait for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from processes.elements import Element
from processes.tokengame.levels import Alarm, Level, Token
from processes.tokengame.routing import is_link
from processes.tokengame.table import Table, has_event, path_of
from processes.tokengame.timing import next_turn


class Happenings(Table):
    """What throws, what listens, and what an event does where it is heard."""

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
                self.happen_now(place, token, event)
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
        """Let everybody hear it who waits for it now, in the order in which they began to wait.

        What comes from outside (it `brings` something) lets them get ready; what a token threw
        moves them at once, before that token.
        """
        heard = [one for one in self.listening(kind) if any(map(fits, one[2].events))]
        if kind == "message":
            heard += [one for one in self.listening("receive") if fits(one[2])]
        heard.sort(key=lambda one: since(*one))
        for level, token, event in heard:
            if brings is None:
                self.happen_now(level, token, event)
            else:
                self.keep(level.scope, event.id, dict(brings))
                self.wait_anew(level, token, event)
                self.ready.append((level, token, partial(self.happen_later, event)))

    def happen_now(self, level: Level, token: Token | None, event: Element) -> None:
        """What was thrown is heard, unless whoever waited for it is gone."""
        if not (level.is_gone or (token is not None and token.is_gone)):
            self.wait_anew(level, token, event)
            self.happen_later(event, level, token)

    def happen_later(self, event: Element, level: Level, token: Token | None) -> None:
        if token is not None or (event.parent or "") in level.watched:
            self.happen(level, token, event)

    def wait_anew(self, level: Level, token: Token | None, event: Element) -> None:
        """What does not interrupt begins to wait again as soon as it has heard something."""
        if not event.interrupting:
            place = level.since if token is None else token.since
            place[event.parent or "" if token is None else event.id] = self.number()

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
            self.leave_at_once(level, event)
        elif diagram.elements[token.element].kind == "eventBasedGateway":
            flow = next(f for f in diagram.outgoing(token.element) if f.target == event.id)
            self.take_away(level, token)
            self.flows.add(path_of(level, flow.id))
            self.leave_at_once(level, event)
        else:
            self.complete(level, token)

    def leave_at_once(self, level: Level, event: Element) -> None:
        token = Token(event.id, self.number())
        level.tokens.append(token)
        self.complete(level, token)

    def begin_event_process(self, level: Level, start: Element) -> None:
        process = start.parent or ""
        inner = Level(level.process, process, level.scope, level)
        if start.interrupting:
            level.clear()
            level.listen_no_more()
        level.beside.append(inner)
        self.begin(inner, start.id)


def since(level: Level, token: Token | None, event: Element) -> int:
    """When something began to wait for an event."""
    if token is None:
        return level.since[event.parent or ""]
    return token.since[event.id]


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
