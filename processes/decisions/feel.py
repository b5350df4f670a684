"""The part of FEEL that cells of a decision table may hold.

Input cells: `-` or nothing (any value), literals, comparisons (`< 5`), ranges (`[1..5]`, `(1..5]`,
`]1..5[`), several of them with commas, and `not(…)` around them. Output cells: one literal.
Literals are "text", numbers, true, false and null. As in FEEL, a test of values of different types
is neither true nor false, and neither is its `not`: such a rule does not fit. Null equals null only.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

MAX_LENGTH = 500
Literal = str | int | float | bool | None
Ask = Callable[[Any], bool | None]  # None: neither true nor false

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"[^"\\]*")|(?P<number>-?(?:\d+(?:\.\d+)?|\.\d+))(?![\w.]*\w)|(?P<number2>-?\d+)(?=\.\.)'
    r"|(?P<word>[A-Za-z_\u4e00-\u9fff]\w*)|(?P<sign>\.\.|<=|>=|[<>\[\]()\-,]))",
)
_WORDS: dict[str, Literal] = {"true": True, "false": False, "null": None}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class FeelError(ValueError):
    """A cell that is not in the allowed part of FEEL; `message` is Chinese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Test:
    """A compiled input cell: ask `holds`; `constants` are the values that it is cut at."""

    text: str
    constants: tuple[Literal, ...]
    holds: Callable[[Any], bool]

    @property
    def is_any(self) -> bool:
        return self.text in {"", "-"}


def parse_tests(text: str) -> Test:
    """Read an input cell; raises FeelError."""
    text = text.strip()
    if text in {"", "-"}:
        return Test(text, (), lambda value: True)
    return _Parser(text).tests()


def parse_literal(text: str) -> Literal:
    """Read an output cell; raises FeelError."""
    return _Parser(text.strip()).only_literal()


def same(left: Any, right: Any) -> bool | None:
    """Equality of FEEL: within one type only (in Python True == 1), else None."""
    if left is None or right is None:
        return left is right
    if type(left) is type(right) or (_is_number(left) and _is_number(right)):
        return bool(left == right)
    return None


def _any_of(answers: Sequence[bool | None]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class _Parser:
    """Goes through the tokens of one cell."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.place = 0
        self.constants: list[Literal] = []

    def tests(self) -> Test:
        if self.word() == "not" and self.following() == "(":
            self.place += 2
            inner = self.list_of_tests()
            self.expect(")")
            self.end()
            return Test(self.text, tuple(self.constants), lambda value: inner(value) is False)
        ask = self.list_of_tests()
        self.end()
        return Test(self.text, tuple(self.constants), lambda value: ask(value) is True)

    def only_literal(self) -> Literal:
        if not self.text:
            raise FeelError("结果单元格是空的，请写一个值，没有值写 null")
        value = self.literal()
        self.end()
        return value

    def list_of_tests(self) -> Ask:
        found = [self.test()]
        while self.sign() == ",":
            self.place += 1
            found.append(self.test())
        return lambda value: _any_of([test(value) for test in found])

    def test(self) -> Ask:
        sign = self.sign()
        if sign in _COMPARE:
            self.place += 1
            return _comparison(_COMPARE[sign], self.number())
        if sign in {"[", "(", "]"}:
            return self.range(sign)
        constant = self.literal()
        return lambda value: same(value, constant)

    def range(self, opening: str) -> Ask:
        self.place += 1
        low = self.number()
        self.expect("..")
        high = self.number()
        closing = self.sign()
        if closing not in {"]", ")", "["}:
            raise FeelError(f"区间没有写完：{self.text}")
        self.place += 1
        if low > high:
            raise FeelError(f"区间的下限大于上限：{self.text}")
        above = _COMPARE[">=" if opening == "[" else ">"]
        below = _COMPARE["<=" if closing == "]" else "<"]
        return lambda value: above(value, low) and below(value, high) if _is_number(value) else None

    def literal(self) -> Literal:
        kind, token = self.take()
        if kind == "text":
            value: Literal = token[1:-1]
        elif kind == "number":
            value = _number(token)
        elif kind == "word" and token in _WORDS:
            value = _WORDS[token]
        else:
            raise FeelError(f'{token} 不能用在这里：只能写 "文字"、数字、true、false 和 null')
        self.constants.append(value)
        return value

    def number(self) -> int | float:
        kind, token = self.take()
        if kind != "number":
            raise FeelError(f"{token} 不是数字：大小和区间只能比较数字")
        value = _number(token)
        self.constants.append(value)
        return value

    def take(self) -> tuple[str, str]:
        if self.place >= len(self.tokens):
            raise FeelError(f"没有写完：{self.text}")
        self.place += 1
        return self.tokens[self.place - 1]

    def sign(self) -> str:
        kind, token = self.tokens[self.place] if self.place < len(self.tokens) else ("", "")
        return token if kind == "sign" else ""

    def word(self) -> str:
        kind, token = self.tokens[0] if self.tokens else ("", "")
        return token if kind == "word" else ""

    def following(self) -> str:
        return self.tokens[1][1] if len(self.tokens) > 1 else ""

    def expect(self, sign: str) -> None:
        if self.sign() != sign:
            raise FeelError(f"这里应当是 {sign}：{self.text}")
        self.place += 1

    def end(self) -> None:
        if self.place < len(self.tokens):
            raise FeelError(f"{self.tokens[self.place][1]} 以后读不懂：{self.text}")


def _comparison(compare: Callable[[Any, Any], bool], bound: int | float) -> Ask:
    return lambda value: compare(value, bound) if _is_number(value) else None


def _number(token: str) -> int | float:
    return float(token) if "." in token else int(token)


def _tokens(text: str) -> Sequence[tuple[str, str]]:
    if len(text) > MAX_LENGTH:
        raise FeelError(f"单元格太长：最多 {MAX_LENGTH} 个字符")
    if any(quote in text for quote in "“”‘’'"):
        raise FeelError('文字要加英文双引号，例如 "college"')
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            if not text[place:].strip():
                break
            raise FeelError(f"{text[place:].strip()[:20]} 读不懂，或不在允许的写法里")
        kind = str(match.lastgroup).removesuffix("2")
        found.append((kind, match[str(match.lastgroup)]))
        place = match.end()
    return found
