"""The game as the outside plays it: markings, and the acts that lead from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from processes.diagram import Diagram
from processes.tokengame.levels import Level
from processes.tokengame.play import Marking, Play
from processes.tokengame.table import Outcomes, Stuck, Unplayable

__all__ = ["Game", "Marking", "Stuck", "Unplayable"]


class Game:
    """The rules for one diagram and what it calls."""

    def __init__(self, diagram: Diagram, called: Mapping[str, Diagram]) -> None:
        self.top = diagram.process
        self.diagrams = {diagram.process: diagram, **called}

    def start(self, facts: Mapping[str, Any], now: datetime, outcomes: Outcomes) -> Marking:
        """The first marking of a case."""
        root = Level(self.top, "", ())
        play = Play(self.diagrams, root, {}, facts, now, outcomes, 0)
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

    def _play(self, marking: Marking, now: datetime, outcomes: Outcomes) -> Play:
        root = marking.root.copied()
        return Play(
            self.diagrams, root, marking.variables, marking.facts, now, outcomes, marking.count
        )
