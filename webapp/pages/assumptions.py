"""The assumptions of a simulated term: as typed, else as observed, else usual ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from typing import Any

from processes.roles import Role
from processes.simulation.plan import STAFF
from processes.simulation.questions import Decision, Questions
from webapp.services.design.foreseeing import Observed
from webapp.services.design.runnable import Runnable

USUAL = {"arrivals": "10", "days": "30", "from": "08:30", "until": "17:00"}
OUTCOMES = {
    "ok": "顺利",
    "not_allowed": "不准办理",
    "unconfirmed": "没有确认信息",
    "taken": "名额已被占用",
}


@dataclass(frozen=True)
class Blank:
    """One assumption: the name of its field, its label, its value, and where that comes from."""

    name: str
    label: str
    value: str
    unit: str = ""


@dataclass(frozen=True)
class Group:
    """Assumptions that belong together."""

    title: str
    hint: str
    blanks: list[Blank]


def plan_in(query: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was typed as the arguments of `read_plan`; None where nothing was typed."""
    if "arrivals" not in query:
        return None
    parts: dict[str, list[str]] = {"people": [], "minutes": [], "reply": []}
    shares: dict[str, list[str]] = {}
    for name, typed in query.items():
        kind, _, rest = name.partition(".")
        if kind in ("people", "minutes"):
            parts[kind].append(f"{rest}={typed.strip()}")
        elif kind == "reply":
            parts[kind].append(f"{rest}={in_minutes(typed)}")
        elif kind == "share":
            key, _, value = rest.rpartition("|")
            shares.setdefault(key, []).append(f"{value}:{typed.strip() or '0'}")
    return {
        "arrivals": number_in(query["arrivals"]),
        "days": int(number_in(query.get("days", ""))),
        "staff": tuple(parts["people"]),
        "minutes": tuple(parts["minutes"]),
        "reply": tuple(parts["reply"]),
        "weights": tuple(f"{key}={','.join(values)}" for key, values in shares.items()),
        "hours": f"{query.get('from', '')}-{query.get('until', '')}",
        "facts": tuple(f"{path}={as_typed(value)}" for path, value in facts.items()),
    }


def number_in(text: str) -> float:
    """A number as typed; 0, which no plan allows, where it is none."""
    try:
        typed = float(text)
    except ValueError:
        return 0.0
    return typed if isfinite(typed) else 0.0


def in_minutes(hours: str) -> str:
    """Typed hours as a duration; what is no number stays as it is, and is refused as such."""
    try:
        return f"PT{max(1, round(float(hours) * 60))}M"
    except (ValueError, OverflowError):
        return hours


def as_typed(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def groups_of(
    runnable: Runnable, questions: Questions, observed: Observed, query: Mapping[str, str]
) -> list[Group]:
    """The assumptions: as typed, else as observed, else usual ones."""

    def value(name: str, seen: Any) -> str:
        return query.get(
            name, "" if seen is None else f"{seen:g}" if isinstance(seen, float) else str(seen)
        )

    arrivals = observed.arrivals or USUAL["arrivals"]
    when = [
        Blank("arrivals", "平均每天发起", value("arrivals", arrivals), "件"),
        Blank("days", "发起多少天", value("days", USUAL["days"]), "天"),
    ]
    staff = [Role(word) for word in questions.roles if Role(word) in STAFF]
    others = [Role(word) for word in questions.roles if Role(word) not in STAFF]
    desks = [
        blank
        for role in staff
        for blank in (
            Blank(
                f"people.{role.value}",
                f"{role.label}几人",
                value(f"people.{role.value}", observed.staff.get(role.value, 1)),
                "人",
            ),
            Blank(
                f"minutes.{role.value}",
                f"{role.label}办一件",
                value(f"minutes.{role.value}", observed.minutes.get(role.value, 6.0)),
                "分钟",
            ),
        )
    ]
    replies = [
        Blank(
            f"reply.{role.value}",
            f"{role.label}答复",
            value(f"reply.{role.value}", hours_of(observed.reply.get(role.value))),
            "小时",
        )
        for role in others
    ]
    groups = [Group("发起", told_of(observed), when)]
    if desks:
        groups.append(
            Group(
                "校内办理",
                "人数按现有账号，每件用时按同一人接连办理的间隔；没有记录的按 6 分钟",
                desks,
            )
        )
    if replies:
        groups.append(Group("等别人答复", "平均多久；没有记录的按一天", replies))
    return groups + [decision_group(runnable, one, observed, value) for one in questions.decisions]


def told_of(observed: Observed) -> str:
    if not observed.cases:
        return "近一年没有办过，数字是假设，请按实际改"
    return f"按近一年 {observed.cases} 件的经过填好，可以改"


def hours_of(span: timedelta | None) -> float:
    return round(span / timedelta(hours=1), 1) or 0.1 if span else 24.0


def decision_group(runnable: Runnable, one: Decision, observed: Observed, value: Any) -> Group:
    """How often each answer is given."""
    seen = observed.shares.get(one.key, {})
    definition = runnable.forms.get(one.form)
    component = definition.fields.get(one.field) if definition else None
    labels = {choice.value: choice.label for choice in component.choices} if component else {}
    blanks = [
        Blank(
            f"share.{one.key}|{known}",
            labels.get(known, str(known)),
            value(f"share.{one.key}|{known}", seen.get(str(known), 0) if seen else 1),
            "份",
        )
        for known in one.values
    ]
    return Group(
        one.name, f"按近一年 {sum(seen.values())} 次回答" if seen else "没有记录，按各一份", blanks
    )


def results_of(questions: Questions, query: Mapping[str, str]) -> list[Group]:
    """What operators come to; without a word of the admin the first outcome always."""
    groups = []
    for one in questions.results:
        blanks = [
            Blank(
                f"share.{one.operator}|{outcome}",
                OUTCOMES.get(outcome, outcome),
                query.get(f"share.{one.operator}|{outcome}", "0" if place else "1"),
                "份",
            )
            for place, outcome in enumerate(one.outcomes)
        ]
        groups.append(Group(one.label, "系统自动办理的一步", blanks))
    return groups
