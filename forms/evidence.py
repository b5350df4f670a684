"""Which papers prove a destination: the rules of the sources, for forms and reviewers alike.

The rules lie in codes/evidence_rules.json; a destination names its rule (`evidence_key`). The
forms ask for the same papers under the same keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.code_tables import table


@dataclass(frozen=True)
class Paper:
    """One paper: the file field that holds it, and what it may be (`accepts`: value to name)."""

    field: str
    label: str
    required: bool
    kind: str
    accepts: Mapping[str, str]


def papers_for(code: str, answers: Mapping[str, Any]) -> tuple[Paper, ...]:
    """Return the papers that a destination needs, as its data stand; an unknown code needs none."""
    return tuple(
        Paper(
            field=paper["field"],
            label=paper["label"],
            required=paper.get("required", True),
            kind=paper.get("kind", ""),
            accepts={row["value"]: row["label"] for row in paper.get("accepts", ())},
        )
        for paper in _rule(code)
        if "field" in paper and _is_asked(paper, code, answers)
    )


def missing_papers(code: str, answers: Mapping[str, Any]) -> tuple[Paper, ...]:
    """Return the required papers that were not handed in."""
    return tuple(
        paper
        for paper in papers_for(code, answers)
        if paper.required and not answers.get(paper.field)
    )


def _rule(code: str) -> list[dict[str, Any]]:
    destination = table("destination_type").find(code)
    if destination is None:
        return []
    rule = table("evidence_rules").find(str(destination.more.get("evidence_key")))
    return list(rule.more["papers"]) if rule else []


def _is_asked(paper: Mapping[str, Any], code: str, answers: Mapping[str, Any]) -> bool:
    if "codes" in paper and code not in paper["codes"]:
        return False
    return all(answers.get(key) == value for key, value in paper.get("when", {}).items())
