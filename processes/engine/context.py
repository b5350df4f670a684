"""What surrounds the tokens during one step: moment, variables, operators, and what happened."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from processes.elements import Element, Flow
from processes.engine.errors import EndlessLoop, EngineError
from processes.engine.step import NOTHING, Happening, HappeningKind, OperatorResult, Operators

MOVES_PER_STEP = 5000

Scope = tuple[str, ...]
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Context:
    """The data side of a run. Tokens never hold data; they reach it through here."""

    def __init__(self, variables: dict[str, Any], facts: Mapping[str, Any]) -> None:
        self.variables = variables
        self.facts = dict(facts)
        self.now, self.now_text = BEGINNING, ""
        self.operators: Operators | None = None
        self.happened: list[Happening] = []
        self.status: str | None = None
        self.ended_at: list[str] = []
        self.moves = 0

    def begin(self, now: datetime, operators: Operators | None) -> None:
        """A step starts; the moment must be aware."""
        if now.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        self.now = now.astimezone(UTC)
        self.now_text = moment_text(self.now)
        self.operators = operators
        self.happened, self.ended_at, self.status, self.moves = [], [], None, 0

    def keep(self, scope: Scope, name: str, value: Any) -> None:
        """Store what a step leaves.

        The dictionaries on the way are copied, never changed: the caller's own stay as they were
        stored, so a run that is thrown away leaves no trace and the database sees the difference.
        """
        steps = self.variables = dict(self.variables)
        for call in scope:
            steps[call] = dict(steps.get(call, {}))
            steps = steps[call]
        steps[name] = value

    def lookup(self, scope: Scope) -> Mapping[str, Any]:
        """What expressions of a scope may read: its own steps first, then the facts.

        A turn of an activity also reads what its surroundings know.
        """
        steps = self.variables
        if scope and "]" in scope[-1]:
            return self._lookup_in_turn(scope)
        for call in scope:
            steps = steps.get(call, {})
        return ChainMap(steps, self.facts)

    def _lookup_in_turn(self, scope: Scope) -> Mapping[str, Any]:
        steps = self.variables
        around: list[dict[str, Any]] = []
        for call in scope:
            around = [steps, *around] if is_turn(call) else []
            steps = steps.get(call, {})
        return ChainMap(steps, *around, self.facts)

    def lift(self, scope: Scope, name: str) -> None:
        """Let what a turn left stand beside the turns too."""
        *outer, turn = scope
        steps = self._steps(tuple(outer)).get(turn, {})
        if name in steps:
            self.keep(tuple(outer), name, steps[name])

    def forget_turns(self, scope: Scope, name: str) -> None:
        """Empty the scopes of the turns that an activity had before."""
        for call in list(self._steps(scope)):
            if is_turn(call) and call.rpartition("[")[0] == name:
                self.keep(scope, call, {})

    def _steps(self, scope: Scope) -> Mapping[str, Any]:
        steps = self.variables
        for call in scope:
            steps = steps.get(call, {})
        return steps

    def count_move(self, scope: Scope, element: str) -> None:
        """Stop a process that goes round without anybody deciding."""
        self.moves += 1
        if self.moves > MOVES_PER_STEP:
            path = path_of(scope, element)
            raise EndlessLoop(f"流程在 {path} 处循环不止，没有停下来等人处理", path)

    def call(self, scope: Scope, element: Element, parameters: dict[str, Any]) -> None:
        """Ask the application to carry out the element's operator and keep its outcome.

        It is told the path with the turns in it, so that it can tell one turn from another.
        """
        path = path_of(scope, element.id)
        if element.operator is None or self.operators is None:
            raise EngineError(f"{path} 没有可以执行的操作", path)
        at = "/".join((*scope, element.id)) if scope else element.id
        answer = self.operators.call(element.operator.id, parameters, at)
        result = OperatorResult(answer) if isinstance(answer, str) else answer
        if not isinstance(result, OperatorResult):
            raise EngineError(f"操作 {element.operator.id} 没有给出结果", path)
        self.keep(scope, element.id, {**result.values, "outcome": result.outcome})
        detail = {"operator": element.operator.id, "outcome": result.outcome}
        self.note("called", scope, element, detail)

    def note(
        self,
        kind: HappeningKind,
        scope: Scope,
        what: Element | Flow,
        detail: Mapping[str, Any] = NOTHING,
    ) -> None:
        """Remember that something happened, in order."""
        path = path_of(scope, what.id) if scope else what.id
        self.happened.append(Happening(kind, path, what.name, detail))

    def end(self, scope: Scope, element: Element) -> None:
        """An end event was reached; in a called diagram it decides the call's outcome."""
        self.ended_at.append(path_of(scope, element.id))
        self.status = element.properties.get("status") or self.status
        outcome = element.properties.get("outcome")
        if scope and outcome and not is_turn(scope[-1]):
            self.keep(scope, "outcome", outcome)
        self.note("ended", scope, element, {"outcome": outcome} if outcome else {})


def moment_text(moment: datetime) -> str:
    """UTC text of one fixed width, so that texts compare as moments do."""
    return moment.isoformat(timespec="microseconds")


def path_of(scope: Scope, element: str) -> str:
    """The path of an element: the calls around it and its own id; turns are left out."""
    if not scope:
        return element
    path = "/".join((*scope, element))
    if "]/" in path:
        return "/".join((*(call for call in scope if not is_turn(call)), element))
    return path


def is_turn(call: str) -> bool:
    """Whether a part of a scope is a turn of an activity, such as `Review[2]`."""
    return call[-1] == "]"


def turns_in(scope: Scope) -> tuple[int, ...]:
    """The numbers of the turns in a scope, the outermost first."""
    return tuple(int(call[call.index("[") + 1 : -1]) for call in scope if is_turn(call))
