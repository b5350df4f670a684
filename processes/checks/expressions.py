"""Does every expression compile?"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.expressions import ExpressionError
from processes.findings import Finding


def look(inspection: Inspection) -> Iterator[Finding]:
    """Compile conditions, parameters and computed timers (engine trap 4)."""
    for spot in inspection.spots:
        error = inspection.compiled(spot.text)
        if isinstance(error, ExpressionError):
            shown = spot.text if len(spot.text) <= 60 else f"{spot.text[:60]}……"
            yield about(
                spot.owner,
                f"{spot.what}“{shown}”不能使用：{error.message.rstrip('。')}。",
                "请写成 步骤.字段 == '值'；文字要加英文引号。",
            )
