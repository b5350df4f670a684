"""The process behind `simulate_in_process`: takes one order on stdin, answers on stdout, ends."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from typing import Any

from processes.check_worker import limit_self, read_called


def main() -> None:
    """Set the limits named on the command line, then simulate what stdin holds."""
    limit_self(float(sys.argv[1]), int(sys.argv[2]))
    order = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(foreseen(order)).encode())


def foreseen(order: Mapping[str, Any]) -> dict[str, Any]:
    """The questions, the term where there is a plan, and why something is missing."""
    from processes.diagram import UnreadableDiagram, read_diagram
    from processes.engine import DiagramRefused, EngineError
    from processes.explore.choices import TooManyChoices
    from processes.scenario import ScenarioError, read_scenarios
    from processes.simulation import PlanError, read_plan, simulate
    from processes.simulation.questions import ask_about

    answer: dict[str, Any] = {"questions": None, "simulated": None, "problem": ""}
    try:
        scenarios = read_scenarios(order["scenarios"]) if order["scenarios"].strip() else ()
    except ScenarioError:
        scenarios = ()  # the check tells; they only give examples here
    try:
        diagram = read_diagram(base64.b64decode(order["data"]), order["source"])
        called = read_called(diagram, order["called"])
        asked = ask_about(diagram, called, order["forms"], scenarios)
        answer["questions"] = asked.as_dict()
        if order["plan"] is not None:
            plan = read_plan(**order["plan"])
            found = simulate(diagram, called, order["forms"], scenarios, plan)
            answer["simulated"] = found.as_dict()
    except UnreadableDiagram as refusal:
        answer["problem"] = "；".join(one.message for one in refusal.findings)
    except (PlanError, TooManyChoices) as error:
        answer["problem"] = error.story
    except (DiagramRefused, EngineError) as error:
        answer["problem"] = getattr(error, "message", str(error))
    return answer


if __name__ == "__main__":
    main()
