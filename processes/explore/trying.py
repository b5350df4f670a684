"""Lets somebody walk through a diagram step by step, with the production engine and invented answers.

    tried = try_out(diagram, called, forms, scenarios, facts=None, acts=[{"kind": "start"}])

The acts so far are taken from the start each time, so nothing is kept between two questions: taking
a step back is leaving the last act out, and the path of a finding replays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from processes.diagram import Diagram, Element
from processes.durations import IsoError, parse_moment
from processes.engine import EngineError, Executable, Run, WaitingTask, compile_release
from processes.explore.choices import Choices, TooManyChoices, said
from processes.explore.operators import Claim, Trying
from processes.explore.reading import read_release
from processes.explore.results import Act, Path
from processes.explore.scenarios import scenario_text
from processes.explore.walk import BEGINNING
from processes.expressions import ExpressionError
from processes.scenario_forms import FormFacts
from processes.scenario_language import Scenario
from processes.waiting import NotTold, find_task, which_of

MOST_ACTS = 500
STANDING = frozenset({"intermediateCatchEvent", "receiveTask"})


@dataclass(frozen=True)
class Moved:
    """One act as it was taken, and where the tokens stand after it.

    `calls` are [operator, outcome, possible outcomes]; `tokens` and `flows` are ids of the diagram
    itself, a called diagram counting as its call; `inside` has both of each called diagram, by process.
    """

    kind: str
    element: str
    name: str
    form: str
    answers: Mapping[str, Any]
    message: str
    calls: list[tuple[str, str, list[str]]]
    flows: list[str]
    tokens: list[str]
    inside: Mapping[str, Mapping[str, list[str]]]
    now: str
    status: str | None


@dataclass(frozen=True)
class Question:
    """A field that makes a difference: its values where they are known, and a value to begin with."""

    name: str
    values: list[Any] | None
    value: Any


@dataclass(frozen=True)
class Open:
    """A task that waits: its path, the element of the diagram that shows it, who acts, what to say."""

    element: str
    shape: str
    name: str
    role: str
    form: str
    questions: list[Question]


@dataclass
class Tried:
    """Where the walk has come to. `problem` is the Chinese story of why it could go no further."""

    moved: list[Moved] = field(default_factory=list)
    waiting: list[Open] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    wake_at: str | None = None
    ended_at: str | None = None
    finished: bool = False
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    choosable: Mapping[str, list[Any]] = field(default_factory=dict)
    scenario: str = ""
    problem: str = ""


def try_out(
    diagram: Diagram,
    called: Mapping[str, Diagram],
    forms: FormFacts,
    scenarios: Iterable[Scenario],
    *,
    facts: Mapping[str, Any] | None,
    acts: Sequence[Mapping[str, Any]],
) -> Tried:
    """Take the acts one after another; the first that cannot be taken ends the walk with its story.

    An act is {"kind": "start" | "answer" | "message" | "time", "element", "answers", "message",
    "calls": [[operator, outcome], …], "now", "turns", "which"}, as in the path of a finding. `facts` are those of the
    case ({"case": {…}, "school": {…}}); None takes the first that the scenarios allow.
    Raises DiagramRefused for a diagram that the engine does not take.
    """
    executable = compile_release(diagram, called)
    choices = Choices(read_release(diagram, called), forms, tuple(scenarios))
    walk = _Walk(executable, choices)
    try:
        walk.begin(facts)
        for act in acts[:MOST_ACTS]:
            walk.take(act)
        walk.look_around()
    except (EngineError, ExpressionError, IsoError, TooManyChoices, CannotGo) as error:
        walk.tried.problem = story_of(error)
    return walk.tried


class CannotGo(Exception):
    """The diagram does not wait for this act now; `story` is Chinese."""

    def __init__(self, story: str) -> None:
        self.story = story
        super().__init__(story)


def story_of(error: Exception) -> str:
    """What went wrong, in Chinese."""
    return str(getattr(error, "story", None) or getattr(error, "message", None) or error)


class _Walk:
    """A run and what was done to it."""

    def __init__(self, executable: Executable, choices: Choices) -> None:
        self.executable, self.choices = executable, choices
        self.tried = Tried()
        self.run: Run | None = None
        self.now, self.claim = BEGINNING, Claim()
        self.status: str | None = None
        self.acts: list[Act] = []

    def begin(self, facts: Mapping[str, Any] | None) -> None:
        possible = self.choices.facts()
        base = possible[0]
        given = facts or {}
        self.tried.facts = {root: {**base[root], **dict(given.get(root) or {})} for root in base}
        self.tried.choosable = self.choices.deciding_facts()

    def take(self, act: Mapping[str, Any]) -> None:
        kind = str(act.get("kind", ""))
        trying = Wished([tuple(map(str, call)) for call in act.get("calls") or ()], self.claim)
        self.now = max(self.now, self.moment(act, kind))
        done = self.doing(kind, act, trying)
        self.claim = trying.claim
        self.note(done, trying)

    def moment(self, act: Mapping[str, Any], kind: str) -> datetime:
        if act.get("now"):
            return parse_moment(str(act["now"]))
        due = self.run.wake_at if self.run and kind == "time" else None
        return due or self.now

    def doing(self, kind: str, act: Mapping[str, Any], trying: Trying) -> Act:
        if kind == "start":
            facts, now = self.tried.facts, self.now
            self.run = Run.start(self.executable, facts=facts, now=now, operators=trying)
            return Act("start", now)
        if self.run is None:
            raise CannotGo("试走要从开始走起。")
        if kind == "answer":
            return self.answering(self.run, str(act.get("element", "")), act, trying)
        if kind == "message":
            name = str(act.get("message", ""))
            self.run.message(name, self.now, trying)
            return Act("message", self.now, who=str(act.get("who") or "system"), message=name)
        if kind == "time":
            self.run.wake(self.now, trying)
            return Act("time", self.now)
        raise CannotGo("这一步不是办理、消息，也不是等待。")

    def answering(self, run: Run, element: str, act: Mapping[str, Any], trying: Trying) -> Act:
        task = self.meant(run.waiting, element, act)
        if task is None:
            raise CannotGo(f"走到这里，“{element}”没有等人办理。流程图可能改过，请退一步再走。")
        usual = next(iter(self.choices.answers(*self.drawn(element))), {})
        answers = {**said(usual, self.now), **dict(act.get("answers") or {})}
        which = which_of(run.waiting, task)
        run.answer(task.token, answers, self.now, trying)
        return Act(
            "answer", self.now, element, str(task.role or ""), answers,
            turns=task.turns, which=which,
        )  # fmt: skip

    def meant(
        self, waiting: Sequence[WaitingTask], element: str, act: Mapping[str, Any]
    ) -> WaitingTask | None:
        """The task that an act names; of alike ones the oldest where it does not say which."""
        turns = tuple(map(int, act.get("turns") or ())) or None
        try:
            return find_task(waiting, element, turns, int(act.get("which") or 0))
        except NotTold as vague:
            if turns is None and not act.get("which"):
                return next(one for one in waiting if one.element == element)
            raise CannotGo(vague.story) from None

    def note(self, act: Act, trying: Trying) -> None:
        assert self.run is not None
        step = self.run.step
        assert step is not None  # it has just acted
        self.status = step.status or self.status
        self.tried.ended_at = step.ended_at[-1] if step.ended_at else self.tried.ended_at
        taken = [h.element for h in step.happened if h.kind == "flow"]
        flows = [path for path in taken if "/" not in path]
        self.acts.append(
            Act(**{**act.__dict__, "calls": tuple(trying.calls), "flows": frozenset(flows)})
        )
        self.tried.moved.append(
            Moved(
                kind=act.kind,
                element=act.element,
                name=self.named(act.element),
                form=(self.drawn(act.element)[1].form or "") if act.element else "",
                answers=act.answers,
                message=act.message,
                calls=[
                    (operator, outcome, sorted({outcome, *others}))
                    for (operator, outcome), others in zip(trying.calls, trying.others, strict=True)
                ],
                flows=flows,
                tokens=sorted({path.split("/")[0] for path in self.standing(self.run)}),
                inside=self.inside({"tokens": self.standing(self.run), "flows": taken}),
                now=self.now.isoformat(),
                status=self.status,
            )
        )

    def inside(self, paths: Mapping[str, Iterable[str]]) -> dict[str, dict[str, list[str]]]:
        """What of these paths lies in called diagrams: by process, then by kind, the ids there."""
        found: dict[str, dict[str, list[str]]] = {}
        for kind, some in paths.items():
            for path in sorted(set(some)):
                *calls, last = path.split("/")
                process = self.called_through(calls)
                if process != self.executable.diagram.process:
                    found.setdefault(process, {one: [] for one in paths})[kind].append(last)
        return found

    def called_through(self, calls: Sequence[str]) -> str:
        """The process that a way of calls and sub-processes leads into."""
        diagram = self.executable.diagram
        for call in calls:
            process = diagram.elements[call].called
            diagram = self.executable.called[process] if process else diagram
        return diagram.process

    def standing(self, run: Run) -> Iterator[str]:
        yield from (task.element for task in run.waiting)
        for path in run.expecting:
            if self.drawn(path)[1].kind in STANDING:
                yield path

    def look_around(self) -> None:
        """What can be done next."""
        if self.run is None:
            return
        self.tried.finished = self.run.is_finished
        self.tried.scenario = self.scenario()
        if self.tried.finished:
            return
        self.tried.waiting = [self.open(task) for task in self.run.waiting]
        self.tried.messages = list(self.run.messages)
        self.tried.wake_at = self.run.wake_at.isoformat() if self.run.wake_at else None
        if not (self.tried.waiting or self.tried.messages or self.tried.wake_at):
            self.tried.problem = "走到这里，没有人能办理，也没有定时器和消息，案件会永远停在这里。"

    def open(self, task: Any) -> Open:
        diagram, element = self.drawn(task.element)
        usual = said(next(iter(self.choices.answers(diagram, element)), {}), self.now)
        known = self.choices.forms.get(task.form or "", {})
        deciding = {name: list(values) for name, values in known.items() if values}
        names = [*deciding, *(name for name in usual if name not in deciding)]
        questions = [
            Question(name, deciding.get(name), usual.get(name, (deciding.get(name) or [""])[0]))
            for name in names
        ]
        return Open(
            element=task.element,
            shape=task.element.split("/")[0],
            name=task.name,
            role=str(task.role or ""),
            form=task.form or "",
            questions=questions,
        )

    def scenario(self) -> str:
        ended = self.tried.ended_at if self.tried.finished else None
        name = self.named(ended) if ended else ""
        title = f"试走：结束于「{name or ended}」" if ended else "试走"
        waiting = tuple(task.element for task in self.run.waiting) if self.run else ()
        way = Path(title, self.tried.facts, tuple(self.acts), ended, waiting=waiting)
        return scenario_text(way)

    def named(self, path: str) -> str:
        return (self.drawn(path)[1].name or path) if path else ""

    def drawn(self, path: str) -> tuple[Diagram, Element]:
        """The diagram and element that a path leads to. Raises CannotGo."""
        try:
            return self.executable.drawn_at(path)
        except KeyError:
            raise CannotGo(f"图里没有“{path}”。流程图可能改过，请退一步再走。") from None


class Wished(Trying):
    """Answers each call as wished where that is possible now, else with the first outcome."""

    def __init__(self, wishes: Sequence[tuple[str, ...]], claim: Claim) -> None:
        super().__init__((), claim)
        self.wishes = wishes

    def call(self, operator: str, parameters: dict[str, Any], at: str) -> str:
        """Answer a call as the engine makes it."""
        place = len(self.calls)
        wish = self.wishes[place] if place < len(self.wishes) else ()
        possible = self.claim.outcomes(operator)
        wanted = wish[1] if len(wish) == 2 and wish[0] == operator else ""
        chosen = wanted if wanted in possible else possible[0]
        self.beginning = (*(outcome for _, outcome in self.calls), chosen)
        return super().call(operator, parameters, at)
