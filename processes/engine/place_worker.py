"""The process behind `placing_apart`: takes one order on stdin, answers a line for each case.

The first line says that the target can run; the place where the lines end is where it broke.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from processes.check_worker import limit_self, read_called

if TYPE_CHECKING:
    from processes.engine import Executable


def main() -> None:
    """Set the limits named on the command line, then place what stdin holds."""
    limit_self(float(sys.argv[1]), int(sys.argv[2]))
    order = json.loads(sys.stdin.buffer.read())
    for line in answers(order):
        sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
        sys.stdout.buffer.flush()


def answers(order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """`{"ready": …}` with why the target cannot run, or "", then `{"case", …}` for each case."""
    from processes.diagram import UnreadableDiagram
    from processes.engine import EngineError

    try:
        target = executable_of(order["contents"][order["target"]])
    except (EngineError, UnreadableDiagram) as refusal:
        yield {"ready": str(refusal) or "新版的流程图不能运行"}
        return
    yield {"ready": ""}
    known = {order["target"]: target}
    for case in order["cases"]:
        yield {"case": case["id"], **placed(known, target, case, order)}


def placed(
    known: dict[str, Executable],
    new: Executable,
    case: Mapping[str, Any],
    order: Mapping[str, Any],
) -> dict[str, Any]:
    """State, variables and who would hold what waits then; or why the case cannot go on there."""
    from datetime import datetime

    from processes.engine import EngineError, Run, place

    key = case["content"]
    try:
        if key not in known:
            known[key] = executable_of(order["contents"][key])
        found = place(
            known[key], new, case["state"], variables=case["variables"], facts=case["facts"],
            now=datetime.fromisoformat(order["now"]), mapping=order["mapping"],
        )  # fmt: skip
        run = Run.restore(new, found.state, variables=found.variables, facts=case["facts"])
        holders = [[task.name, str(task.role or "")] for task in run.waiting]
    except EngineError as error:
        return {"refusal": error.message}
    return {"state": found.state, "variables": found.variables, "holders": holders}


def executable_of(content: Mapping[str, Any]) -> Executable:
    from processes.diagram import read_diagram
    from processes.engine import compile_release

    diagram = read_diagram(base64.b64decode(content["data"]))
    return compile_release(diagram, read_called(diagram, content["called"]))


if __name__ == "__main__":
    main()
