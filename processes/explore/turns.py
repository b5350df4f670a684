"""What makes one path worth showing beside another that takes the same flows: its turns.

A turn is an answer that decides, an operator's outcome other than its first, a message or a timer;
the last two together with the steps at which the case waits then. So a withdrawal counts once for
each step that it can meet, and so does a lapse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from processes.diagram import Diagram, Element
from processes.explore.results import Act, State
from processes.operators import CATALOGUE
from processes.scenario import Played, PlayedStep

DECIDING = "outcome"


@dataclass(frozen=True, order=True)
class Turn:
    """`kind` is "answer", "outcome", "message" or "time"; `waiting` the paths of waiting tasks."""

    kind: str
    what: str
    value: str = ""
    waiting: tuple[str, ...] = ()


class Turns:
    """Finds the turns of acts and of played scenarios of one release."""

    def __init__(self, diagram: Diagram, called: Mapping[str, Diagram]) -> None:
        self.diagram, self.called = diagram, called
        self._timers: dict[str, str | None] = {}
        self._waiting: dict[int, tuple[str, ...]] = {}

    def of_act(self, state: State | None, act: Act) -> set[Turn]:
        """The turns of an act at a state (None: the start)."""
        waiting = self.waiting(state) if state else ()
        turns = set(_of_calls(act.calls))
        if act.kind == "answer" and DECIDING in act.answers:
            turns.add(Turn("answer", act.element, str(act.answers[DECIDING])))
        if act.kind == "message":
            turns.add(Turn("message", act.message, waiting=waiting))
        if act.kind == "time":
            turns |= self._of_time(act.flows, waiting)
        return turns

    def of_played(self, played: Played) -> set[Turn]:
        """The turns that a scenario shows."""
        turns = set(_of_calls((call.operator, call.outcome) for call in played.calls))
        waiting: tuple[str, ...] = ()
        for step in played.steps:
            turns.update(self._of_step(step, waiting))
            waiting = tuple(sorted({task.element for task in step.waiting}))
        return turns

    def told(self, turn: Turn) -> str:
        """A turn in Chinese, for the title of a path."""
        if turn.kind == "outcome":
            return f"{CATALOGUE[turn.what].label}的结果是 {turn.value}"
        if turn.kind == "answer":
            return f"「{self.name(turn.what)}」选 {turn.value}"
        what = (
            f"收到消息 {turn.what}" if turn.kind == "message" else f"「{self.name(turn.what)}」到期"
        )
        where = "、".join(f"「{self.name(path)}」" for path in turn.waiting)
        return f"停在{where}时{what}" if where else what

    def waiting(self, state: State) -> tuple[str, ...]:
        """The tasks that wait at a state: those that can be answered there."""
        if state.number not in self._waiting:
            answered = {act.element for act, _ in state.following if act.kind == "answer"}
            self._waiting[state.number] = tuple(sorted(answered))
        return self._waiting[state.number]

    def name(self, path: str) -> str:
        element = self.element(path)
        return (element.name or element.id) if element else path

    def element(self, path: str) -> Element | None:
        """The element that a path leads to; turns of a loop count as the loop itself."""
        *_, last = path.split("/")
        return self.drawn(path).elements.get(last)

    def drawn(self, path: str) -> Diagram:
        current = self.diagram
        for container in path.split("/")[:-1]:
            element = current.elements[container.split("[")[0]]
            current = self.called.get(element.called or "", current)
        return current

    def _of_step(self, step: PlayedStep, waiting: tuple[str, ...]) -> Iterator[Turn]:
        flows = {h.element for h in step.happened if h.kind == "flow"}
        yield from self._of_time(flows, waiting)
        if step.step is None or step.step.refused:
            return
        if step.step.message:
            yield Turn("message", step.step.message, waiting=waiting)
        if step.step.task and DECIDING in step.step.answers:
            yield Turn("answer", step.step.task, str(step.step.answers[DECIDING]))

    def _of_time(self, flows: Iterable[str], waiting: tuple[str, ...]) -> set[Turn]:
        fired = {self._timer_before(flow) for flow in flows}
        return {Turn("time", timer, waiting=waiting) for timer in fired if timer}

    def _timer_before(self, path: str) -> str | None:
        """The path of the timer that a flow leaves, if it leaves one."""
        if path not in self._timers:
            flow = self.drawn(path).flows.get(path.rpartition("/")[2])
            source = "".join(path.rpartition("/")[:2]) + flow.source if flow else ""
            element = self.element(source)
            is_timer = element is not None and any(e.kind == "timer" for e in element.events)
            self._timers[path] = source if is_timer else None
        return self._timers[path]


def _of_calls(calls: Iterable[tuple[str, str]]) -> Iterator[Turn]:
    for operator, outcome in calls:
        if outcome != CATALOGUE[operator].outcomes[0]:
            yield Turn("outcome", operator, outcome)
