"""What is assumed: how many arrive, who works when, how long people take, what they decide."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from processes.durations import IsoError, parse_duration
from processes.roles import Role

BEIJING = ZoneInfo("Asia/Shanghai")
STAFF = (Role.REVIEWER, Role.OFFICE, Role.ADMIN)
MOST_DAYS, MOST_ARRIVALS, MOST_STAFF = 366, 5000, 500


class PlanError(ValueError):
    """An assumption that cannot be read; `story` is Chinese."""

    def __init__(self, story: str) -> None:
        self.story = story
        super().__init__(story)


@dataclass(frozen=True)
class Hours:
    """When the school works: Monday to Friday between two times of day in Shanghai."""

    begin: time = time(8, 30)
    end: time = time(17, 0)

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself during hours, else when the school opens next."""
        local = moment.astimezone(BEIJING)
        while local.weekday() > 4 or local.time() >= self.end:
            local = datetime.combine(local.date() + timedelta(days=1), self.begin, BEIJING)
        if local.time() < self.begin:
            local = datetime.combine(local.date(), self.begin, BEIJING)
        return local

    def after(self, moment: datetime, work: timedelta) -> datetime:
        """When work that takes so long is done, begun at a moment and carried over closing times."""
        now = self.next_open(moment)
        while True:
            closing = datetime.combine(now.date(), self.end, BEIJING)
            if now + work <= closing:
                return now + work
            work -= closing - now
            now = self.next_open(closing)

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """How much of a span lies within hours."""
        total, now = timedelta(), self.next_open(begin)
        while now < end:
            closing = datetime.combine(now.astimezone(BEIJING).date(), self.end, BEIJING)
            total += max(timedelta(), min(closing, end) - now)
            now = self.next_open(closing)
        return total


@dataclass(frozen=True)
class Plan:
    """The assumptions of a simulation.

    `arrivals` is the mean number of cases a day, `days` how long they arrive. `staff` counts the
    people of each school role, `minutes` the mean minutes they work on one task, `reply` the mean
    time that anybody else takes. `weights` says how often answers and outcomes are chosen:
    {"Answer.outcome": {"accept": 9, "refuse": 1}} or {"acquire_claim": {"taken": 0.1, "ok": 0.9}};
    without one every answer is as likely, and an operator has its first outcome. `facts` fixes what
    is known at the start ({"school.review_levels": "both"}); the others vary evenly.
    """

    arrivals: float = 40
    days: int = 30
    staff: Mapping[Role, int] = field(default_factory=lambda: dict.fromkeys(STAFF, 1))
    minutes: Mapping[Role, float] = field(default_factory=lambda: dict.fromkeys(STAFF, 6.0))
    reply: Mapping[Role, timedelta] = field(default_factory=dict)
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    hours: Hours = Hours()
    seed: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < self.arrivals <= MOST_ARRIVALS:
            raise PlanError(f"每天发起的件数要大于 0，不超过 {MOST_ARRIVALS}。")
        if not 0 < self.days <= MOST_DAYS:
            raise PlanError(f"天数要在 1 到 {MOST_DAYS} 之间。")
        if any(not 0 < number <= MOST_STAFF for number in self.staff.values()):
            raise PlanError(f"每种角色的人数要在 1 到 {MOST_STAFF} 之间。")
        if any(minutes <= 0 for minutes in self.minutes.values()):
            raise PlanError("每件用的分钟数要大于 0。")
        if self.hours.begin >= self.hours.end:
            raise PlanError("上班时间要早于下班时间。")

    def reply_of(self, role: Role | None) -> timedelta:
        return self.reply.get(role, timedelta(days=1)) if role else timedelta(days=1)


def read_plan(
    *,
    arrivals: float,
    days: int,
    staff: tuple[str, ...] = (),
    minutes: tuple[str, ...] = (),
    reply: tuple[str, ...] = (),
    weights: tuple[str, ...] = (),
    hours: str = "8:30-17:00",
    seed: int = 1,
    facts: tuple[str, ...] = (),
) -> Plan:
    """A plan as it is typed: `reviewer=2`, `reviewer=6.5`, `graduate=P2D`,
    `Answer.outcome=accept:9,refuse:1`, `8:30-17:00`, `school.review_levels=both`. Raises PlanError.
    """
    people = dict.fromkeys(STAFF, 1) | {_role(k): _whole(v) for k, v in _pairs(staff)}
    return Plan(
        arrivals,
        days,
        people,
        dict.fromkeys(people, 6.0) | {_role(k): _number(v) for k, v in _pairs(minutes)},
        {_role(key): _duration(value) for key, value in _pairs(reply)},
        {key: _shares(value) for key, value in _pairs(weights)},
        _hours(hours),
        seed,
        {key: _fact(value) for key, value in _pairs(facts)},
    )


def _pairs(typed: tuple[str, ...]) -> list[tuple[str, str]]:
    found = []
    for one in typed:
        key, sign, value = one.partition("=")
        if not sign:
            raise PlanError(f"“{one}”要写成 名称=值。")
        found.append((key.strip(), value.strip()))
    return found


def _role(word: str) -> Role:
    for role in Role:
        if word in (role.value, role.label):
            return role
    raise PlanError(f"没有角色“{word}”。可写：{'、'.join(role.value for role in Role)}。")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise PlanError(f"“{text}”不是数。") from None


def _whole(text: str) -> int:
    if not text.isdigit():
        raise PlanError(f"“{text}”不是整数。")
    return int(text)


def _duration(text: str) -> timedelta:
    beginning = datetime(2027, 3, 1, tzinfo=BEIJING)
    try:
        return parse_duration(text).after(beginning) - beginning
    except IsoError as error:
        raise PlanError(f"{error.message}。") from None


def _shares(text: str) -> dict[str, float]:
    shares = {}
    for part in text.split(","):
        value, sign, share = part.partition(":")
        if not sign or _number(share) < 0:
            raise PlanError(f"“{part}”要写成 值:份数。")
        shares[value.strip()] = _number(share)
    if not sum(shares.values()):
        raise PlanError(f"“{text}”的份数不能都是 0。")
    return shares


def _fact(text: str) -> Any:
    """A number, true or false as such; anything else is a word."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _hours(text: str) -> Hours:
    try:
        begin, end = (datetime.strptime(part.strip(), "%H:%M").time() for part in text.split("-"))
    except ValueError:
        raise PlanError(f"“{text}”要写成 8:30-17:00。") from None
    return Hours(begin, end)
