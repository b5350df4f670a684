"""Measures in a process of its own, which can be killed, what somebody's scenarios take of a diagram."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from processes.coverage import Coverage, FlowKey
from processes.diagram import Diagram
from processes.killable import NoAnswer, ask, packed
from processes.sandbox import FormFacts

WORKER: tuple[str, ...] = (sys.executable, "-m", "processes.cover_worker")
TOO_LONG = "走这些场景超过了 {:g} 秒，已经停止。"
BROKEN_OFF = "走场景中途被中断：占用的内存或计算量超过了允许的范围。"


@dataclass(frozen=True)
class Rehearsed:
    """What scenarios took. `failed` has the story of each that does not go as it says.

    `problem` is Chinese and says why nothing was played; `coverage` is None then.
    """

    coverage: Coverage | None = None
    played: int = 0
    failed: tuple[str, ...] = ()
    problem: str = ""


def rehearse_in_process(
    diagram: Diagram,
    called: Mapping[str, Diagram],
    scenarios: str,
    forms: FormFacts | None = None,
    *,
    seconds: float = 20.0,
    megabytes: int = 1024,
    patience: float | None = None,
) -> Rehearsed:
    """Play scenarios (TOML) and count the flows they take; limits as in `proving.prove_in_process`.

    Without `forms` answers stay unchecked. Never raises for what is in the file.
    """
    order = {
        "data": packed(diagram.xml),
        "called": {name: packed(one.xml) for name, one in called.items()},
        "forms": forms,
        "scenarios": scenarios,
    }
    try:
        found = ask(WORKER, order, seconds, megabytes, patience or seconds)
    except NoAnswer as none:
        return Rehearsed(problem=TOO_LONG.format(seconds) if none.why == "time" else BROKEN_OFF)
    if found["problem"]:
        return Rehearsed(problem=found["problem"])
    drawings = {one.process: one for one in (diagram, *called.values())}
    counted = [(FlowKey(process, flow), times) for process, flow, times in found["flows"]]
    coverage = Coverage(
        {key: drawings[key.process].flows[key.flow] for key, _ in counted},
        {key: times for key, times in counted if times},
    )
    return Rehearsed(coverage, found["played"], tuple(found["failed"]))
