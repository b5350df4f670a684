"""The two executions side by side at one case: whatever one does, the other must do too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import event

from processes.engine import EngineError, OperatorResult, Run
from processes.expressions import ExpressionError
from processes.tokengame import Game
from processes.tokengame.game import Stuck

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
FACTS = {"case": {}, "school": {}}


class Willing:
    """Operators that always say ok."""

    def call(self, operator, parameters, at):
        return OperatorResult("ok")


class Pair(Willing):
    """Engine and game at the same case."""

    def __init__(self, executable) -> None:
        self.executable = executable
        self.game, self.now = Game(executable.diagram, executable.called), NOW
        self.run = self.marking = None

    def done(self, path, operator):
        return "ok"

    def start(self):
        def begin():
            self.run = Run.start(self.executable, facts=FACTS, now=self.now, operators=self)

        return self.both(begin, lambda: self.game.start(FACTS, self.now, self.done))

    def move(self, action, number, way):
        """One act in both; False when both gave up or it was over before."""
        if self.run.is_finished:
            return False
        tasks, messages, answers = self.run.waiting, self.run.messages, {"way": way}
        if action == "message" and messages:
            name = messages[number % len(messages)]
            return self.both(
                lambda: self.run.message(name, self.now, self, answers),
                lambda: self.game.message(self.marking, name, self.now, self.done, answers),
            )
        if action == "later" or not tasks:
            self.now += timedelta(days=1 + number)
            return self.both(
                lambda: self.run.wake(self.now, self),
                lambda: self.game.wait(self.marking, self.now, self.done),
            )
        task = tasks[number % len(tasks)]
        place = [one.token for one in tasks if one.element == task.element].index(task.token)
        return self.both(
            lambda: self.run.answer(task.token, answers, self.now, self),
            lambda: self.game.answer(
                self.marking, task.element, answers, self.now, self.done, place
            ),
        )

    def both(self, engine, game):
        state = self.run.dump() if self.run else ""
        failed, stuck = None, None
        try:
            engine()
        except (EngineError, ExpressionError) as error:
            failed = error
        try:
            self.marking = game()
        except (Stuck, ExpressionError) as error:
            stuck = error
        assert (failed is None) == (stuck is None), (state, failed, stuck)
        if failed:
            event(f"both give up: {type(failed).__name__}")
            return False
        step, marking = self.run.step, self.marking
        flows = {happening.element for happening in step.happened if happening.kind == "flow"}
        assert (
            marking.waiting, marking.messages, marking.wake_at, set(marking.flows),
            marking.ended_at,
        ) == (
            tuple(sorted(task.element for task in step.tasks)), step.messages, step.wake_at, flows,
            step.ended_at[-1] if step.finished else None,
        )  # fmt: skip
        return True
