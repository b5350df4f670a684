"""Conditions of definitions: when a component is shown, when a field is required.

A condition is JSON, not an expression, so that the page's script and the server read the same:

    {"field": "outcome", "op": "==", "value": "send"}
    {"option": "claim_is_free"}
    {"all": [ … ]}    {"any": [ … ]}
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Value = Any
Lookup = Callable[[str], Value]


class ConditionError(ValueError):
    """A condition that cannot be read; the text says why, in Chinese."""


def _is_empty(value: Value) -> bool:
    return value is None or value is False or value in ("", [], {})


def _compare(ours: Value, theirs: Value, test: Callable[[Any, Any], bool]) -> bool:
    if _is_empty(ours):
        return False
    try:
        return test(float(ours), float(theirs))
    except (TypeError, ValueError):
        return test(str(ours), str(theirs))


OPERATIONS: dict[str, Callable[[Value, Value], bool]] = {
    "==": lambda ours, theirs: bool(ours == theirs),
    "!=": lambda ours, theirs: bool(ours != theirs),
    "in": lambda ours, theirs: ours in theirs,
    "not in": lambda ours, theirs: ours not in theirs,
    "contains": lambda ours, theirs: isinstance(ours, list | str) and theirs in ours,
    "filled": lambda ours, theirs: not _is_empty(ours),
    "empty": lambda ours, theirs: _is_empty(ours),
    "<": lambda ours, theirs: _compare(ours, theirs, lambda a, b: a < b),
    "<=": lambda ours, theirs: _compare(ours, theirs, lambda a, b: a <= b),
    ">": lambda ours, theirs: _compare(ours, theirs, lambda a, b: a > b),
    ">=": lambda ours, theirs: _compare(ours, theirs, lambda a, b: a >= b),
}
_WITHOUT_VALUE = {"filled", "empty"}


@dataclass(frozen=True)
class Test:
    """One comparison with a field's value or with an option of the context."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    subject: str
    op: str
    value: Value
    of_option: bool = False

    def holds(self, fields: Lookup, options: Mapping[str, Value]) -> bool:
        ours = options.get(self.subject) if self.of_option else fields(self.subject)
        return OPERATIONS[self.op](ours, self.value)

    def as_dict(self) -> dict[str, Value]:
        kind = "option" if self.of_option else "field"
        if self.op in _WITHOUT_VALUE:
            return {kind: self.subject, "op": self.op}
        return {kind: self.subject, "op": self.op, "value": self.value}


@dataclass(frozen=True)
class Several:
    """All or any of several conditions."""

    every: bool
    parts: tuple[Condition, ...]

    def holds(self, fields: Lookup, options: Mapping[str, Value]) -> bool:
        results = (part.holds(fields, options) for part in self.parts)
        return all(results) if self.every else any(results)

    def as_dict(self) -> dict[str, Value]:
        return {"all" if self.every else "any": [part.as_dict() for part in self.parts]}


Condition = Test | Several


def parse_condition(raw: Any, depth: int = 0) -> Condition:
    """Read a condition; raises ConditionError."""
    if not isinstance(raw, Mapping):
        raise ConditionError("条件要写成对象，如 {“field”: “outcome”, “op”: “==”, “value”: “send”}")
    if depth > 5:
        raise ConditionError("条件套得太深，最多 5 层")
    for word, every in (("all", True), ("any", False)):
        if word in raw:
            return _parse_several(raw, word, every, depth)
    return _parse_test(raw)


def _parse_several(raw: Mapping[str, Any], word: str, every: bool, depth: int) -> Several:
    parts = raw[word]
    if not isinstance(parts, list) or not parts or len(raw) != 1:
        raise ConditionError(f"“{word}”下要写一列条件，旁边不写别的")
    return Several(every, tuple(parse_condition(part, depth + 1) for part in parts))


def _parse_test(raw: Mapping[str, Any]) -> Test:
    strange = set(raw) - {"field", "option", "op", "value"}
    if strange or ("field" in raw) == ("option" in raw):
        raise ConditionError("条件里写 field 或 option 其中一个，再写 op 和 value")
    of_option = "option" in raw
    op = raw.get("op", "filled" if of_option and "value" not in raw else "==")
    if not isinstance(op, str) or op not in OPERATIONS:
        raise ConditionError(f"条件里没有“{op}”这种比较，可用：{'、'.join(OPERATIONS)}")
    if op not in _WITHOUT_VALUE and "value" not in raw:
        raise ConditionError(f"比较“{op}”要写 value")
    if op in {"in", "not in"} and not isinstance(raw["value"], list):
        raise ConditionError(f"比较“{op}”的 value 要写成一列")
    subject = raw["option" if of_option else "field"]
    if not isinstance(subject, str):
        raise ConditionError("条件里的 field 和 option 要写名字")
    return Test(subject, op, raw.get("value"), of_option)


def spelled(condition: Condition) -> str:
    """Write a condition on one line as a person reads a formula: `outcome == "refuse" and …`."""
    if isinstance(condition, Test):
        return _spelled_test(condition)
    word = " and " if condition.every else " or "
    parts = (
        f"({spelled(part)})"
        if isinstance(part, Several) and len(condition.parts) > 1
        else spelled(part)
        for part in condition.parts
    )
    return word.join(parts)


def _spelled_test(test: Test) -> str:
    if test.op in _WITHOUT_VALUE:
        return f"{test.op}({test.subject})"
    value = json.dumps(test.value, ensure_ascii=False)
    if test.op == "contains":
        return f"{value} in {test.subject}"
    return f"{test.subject} {test.op} {value}"


def fields_of(condition: Condition | None) -> Iterator[str]:
    """Name the fields a condition looks at."""
    if isinstance(condition, Several):
        for part in condition.parts:
            yield from fields_of(part)
    elif condition is not None and not condition.of_option:
        yield condition.subject


def settle_options(condition: Condition | None, options: Mapping[str, Value]) -> Condition | bool:
    """Replace what the options decide, so that only questions about fields remain."""
    if condition is None:
        return True
    if isinstance(condition, Test):
        return condition.holds(lambda _: None, options) if condition.of_option else condition
    parts = [settle_options(part, options) for part in condition.parts]
    decided = not condition.every
    if any(part is decided for part in parts):
        return decided
    open_parts = tuple(part for part in parts if not isinstance(part, bool))
    if not open_parts:
        return condition.every
    return open_parts[0] if len(open_parts) == 1 else Several(condition.every, open_parts)
