"""The process behind `try_in_process`: takes one order on stdin, answers on stdout, ends."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from processes.check_worker import limit_self, read_called


def main() -> None:
    """Set the limits named on the command line, then walk as stdin says."""
    limit_self(float(sys.argv[1]), int(sys.argv[2]))
    order = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(walked(order), default=str).encode())


def walked(order: Mapping[str, Any]) -> dict[str, Any]:
    """The walk as plain values; a diagram that cannot run is the problem of an empty one."""
    from processes.diagram import UnreadableDiagram, read_diagram
    from processes.engine import DiagramRefused
    from processes.explore.trying import Tried, try_out
    from processes.scenario import ScenarioError, read_scenarios

    try:
        scenarios = read_scenarios(order["scenarios"]) if order["scenarios"].strip() else ()
    except ScenarioError:
        scenarios = ()  # the check tells; they only give examples here
    try:
        diagram = read_diagram(base64.b64decode(order["data"]), order["source"])
        called = read_called(diagram, order["called"])
        tried = try_out(
            diagram,
            called,
            order["forms"],
            scenarios,
            facts=order["facts"],
            acts=order["acts"],
        )
    except UnreadableDiagram as refusal:
        tried = Tried(problem="；".join(one.message for one in refusal.findings))
    except DiagramRefused as refusal:
        tried = Tried(problem=refusal.message)
    return asdict(tried)


if __name__ == "__main__":
    main()
