"""Asks a process of its own, with limits of time and memory, and reads its answer as JSON.

Whatever becomes of that process, the caller gets an answer or is told why there is none. What it
runs takes its limits from the command line and sets them itself (`check_worker.limit_self`).
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

Why = Literal["time", "killed", "memory", "crash"]


class NoAnswer(Exception):
    """The process gave no answer: it took too long, was killed, had too little memory, or broke."""

    def __init__(self, why: Why) -> None:
        self.why: Why = why
        super().__init__(why)


def ask(
    worker: Sequence[str], order: Mapping[str, Any], seconds: float, megabytes: int, wait: float
) -> Any:
    """What the worker answers to the order, within `seconds` of processor time, `megabytes` of
    memory and `wait` seconds by the clock. Raises NoAnswer.
    """
    try:
        done = _run(worker, order, seconds, megabytes, wait)
    except subprocess.TimeoutExpired:
        raise NoAnswer("time") from None
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise NoAnswer(_why(done)) from None


def ask_for_lines(
    worker: Sequence[str], order: Mapping[str, Any], seconds: float, megabytes: int, wait: float
) -> tuple[list[Any], Why | None]:
    """The same of a worker that answers line by line, JSON each: what it said until it ended, and
    why it ended where that was not by itself. A line that was cut off is left out.
    """
    try:
        done = _run(worker, order, seconds, megabytes, wait)
    except subprocess.TimeoutExpired as late:
        return _whole_lines(late.stdout or b""), "time"
    return _whole_lines(done.stdout), _why(done) if done.returncode else None


def _run(
    worker: Sequence[str], order: Mapping[str, Any], seconds: float, megabytes: int, wait: float
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*worker, str(seconds), str(megabytes)],
        input=json.dumps(order).encode(),
        capture_output=True,
        timeout=wait,
        env=environment(),
        check=False,
    )


def _whole_lines(said: bytes) -> list[Any]:
    return [json.loads(line) for line in said.split(b"\n")[:-1]]


def _why(done: subprocess.CompletedProcess[bytes]) -> Why:
    if done.returncode == -signal.SIGXCPU:
        return "time"
    if done.returncode == -signal.SIGKILL:
        return "killed"
    return "memory" if b"MemoryError" in done.stderr else "crash"


def environment() -> dict[str, str]:
    """What the worker needs, and nothing of what this process knows."""
    kept = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH") if key in os.environ}
    root = str(Path(__file__).resolve().parents[1])
    return kept | {"PYTHONPATH": root, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def packed(data: bytes) -> str:
    """Bytes as text that JSON can hold."""
    return base64.b64encode(data).decode("ascii")
