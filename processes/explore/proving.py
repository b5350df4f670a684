"""Proves a diagram before it is published: rules, scenarios, and everything that can happen.

All of it runs in a process of its own with limits of time and memory, so a hostile or enormous
diagram costs nobody else anything. Whatever becomes of that process, the caller gets an answer.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from processes.findings import Finding
from processes.killable import NoAnswer, ask, packed
from processes.safe_xml import UnreadableDiagram, refuse_large
from processes.sandbox import FormFacts

WORKER: tuple[str, ...] = (sys.executable, "-m", "processes.explore.prove_worker")
RUNS, FORBIDDEN, UNREADABLE = 0, 1, 2


@dataclass(frozen=True)
class Proven:
    """One finding. `scenario` replays the path that shows it, as TOML; `path` is the same as steps.

    A step is {"kind": "start" | "answer" | "message" | "time", "element", "who", "answers",
    "message", "calls": [[operator, outcome], …], "flows": [id, …], "now", "turns", "which"} (the last
    two name one of several alike tasks); the first also has the
    "facts" of the case. `trying.try_out` takes the same steps.
    """

    finding: Finding
    scenario: str = ""
    path: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Proof:
    """What is known of a diagram: 0 it may run, 1 it may not, 2 it cannot be read.

    `states` and `ends` count what exploring reached, 0 where it did not get so far. `differing`
    names the scenarios that no longer go as they say; `scenarios` then holds others in their
    place, which take every flow that can be taken.
    """

    status: int
    proven: tuple[Proven, ...]
    states: int = 0
    ends: int = 0
    played: int = 0
    differing: tuple[str, ...] = ()
    scenarios: str = ""
    seconds: float = field(default=0.0, compare=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(one.finding for one in self.proven)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; `read_proof` takes them back."""
        return {
            "status": self.status,
            "proven": [
                {**one.finding.as_dict(), "scenario": one.scenario, "path": list(one.path)}
                for one in self.proven
            ],
            "states": self.states,
            "ends": self.ends,
            "played": self.played,
            "differing": list(self.differing),
            "scenarios": self.scenarios,
            "seconds": round(self.seconds, 3),
        }


def read_proof(values: Mapping[str, Any]) -> Proof:
    """A proof from what `as_dict` gave."""
    return Proof(
        status=int(values["status"]),
        proven=tuple(map(_read_proven, values["proven"])),
        states=int(values["states"]),
        ends=int(values["ends"]),
        played=int(values["played"]),
        differing=tuple(values["differing"]),
        scenarios=str(values["scenarios"]),
        seconds=float(values.get("seconds", 0.0)),
    )


def prove_in_process(
    diagram: bytes,
    source: str,
    *,
    called: Mapping[str, bytes],
    forms: FormFacts,
    scenarios: str = "",
    seconds: float = 20.0,
    megabytes: int = 1024,
    patience: float | None = None,
) -> Proof:
    """Check, play and explore within `seconds` of processor time and `megabytes` of memory.

    `patience` bounds the clock instead, for a machine that is busy otherwise. `scenarios` is TOML.
    Never raises for what is in the file.
    """
    begun = time.monotonic()
    try:
        refuse_large(len(diagram))
    except UnreadableDiagram as refusal:
        return Proof(UNREADABLE, tuple(map(Proven, refusal.findings)))
    order = {
        "source": source,
        "data": packed(diagram),
        "called": {name: packed(file) for name, file in called.items()},
        "forms": forms,
        "scenarios": scenarios,
    }
    wait = seconds if patience is None else patience
    proof = _ordered(order, seconds, megabytes, wait)
    return Proof(**{**proof.__dict__, "seconds": time.monotonic() - begun})


def _ordered(order: Mapping[str, Any], seconds: float, megabytes: int, wait: float) -> Proof:
    try:
        return read_proof(ask(WORKER, order, seconds, megabytes, wait))
    except NoAnswer as none:
        return _refused(_stopped(min(seconds, wait)) if none.why == "time" else _broken_off())
    except (ValueError, KeyError, TypeError):
        return _refused(_broken_off())


def _refused(finding: Finding) -> Proof:
    return Proof(FORBIDDEN, (Proven(finding),))


def _read_proven(values: Mapping[str, Any]) -> Proven:
    rest = {key: value for key, value in values.items() if key not in ("scenario", "path")}
    return Proven(Finding.from_dict(rest), values["scenario"], tuple(values["path"]))


def _stopped(seconds: float) -> Finding:
    return Finding(
        "proof_stopped",
        "error",
        "",
        "",
        0,
        f"试走超过了 {seconds:g} 秒，已经停止：这张图里能发生的情况太多。没有走完的图不能发布。",
        "请把图拆成几张，用“调用流程”连起来；或减少同时等待的步骤。",
    )


def _broken_off() -> Finding:
    return Finding(
        "proof_stopped",
        "error",
        "",
        "",
        0,
        "试走中途被中断：这张图占用的内存或计算量超过了允许的范围。没有走完的图不能发布。",
        "请把图拆成几张，用“调用流程”连起来。",
    )
