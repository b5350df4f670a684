"""Are the constants in conditions values that can really occur?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.checks.values import listed, look_up, nearest
from processes.expressions import Expression
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """A comparison with a value that no form and no operator gives is a typing error."""
    for spot in inspection.spots:
        expression = inspection.compiled(spot.text)
        if not isinstance(expression, Expression):
            continue
        for path, constant in dict.fromkeys(expression.compared):
            values = look_up(inspection, path).values
            if values is None or constant in values:
                continue
            near = nearest(str(constant), [str(value) for value in values if value])
            yield about(
                spot.owner,
                f"{spot.what}把 {path} 和 {constant!r} 比较，但它只会是：{listed(values)}。",
                f"请改成 '{near}'。" if near else "请从这些值里选一个。",
            )
