"""Judges what was found: standstills, broken steps, forgotten claims, dead flows, ways without end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from processes.coverage import Coverage
from processes.diagram import Diagram, Element, Flow
from processes.engine import Deadlock, EndlessLoop, Run
from processes.explore.dead import find_dead
from processes.explore.results import Act, Fault, Path, State
from processes.findings import Finding, Severity, in_order
from processes.roles import Role

MOST_OF_A_KIND = 20
_RULES = {EndlessLoop: "endless_loop", Deadlock: "deadlock"}


class Judge:
    """Collects faults while the walker walks; each kind once per place, with the first path."""

    def __init__(self, diagram: Diagram, called: Mapping[str, Diagram]) -> None:
        self.diagram, self.called = diagram, called
        self.states: list[State] = []
        self.still: list[State] = []
        self.broken: dict[tuple[str, str], tuple[Any, State | None, Act, Exception]] = {}
        self.gaps: list[str] = []
        self.waiting: dict[int, tuple[str, ...]] = {}
        self.doubled: dict[str, State] = {}
        self.unattended: dict[str, State] = {}

    def left_out(self, story: str) -> None:
        """Something could not be explored."""
        self.gaps.append(story)

    def stands_still(self, state: State) -> None:
        """Nobody and nothing can move this state."""
        self.still.append(state)

    def waits(self, state: State, run: Run) -> None:
        """What a state waits for: a task twice, or nothing that anybody could do."""
        tasks = run.waiting
        self.waiting[state.number] = tuple(sorted(task.element for task in tasks))
        for path, count in Counter(task.element for task in tasks).items():
            if count > 1 and not self._repeats(path):
                self.doubled.setdefault(path, state)
        attended = any(task.role not in (None, Role.SYSTEM) for task in tasks)
        if tasks and not (attended or run.messages or run.wake_at):
            self.unattended.setdefault(tasks[0].element, state)

    def breaks(
        self,
        facts: Mapping[str, Mapping[str, Any]],
        state: State | None,
        act: Act,
        error: Exception,
    ) -> None:
        """A step that the engine gave up."""
        place = getattr(error, "element", "") or getattr(error, "path", "") or act.element
        self.broken.setdefault((type(error).__name__, place), (facts, state, act, error))

    def verdict(self, states: list[State], coverage: Coverage) -> tuple[tuple[Fault, ...], bool]:
        """All faults, and whether everything was explored."""
        self.states = states
        faults = [
            *self._gaps(),
            *self._standstills(),
            *self._broken(),
            *self._forgotten_claims(),
            *self._unattended(),
            *self._doubled(),
            *self._unlabelled(),
        ]
        if not self.gaps:
            faults += [*self._endless(), *self._dead(coverage)]
        order = {finding: n for n, finding in enumerate(in_order(f.finding for f in faults))}
        return tuple(sorted(faults, key=lambda f: order[f.finding])), not self.gaps

    def _gaps(self) -> Iterable[Fault]:
        for story in dict.fromkeys(self.gaps):
            yield Fault(
                self._finding(
                    "not_explored", None, story, "请补充场景里的示例值，或简化流程后再检查。"
                )
            )

    def _standstills(self) -> Iterable[Fault]:
        for state in self.still[:1]:
            yield Fault(
                self._finding(
                    "standstill",
                    None,
                    "走到一个状态后，没有人能办理，也没有定时器和消息，案件会永远停在那里。",
                    "请看路径的最后一步，给它一条出路。",
                ),
                self._path(state, "停住不动"),
            )

    def _broken(self) -> Iterable[Fault]:
        for (_, place), (facts, state, act, error) in list(self.broken.items())[:MOST_OF_A_KIND]:
            told = getattr(error, "story", None) or getattr(error, "message", None) or str(error)
            rule = next((r for kind, r in _RULES.items() if isinstance(error, kind)), "broken_step")
            before = self._acts_to(state) if state else ()
            yield Fault(
                self._finding(
                    rule,
                    self._drawn(place),
                    f"走到这里流程出错：{told}。",
                    "请看路径的最后一步。",
                ),
                Path("流程出错", facts, (*before, act)),
            )

    def _forgotten_claims(self) -> Iterable[Fault]:
        seen: set[str] = set()
        for state in self.states:
            if state.ended_at and state.claim.held and not state.claim.kept:
                if state.ended_at in seen:
                    continue
                seen.add(state.ended_at)
                yield Fault(
                    self._finding(
                        "claim_not_released",
                        self.diagram.elements.get(state.ended_at),
                        "在这里结束时，毕业生仍被占用，却没有生成协议，也没有登记去向。",
                        "请在结束前执行“释放签约名额”。",
                    ),
                    self._path(state, "占用没有释放"),
                )

    def _endless(self) -> Iterable[Fault]:
        """States from which no end can be reached, although something can always be done."""
        before: dict[int, list[int]] = {}
        for state in self.states:
            for _, number in state.following:
                before.setdefault(number, []).append(state.number)
        reaches = {state.number for state in self.states if state.is_end}
        waiting = list(reaches)
        while waiting:
            for number in before.get(waiting.pop(), ()):
                if number not in reaches:
                    reaches.add(number)
                    waiting.append(number)
        stopped = {state.number for state in self.still}
        lost = [s for s in self.states if s.number not in reaches and s.number not in stopped]
        if lost and not self.still and not self.broken:
            yield Fault(
                self._finding(
                    "no_way_to_end",
                    None,
                    "走到一个状态后，再怎么办理也到不了任何结束。",
                    "请看路径的最后一步，给它一条通向结束的路。",
                ),
                self._path(lost[0], "到不了结束"),
            )

    def _unattended(self) -> Iterable[Fault]:
        for path, state in list(self.unattended.items())[:MOST_OF_A_KIND]:
            yield Fault(
                self._finding(
                    "nobody_acts",
                    self._drawn(path),
                    f"走到这里，{path} 等人办理，却没有办理人，也没有定时器和消息，会一直等下去。",
                    "请把它放进办理人的泳道，或给它一个期限。",
                ),
                self._path(state, "没有人能办理"),
            )

    def _doubled(self) -> Iterable[Fault]:
        for path, state in list(self.doubled.items())[:MOST_OF_A_KIND]:
            yield Fault(
                self._finding(
                    "doubled_token",
                    self._drawn(path),
                    f"走到这里，{path} 同时等待办理两次。",
                    "并行的分支请先用并行网关汇合；本来就要办理几次，请改用多实例。",
                    "warning",
                ),
                self._path(state, "办理两次"),
            )

    def _unlabelled(self) -> Iterable[Fault]:
        seen: set[str] = set()
        for state in self.states:
            end = self.diagram.elements.get(state.ended_at or "")
            if end is None or end.id in seen or (end.name and state.status):
                continue
            seen.add(end.id)
            what = "名称" if state.status else "最后的状态（status）"
            yield Fault(
                self._finding(
                    "end_without_label",
                    end,
                    f"案件在这里结束，但结束事件没有{what}，看不出结果。",
                    f"请给结束事件写上{what}。",
                    "warning",
                ),
                self._path(state, "结果不明"),
            )

    def _dead(self, coverage: Coverage) -> Iterable[Fault]:
        for dead in find_dead(self.diagram, self.called, self.states, coverage):
            before = dead.before
            yield Fault(dead.finding, self._path(before, "走到它前面为止") if before else None)

    def _repeats(self, path: str) -> bool:
        """Whether a task, or something around it, is meant to be carried out several times."""
        drawn: Diagram | None = self.diagram
        for name in path.split("/"):
            element = drawn.elements.get(name.split("[")[0]) if drawn else None
            inner: Element | None = element
            while drawn and inner is not None:
                if inner.loop is not None:
                    return True
                inner = drawn.elements.get(inner.parent or "")
            drawn = self.called.get(element.called or "") if element else None
        return False

    def _drawn(self, path: str) -> Element | None:
        """The element of the own diagram that a path begins with."""
        return self.diagram.elements.get(path.split("/")[0].split("[")[0])

    def _finding(
        self,
        rule: str,
        owner: Element | Flow | None,
        message: str,
        way_out: str,
        severity: Severity = "error",
    ) -> Finding:
        if owner is None:
            return Finding(
                rule, severity, self.diagram.process, self.diagram.name, self.diagram.line,
                message, way_out,
            )  # fmt: skip
        return Finding(rule, severity, owner.id, owner.name, owner.line, message, way_out)

    def _path(self, state: State, title: str) -> Path:
        waiting = self.waiting.get(state.number, ())
        return Path(title, state.facts, self._acts_to(state), state.ended_at, waiting)

    def _acts_to(self, state: State) -> tuple[Act, ...]:
        acts: list[Act] = []
        current: State | None = state
        while current is not None:
            acts.append(current.came_by)
            current = self.states[current.came_from] if current.came_from is not None else None
        return tuple(reversed(acts))
