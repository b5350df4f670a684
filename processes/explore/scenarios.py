"""Writes a path that was found as a scenario, in the language that `qianyue play` reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from processes.explore.choices import said
from processes.explore.results import Act, Path
from processes.waiting import said as said_turns


def scenario_text(path: Path) -> str:
    """A scenario of this path; it says when it starts, and where it ends or waits."""
    lines = ["[[scenario]]", f"title = {_value(path.title)}"]
    lines.append(f"starts = {_value(path.acts[0].now.isoformat())}")
    if path.ends_at:
        lines.append(f"ends_at = {_value(path.ends_at)}")
    for root, facts in path.facts.items():
        lines += [
            f"facts.{root}.{name} = {_value(value)}"
            for name, value in facts.items()
            if value is not None
        ]
    operators = _outcomes(path.acts)
    if operators:
        told = ", ".join(f"{name} = {_value(outcomes)}" for name, outcomes in operators.items())
        lines.append(f"operators = {{ {told} }}")
    for act in path.acts[1:]:
        lines += ["", *_step(act)]
    if not path.ends_at:
        lines += ["", "[[scenario.step]]"] if len(path.acts) == 1 else []
        lines.append(f"expect_waiting = {_value(path.waiting)}")
    return "\n".join(lines) + "\n"


def _step(act: Act) -> Iterable[str]:
    yield "[[scenario.step]]"
    if act.kind == "answer":
        yield f"who = {_value(act.who)}"
        yield f"task = {_value(act.element)}"
        if act.turns:
            yield f"turn = {said_turns(act.turns)}"
        if act.which:
            yield f"which = {act.which}"
        told = ", ".join(
            f"{name} = {_value(value)}" for name, value in said(act.answers, act.now).items()
        )
        yield f"answers = {{ {told} }}" if told else "answers = {}"
    elif act.kind == "message":
        yield f"who = {_value(act.who)}"
        yield f"message = {_value(act.message)}"
    yield f"at = {_value(act.now.isoformat())}"


def _outcomes(acts: Iterable[Act]) -> Mapping[str, list[str]]:
    """By operator its outcomes in the order of the calls."""
    found: dict[str, list[str]] = {}
    for act in acts:
        for operator, outcome in act.calls:
            found.setdefault(operator, []).append(outcome)
    return found


def _value(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'
