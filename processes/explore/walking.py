"""Walks through somebody's diagram in a process of its own, which can be killed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from processes.killable import NoAnswer, ask, packed
from processes.safe_xml import UnreadableDiagram, refuse_large
from processes.sandbox import FormFacts

WORKER: tuple[str, ...] = (sys.executable, "-m", "processes.explore.try_worker")
TOO_LONG = "这一步走得太久，已经停止。图里可能有没人决定的循环；请先检查。"
BROKEN_OFF = "试走中途被中断：这张图占用的内存或计算量超过了允许的范围。"


def try_in_process(
    diagram: bytes,
    source: str,
    *,
    called: Mapping[str, bytes],
    forms: FormFacts,
    scenarios: str = "",
    facts: Mapping[str, Any] | None,
    acts: Sequence[Mapping[str, Any]],
    seconds: float = 10.0,
    megabytes: int = 512,
    patience: float | None = None,
) -> dict[str, Any]:
    """What `trying.try_out` finds, as plain values ready for JSON.

    Limits as in `proving.prove_in_process`. Never raises for what is in the file: what could not be
    walked is told under `problem`.
    """
    try:
        refuse_large(len(diagram))
    except UnreadableDiagram as refusal:
        return {"problem": "；".join(one.message for one in refusal.findings), "moved": []}
    order = {
        "source": source,
        "data": packed(diagram),
        "called": {name: packed(file) for name, file in called.items()},
        "forms": forms,
        "scenarios": scenarios,
        "facts": facts,
        "acts": acts,
    }
    try:
        walked: dict[str, Any] = ask(WORKER, order, seconds, megabytes, patience or seconds)
        return walked
    except NoAnswer as none:
        return {"problem": TOO_LONG if none.why == "time" else BROKEN_OFF, "moved": []}
