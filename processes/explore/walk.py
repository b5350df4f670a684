"""Walks from state to state, every way there is, with the production engine.

Breadth first, so the first path to a state is among the shortest. The walker may do at each state
what anybody could: answer a waiting task, send an expected message, or let time pass until the next
timer. Where several tasks wait at once it also acts a second before the next timer, because the order
of two timers may depend on when somebody acted.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from processes.coverage import measure
from processes.diagram import Diagram
from processes.engine import EngineError, Executable, Happening, Run, Step, compile_release
from processes.engine.run import WITHDRAW
from processes.explore.choices import Choices, TooManyChoices, said
from processes.explore.faults import Judge
from processes.explore.operators import Claim, Trying
from processes.explore.reading import read_release
from processes.explore.results import Act, Explored, State
from processes.explore.retracing import Retracer, named
from processes.explore.states import Sameness
from processes.expressions import ExpressionError
from processes.roles import Role
from processes.scenario_forms import FormFacts
from processes.scenario_language import Scenario

MOST_STATES = 50_000
BEGINNING = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)

Doing = Callable[[Run, Trying], Step]


def explore(
    diagram: Diagram,
    called: Mapping[str, Diagram],
    forms: FormFacts,
    scenarios: Iterable[Scenario] = (),
    *,
    most_states: int = MOST_STATES,
) -> Explored:
    """Every state of a checked diagram, and what is wrong with them.

    `scenarios` give examples of values that no form lists, such as dates, and the facts of a case.
    Raises DiagramRefused for a diagram that the engine does not take.
    """
    executable = compile_release(diagram, called)
    choices = Choices(read_release(diagram, called), forms, tuple(scenarios))
    return _Walker(executable, choices, most_states).walk()


class _Walker:
    """The states found so far and those still to be left."""

    def __init__(self, executable: Executable, choices: Choices, most_states: int) -> None:
        self.executable, self.choices, self.most_states = executable, choices, most_states
        self.sameness = Sameness(choices.reading, executable.diagram)
        self.states: list[State] = []
        self.known: dict[tuple[Any, ...], int] = {}
        self.orders: list[tuple[int, ...]] = []
        self.have_changed_places = False  # whether alike turns have, in states that count as one
        self.waiting: deque[int] = deque()
        self.happened: dict[tuple[str, str], Happening] = {}
        self.judge = Judge(executable.diagram, executable.called)

    def walk(self) -> Explored:
        try:
            for facts in self.choices.facts():
                self.begin(facts)
            while self.waiting and len(self.states) <= self.most_states:
                self.leave(self.states[self.waiting.popleft()])
        except TooManyChoices as many:
            self.judge.left_out(many.story)
        if self.waiting:
            self.judge.left_out(f"状态超过 {self.most_states} 个，没有全部走完。")
        for path in sorted(self.choices.unknown):
            self.judge.left_out(f"{path} 决定去向，但不知道它会有哪些值。")
        coverage = measure(self.executable.diagram, self.executable.called, self.happened.values())
        faults, complete = self.judge.verdict(self.states, coverage)
        found = Explored(
            tuple(self.states), faults, tuple(self.happened.values()), coverage, complete
        )
        if self.have_changed_places:
            return replace(found, retrace=Retracer(self.executable, self.sameness))
        return found

    def begin(self, facts: Mapping[str, Mapping[str, Any]]) -> None:
        """Start a case under these facts, with every outcome of the operators on the way."""

        def start(trying: Trying) -> Run:
            return Run.start(self.executable, facts=facts, now=BEGINNING, operators=trying)

        self.try_all(facts, None, Act("start", BEGINNING), Claim(), start)

    def leave(self, state: State) -> None:
        """Everything that can be done at a state."""
        if state.is_end:
            return
        run = self.restored(state)
        twins = self.sameness.position(state.state, state.variables, state.now).twins
        acts = list(self.acts(run, state.now, state.facts, twins))
        if not acts:
            self.judge.stands_still(state)
        self.judge.waits(state, run)
        for act, doing in acts:
            self.do(state, act, doing)

    def acts(
        self,
        run: Run,
        now: datetime,
        facts: Mapping[str, Mapping[str, Any]],
        twins: frozenset[str],
    ) -> Iterator[tuple[Act, Doing]]:
        moments = [now]
        wake_at = run.wake_at
        if wake_at is not None and len(run.waiting) > 1 and wake_at - now > MOMENT:
            moments.append(wake_at - MOMENT)
        for moment in moments:
            yield from self.answers(run, moment, twins)
            for message in run.messages:
                who = self.sender(message, facts)
                yield Act("message", moment, who=who, message=message), _messaging(message, moment)
        if wake_at is not None:
            moment = max(now, wake_at)
            yield Act("time", moment), _waking(moment)

    def answers(
        self, run: Run, now: datetime, twins: frozenset[str]
    ) -> Iterator[tuple[Act, Doing]]:
        """Every answer to every task; of turns that are alike only one answers."""
        before: Counter[str] = Counter()
        waiting = run.waiting
        for task in waiting:
            diagram, element = self.executable.drawn_at(task.element)
            place = before[task.element]
            before[task.element] += 1
            if task.token in twins:
                continue
            for answers in self.choices.answers(diagram, element):
                act = Act("answer", now, task.element, str(task.role or ""), answers)
                yield named(act, task, waiting, place), _answering(task.token, answers, now)

    def sender(self, message: str, facts: Mapping[str, Mapping[str, Any]]) -> str:
        """Who sends a message: the initiator takes back, the rest comes from the system."""
        initiator = str(facts.get("case", {}).get("initiator", ""))
        return initiator if message == WITHDRAW and initiator in set(Role) else Role.SYSTEM.value

    def restored(self, state: State) -> Run:
        return Run.restore(
            self.executable, state.state, variables=dict(state.variables), facts=state.facts
        )

    def do(self, state: State, act: Act, doing: Doing) -> None:
        def again(trying: Trying) -> Run:
            run = self.restored(state)
            doing(run, trying)
            return run

        self.try_all(state.facts, state, act, state.claim, again)

    def try_all(
        self,
        facts: Mapping[str, Mapping[str, Any]],
        state: State | None,
        act: Act,
        claim: Claim,
        go: Callable[[Trying], Run],
    ) -> None:
        """Take a step once for every way its operators can answer."""
        beginnings: list[tuple[str, ...]] = [()]
        while beginnings:
            trying = Trying(beginnings.pop(), claim)
            try:
                run = go(trying)
            except (EngineError, ExpressionError) as error:
                self.judge.breaks(facts, state, replace(act, calls=tuple(trying.calls)), error)
            else:
                self.arrive(facts, state, replace(act, calls=tuple(trying.calls)), trying, run)
            beginnings.extend(trying.remaining())

    def arrive(
        self,
        facts: Mapping[str, Mapping[str, Any]],
        state: State | None,
        act: Act,
        trying: Trying,
        run: Run,
    ) -> None:
        """Note where a step led, and whether that is new."""
        step = run.step
        assert step is not None  # a run that acted has taken a step
        flows = frozenset(h.element for h in step.happened if h.kind == "flow")
        act = replace(act, flows=flows, places=tuple(trying.places))
        for happening in step.happened:
            self.happened.setdefault((happening.kind, happening.element), happening)
        status = step.status or (state.status if state else None)
        ended = step.ended_at[-1] if step.finished else None
        text = run.dump()
        position = self.sameness.position(text, step.variables, act.now)
        key = (id(facts), ended, status if ended else "", trying.claim, position.key)
        number = self.known.get(key)
        if number is None:
            number = self.known[key] = len(self.states)
            self.orders.append(position.order)
            self.states.append(
                State(
                    number, facts, text, step.variables, act.now, trying.claim, status,
                    state.number if state else None, act, ended,
                )
            )  # fmt: skip
            self.waiting.append(number)
        elif self.orders[number] != position.order:
            self.have_changed_places = True
        if state is not None:
            state.following.append((act, number))


def _answering(token: str, answers: Mapping[str, Any], now: datetime) -> Doing:
    return lambda run, trying: run.answer(token, said(answers, now), now, trying)


def _messaging(message: str, now: datetime) -> Doing:
    return lambda run, trying: run.message(message, now, trying)


def _waking(now: datetime) -> Doing:
    return lambda run, trying: run.wake(now, trying)
