"""Judges what was found: standstills, broken steps, forgotten claims, dead flows, ways without end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from processes.coverage import Coverage
from processes.diagram import Diagram, Element, Flow
from processes.engine import EndlessLoop
from processes.explore.results import Act, Fault, Path, State
from processes.findings import Finding, Severity, in_order

MOST_OF_A_KIND = 20


class Judge:
    """Collects faults while the walker walks; each kind once per place, with the first path."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.states: list[State] = []
        self.still: list[State] = []
        self.broken: dict[tuple[str, str], tuple[Any, State | None, Act, Exception]] = {}
        self.gaps: list[str] = []

    def left_out(self, story: str) -> None:
        """Something could not be explored."""
        self.gaps.append(story)

    def stands_still(self, state: State) -> None:
        """Nobody and nothing can move this state."""
        self.still.append(state)

    def breaks(
        self,
        facts: Mapping[str, Mapping[str, Any]],
        state: State | None,
        act: Act,
        error: Exception,
    ) -> None:
        """A step that the engine gave up."""
        place = getattr(error, "path", "") or act.element
        self.broken.setdefault((type(error).__name__, place), (facts, state, act, error))

    def verdict(self, states: list[State], coverage: Coverage) -> tuple[tuple[Fault, ...], bool]:
        """All faults, and whether everything was explored."""
        self.states = states
        faults = [
            *self._gaps(),
            *self._standstills(),
            *self._broken(),
            *self._forgotten_claims(),
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
            rule = "endless_loop" if isinstance(error, EndlessLoop) else "broken_step"
            before = self._acts_to(state) if state else ()
            yield Fault(
                self._finding(
                    rule,
                    self.diagram.elements.get(place.split("/")[0]),
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

    def _dead(self, coverage: Coverage) -> Iterable[Fault]:
        for key in coverage.missing[:MOST_OF_A_KIND]:
            if key.process != self.diagram.process:
                continue
            flow = coverage.flows[key]
            yield Fault(
                self._finding(
                    "dead_flow",
                    flow,
                    "无论怎样办理，都不会走这条连线。",
                    "请检查它前面的条件，或删掉它。",
                    "warning",
                )
            )

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
        return Path(title, state.facts, self._acts_to(state), state.ended_at)

    def _acts_to(self, state: State) -> tuple[Act, ...]:
        acts: list[Act] = []
        current: State | None = state
        while current is not None:
            acts.append(current.came_by)
            current = self.states[current.came_from] if current.came_from is not None else None
        return tuple(reversed(acts))
