"""Lets the game take every step that the engine took while exploring, and compares where both stand.

After each step the same tasks wait for a person, the same messages would be taken, the next timer
is due at the same time, the same flows were taken, and the same end was reached. Anything else is a
disagreement: one of the two is wrong about the diagram, and it must not run.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from processes.engine import Run
from processes.engine.compile import Executable
from processes.explore.choices import said
from processes.explore.results import Act, Explored, State
from processes.tokengame.game import Game, Marking, Stuck


@dataclass(frozen=True)
class Disagreement:
    """Where the executions part: after `act` at `state` (None: at the start of a case).

    `engine` and `game` say in Chinese what each of them has there.
    """

    state: State | None
    act: Act
    engine: str
    game: str


@dataclass(frozen=True)
class Standing:
    """What of a position can be seen from outside; times count from the act."""

    waiting: tuple[str, ...]
    messages: tuple[str, ...]
    wake_in: timedelta | None
    ended_at: str | None

    def told(self) -> str:
        if self.ended_at:
            return f"结束于 {self.ended_at}"
        parts = [f"等待 {'、'.join(self.waiting)}" if self.waiting else "没有人要办"]
        if self.messages:
            parts.append(f"可收消息 {'、'.join(self.messages)}")
        if self.wake_in is not None:
            parts.append(f"{self.wake_in} 后到期")
        return "，".join(parts)


class NotAsked(Exception):
    """The game calls an operator at an element where the engine called none."""


def compare_executions(
    explored: Explored, executable: Executable, most: int = 20
) -> list[Disagreement]:
    """Where engine and game differ, at most so many. Raises Unplayable for what the game leaves."""
    return _Comparison(explored, executable, most).run()


class _Comparison:
    def __init__(self, explored: Explored, executable: Executable, most: int) -> None:
        self.explored, self.executable, self.most = explored, executable, most
        self.game = Game(executable.diagram, executable.called)
        self.found: list[Disagreement] = []
        self.standing: dict[int, Standing] = {}

    def run(self) -> list[Disagreement]:
        markings: dict[int, Marking] = {}
        for state in self.explored.states:
            if state.came_from is None:
                marking = self.step(None, None, state.came_by, state)
                if marking:
                    markings[state.number] = marking
            if state.number in markings:
                self.leave(state, markings)
            if len(self.found) >= self.most:
                break
        return self.found[: self.most]

    def leave(self, state: State, markings: dict[int, Marking]) -> None:
        """Every act that the engine took at a state; the first way to a state gives its marking."""
        for act, number in state.following:
            following = self.explored.states[number]
            reached = self.step(state, markings[state.number], act, following)
            is_first = following.came_from == state.number and following.came_by is act
            if reached and (is_first or (number not in markings and following.came_by == act)):
                markings.setdefault(number, reached)

    def step(
        self, state: State | None, marking: Marking | None, act: Act, following: State
    ) -> Marking | None:
        """Take the act in the game and compare; None where they part."""
        there = self.stands(following)
        try:
            reached = self.play(marking, act, following)
        except (Stuck, NotAsked, ValueError, LookupError) as failure:
            self.found.append(Disagreement(state, act, there.told(), f"走不下去：{failure}"))
            return None
        here = standing_of(reached, act.now)
        if here != there:
            self.found.append(Disagreement(state, act, there.told(), here.told()))
            return None
        if reached.flows != act.flows:
            engine, game = (
                sorted(one) for one in (act.flows - reached.flows, reached.flows - act.flows)
            )
            told = [
                f"只有它走了 {'、'.join(one)}" if one else "没有别的走向" for one in (engine, game)
            ]
            self.found.append(Disagreement(state, act, *told))
            return None
        return reached

    def play(self, marking: Marking | None, act: Act, following: State) -> Marking:
        answers: dict[str, deque[str]] = defaultdict(deque)
        for place, (_, outcome) in zip(act.places, act.calls, strict=True):
            answers[place].append(outcome)

        def outcomes(path: str, operator: str) -> str:
            if not answers[path]:
                raise NotAsked(f"{path} 多执行了一次操作 {operator}")
            return answers[path].popleft()

        reached = self.take(marking, act, following.facts, outcomes)
        if left := sorted(path for path, rest in answers.items() if rest):
            raise NotAsked(f"少执行了 {'、'.join(left)} 的操作")
        return reached

    def take(self, marking: Marking | None, act: Act, facts: Any, outcomes: Any) -> Marking:
        if marking is None:
            return self.game.start(facts, act.now, outcomes)
        if act.kind == "answer":
            answers = said(act.answers, act.now)
            return self.game.answer(marking, act.element, answers, act.now, outcomes, act.place)
        if act.kind == "message":
            return self.game.message(marking, act.message, act.now, outcomes)
        return self.game.wait(marking, act.now, outcomes)

    def stands(self, state: State) -> Standing:
        """What the engine shows of a state, restored as a case is."""
        if state.number not in self.standing:
            if state.is_end:
                self.standing[state.number] = Standing((), (), None, state.ended_at)
            else:
                run = Run.restore(
                    self.executable, state.state, variables=dict(state.variables), facts=state.facts
                )
                waiting = tuple(sorted(task.element for task in run.waiting))
                wake_in = run.wake_at - state.now if run.wake_at else None
                self.standing[state.number] = Standing(waiting, run.messages, wake_in, None)
        return self.standing[state.number]


def standing_of(marking: Marking, now: datetime) -> Standing:
    if marking.ended_at:
        return Standing((), (), None, marking.ended_at)
    wake_in = marking.wake_at - now if marking.wake_at else None
    return Standing(marking.waiting, marking.messages, wake_in, None)
