"""Does everything that people see have a readable name?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from processes.checks.inspection import Inspection, about
from processes.diagram import Element
from processes.findings import Finding
from processes.kinds import label_of

MAX_LENGTH = 60

_SHOWN = frozenset(
    """endEvent userTask manualTask serviceTask sendTask receiveTask businessRuleTask callActivity
    intermediateCatchEvent boundaryEvent""".split()  # noqa: SIM905 - reads as a list
)


def look(inspection: Inspection) -> Iterator[Finding]:
    """Missing, overlong or invisible names are warnings; they never stop a diagram."""
    for element in inspection.diagram.elements.values():
        problem = _problem(element)
        if problem:
            yield about(
                element, problem, "请起一个简短的名称，办理人会看到它。", severity="warning"
            )


def _problem(element: Element) -> str:
    if not element.name:
        return f"{label_of(element.kind)}没有名称。" if element.kind in _SHOWN else ""
    if len(element.name) > MAX_LENGTH:
        return f"名称有 {len(element.name)} 个字，页面上显示不下。"
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cn"} for sign in element.name):
        return "名称里有看不见的字符。"
    return ""
