"""Simulates somebody's diagram in a process of its own, which can be killed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from processes.killable import NoAnswer, ask, packed
from processes.safe_xml import UnreadableDiagram, refuse_large
from processes.sandbox import FormFacts
from processes.simulation.questions import Questions, read_questions
from processes.simulation.results import Simulated, read_simulated

WORKER: tuple[str, ...] = (sys.executable, "-m", "processes.simulation.simulate_worker")
TOO_LONG = "模拟超过了 {:g} 秒，已经停止。请减少每天发起的件数或天数。"
BROKEN_OFF = "模拟中途被中断：占用的内存或计算量超过了允许的范围。请减少每天发起的件数或天数。"


@dataclass(frozen=True)
class Foreseen:
    """What may be assumed, and what came out; `problem` is Chinese and says why something is missing."""

    questions: Questions | None = None
    simulated: Simulated | None = None
    problem: str = ""


def simulate_in_process(
    diagram: bytes,
    source: str,
    *,
    called: Mapping[str, bytes],
    forms: FormFacts,
    scenarios: str = "",
    plan: Mapping[str, Any] | None = None,
    seconds: float = 20.0,
    megabytes: int = 1024,
    patience: float | None = None,
) -> Foreseen:
    """Ask what may be assumed and, with a plan, simulate.

    `plan` holds the arguments of `read_plan`; limits as in `proving.prove_in_process`. Never raises
    for what is in the file or in the plan.
    """
    try:
        refuse_large(len(diagram))
    except UnreadableDiagram as refusal:
        return Foreseen(problem="；".join(one.message for one in refusal.findings))
    order = {
        "source": source,
        "data": packed(diagram),
        "called": {name: packed(file) for name, file in called.items()},
        "forms": forms,
        "scenarios": scenarios,
        "plan": plan,
    }
    try:
        found = ask(WORKER, order, seconds, megabytes, patience or seconds)
    except NoAnswer as none:
        return Foreseen(problem=TOO_LONG.format(seconds) if none.why == "time" else BROKEN_OFF)
    return Foreseen(
        questions=read_questions(found["questions"]) if found["questions"] else None,
        simulated=read_simulated(found["simulated"]) if found["simulated"] else None,
        problem=found["problem"],
    )
