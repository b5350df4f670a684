"""The process behind `covering`: takes one order on stdin, answers on stdout, ends."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from typing import Any

from processes.check_worker import limit_self, read_called


def main() -> None:
    """Set the limits named on the command line, then play what stdin holds."""
    limit_self(float(sys.argv[1]), int(sys.argv[2]))
    order = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(covered(order)).encode())


def covered(order: Mapping[str, Any]) -> dict[str, Any]:
    """Every flow that counts with how often it was taken, and what went otherwise."""
    from processes.diagram import UnreadableDiagram, read_diagram
    from processes.engine import DiagramRefused
    from processes.rehearsal import rehearse
    from processes.scenario import ScenarioError, read_scenarios

    try:
        diagram = read_diagram(base64.b64decode(order["data"]))
        called = read_called(diagram, order["called"])
        text = order["scenarios"]
        scenarios = read_scenarios(text) if text.strip() else ()
        rehearsal = rehearse(diagram, called, scenarios, order["forms"])
    except UnreadableDiagram as refusal:
        return {"problem": "；".join(one.message for one in refusal.findings)}
    except DiagramRefused as refusal:
        return {"problem": refusal.message}
    except ScenarioError as error:
        return {"problem": error.story}
    coverage = rehearsal.coverage
    return {
        "problem": "",
        "flows": [[key.process, key.flow, coverage.times.get(key, 0)] for key in coverage.flows],
        "played": len(rehearsal.results),
        "failed": [one.story for one in rehearsal.results if not one.passed],
    }


if __name__ == "__main__":
    main()
