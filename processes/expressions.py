"""The small language of conditions, operator parameters and computed timers.

An expression is an allow-listed subset of Python, compiled once into closures. Nothing is ever
given to eval or exec: what is not on the list does not compile. Names are paths through nested
dictionaries (`Answer_invitation.outcome`); they never touch attributes of Python objects.

    condition = compile_expression("Answer_invitation.outcome == 'accept'")
    condition({"Answer_invitation": {"outcome": "accept"}})   # True
    condition.names                                            # {"Answer_invitation.outcome"}
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from processes.durations import IsoError, parse_duration, parse_moment

MAX_LENGTH = 500
MAX_DEPTH = 20

Evaluate = Callable[[Mapping[str, Any]], Any]

_FOREIGN_WORDS = {
    "true": "True",
    "false": "False",
    "null": "None",
    "undefined": "None",
    "nil": "None",
}
_FOREIGN_SIGNS = (
    ("${", "直接写变量的路径，不用 ${ }"),
    ("===", "“相等”写作 =="),
    ("!==", "“不等”写作 !="),
    ("&&", "“并且”写作 and"),
    ("||", "“或者”写作 or"),
    ("“", "引号用英文的 ' 或 \""),
    ("‘", "引号用英文的 ' 或 \""),
)
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_REFUSED = {
    ast.Call: "不能调用函数",
    ast.Subscript: "不能用方括号取值，请写成 步骤.字段",
    ast.Lambda: "不能定义函数",
    ast.IfExp: "不能用 if … else，请用网关",
    ast.NamedExpr: "不能赋值",
    ast.Dict: "不能写字典",
    ast.Set: "不能写集合，请用圆括号",
    ast.JoinedStr: "不能用格式化字符串",
    ast.Starred: "不能用星号",
    ast.Is: "不能用 is，请用 ==",
    ast.IsNot: "不能用 is not，请用 !=",
}


class ExpressionError(ValueError):
    """An expression that cannot be compiled or has no value; `message` is Chinese."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@dataclass(frozen=True)
class Expression:
    """A compiled expression; call it with the variables that it may read.

    `names` holds the dotted paths it reads. `compared` holds (path, constant) for each constant
    that a path is compared with by ==, != or in, so that a check can look for values which no
    form and no operator ever gives. `constant` tells that it reads no variable at all.
    """

    text: str
    names: frozenset[str]
    compared: tuple[tuple[str, Any], ...] = ()
    _evaluate: Evaluate = field(default=lambda _: None, repr=False, compare=False)

    @property
    def constant(self) -> bool:
        return not self.names

    def __call__(self, lookup: Mapping[str, Any]) -> Any:
        """The value; raises ExpressionError when a variable is missing or types do not fit."""
        return self._evaluate(lookup)


def compile_expression(text: str) -> Expression:
    """Compile the text; raises ExpressionError (message in Chinese, position from 1)."""
    text = text.strip()
    tree = _parse(text)
    compiler = _Compiler(text)
    evaluate = compiler.compile(tree, 1)
    return Expression(text, frozenset(compiler.names), tuple(compiler.compared), evaluate)


def _parse(text: str) -> ast.expr:
    if not text:
        raise ExpressionError("表达式是空的")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"表达式太长：最多 {MAX_LENGTH} 个字符", MAX_LENGTH)
    if "\\" in text:
        raise ExpressionError("表达式里不能有反斜杠", text.index("\\") + 1)
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        hint = next((hint for sign, hint in _FOREIGN_SIGNS if sign in text), None)
        if hint is None and re.search(r"!(?!=)", text):
            hint = "“非”写作 not"
        if hint is None and re.search(r"(?<![=!<>])=(?!=)", text):
            hint = "“相等”写作 =="
        raise ExpressionError(f"表达式读不懂：{hint or '请检查写法'}", error.offset) from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise ExpressionError("表达式读不懂：嵌套太深或含有非法字符") from None


class _Compiler:
    """Turns the allowed nodes into closures and notes which paths they read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: list[str] = []
        self.compared: list[tuple[str, Any]] = []

    def compile(self, node: ast.expr, depth: int) -> Evaluate:
        if depth > MAX_DEPTH:
            raise ExpressionError(f"表达式嵌套太深：最多 {MAX_DEPTH} 层", self._position(node))
        if isinstance(node, ast.Constant):
            value = self._constant(node)
            return lambda _: value
        if isinstance(node, ast.Name | ast.Attribute):
            return self._path(node)
        if isinstance(node, ast.Tuple | ast.List):
            values = self._constants(node)
            return lambda _: values
        if isinstance(node, ast.BoolOp):
            return self._logic(node, depth)
        if isinstance(node, ast.UnaryOp):
            return self._unary(node, depth)
        if isinstance(node, ast.BinOp):
            return self._sum(node, depth)
        if isinstance(node, ast.Compare):
            return self._comparison(node, depth)
        raise self._refusal(node)

    def _constant(self, node: ast.Constant) -> str | int | float | bool | None:
        value = node.value
        if value is None or isinstance(value, str | int):
            return value
        if isinstance(value, float) and math.isfinite(value):
            return value
        raise ExpressionError("只能写文字、数字、True、False 和 None", self._position(node))

    def _constants(self, node: ast.Tuple | ast.List) -> tuple[Any, ...]:
        values = []
        for item in node.elts:
            if isinstance(item, ast.UnaryOp) and isinstance(item.op, ast.USub):
                values.append(self._unary(item, MAX_DEPTH - 1)({}))
            elif isinstance(item, ast.Constant):
                values.append(self._constant(item))
            else:
                raise ExpressionError("列表里只能写固定的值", self._position(item))
        return tuple(values)

    def _path(self, node: ast.Name | ast.Attribute) -> Evaluate:
        parts: list[str] = []
        step: ast.expr = node
        while isinstance(step, ast.Attribute):
            parts.append(step.attr)
            step = step.value
        if not isinstance(step, ast.Name):
            raise ExpressionError("点号前面只能是变量的路径", self._position(node))
        parts.append(step.id)
        parts.reverse()
        if len(parts) > MAX_DEPTH:
            raise ExpressionError(f"变量的路径太长：最多 {MAX_DEPTH} 段", self._position(node))
        self._check_words(parts, node)
        path = ".".join(parts)
        self.names.append(path)
        return _reader(tuple(parts), path)

    def _check_words(self, parts: list[str], node: ast.expr) -> None:
        if len(parts) == 1 and parts[0] in _FOREIGN_WORDS:
            word = parts[0]
            raise ExpressionError(f"{word} 请写作 {_FOREIGN_WORDS[word]}", self._position(node))
        if any(part.startswith("__") for part in parts):
            raise ExpressionError("变量名不能以两个下划线开头", self._position(node))

    def _logic(self, node: ast.BoolOp, depth: int) -> Evaluate:
        operands = [self.compile(value, depth + 1) for value in node.values]
        stop_at = isinstance(node.op, ast.Or)

        def evaluate(lookup: Mapping[str, Any]) -> Any:
            value: Any = None
            for operand in operands:
                value = operand(lookup)
                if bool(value) is stop_at:
                    break
            return value

        return evaluate

    def _unary(self, node: ast.UnaryOp, depth: int) -> Evaluate:
        operand = self.compile(node.operand, depth + 1)
        if isinstance(node.op, ast.Not):
            return lambda lookup: not operand(lookup)
        if isinstance(node.op, ast.USub):
            return lambda lookup: -_number(operand(lookup))
        raise self._refusal(node)

    def _sum(self, node: ast.BinOp, depth: int) -> Evaluate:
        if not isinstance(node.op, ast.Add | ast.Sub):
            raise ExpressionError("只能用加号和减号计算", self._position(node))
        sign = 1 if isinstance(node.op, ast.Add) else -1
        left, right = self.compile(node.left, depth + 1), self.compile(node.right, depth + 1)

        def evaluate(lookup: Mapping[str, Any]) -> Any:
            first, second = left(lookup), right(lookup)
            if isinstance(first, str) and isinstance(second, str):
                return _shift_moment(first, second, sign)
            return _number(first) + sign * _number(second)

        return evaluate

    def _comparison(self, node: ast.Compare, depth: int) -> Evaluate:
        for sign in node.ops:
            if type(sign) not in _COMPARE:
                raise self._refusal(node, sign)
        sides = [node.left, *node.comparators]
        operands = [self.compile(side, depth + 1) for side in sides]
        signs = [_COMPARE[type(sign)] for sign in node.ops]
        for index, sign in enumerate(node.ops):
            self._note_compared(sides[index], sign, sides[index + 1])
        if len(signs) == 1:
            return _single_comparison(operands[0], signs[0], operands[1])

        def evaluate(lookup: Mapping[str, Any]) -> bool:
            left = operands[0](lookup)
            for compare, operand in zip(signs, operands[1:], strict=True):
                right = operand(lookup)
                if not _compare(compare, left, right):
                    return False
                left = right
            return True

        return evaluate

    def _note_compared(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> None:
        if isinstance(right, ast.Name | ast.Attribute) and isinstance(sign, ast.Eq | ast.NotEq):
            left, right = right, left
        if not isinstance(left, ast.Name | ast.Attribute):
            return
        if isinstance(sign, ast.Eq | ast.NotEq) and isinstance(right, ast.Constant):
            self.compared.append((ast.unparse(left), right.value))
        elif isinstance(sign, ast.In | ast.NotIn) and isinstance(right, ast.Tuple | ast.List):
            path = ast.unparse(left)
            self.compared.extend((path, value) for value in self._constants(right))

    def _refusal(self, node: ast.expr, part: ast.AST | None = None) -> ExpressionError:
        reason = _REFUSED.get(type(part or node), "这种写法不在允许的范围内")
        return ExpressionError(f"表达式里{reason}", self._position(node))

    def _position(self, node: ast.expr) -> int:
        line = self.text.splitlines()[node.lineno - 1].encode()
        return len(line[: node.col_offset].decode(errors="ignore")) + 1


def _reader(parts: tuple[str, ...], path: str) -> Evaluate:
    """Read a path; a missing variable is an error that names it, never False."""
    missing = f"变量 {path} 还没有值"

    def read(lookup: Mapping[str, Any]) -> Any:
        value: Any = lookup
        for part in parts:
            try:
                value = value[part]
            except (KeyError, TypeError, IndexError):
                raise ExpressionError(missing) from None
        return value

    return read


def _single_comparison(
    left: Evaluate, compare: Callable[[Any, Any], Any], right: Evaluate
) -> Evaluate:
    return lambda lookup: _compare(compare, left(lookup), right(lookup))


def _compare(compare: Callable[[Any, Any], Any], left: Any, right: Any) -> bool:
    try:
        return bool(compare(left, right))
    except TypeError:
        raise ExpressionError(f"{left!r} 和 {right!r} 不能这样比较") from None


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpressionError(f"{value!r} 不是数字，不能加减")
    return value


def _shift_moment(moment: str, duration: str, sign: int) -> str:
    """A moment plus or minus a duration, both as ISO 8601 text."""
    try:
        start, length = parse_moment(moment), parse_duration(duration)
        return (length.after(start) if sign > 0 else length.before(start)).isoformat()
    except IsoError as error:
        raise ExpressionError(f"文字只能是“时刻 ± 时长”：{error.message}") from None
