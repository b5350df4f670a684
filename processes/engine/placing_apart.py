"""Places many running cases on another release in a process with limits of time and memory.

Where that process ends early, what it had placed stands, and the case at which it broke is known.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from processes.killable import NoAnswer, Why, ask_for_lines, packed

WORKER: tuple[str, ...] = (sys.executable, "-m", "processes.engine.place_worker")
SECONDS, MEGABYTES, PATIENCE = 20.0, 1024, 60.0
BROKEN: dict[Why, str] = {
    "time": f"试算超过了 {SECONDS:g} 秒，已经停止",
    "memory": "试算要用的内存太多，已经停止",
    "crash": "试算没有办成，系统出错了",
}


@dataclass(frozen=True)
class Content:
    """A diagram that cases run on, with what it calls, as files; the same key is the same content."""

    key: str
    diagram: bytes
    called: Mapping[str, bytes]


@dataclass(frozen=True)
class ToPlace:
    """A running case: what it runs on, and how far it is."""

    id: str
    content: Content
    state: str
    variables: Mapping[str, Any]
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class PlacedApart:
    """What became of one case: `refusal` says why it cannot go on there, "" where it can.

    `holders` are the names and roles of the steps that wait then.
    """

    refusal: str = ""
    state: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    holders: tuple[tuple[str, str], ...] = ()


def place_apart(
    cases: Sequence[ToPlace], target: Content, now: datetime, mapping: Mapping[str, str]
) -> dict[str, PlacedApart]:
    """What `place` gives for each case, by its id; fewer where the process had to be stopped.

    The case that stopped it is among them, refused with the reason, so whoever asks again for the
    others gets on. Raises NoAnswer when the process was killed before it said anything.
    """
    contents = {one.key: one for one in (target, *(case.content for case in cases))}
    order = {
        "now": now.isoformat(),
        "mapping": dict(mapping),
        "target": target.key,
        "contents": {key: _packed(one) for key, one in contents.items()},
        "cases": [_plain(case) for case in cases],
    }
    lines, why = ask_for_lines(WORKER, order, SECONDS, MEGABYTES, PATIENCE)
    if not lines and why == "killed":
        raise NoAnswer(why)
    if not lines or lines[0]["ready"]:
        reason = lines[0]["ready"] if lines else BROKEN[why or "crash"]
        return {case.id: PlacedApart(reason) for case in cases}
    found = {line["case"]: _read(line) for line in lines[1:]}
    rest = [case.id for case in cases if case.id not in found]
    if rest and why != "killed":
        found[rest[0]] = PlacedApart(BROKEN[why or "crash"])
    return found


def _packed(content: Content) -> dict[str, Any]:
    called = {name: packed(file) for name, file in content.called.items()}
    return {"data": packed(content.diagram), "called": called}


def _plain(case: ToPlace) -> dict[str, Any]:
    return {
        "id": case.id,
        "content": case.content.key,
        "state": case.state,
        "variables": case.variables,
        "facts": case.facts,
    }


def _read(line: Mapping[str, Any]) -> PlacedApart:
    if "refusal" in line:
        return PlacedApart(line["refusal"])
    holders = tuple((name, role) for name, role in line["holders"])
    return PlacedApart("", line["state"], line["variables"], holders)
