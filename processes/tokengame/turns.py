"""Loops and several instances of an activity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processes.elements import Element, Loop
from processes.tokengame.levels import Level, Token
from processes.tokengame.routing import compiled
from processes.tokengame.table import Stuck, Table


class Turns(Table):
    """The activity holds a level for each turn; its flows are taken once, after the last."""

    def begin_turns(self, level: Level, token: Token, element: Element, loop: Loop) -> None:
        """The first turn of a loop, or of several instances all or the first.

        Where there is nothing to do, or nothing more, the token goes on when its turn comes.
        """
        token.rests, known = "inside", self.known(level)
        if not loop.is_multiple:
            if loop.before and not compiled(loop.condition or "")(known):
                self.ready.append((level, token, self.complete))
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
            self.ready.append((level, token, self.complete))
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
                self.ready.append((level, token, self.complete))
            return
        if element.id in (left := self.steps(turn.scope)):
            self.keep(level.scope, element.id, left[element.id])
        if loop.until and compiled(loop.until)(self.known(turn)):
            for other in token.turns:
                other.vanish()
            token.turns.clear()
            self.ready.append((level, token, self.complete))
        elif loop.kind == "sequential" and token.begun < len(token.values):
            self.begin_turn(level, token, element)
        elif not token.turns:
            self.ready.append((level, token, self.complete))
