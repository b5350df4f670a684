"""Plays scenarios against the real engine, with a clock that only the scenario moves.

`play` goes through a scenario once; `play_thoroughly` a second time with the case dumped and
restored at every step, and compares. What goes wrong is a ScenarioFailed that says where the
token waits, who holds it and what was expected. The language is in `scenario_language.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from processes.engine import (
    Executable,
    Happening,
    MessageNotExpected,
    Run,
    Step,
    TaskNotWaiting,
    WaitingTask,
)
from processes.scenario_language import (
    Scenario,
    ScenarioError,
    ScenarioStep,
)
from processes.scenario_reading import read_scenarios
from processes.scripted import OperatorCalled, ScriptedOperators, first_difference
from processes.waiting import NotTold, find_task

__all__ = [
    "OperatorCalled",
    "Played",
    "PlayedStep",
    "Scenario",
    "ScenarioError",
    "ScenarioFailed",
    "ScriptedOperators",
    "play",
    "play_thoroughly",
    "read_scenarios",
]

MOST_WAKES = 500


class ScenarioFailed(Exception):
    """The diagram did not go where the scenario says; `story` is Chinese.

    `step` is None when the fault shows at the start or at the end of the scenario.
    """

    def __init__(
        self,
        scenario: Scenario,
        step: ScenarioStep | None,
        fault: str,
        waiting: Iterable[WaitingTask] = (),
        ended_at: Iterable[str] = (),
        messages: Iterable[str] = (),
        wake_at: datetime | None = None,
    ) -> None:
        self.scenario, self.step, self.fault = scenario, step, fault
        self.waiting, self.ended_at = tuple(waiting), tuple(ended_at)
        self.messages, self.wake_at = tuple(messages), wake_at
        where = f"场景「{scenario.title}」"
        if step is not None:
            where += f"第 {step.number} 步（{step.title}）"
        self.story = f"{where}：{fault}{self.standing}"
        super().__init__(self.story)

    @property
    def standing(self) -> str:
        """Where the tokens wait and who holds them, or what is waited for instead ("" unknown)."""
        if self.waiting:
            return f"现在停在：{'；'.join(map(describe, self.waiting))}。"
        if self.messages:
            return f"现在没有人要办理，在等消息：{'、'.join(self.messages)}。"
        if self.wake_at is not None:
            moment = self.wake_at.astimezone(self.scenario.starts.tzinfo)
            return f"现在没有人要办理，在等定时器，{moment:%Y-%m-%d %H:%M:%S} 到期。"
        if self.ended_at:
            return f"现在已结束于 {self.ended_at[-1]}。"
        return ""


@dataclass(frozen=True)
class PlayedStep:
    """What one step of a scenario made happen; `step` is None for the start.

    `status` is the state of the case after it, whenever it was said.
    """

    step: ScenarioStep | None
    now: datetime
    happened: tuple[Happening, ...]
    waiting: tuple[WaitingTask, ...]
    status: str | None = None


@dataclass(frozen=True)
class Played:
    """A scenario that went as expected."""

    scenario: Scenario
    steps: tuple[PlayedStep, ...]
    calls: tuple[OperatorCalled, ...]
    ended_at: str | None
    status: str | None
    variables: Mapping[str, Any]

    @property
    def happened(self) -> tuple[Happening, ...]:
        """Everything that happened, in order."""
        return tuple(happening for step in self.steps for happening in step.happened)


def play(executable: Executable, scenario: Scenario, *, restoring: bool = False) -> Played:
    """Play a scenario once; with `restoring` the case is dumped and restored at every step.

    Raises ScenarioFailed. An error of the engine, such as a missing variable, is told as one.
    """
    return _Player(executable, scenario, restoring).play()


def play_thoroughly(executable: Executable, scenario: Scenario) -> Played:
    """Play a scenario as it is and again with dump and restore; both must go the same way."""
    plain = play(executable, scenario)
    restored = play(executable, scenario, restoring=True)
    if _path(plain) != _path(restored):
        raise ScenarioFailed(
            scenario,
            None,
            "每一步都保存并恢复后，走的路和不保存时不同。",
            ended_at=filter(None, [plain.ended_at]),
        )
    return plain


def describe(task: WaitingTask) -> str:
    """Say where a token waits and who holds it."""
    holder = f"由{task.role.label}办理" if task.role else "没有办理人"
    turn = f" 第 {'.'.join(map(str, task.turns))} 份" if task.turns else ""
    return f"{task.name or task.element}（{task.element}{turn}，{holder}）"


def _path(played: Played) -> list[tuple[str, str]]:
    return [(happening.kind, happening.element) for happening in played.happened]


class _Player:
    """Holds the run, the clock and what was seen while one scenario is played."""

    def __init__(self, executable: Executable, scenario: Scenario, restoring: bool) -> None:
        self.executable, self.scenario, self.restoring = executable, scenario, restoring
        self.operators = ScriptedOperators(scenario.operators)
        self.now = scenario.starts
        self.facts = {root: dict(values) for root, values in scenario.facts.items()}
        self.step: ScenarioStep | None = None
        self.tokens: dict[tuple[str, tuple[int, ...] | None], str] = {}
        self.happened: list[Happening] = []
        self.played: list[PlayedStep] = []
        self.ended_at: list[str] = []
        self.status: str | None = None
        self.run: Run
        self.latest: Step

    def play(self) -> Played:
        self.begin()
        for step in self.scenario.steps:
            self.step = step
            self.perform(step)
            self.expect_after(step)
            self.finish_step()
        self.step = None
        self.expect_end()
        self.expect_calls()
        return Played(
            scenario=self.scenario,
            steps=tuple(self.played),
            calls=tuple(self.operators.calls),
            ended_at=self.ended_at[-1] if self.run.is_finished else None,
            status=self.status,
            variables=self.run.variables,
        )

    def begin(self) -> None:
        def start() -> Step:
            self.run = Run.start(
                self.executable, facts=self.facts, now=self.now, operators=self.operators
            )
            if self.run.step is None:
                raise AssertionError("a run that has started has taken a step")
            return self.run.step

        self.follow(start)
        self.finish_step()

    def finish_step(self) -> None:
        self.played.append(
            PlayedStep(
                self.step, self.now, tuple(self.happened), tuple(self.run.waiting), self.status
            )
        )
        self.happened.clear()
        if self.restoring:
            self.restore(self.run.dump(), self.run.variables)

    def restore(self, state: str, variables: Mapping[str, Any]) -> None:
        """Bring the run back from text, as the database would."""
        self.run = Run.restore(
            self.executable, state, variables=json.loads(json.dumps(variables)), facts=self.facts
        )

    # -- acts --------------------------------------------------------------------------------

    def perform(self, step: ScenarioStep) -> None:
        target = self.moment_of(step)
        if step.task is None and step.message is None:
            self.let_time_pass(target)
            return
        self.now = target
        act = self.answering(step) if step.task else self.messaging(step)
        if step.refused:
            self.must_be_refused(act)
            return
        try:
            self.follow(act)
        except TaskNotWaiting:
            raise self.failed(f"{step.task} 已经不再等待办理，期限可能已过。") from None
        except MessageNotExpected:
            raise self.failed(f"这时没有步骤在等待消息 {step.message}。") from None

    def moment_of(self, step: ScenarioStep) -> datetime:
        target = step.at or self.now
        if step.after is not None:
            target = step.after.after(self.now)
        if target < self.now:
            raise self.failed(f"时间不能倒退：现在是 {self.now:%Y-%m-%d %H:%M:%S}。")
        return target

    def let_time_pass(self, target: datetime) -> None:
        """Wake the case whenever it asks for it, as the sweep does, until the moment comes."""
        for _ in range(MOST_WAKES):
            wake_at = self.latest.wake_at
            if self.run.is_finished or wake_at is None or wake_at > target:
                break
            self.now = max(self.now, wake_at)
            self.follow(lambda: self.run.wake(self.now, self.operators))
        else:
            raise self.failed(f"定时器一直在响，{MOST_WAKES} 次之后仍没有停。")
        self.now = target

    def answering(self, step: ScenarioStep) -> Callable[[], Step]:
        token = self.token_for(step)
        return lambda: self.run.answer(token, dict(step.answers), self.now, self.operators)

    def messaging(self, step: ScenarioStep) -> Callable[[], Step]:
        message = step.message or ""
        return lambda: self.run.message(message, self.now, self.operators)

    def token_for(self, step: ScenarioStep) -> str:
        """Find the token of a waiting task, or of an earlier one when a refusal is expected."""
        path = step.task or ""
        try:
            task = find_task(self.run.waiting, path, step.turn, step.which)
        except NotTold as vague:
            if not (step.refused and step.turn and (path, step.turn) in self.tokens):
                raise self.failed(vague.story) from None
            task = None
        if task is not None:
            if task.role != step.who:
                holder = task.role.label if task.role else "没有人"
                raise self.failed(f"{path} 由{holder}办理，不是{step.who and step.who.label}。")
            return task.token
        if not step.refused:
            raise self.failed(f"没有停在 {path}，无法办理。")
        if (path, step.turn) not in self.tokens:
            raise self.failed(f"{path} 从未等待过办理，无法证明会被拒绝。")
        return self.tokens[path, step.turn]

    def must_be_refused(self, act: Callable[[], Step]) -> None:
        """The act must fail; then the case stands as before, and the sweep comes by."""
        state, variables, calls = self.run.dump(), self.run.variables, len(self.operators.calls)
        variables = json.loads(json.dumps(variables))
        try:
            act()
        except (TaskNotWaiting, MessageNotExpected):
            self.operators.forget_after(calls)
            self.restore(state, variables)
        except Exception as error:
            raise self.broken(error) from error
        else:
            raise self.failed("这一步应被拒绝，却办成了。")
        if not self.run.is_finished:
            self.follow(lambda: self.run.wake(self.now, self.operators))

    def follow(self, act: Callable[[], Step]) -> None:
        """Let the engine take a step and remember what it did."""
        try:
            step = act()
        except (TaskNotWaiting, MessageNotExpected, ScenarioFailed):
            raise
        except Exception as error:
            raise self.broken(error) from error
        self.latest = step
        self.happened += step.happened
        self.ended_at += step.ended_at
        self.status = step.status or self.status
        for task in step.tasks:
            self.tokens[task.element, None] = self.tokens[task.element, task.turns] = task.token

    # -- expectations ------------------------------------------------------------------------

    def expect_after(self, step: ScenarioStep) -> None:
        if step.expect_waiting is not None:
            waiting = sorted(task.element for task in self.run.waiting)
            if waiting != sorted(step.expect_waiting):
                expected = "、".join(step.expect_waiting) or "没有等待办理的步骤"
                raise self.failed(f"预期停在：{expected}。")
        if step.expect_status not in (None, self.status):
            raise self.failed(f"预期状态是 {step.expect_status}，实际是 {self.status}。")

    def expect_end(self) -> None:
        expected = self.scenario.ends_at
        if expected is None:
            return
        if not self.run.is_finished:
            raise self.failed(f"预期结束于 {expected}，流程却没有结束。")
        if self.ended_at[-1:] != [expected]:
            raise self.failed(f"预期结束于 {expected}。")

    def expect_calls(self) -> None:
        expected = self.scenario.expect_operators
        difference = None if expected is None else first_difference(self.operators.calls, expected)
        if difference is not None:
            raise self.failed(difference)

    def broken(self, error: Exception) -> ScenarioFailed:
        story = getattr(error, "story", None) or getattr(error, "message", None) or error
        return self.failed(f"流程在这一步出错：{story}")

    def failed(self, fault: str) -> ScenarioFailed:
        if not hasattr(self, "run"):
            return ScenarioFailed(self.scenario, self.step, fault)
        return ScenarioFailed(
            self.scenario, self.step, fault,
            self.run.waiting, self.ended_at, self.run.messages, self.run.wake_at,
        )  # fmt: skip
