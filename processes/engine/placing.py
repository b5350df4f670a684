"""Puts the tokens of a running case onto another release, or refuses it with a reason.

What waits goes on waiting: tokens keep their numbers, deadlines their moments. Steps may have been
renamed (`mapping`, from path to path). Nothing is guessed: where the new diagram has no place for
a token, or would read a value that the case never gets, the case stays where it is.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from processes.diagram import Diagram
from processes.elements import Element
from processes.engine.alike import same_event, same_kind, same_loop
from processes.engine.compile import Executable
from processes.engine.context import Context, Scope, path_of
from processes.engine.errors import EngineError
from processes.engine.events import Boundary, Catching, Race, Split, Watch
from processes.engine.inclusive import Inclusive
from processes.engine.nodes import Node
from processes.engine.renaming import renamed_path, renamed_variables
from processes.engine.repeats import Repeat, Turn
from processes.engine.specs import Call, Parallel
from processes.engine.state import dump_state, load_state
from processes.engine.tokens import ROOT, CalledWorkflow, CaseWorkflow, Token
from processes.engine.unread import find_unmade

Level = CaseWorkflow | CalledWorkflow


class CannotPlace(EngineError):
    """The case cannot go on in the new release; `element` is the path at which it stands."""


@dataclass(frozen=True)
class Placed:
    """A case as the new release carries it on: tokens as text, and its variables."""

    state: str
    variables: dict[str, Any]


def place(
    old: Executable,
    new: Executable,
    state: str,
    *,
    variables: dict[str, Any],
    facts: Mapping[str, Any],
    now: datetime,
    mapping: Mapping[str, str] | None = None,
) -> Placed:
    """The case of `old` with this state, on `new`.

    `mapping` has the new path for each renamed step ("Review" to "Check", "Call/Review" to
    "Call/Check"). Timers that only the new release has begin to run `now`; the others keep their
    moments. Raises CannotPlace with the reason, StateUnreadable for a state that is not of `old`.
    """
    before = load_state(state, old, Context(variables, facts))
    mapping = dict(mapping or {})
    context = Context(renamed_variables(variables, mapping), facts)
    context.begin(now, None)
    after = CaseWorkflow(new, context)
    after.last_id = before.last_id
    after.completed = before.completed
    if not before.completed:
        _Placing(old, new, before, after, mapping).carry_out()
        _require_values(new, after, context)
    return Placed(dump_state(after), context.variables)


class _Placing:
    """Holds both workflows while tokens go from one to the other."""

    def __init__(
        self,
        old: Executable,
        new: Executable,
        before: CaseWorkflow,
        after: CaseWorkflow,
        mapping: Mapping[str, str],
    ) -> None:
        self.old, self.new = old, new
        self.before, self.after = before, after
        self.mapping = mapping
        self.taken = {id for part in before.workflows() for id in part.tasks}
        self.origins: dict[tuple[str, str], str] = {}

    def carry_out(self) -> None:
        self._fill(self.before, self.after)
        for holder, inner in self.before.subprocesses.items():
            (token,) = (t for t in self.after.all_tokens() if t.id == holder)
            self._fill(inner, self.after.open_inner(token))
        for level in self.after.workflows():
            self._begin_new_events(level)

    # -- one level ---------------------------------------------------------------------------

    def _fill(self, source: Level, target: Level) -> None:
        made: dict[str, Token] = {ROOT: target.task_tree}
        for token in source.tasks.values():
            if token.id == ROOT:
                continue
            spec = self._spec_for(token, target)
            if spec is None:  # a border event or a split that the new release no longer has
                made[token.id] = target.task_tree
                continue
            above = self._above(token, spec, made[token._parent], target)
            placed = Token(target, spec, above, token._state, token.id)
            placed.internal_data = dict(token.internal_data)
            made[token.id] = placed
            if isinstance(spec, Call):
                self._complete_parameters(placed)

    def _above(self, token: Token, spec: Node, above: Token, target: Level) -> Token:
        """The token this one hangs from: its activity may have border events now, or none."""
        split = target.spec.task_specs.get(f"{spec.name}.BoundaryEventSplit")
        if split is None or isinstance(spec, Split) or above.task_spec is split:
            return above
        return Token(target, split, target.task_tree, TaskState.COMPLETED, self._free_id(token))

    def _free_id(self, token: Token) -> str:
        """A number below the token's, since what holds it must have come before it."""
        for number in range(int(token.id) - 1, 0, -1):
            if str(number) not in self.taken:
                self.taken.add(str(number))
                return str(number)
        raise self._refuse(token, "前面没有空出来的位置，不能加上新的边界事件")

    def _spec_for(self, token: Token, target: Level) -> Node | None:
        """The node that carries this token on; None where it can be left out."""
        spec: Node = token.task_spec
        name = self._renamed(token.workflow.scope, spec.element)
        name += spec.name.removeprefix(spec.element.id)
        found: Node | None = target.spec.task_specs.get(name)
        if isinstance(spec, Split | Boundary):
            return found if found is not None and same_event(spec, found) else None
        if found is None:
            if _is_racing(token):
                return None
            raise self._refuse(token, self._why_gone(name, target))
        self._require_alike(token, found)
        self._require_alone(token, found, target)
        return found

    def _require_alone(self, token: Token, found: Node, target: Level) -> None:
        """Two steps that became one would hold two tokens where the new release knows one."""
        level = target.parent_token.id if isinstance(target, CalledWorkflow) else ROOT
        first = self.origins.setdefault((level, found.name), token.task_spec.name)
        if first != token.task_spec.name:
            raise self._refuse(token, f"和另一个正在等待的步骤都改成了“{_name(found.element)}”")

    def _why_gone(self, name: str, target: Level) -> str:
        diagram = _diagram_of(self.new, target)
        if name in diagram.elements:
            return "在新版里移进或移出了子流程"
        return "在新版里没有了，也没有说明改叫什么"

    def _require_alike(self, token: Token, found: Node) -> None:
        """Both nodes wait in the same way for the same thing."""
        spec: Node = token.task_spec
        if not same_kind(spec, found):
            raise self._refuse(token, f"在新版里变成了另一种步骤“{_name(found.element)}”")
        if isinstance(spec, Parallel) and set(spec.arriving) != set(found.arriving):
            raise self._refuse(token, "已有分支到了这里，其余分支还没有到，而新版里汇合的分支不同")
        if isinstance(spec, Inclusive) and set(spec.reachers) != set(found.reachers):
            raise self._refuse(token, "已有分支到了这里，其余分支还没有到，而新版里汇合的分支不同")
        if isinstance(spec, Repeat | Turn) and not same_loop(spec.element.loop, found.element.loop):
            raise self._refuse(token, "正在逐次办理，而新版里的次数或条件不同")
        if isinstance(spec, Catching) and not same_event(spec, found):
            raise self._refuse(token, "在新版里等待的是另一种事件")

    def _complete_parameters(self, token: Token) -> None:
        """What the new release passes to the called diagram beside what was passed at the start."""
        spec, scope = token.task_spec, token.workflow.scope
        context: Context = self.after.context
        steps = context.lookup(scope).get(spec.element.id, {})
        given = dict(steps.get("parameters", {}))
        fresh = {name: text for name, text in spec.parameters.items() if name not in given}
        if fresh:
            evaluate = token.workflow.script_engine.evaluate
            try:
                given |= {name: evaluate(token, text) for name, text in fresh.items()}
            except EngineError as error:
                raise CannotPlace(error.message, error.element) from error
            context.keep((*scope, spec.element.id), "parameters", given)

    # -- what only the new release has ---------------------------------------------------------

    def _begin_new_events(self, level: Level) -> None:
        """Let new events wait: at borders, in races, and for the level as a whole."""
        for holder in list(level.tasks.values()):
            if not isinstance(holder.task_spec, Split | Race) or holder.unfinished:
                continue
            old = self._same_holder(level, holder)
            for way in holder.task_spec.ways:
                if isinstance(way.target, Catching) and not self._awaited(old, way.target, level):
                    _await(way.target, holder)
        waiting = {token.task_spec for token in level.live_tokens()}
        for watch in level.spec.watches:
            if watch not in waiting and not self._was_watched(level, watch):
                _await(watch, level.task_tree)

    def _same_holder(self, level: Level, holder: Token) -> Node | None:
        """The border or race as the old release had it, where it had one."""
        token = self._source_of(level).tasks.get(holder.id)
        return None if token is None else token.task_spec

    def _awaited(self, old: Node | None, event: Catching, level: Level) -> bool:
        """Whether the old border or race had this event too: it still waits, or has come already."""
        scope = self._source_of(level).scope
        for way in old.ways if old is not None else ():
            name = self._renamed(scope, way.target.element)
            if name == event.element.id and same_event(way.target, event):
                return True
        return False

    def _renamed(self, scope: Scope, element: Element) -> str:
        """The id under which the new release has this element of the old one."""
        return renamed_path(path_of(scope, element.id), self.mapping).rpartition("/")[2]

    def _was_watched(self, level: Level, watch: Watch) -> bool:
        """Whether the old level watched for this too: then it has come already."""
        return watch.name in {one.name for one in self._source_of(level).spec.watches}

    def _source_of(self, level: Level) -> Level:
        if isinstance(level, CalledWorkflow):
            return self.before.subprocesses[level.parent_token.id]
        return self.before

    def _refuse(self, token: Token, why: str) -> CannotPlace:
        element: Element = token.task_spec.element
        path = path_of(token.workflow.scope, element.id)
        return CannotPlace(f"“{_name(element)}”{why}", path)


def _await(event: Catching, holder: Token) -> None:
    """Let an event wait from now on; its moment may depend on a value that is missing."""
    try:
        event._update(holder._add_child(event))
    except EngineError as error:
        raise CannotPlace(error.message, error.element) from error


def _require_values(new: Executable, after: CaseWorkflow, context: Context) -> None:
    """Refuse a case that would come to a condition whose value nobody ever gave."""
    for level in after.workflows():
        if level is not after and not isinstance(level.parent_token.task_spec, Call):
            continue
        parts = _parts_of(after, level)
        places = [t.task_spec.element.id for part in parts for t in part.live_tokens()]
        known = ChainMap(*(dict(context.lookup(part.scope)) for part in parts))
        unmade = find_unmade(_diagram_of(new, level), places, known)
        if unmade is not None:
            raise CannotPlace(
                f"之后的“{unmade.reader}”要看“{unmade.maker}”的 {unmade.name}，"
                "这件事项没有办过这一步，往下走时也不会再办",
                path_of(level.scope, places[0] if places else ""),
            )


def _parts_of(after: CaseWorkflow, level: Level) -> list[Level]:
    """The level of a diagram with the embedded sub-processes and turns that are open inside it."""
    return [part for part in after.workflows() if _drawn_in(part) is level]


def _drawn_in(part: Level) -> Level:
    while isinstance(part, CalledWorkflow) and not isinstance(part.parent_token.task_spec, Call):
        part = part.parent_workflow
    return part


def _diagram_of(executable: Executable, level: Level) -> Diagram:
    process = level.spec.name.partition(":")[0]
    return executable.called.get(process, executable.diagram)


def _is_racing(token: Token) -> bool:
    return token.parent is not None and isinstance(token.parent.task_spec, Race)


def _name(element: Element) -> str:
    return element.name or element.id
