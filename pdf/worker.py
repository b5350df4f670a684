"""Draws a document in a process of its own, which can be killed.

xhtml2pdf holds a lock for its whole process and a hostile page may keep it busy
for minutes or eat all memory. So every document gets a fresh process without the
server's environment; values go in as JSON, the bytes come back over a pipe.
A document takes about a second of one core, most of it the start.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from pdf.errors import DocumentError, DocumentRefused, RenderFailed
from pdf.rendered import Rendered
from pdf.values import AgreementValues

# Where the child finds the function; the server itself never loads the drawing code.
KINDS = {
    "agreement": ("pdf.agreement", "render_agreement"),
    "letter": ("pdf.letter", "render_letter"),
}
ROOT = Path(__file__).parent.parent
REFUSED, FAILED = 3, 4  # exit codes


def render(
    kind: str,
    values: "Mapping[str, Any] | AgreementValues",
    seconds: float = 20,
    megabytes: int = 700,
) -> Rendered:
    """Draw one document of a kind in KINDS.

    `seconds` is wall clock, `megabytes` the address space of the process. Raises
    DocumentRefused (the values cannot be printed) and RenderFailed (stopped at a
    limit, or broken).
    """
    if kind not in KINDS:
        raise RenderFailed(f"没有名为“{kind}”的文书")
    if isinstance(values, AgreementValues):
        values = asdict(values)
    sent = json.dumps({"kind": kind, "values": values}, ensure_ascii=False).encode()
    command = [sys.executable, "-m", "pdf.worker", "--megabytes", str(megabytes)]
    return Rendered.of(run_limited([*command, "--seconds", str(seconds)], sent, seconds))


def run_limited(command: Sequence[str], sent: bytes, seconds: float) -> bytes:
    """What the command answers to `sent`; killed and waited for when the time is over."""
    try:
        done = subprocess.run(
            command,
            input=sent,
            capture_output=True,
            timeout=seconds,
            cwd=ROOT,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise RenderFailed(f"文书排版超过 {seconds:g} 秒，已停止，请稍后重试") from late
    if done.returncode == 0:
        return done.stdout
    raise _told(done.returncode, done.stdout, done.stderr)


def _told(code: int, out: bytes, err: bytes) -> DocumentError:
    """The child's story; the last lines of its trace stay with the error for the log."""
    if code in (REFUSED, FAILED):
        messages = json.loads(out)
        return DocumentRefused(messages) if code == REFUSED else RenderFailed("；".join(messages))
    failed = RenderFailed("文书排版时出错或超出内存限制，请联系管理员")
    failed.add_note(err.decode(errors="replace")[-2000:])
    return failed


def _environment() -> dict[str, str]:
    """What Python needs to start; no secret of the server goes along."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}


def main(arguments: Sequence[str] | None = None) -> int:
    """The child: limit itself, read one order, write one document."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    given = parser.parse_args(arguments)
    limit_process(given.megabytes, given.seconds)

    order = json.load(sys.stdin.buffer)
    try:
        answer = _draw(order["kind"], order["values"])
    except DocumentRefused as refused:
        return _answer(REFUSED, json.dumps(refused.messages).encode())
    except DocumentError as failed:
        return _answer(FAILED, json.dumps([failed.story]).encode())
    return _answer(0, answer)


def _draw(kind: str, values: Mapping[str, Any]) -> bytes:
    module, function = KINDS[kind]
    rendered: Rendered = getattr(import_module(module), function)(values)
    return rendered.content


def _answer(code: int, content: bytes) -> int:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return code


def limit_process(megabytes: int, seconds: float) -> None:
    """Give this process no more than this, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    memory = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    processor = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
