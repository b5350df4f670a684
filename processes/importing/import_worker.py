"""The process behind `killable`: takes one order on stdin, answers on stdout, ends."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from typing import Any

from processes.check_worker import limit_self


def main() -> None:
    """Set the limits named on the command line, then import what stdin holds."""
    limit_self(float(sys.argv[1]), int(sys.argv[2]))
    order = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(answer(order)).encode())


def answer(order: Mapping[str, Any]) -> dict[str, Any]:
    """Import the ordered file; the diagram is packed, because it may hold any bytes."""
    from processes.importing.importer import import_diagram

    found = import_diagram(
        base64.b64decode(order["data"]),
        order["source"],
        process=order["process"],
        roles=order["roles"],
        called={name: base64.b64decode(file) for name, file in order["called"].items()},
        forms=order["forms"],
    )
    packed = None if found.diagram is None else base64.b64encode(found.diagram).decode("ascii")
    return found.as_dict() | {"diagram": packed}


if __name__ == "__main__":
    main()
