"""Tries a decision table with every combination of values that its cells tell apart."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from processes.decisions import Table

Values = Sequence[Any] | None  # None: not known
MAX_COMBINATIONS = 4096
MAX_TRIALS = 400_000  # combinations times rules


class _Other:
    """A value of a type that no cell names: every test but `-` is neither true nor false."""

    def __repr__(self) -> str:
        return "其他值"


OTHER = _Other()
OTHER_TEXT = "（其他文字）"


@dataclass
class Tried:
    """What came out: contradictions with an example each, rules that were used, gaps."""

    complete: bool = True
    clashes: dict[str, str] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    none_fits: bool = False


def try_table(table: Table, values_of: Callable[[str], Values]) -> Tried:
    """Ask the table everything that can make a difference; too much is left incomplete.

    `values_of` tells what a variable can be, by its path.
    """
    tried = Tried()
    domains = [_domain(table, place, values_of) for place in range(len(table.inputs))]
    combinations = math.prod(map(len, domains))
    if combinations > MAX_COMBINATIONS or combinations * len(table.rules) > MAX_TRIALS:
        return Tried(complete=False, none_fits=True)
    for values in itertools.product(*domains):
        fitting = table.fitting(values)
        tried.used |= set(fitting[:1] if table.policy == "FIRST" else fitting)
        tried.none_fits |= not fitting
        clash = table.clash(fitting)
        if clash is not None:
            tried.clashes.setdefault(clash, _described(table, values))
    return tried


def _domain(table: Table, place: int, values_of: Callable[[str], Values]) -> list[Any]:
    expression = table.inputs[place]
    if expression.names == {expression.text}:
        values = values_of(expression.text)
        if values is not None:
            return list(values)
    found: dict[str, Any] = {
        repr(constant): constant for rule in table.rules for constant in rule.tests[place].constants
    }
    constants = list(found.values())
    numbers = sorted({c for c in constants if _is_number(c)})
    between = [(low + high) / 2 for low, high in itertools.pairwise(numbers)]
    ends = [numbers[0] - 1, numbers[-1] + 1] if numbers else []
    texts = [c for c in constants if isinstance(c, str)]
    texts += [OTHER_TEXT] if texts else []
    truths = [True, False] if any(isinstance(c, bool) for c in constants) else []
    return [*texts, *numbers, *between, *ends, *truths, None, OTHER]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _described(table: Table, values: tuple[Any, ...]) -> str:
    told = zip(table.inputs, values, strict=True)
    return "，".join(
        f"{expression.text} 为 {'空' if value is None else value}" for expression, value in told
    )
