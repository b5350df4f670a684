"""Gateways that wait for several tokens."""

from __future__ import annotations

from processes.elements import Element
from processes.tokengame.levels import Level, Token
from processes.tokengame.routing import reachable
from processes.tokengame.table import Table


class Joins(Table):
    """Parallel joins open at once; inclusive ones when nothing else can move."""

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
