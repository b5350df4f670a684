"""Judges whether a school's own regular expression is safe to run on what strangers type.

Python's engine backtracks: a few nested or unbounded repeats let one short text keep a worker
busy for minutes. So repeats must have an upper end, may not stand inside one another, and may
not be many.
"""

from __future__ import annotations

import re
from typing import Any

_parser: Any = re._parser  # type: ignore[attr-defined]

LONGEST = 200
MOST_REPEATS = 200
MOST_OPEN = 2
_PLAIN = {"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT"}


def regex_fault(pattern: str) -> str | None:
    """Return why the expression is refused, with the way out, or None when it is safe."""
    if len(pattern) > LONGEST:
        return f"正则表达式最长 {LONGEST} 个字符，现在是 {len(pattern)} 个，请写短些"
    try:
        parsed = _parser.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"正则表达式写错了（{error}），请改正"
    try:
        open_repeats = _count_open(parsed, inside=False)
    except _Refused as refused:
        return str(refused)
    if open_repeats > MOST_OPEN:
        return f"长短不定的重复最多 {MOST_OPEN} 处，现在是 {open_repeats} 处，请写成固定长度"
    return None


class _Refused(ValueError):
    pass


def _count_open(parsed: Any, inside: bool) -> int:
    return sum(_count_step(operation, argument, inside) for operation, argument in parsed)


def _count_step(operation: Any, argument: Any, inside: bool) -> int:
    name = str(operation)
    if name in _PLAIN:
        return 0
    if name == "SUBPATTERN":
        return _count_open(argument[3], inside)
    if name == "BRANCH":
        if inside:
            raise _Refused("重复里不能再有“|”，请拆开写")
        return sum(_count_open(branch, inside) for branch in argument[1])
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        least, most, body = argument
        if most > MOST_REPEATS:
            raise _Refused(f"重复没有上限或超过 {MOST_REPEATS} 次，请把 * 和 + 写成 {{0,20}} 这样")
        if inside:
            raise _Refused("重复里不能再套重复，请拆开写")
        _count_open(body, inside=True)
        return int(least != most)
    raise _Refused(f"不支持正则里的 {name} 写法，请换成字符、范围和有上限的重复")
