"""Runs many cases side by side on the real engine, from event to event."""

from __future__ import annotations

import heapq
import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from processes.diagram import Diagram, Element
from processes.engine import Executable, Run, Step, TaskNotWaiting, WaitingTask, compile_release
from processes.explore.choices import Choices, said
from processes.explore.reading import read_release
from processes.operators import CATALOGUE
from processes.roles import Role
from processes.scenario_forms import FormFacts
from processes.scenario_language import Scenario
from processes.simulation.plan import BEIJING, Plan
from processes.simulation.results import QueueResult, Simulated, StepResult, share

BEGINNING = datetime(2027, 3, 1, 8, 30, tzinfo=BEIJING)  # a Monday
ENOUGH = timedelta(days=400)  # after the last arrival; what still runs then is not waited for


def simulate(
    diagram: Diagram,
    called: Mapping[str, Diagram],
    forms: FormFacts,
    scenarios: Iterable[Scenario],
    plan: Plan,
    told: Callable[[int], None] = lambda days: None,
) -> Simulated:
    """A term under these assumptions; the same plan gives the same result. `told` hears each day.

    Raises DiagramRefused, EngineError where a case cannot go on, TooManyChoices.
    """
    choices = Choices(read_release(diagram, called), forms, tuple(scenarios))
    return _Term(compile_release(diagram, called), choices, plan, told).run()


def fitting(
    combinations: list[dict[str, dict[str, Any]]], fixed: Mapping[str, Any]
) -> list[dict[str, dict[str, Any]]]:
    """The combinations of facts with the fixed ones in them, each once."""
    found = []
    for one in combinations:
        facts = {root: dict(values) for root, values in one.items()}
        for path, value in fixed.items():
            root, _, name = path.partition(".")
            facts.setdefault(root, {})[name] = value
        if facts not in found:
            found.append(facts)
    return found


@dataclass
class _Case:
    run: Run
    facts: Mapping[str, Any]
    begun: datetime
    open: dict[str, tuple[WaitingTask, datetime]] = field(default_factory=dict)


@dataclass
class _Desk:
    """The people of one role and what waits for them."""

    people: int
    free: int
    queue: deque[tuple[_Case, WaitingTask]] = field(default_factory=deque)
    worked: timedelta = timedelta()
    most: list[int] = field(default_factory=list)


class _Term:
    def __init__(
        self, executable: Executable, choices: Choices, plan: Plan, told: Callable[[int], None]
    ) -> None:
        self.executable, self.choices, self.plan, self.told = executable, choices, plan, told
        self.random = random.Random(plan.seed)
        self.facts = fitting(choices.facts(), plan.facts)
        self.events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.count = 0
        self.desks = {role: _Desk(people, people) for role, people in plan.staff.items()}
        self.stood: dict[str, list[timedelta]] = defaultdict(list)
        self.undone: Counter[str] = Counter()
        self.seen: dict[str, WaitingTask] = {}
        self.lasted: list[timedelta] = []
        self.ends: Counter[str] = Counter()
        self.started = 0

    def run(self) -> Simulated:
        for day in range(self.plan.days):
            self.plan_day(BEGINNING + timedelta(days=day))
        last = BEGINNING + timedelta(days=self.plan.days)
        while self.events:
            now, _, act = heapq.heappop(self.events)
            if now > last + ENOUGH:
                break
            act(now)
        return self.result(last)

    def plan_day(self, morning: datetime) -> None:
        """The arrivals of a day, spread over its daylight; the queues are looked at every evening."""
        moment = morning
        while True:
            moment += timedelta(hours=self.random.expovariate(self.plan.arrivals / 14))
            if moment > morning + timedelta(hours=14):
                break
            self.at(moment, self.begin)
        self.at(morning + timedelta(hours=15), self.look)

    def look(self, now: datetime) -> None:
        for desk in self.desks.values():
            desk.most.append(len(desk.queue))
        self.told((now - BEGINNING).days + 1)

    def at(self, moment: datetime, act: Callable[[datetime], None]) -> None:
        self.count += 1
        heapq.heappush(self.events, (moment.astimezone(UTC), self.count, act))

    # -- cases ----------------------------------------------------------------------------

    def begin(self, now: datetime) -> None:
        facts = self.random.choice(self.facts)
        run = Run.start(self.executable, facts=facts, now=now, operators=self)
        self.started += 1
        self.follow(_Case(run, facts, now), run.step, now)

    def follow(self, case: _Case, step: Step | None, now: datetime) -> None:
        """What a step opened, what it took away, when to look again."""
        assert step is not None
        waiting = {task.token: task for task in step.tasks}
        for token in set(case.open) - set(waiting):
            task, _ = case.open.pop(token)
            self.undone[task.element] += 1
        for token, task in waiting.items():
            if token not in case.open:
                case.open[token] = (task, now)
                self.seen.setdefault(task.element, task)
                self.hand_out(case, task, now)
        if step.finished:
            self.lasted.append(now - case.begun)
            self.ends[step.ended_at[-1]] += 1
        elif step.wake_at:
            self.at(step.wake_at, lambda moment: self.wake(case, moment))

    def wake(self, case: _Case, now: datetime) -> None:
        if not case.run.is_finished and case.run.wake_at and case.run.wake_at <= now:
            self.follow(case, case.run.wake(now, self), now)

    def hand_out(self, case: _Case, task: WaitingTask, now: datetime) -> None:
        desk = self.desks.get(task.role) if task.role else None
        if desk is not None:
            desk.queue.append((case, task))
            self.at(now, lambda moment, role=task.role: self.work(role, moment))  # type: ignore[misc]
            return
        mean = self.plan.reply_of(task.role) / timedelta(seconds=1)
        wait = timedelta(seconds=self.random.expovariate(1 / mean))
        self.at(now + wait, lambda moment: self.answer(case, task, moment))

    def answer(self, case: _Case, task: WaitingTask, now: datetime) -> None:
        """Somebody decides, if the step still waits then."""
        if task.token not in case.open:
            return
        diagram, element = self.executable.drawn_at(task.element)
        answers = self.decide(element, list(self.choices.answers(diagram, element)))
        try:
            step = case.run.answer(task.token, said(answers, now), now, self)
        except TaskNotWaiting:
            return  # its deadline was the same moment; the wake behind this takes it away
        _, since = case.open.pop(task.token)
        self.stood[task.element].append(now - since)
        self.follow(case, step, now)

    # -- the school's people --------------------------------------------------------------

    def work(self, role: Role, now: datetime) -> None:
        """Whoever is free takes the oldest task that still waits, during hours."""
        desk = self.desks[role]
        opens = self.plan.hours.next_open(now)
        if opens > now:
            if desk.queue:
                self.at(opens, lambda moment: self.work(role, moment))
            return
        while desk.free and desk.queue:
            case, task = desk.queue.popleft()
            if task.token not in case.open:
                continue
            desk.free -= 1
            minutes = self.random.expovariate(1 / self.plan.minutes.get(role, 6.0))
            work = timedelta(minutes=minutes)
            desk.worked += work
            done = self.plan.hours.after(now, work)
            self.at(done, lambda moment, c=case, t=task: self.finish(role, c, t, moment))  # type: ignore[misc]

    def finish(self, role: Role, case: _Case, task: WaitingTask, now: datetime) -> None:
        self.desks[role].free += 1
        self.answer(case, task, now)
        self.work(role, now)

    # -- choices --------------------------------------------------------------------------

    def call(self, operator: str, parameters: dict[str, Any], at: str) -> str:
        """Operators, as the engine asks for them."""
        outcomes = CATALOGUE[operator].outcomes
        shares = self.plan.weights.get(operator)
        return self.drawn_from(outcomes, shares) if shares else outcomes[0]

    def decide(self, element: Element, answers: list[dict[str, Any]]) -> dict[str, Any]:
        """One of the answers that make a difference, by the weights of its values."""
        likely = [self.likelihood(element.id, answer) for answer in answers]
        if not any(likely):
            return self.random.choice(answers)
        return self.random.choices(answers, likely)[0]

    def likelihood(self, element: str, answer: Mapping[str, Any]) -> float:
        product = 1.0
        for name, value in answer.items():
            shares = self.plan.weights.get(f"{element}.{name}")
            if shares is not None:
                product *= shares.get(str(value), 0.0)
        return product

    def drawn_from(self, outcomes: tuple[str, ...], shares: Mapping[str, float]) -> str:
        weights = [shares.get(outcome, 0.0) for outcome in outcomes]
        return self.random.choices(outcomes, weights)[0] if any(weights) else outcomes[0]

    # -- the result -----------------------------------------------------------------------

    def result(self, last: datetime) -> Simulated:
        open_hours = self.plan.hours.between(BEGINNING, last)
        steps = tuple(self.step_result(element) for element in self.seen)
        queues = tuple(
            QueueResult(
                role.value,
                desk.people,
                round(desk.worked / (open_hours * desk.people), 3) if open_hours else 0.0,
                tuple(desk.most),
            )
            for role, desk in self.desks.items()
            if any(task.role == role for task in self.seen.values())
        )
        return Simulated(
            self.started,
            len(self.lasted),
            share(self.lasted, 0.5),
            share(self.lasted, 0.9),
            tuple(self.ends.most_common()),
            steps,
            queues,
        )

    def step_result(self, element: str) -> StepResult:
        task, stood = self.seen[element], self.stood[element]
        role = task.role.value if task.role else ""
        return StepResult(
            element, task.name, role, len(stood), share(stood, 0.5), share(stood, 0.9),
            self.undone[element],
        )  # fmt: skip
