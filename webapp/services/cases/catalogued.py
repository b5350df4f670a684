"""Holds operators to the catalogue that diagrams are checked against.

A check proves that a gateway routes every outcome the catalogue lists. An operator that takes or
gives anything else would lead a case nowhere, so it stops here, in the words of whoever wrote it.
"""

from __future__ import annotations

from typing import Any

from processes.engine import OperatorResult
from processes.operators import CATALOGUE


class NotInCatalogue(Exception):
    """An operator, a parameter or an outcome that processes.operators.CATALOGUE does not list."""


def require_call(operator: str, parameters: dict[str, Any]) -> None:
    """Raise NotInCatalogue for an unknown operator, an unknown or a missing parameter."""
    spec = CATALOGUE.get(operator)
    if spec is None:
        raise NotInCatalogue(f"there is no operator {operator}")
    unknown = sorted(parameters.keys() - spec.parameters.keys())
    missing = sorted(
        name for name, one in spec.parameters.items() if one.required and name not in parameters
    )
    if unknown:
        raise NotInCatalogue(f"{operator} does not know the parameter {', '.join(unknown)}")
    if missing:
        raise NotInCatalogue(f"{operator} needs the parameter {', '.join(missing)}")


def require_outcome(operator: str, result: OperatorResult | str) -> OperatorResult | str:
    """The same result; raises NotInCatalogue for an outcome that no gateway was checked for."""
    outcome = result if isinstance(result, str) else result.outcome
    known = CATALOGUE[operator].outcomes
    if outcome not in known:
        raise NotInCatalogue(f"{operator} gave {outcome!r}, but knows only {', '.join(known)}")
    return result
