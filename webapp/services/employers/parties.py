"""What the employer of a case is called, also where it has no account here.

A graduate who holds a paper types the employer's name into the form; then the case names no
employer of the platform, and lists and headings read the name from what was answered.
"""

from __future__ import annotations

import uuid
from typing import Any, Protocol

from ..destinations import destinations

NAME = "employer_name"


class NamesEmployer(Protocol):
    """A case as far as it tells who the employer is: `models.Case` or `rows.LiveCase`."""

    @property
    def employer_id(self) -> uuid.UUID | None: ...

    @property
    def facts(self) -> dict[str, Any]: ...

    @property
    def variables(self) -> dict[str, Any]: ...


def employer_name(case: NamesEmployer, account: str | None = "") -> str:
    """The name of the account, else the one last typed, else the one fixed at the start; or ""."""
    fixed = case.facts.get("case", {}).get(NAME, "")
    return account or typed_name(case.variables) or fixed


def typed_employer(case: NamesEmployer) -> str:
    """What lists are searched by where the employer has no account; "" where it has one."""
    return "" if case.employer_id else employer_name(case)[:200]


def other_name(case: NamesEmployer, account: str | None = "") -> str:
    """What lists and headings call a case beside the graduate: its destination, or its employer."""
    return destinations.name_of(case) or employer_name(case, account)


def typed_name(variables: dict[str, Any]) -> str:
    """The employer's name as the newest answer with one says it."""
    for step in reversed(list(variables.values())):
        if isinstance(step, dict) and step.get(NAME):
            return str(step[NAME])
    return ""
