"""The process behind `sandbox`: takes one order on stdin, answers on stdout, ends.

It limits itself before it imports anything that touches the file.
"""

from __future__ import annotations

import base64
import json
import math
import resource
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from processes.diagram import Diagram


def main() -> None:
    """Set the limits named on the command line, then check what stdin holds."""
    limit_self(float(sys.argv[1]), int(sys.argv[2]))
    order = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(answer(order)).encode())


def limit_self(seconds: float, megabytes: int) -> None:
    """Let the kernel end this process beyond its share of processor time and memory."""
    processor = math.ceil(seconds)
    memory = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))  # told, then killed
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(order: Mapping[str, Any]) -> dict[str, Any]:
    """Read and check the ordered diagram; return status, findings and the count of elements."""
    from processes.checks import check
    from processes.diagram import UnreadableDiagram, read_diagram

    try:
        diagram = read_diagram(base64.b64decode(order["data"]), order["source"])
    except UnreadableDiagram as refusal:
        return _answered(2, [finding.as_dict() for finding in refusal.findings], 0)
    called = read_called(diagram, order["called"])
    findings = check(diagram, called=called, forms=order["forms"])
    status = 1 if any(finding.forbids_running for finding in findings) else 0
    return _answered(status, [finding.as_dict() for finding in findings], len(diagram.elements))


def _answered(status: int, findings: list[dict[str, Any]], elements: int) -> dict[str, Any]:
    return {"status": status, "findings": findings, "elements": elements}


def read_called(diagram: Diagram, files: Mapping[str, str]) -> dict[str, Diagram]:
    """Read what the diagram calls, and what that calls; unreadable ones count as missing."""
    from processes.diagram import UnreadableDiagram, read_diagram

    found: dict[str, Diagram] = {}
    waiting = sorted(diagram.called)
    while waiting:
        name = waiting.pop()
        if name in found or name not in files:
            continue
        try:
            found[name] = read_diagram(base64.b64decode(files[name]), name)
        except UnreadableDiagram:
            continue
        waiting += sorted(found[name].called)
    return found


if __name__ == "__main__":
    main()
