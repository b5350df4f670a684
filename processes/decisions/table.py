"""A decision table, compiled and asked."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from processes.decisions.feel import FeelError, Literal, Test, parse_literal, parse_tests, same
from processes.decisions.reading import Decision, DecisionRule
from processes.expressions import Expression, ExpressionError, compile_expression

POLICIES = ("UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER")
MANY = frozenset({"COLLECT", "RULE ORDER"})
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)


class DecisionError(ValueError):
    """The rules contradict each other; `message` is Chinese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Problem:
    """What is wrong with a table, where, and how to mend it; in Chinese."""

    message: str
    way_out: str
    line: int = 0


@dataclass(frozen=True)
class Rule:
    """A row: the tests of its inputs, and what it gives."""

    tests: tuple[Test, ...]
    results: tuple[Literal, ...]

    def fits(self, values: Sequence[Any]) -> bool:
        """Whether every test of the row holds."""
        return all(test.holds(value) for test, value in zip(self.tests, values, strict=True))


@dataclass(frozen=True)
class Table:
    """A table ready to be asked. `defaults` are what it gives when no rule fits."""

    policy: str
    inputs: tuple[Expression, ...]
    names: tuple[str, ...]
    rules: tuple[Rule, ...]
    defaults: tuple[Literal, ...]

    @property
    def gives_lists(self) -> bool:
        return self.policy in MANY

    def fitting(self, values: Sequence[Any]) -> list[int]:
        """The numbers of the rules that fit, from 0, in the order of the table."""
        return [number for number, rule in enumerate(self.rules) if rule.fits(values)]

    def decide(self, values: Sequence[Any]) -> dict[str, Any]:
        """What the table gives for the inputs' values, by output.

        No rule fits: the defaults, or None; an empty list where rules are collected. Raises
        DecisionError when several fit a unique table, or differ in one of policy ANY.
        """
        fitting = self.fitting(values)
        if self.gives_lists:
            rows = [self.rules[number].results for number in fitting]
            return {name: [row[place] for row in rows] for place, name in enumerate(self.names)}
        if not fitting:
            return dict(zip(self.names, self.defaults, strict=True))
        if (clash := self.clash(fitting)) is not None:
            raise DecisionError(clash)
        return dict(zip(self.names, self.rules[fitting[0]].results, strict=True))

    def clash(self, fitting: Sequence[int]) -> str | None:
        """Why these rules must not fit together; None when they may."""
        shown = "、".join(str(number + 1) for number in fitting)
        if self.policy == "UNIQUE" and len(fitting) > 1:
            return f"第 {shown} 条规则同时成立，而表要求只有一条（UNIQUE）"
        if self.policy == "ANY":
            first = self.rules[fitting[0]].results if fitting else ()
            for number in fitting[1:]:
                results = self.rules[number].results
                if not all(map(same, first, results)):
                    return f"第 {shown} 条规则同时成立，结果却不同，而表要求相同（ANY）"
        return None

    def outcomes(self, name: str, *, none_fits: bool) -> tuple[Literal, ...]:
        """The values that an output can have; with the default when it may be that none fits."""
        place = self.names.index(name)
        values = [rule.results[place] for rule in self.rules]
        if none_fits:
            values.append(self.defaults[place])
        return tuple({repr(value): value for value in values}.values())


def compile_decision(decision: Decision) -> Table:
    """Compile a table; raises DecisionError with the first problem."""
    for problem in problems_of(decision):
        raise DecisionError(problem.message)
    return Table(
        decision.policy,
        tuple(compile_expression(column.text) for column in decision.inputs),
        tuple(column.name for column in decision.outputs),
        tuple(_rule(rule) for rule in decision.rules),
        tuple(
            None if column.default is None else parse_literal(column.default)
            for column in decision.outputs
        ),
    )


def _rule(rule: DecisionRule) -> Rule:
    return Rule(tuple(map(parse_tests, rule.tests)), tuple(map(parse_literal, rule.results)))


def problems_of(decision: Decision) -> Iterator[Problem]:
    """Everything for which a table is refused."""
    line = decision.line
    if decision.tables > 1:
        yield Problem(
            f"任务里有 {decision.tables} 张决策表。", "请只留一张，或拆成几个任务。", line
        )
    if decision.policy not in POLICIES:
        yield Problem(
            f"不支持命中策略 {decision.policy}。", f"请改成 {'、'.join(POLICIES)} 之一。", line
        )
    if decision.aggregation:
        yield Problem(
            f"不支持对结果求 {decision.aggregation}。", "请删掉汇总方式，或改用 FIRST。", line
        )
    for other in decision.others:
        yield Problem(f"决策表里的 {other} 不能执行。", "请删掉它。", line)
    if not decision.rules or not decision.outputs:
        yield Problem("决策表没有规则或没有结果列。", "请至少写一条规则和一个结果列。", line)
    yield from _columns(decision)
    for number, rule in enumerate(decision.rules, 1):
        yield from _cells(decision, number, rule)


def _columns(decision: Decision) -> Iterator[Problem]:
    for looked_at in decision.inputs:
        try:
            compile_expression(looked_at.text)
        except ExpressionError as error:
            yield Problem(
                f"输入列「{looked_at.label}」不能使用：{error.message.rstrip('。')}。",
                "请写成 步骤.字段。",
                decision.line,
            )
    names = [column.name for column in decision.outputs]
    for column in decision.outputs:
        if not _WORD.match(column.name) or keyword.iskeyword(column.name):
            yield Problem(
                f"结果列的名称「{column.name}」不是英文单词，条件里无法引用。",
                "请给它一个英文名称，例如 outcome。",
                decision.line,
            )
        if column.default is not None:
            yield from _literal(column.default, f"结果列 {column.name} 的默认值", decision.line)
    if len(set(names)) < len(names):
        yield Problem("有两个结果列同名。", "请改成不同的名称。", decision.line)


def _cells(decision: Decision, number: int, rule: DecisionRule) -> Iterator[Problem]:
    if len(rule.tests) != len(decision.inputs) or len(rule.results) != len(decision.outputs):
        yield Problem(
            f"第 {number} 条规则的单元格和列数不一致。", "请补上或删掉单元格。", rule.line
        )
    for text in rule.tests:
        try:
            parse_tests(text)
        except FeelError as error:
            yield Problem(
                f"第 {number} 条规则的条件写得不对：{error.message}。",
                '可以写 "文字"、数字、< 5、[1..5]、not(…)，任意值写 -。',
                rule.line,
            )
    for text in rule.results:
        yield from _literal(text, f"第 {number} 条规则的结果", rule.line)


def _literal(text: str, what: str, line: int) -> Iterator[Problem]:
    try:
        parse_literal(text)
    except FeelError as error:
        yield Problem(
            f"{what}写得不对：{error.message}。",
            '结果只能写固定的值："文字"、数字、true、false 或 null。',
            line,
        )


def asked(table: Table, lookup: Mapping[str, Any]) -> dict[str, Any]:
    """Ask a table with variables at hand; for tests and previews."""
    return table.decide([expression(lookup) for expression in table.inputs])
