"""Takes acts that were put together from several states, and names the turns that really wait.

Exploring counts states as one in which alike turns of a multi-instance have changed places. A way
through such states says "turn 2" where by then turn 1 may be the one. The engine goes the way again;
at each answer that several tasks could take, the one is right that leads to the state that follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from processes.engine import EngineError, Executable, Run, WaitingTask
from processes.explore.choices import said
from processes.explore.operators import Claim, Trying
from processes.explore.results import Act, State
from processes.explore.states import Sameness
from processes.waiting import which_of


class Retracer:
    """Goes ways of one release again."""

    def __init__(self, executable: Executable, sameness: Sameness) -> None:
        self.executable, self.sameness = executable, sameness

    def __call__(
        self, facts: Mapping[str, Any], acts: Sequence[Act], states: Sequence[State]
    ) -> tuple[Act, ...]:
        """The same acts with the right turns; each leads to the state beside it.

        Where the way cannot be gone as it was put together, such as one with fixed dates, the acts
        stay as they are.
        """
        start, *following = acts
        run = Run.start(self.executable, facts=facts, now=start.now, operators=_outcomes(start))
        found = [start]
        for act, state in zip(following, states[1:], strict=True):
            try:
                act, run = self.step(facts, run, act, state)
            except (EngineError, LookupError):
                return tuple(acts)
            found.append(act)
        return tuple(found)

    def step(self, facts: Mapping[str, Any], run: Run, act: Act, state: State) -> tuple[Act, Run]:
        if act.kind != "answer":
            if act.kind == "message":
                run.message(act.message, act.now, _outcomes(act))
            else:
                run.wake(act.now, _outcomes(act))
            return act, run
        wanted = self.sameness.position(state.state, state.variables, state.now).key
        text, variables, waiting = run.dump(), run.variables, run.waiting
        there = [task for task in waiting if task.element == act.element]
        for place, task in enumerate(there):
            again = Run.restore(self.executable, text, variables=dict(variables), facts=facts)
            again.answer(task.token, said(act.answers, act.now), act.now, _outcomes(act))
            here = self.sameness.position(again.dump(), again.variables, act.now).key
            if here == wanted:
                return named(act, task, waiting, place), again
        raise LookupError(f"no task at {act.element} leads to state {state.number}")


def named(act: Act, task: WaitingTask, waiting: Sequence[WaitingTask], place: int) -> Act:
    """The answer as one of this task, which is the one at `place` of its step."""
    return replace(act, place=place, turns=task.turns, which=which_of(waiting, task))


def _outcomes(act: Act) -> Trying:
    return Trying(tuple(outcome for _, outcome in act.calls), Claim())
