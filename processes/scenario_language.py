"""The language of scenarios: what a TOML file beside a diagram may say.

    starts = "2027-03-01T09:00:00+08:00"          # the clock of every scenario of the file
    facts.school.review_levels = "both"           # what `case` and `school` say

    [[scenario]]
    title = "毕业生没有回应，邀请失效"
    ends_at = "Invitation_lapsed"                 # element path of the end event
    operators = { acquire_claim = ["taken", "ok"] }   # scripted outcomes, the last one repeats
    expect_operators = ["check_eligibility ok", { operator = "notify", to = "graduate" }]

    [[scenario.step]]
    who = "employer"
    task = "Fill_invitation"                      # element path, `Call/Task` inside a call
    answers = { outcome = "send" }

    [[scenario.step]]
    after = "P5D"                                 # or at = "2027-03-06"; or message = "withdraw"
    expect_waiting = ["Answer_invitation"]
    expect_status = "waiting_answer"

Where the same step waits several times, `turn = 2` names the turn of a multi-instance (`[2, 1]` where
turns lie inside each other, the outermost first), and `which = 2` the second oldest of those that are
alike even so. Leaving out what is needed to tell them apart is an error.

A task or message step may also carry `after` or `at`: the clock moves first, but the timers were
not woken, as when somebody acts a second after the deadline. `refused = true` says that the act
must be refused. A wrong word is an error with file, scenario and step, never ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from processes.durations import Duration
from processes.roles import Role


class ScenarioError(Exception):
    """A scenario file says something that cannot be played; `story` is Chinese."""

    def __init__(self, source: str, title: str, step: int | None, fault: str) -> None:
        self.source, self.title, self.step, self.fault = source, title, step, fault
        where = [source or "场景文件"]
        if title:
            where.append(f"场景「{title}」")
        if step is not None:
            where.append(f"第 {step} 步")
        self.story = " · ".join(where) + f"：{fault}"
        super().__init__(self.story)


@dataclass(frozen=True)
class ExpectedCall:
    """An operator call that a scenario expects; None for the outcome accepts any."""

    operator: str
    outcome: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ScenarioStep:
    """What somebody does, or time that passes, and what must be true afterwards."""

    number: int
    who: Role | None = None
    task: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    message: str | None = None
    after: Duration | None = None
    at: datetime | None = None
    refused: bool = False
    expect_waiting: tuple[str, ...] | None = None
    expect_status: str | None = None
    turn: tuple[int, ...] | None = None
    which: int = 0

    @property
    def title(self) -> str:
        """Name the step in Chinese, for reports."""
        who = f"{self.who.label} " if self.who else ""
        if self.task:
            turn = f" 第 {'.'.join(map(str, self.turn))} 份" if self.turn else ""
            return f"{who}办理 {self.task}{turn}" + ("（应被拒绝）" if self.refused else "")
        if self.message:
            return f"{who}发出消息 {self.message}" + ("（应被拒绝）" if self.refused else "")
        return "时间过去" if self.after or self.at else "查看"


@dataclass(frozen=True)
class Scenario:
    """An expected path through a diagram."""

    source: str
    title: str
    starts: datetime
    facts: Mapping[str, Mapping[str, Any]]
    operators: Mapping[str, tuple[str, ...]]
    steps: tuple[ScenarioStep, ...]
    ends_at: str | None = None
    expect_operators: tuple[ExpectedCall, ...] | None = None
