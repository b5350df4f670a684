"""Checks a diagram of somebody else in a process of its own, which can be killed.

Whatever the file does to the reader (endless work, all the memory, a crash in a C library), the
caller gets an answer in time, as findings that a school's administrator understands.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from processes.findings import Finding
from processes.killable import NoAnswer, ask, packed
from processes.safe_xml import UnreadableDiagram, refuse_large

FormFacts = Mapping[str, Mapping[str, Sequence[str] | None]]

WORKER: tuple[str, ...] = (sys.executable, "-m", "processes.check_worker")
RUNS, FORBIDDEN, UNREADABLE = 0, 1, 2


@dataclass(frozen=True)
class CheckResult:
    """What a check found: 0 it runs, 1 it may not run, 2 it cannot be read as BPMN.

    `elements` counts the elements of the process, `seconds` is the time that the check took.
    """

    status: int
    findings: tuple[Finding, ...]
    elements: int
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "status": self.status,
            "findings": [finding.as_dict() for finding in self.findings],
            "elements": self.elements,
            "seconds": round(self.seconds, 3),
        }


def check_in_process(
    data: bytes,
    source: str = "",
    *,
    called: Mapping[str, bytes] | None = None,
    forms: FormFacts | None = None,
    seconds: float = 2.0,
    megabytes: int = 512,
    patience: float | None = None,
) -> CheckResult:
    """Read and check a file within `seconds` (clock and processor) and `megabytes`.

    `patience` lets the clock run longer than the processor: on a machine that is busy otherwise a
    sound diagram takes its time. `called` maps process ids to the files that call activities may name. Never raises for what
    is in the file; a check that had to be stopped is a finding.
    """
    begun = time.monotonic()
    try:
        refuse_large(len(data))
    except UnreadableDiagram as refusal:
        return CheckResult(UNREADABLE, refusal.findings, 0, time.monotonic() - begun)
    order = {
        "source": source,
        "data": packed(data),
        "called": {name: packed(file) for name, file in (called or {}).items()},
        "forms": forms,
    }
    # what is left of the time is for the killing and the answer
    wait = seconds * 0.9 if patience is None else patience
    status, findings, elements = _ordered(order, seconds, megabytes, wait)
    return CheckResult(status, tuple(findings), elements, time.monotonic() - begun)


def _ordered(
    order: Mapping[str, Any], seconds: float, megabytes: int, wait: float
) -> tuple[int, list[Finding], int]:
    try:
        answer = ask(WORKER, order, seconds, megabytes, wait)
        findings = [Finding.from_dict(values) for values in answer["findings"]]
        return int(answer["status"]), findings, int(answer["elements"])
    except NoAnswer as none:
        told = _stopped_by_the_clock(seconds) if none.why == "time" else _broken_off()
        return UNREADABLE, [told], 0
    except (ValueError, KeyError, TypeError):
        return UNREADABLE, [_broken_off()], 0


def _stopped_by_the_clock(seconds: float) -> Finding:
    return Finding(
        "check_stopped",
        "error",
        "",
        "",
        0,
        f"检查超过了 {seconds:g} 秒，已经停止。这张图过于庞大或复杂，或者含有会拖垮系统的内容。",
        "请把图拆小一些再试；如果是正常的图，请稍后再试一次。",
    )


def _broken_off() -> Finding:
    return Finding(
        "check_stopped",
        "error",
        "",
        "",
        0,
        "检查中途被中断：这个文件占用的内存或计算量超过了允许的范围。",
        "请确认文件来自流程图编辑器；图很大时，请拆成几张。",
    )
