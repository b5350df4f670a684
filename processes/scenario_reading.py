"""Reads scenario files strictly: a wrong word is an error that says file, scenario and step."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from processes.durations import BEIJING, Duration, parse_duration, parse_moment
from processes.operators import CATALOGUE
from processes.roles import Role
from processes.scenario_language import ExpectedCall, Scenario, ScenarioError, ScenarioStep

_FILE_WORDS = {"starts", "facts", "operators", "scenario"}
_SCENARIO_WORDS = {
    "title",
    "ends_at",
    "starts",
    "facts",
    "operators",
    "expect_operators",
    "step",
}
_STEP_WORDS = {
    "who",
    "task",
    "answers",
    "message",
    "after",
    "at",
    "refused",
    "expect_waiting",
    "expect_status",
    "turn",
    "which",
}


def read_scenarios(text: str, source: str = "") -> tuple[Scenario, ...]:
    """Read a scenario file; raises ScenarioError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(source, "", None, f"不是正确的 TOML：{error}") from None
    return _Reader(source).read(table)


class _Reader:
    """Knows where in the file we are, so that each error can say so."""

    def __init__(self, source: str) -> None:
        self.source, self.title = source, ""
        self.step: int | None = None

    def read(self, table: dict[str, Any]) -> tuple[Scenario, ...]:
        self.known(table, _FILE_WORDS)
        tables = self.tables(table.get("scenario"), "scenario")
        if not tables:
            raise self.error("没有 [[scenario]]，没有可走的场景。")
        scenarios = tuple(self.scenario(entry, table) for entry in tables)
        self.title, self.step = "", None
        titles = [scenario.title for scenario in scenarios]
        for title in titles:
            if titles.count(title) > 1:
                raise self.error(f"场景标题「{title}」用了两次。")
        return scenarios

    def scenario(self, entry: dict[str, Any], file: dict[str, Any]) -> Scenario:
        self.title, self.step = "", None
        self.title = self.text(entry, "title") or ""
        if not self.title:
            raise self.error("有一个场景没有 title。")
        self.known(entry, _SCENARIO_WORDS)
        starts = self.moment(entry, "starts") or self.moment(file, "starts")
        if starts is None:
            raise self.error('缺少 starts，例如 starts = "2027-03-01T09:00:00+08:00"。')
        scenario = Scenario(
            source=self.source,
            title=self.title,
            starts=starts,
            facts=self.facts(file.get("facts", {}), entry.get("facts", {})),
            operators={
                **self.scripts(file.get("operators", {})),
                **self.scripts(entry.get("operators", {})),
            },
            steps=tuple(
                self.read_step(number, step)
                for number, step in enumerate(self.tables(entry.get("step"), "step"), start=1)
            ),
            ends_at=self.text(entry, "ends_at"),
            expect_operators=self.expected(entry.get("expect_operators")),
        )
        self.must_prove_something(scenario)
        return scenario

    def must_prove_something(self, scenario: Scenario) -> None:
        last = scenario.steps[-1] if scenario.steps else None
        if scenario.ends_at is None and (last is None or last.expect_waiting is None):
            raise self.error("没有 ends_at，最后一步也没有 expect_waiting：什么也没有证明。")

    # -- steps -------------------------------------------------------------------------------

    def read_step(self, number: int, entry: dict[str, Any]) -> ScenarioStep:
        self.step = number
        self.known(entry, _STEP_WORDS)
        step = ScenarioStep(
            number=number,
            who=self.role(entry),
            task=self.text(entry, "task"),
            answers=self.table(entry.get("answers", {}), "answers"),
            message=self.text(entry, "message"),
            after=self.duration(entry),
            at=self.moment(entry, "at"),
            refused=self.flag(entry, "refused"),
            expect_waiting=self.paths(entry, "expect_waiting"),
            expect_status=self.text(entry, "expect_status"),
            turn=self.turns(entry),
            which=self.number(entry, "which") or 0,
        )
        self.must_make_sense(step, entry)
        self.step = None
        return step

    def must_make_sense(self, step: ScenarioStep, entry: dict[str, Any]) -> None:
        acts = step.task is not None or step.message is not None
        if step.task and step.message:
            raise self.error("task 和 message 只能写一个。")
        if step.after and step.at:
            raise self.error("after 和 at 只能写一个。")
        if acts and step.who is None:
            raise self.error('缺少 who：谁来办理？例如 who = "graduate"。')
        if step.refused and not acts:
            raise self.error("refused 只能用在 task 或 message 的一步。")
        for word in ("answers", "turn", "which"):
            if word in entry and step.task is None:
                raise self.error(f"{word} 只能和 task 一起写。")
        if not acts and step.who is not None:
            raise self.error("写了 who，却没有写 task 或 message。")
        if not (acts or step.after or step.at or "expect_waiting" in entry or step.expect_status):
            raise self.error("这一步是空的。")

    def role(self, entry: dict[str, Any]) -> Role | None:
        word = self.text(entry, "who")
        if word is None:
            return None
        if word not in set(Role):
            raise self.error(f"who = {word} 不认识，可以写：{'、'.join(Role)}。")
        return Role(word)

    def duration(self, entry: dict[str, Any]) -> Duration | None:
        text = self.text(entry, "after")
        try:
            return None if text is None else parse_duration(text)
        except ValueError as error:
            raise self.error(f"after：{error}") from None

    # -- facts and operators -----------------------------------------------------------------

    def facts(self, common: Any, own: Any) -> dict[str, dict[str, Any]]:
        facts: dict[str, dict[str, Any]] = {"case": {}, "school": {}}
        for given in (self.table(common, "facts"), self.table(own, "facts")):
            for root, values in given.items():
                if root not in facts:
                    raise self.error(f"facts 里只有 case 和 school，没有 {root}。")
                facts[root].update(self.table(values, f"facts.{root}"))
        return facts

    def scripts(self, given: Any) -> dict[str, tuple[str, ...]]:
        scripts = {}
        for operator, outcomes in self.table(given, "operators").items():
            listed = outcomes if isinstance(outcomes, list) else [outcomes]
            if not listed:
                raise self.error(f"operators.{operator} 是空的列表。")
            for outcome in listed:
                self.known_outcome(operator, outcome)
            scripts[operator] = tuple(listed)
        return scripts

    def expected(self, given: Any) -> tuple[ExpectedCall, ...] | None:
        if given is None:
            return None
        if not isinstance(given, list):
            raise self.error("expect_operators 要写成列表。")
        return tuple(self.expected_call(entry) for entry in given)

    def expected_call(self, entry: Any) -> ExpectedCall:
        if isinstance(entry, str) and 1 <= len(words := entry.split()) <= 2:
            call = ExpectedCall(words[0], words[1] if len(words) > 1 else None)
        elif isinstance(entry, dict) and isinstance(entry.get("operator"), str):
            rest = dict(entry)
            call = ExpectedCall(rest.pop("operator"), rest.pop("outcome", None), rest)
        else:
            raise self.error(
                f'expect_operators 里的 {entry!r} 读不懂，请写成 "acquire_claim taken"。'
            )
        self.known_outcome(call.operator, call.outcome)
        for name in call.parameters:
            if name not in CATALOGUE[call.operator].parameters:
                raise self.error(f"操作 {call.operator} 没有参数 {name}。")
        return call

    def known_outcome(self, operator: str, outcome: Any) -> None:
        if operator not in CATALOGUE:
            raise self.error(f"没有操作 {operator}，可以写：{'、'.join(CATALOGUE)}。")
        outcomes = CATALOGUE[operator].outcomes
        if outcome is not None and outcome not in outcomes:
            raise self.error(f"操作 {operator} 没有结果 {outcome}，只有：{'、'.join(outcomes)}。")

    # -- values ------------------------------------------------------------------------------

    def known(self, table: dict[str, Any], words: set[str]) -> None:
        for word in table:
            if word not in words:
                raise self.error(f"{word} 不认识，可以写：{'、'.join(sorted(words))}。")

    def tables(self, given: Any, word: str) -> list[dict[str, Any]]:
        if given is None:
            return []
        if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
            raise self.error(f"{word} 要写成 [[{word}]]。")
        return given

    def table(self, given: Any, word: str) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise self.error(f"{word} 要写成表，例如 {word} = {{ … }}。")
        return {key: _plain(value) for key, value in given.items()}

    def text(self, table: dict[str, Any], word: str) -> str | None:
        value = table.get(word)
        if value is not None and (not isinstance(value, str) or not value):
            raise self.error(f"{word} 要写成文字。")
        return value

    def flag(self, table: dict[str, Any], word: str) -> bool:
        value = table.get(word, False)
        if not isinstance(value, bool):
            raise self.error(f"{word} 只能是 true 或 false。")
        return value

    def number(self, table: dict[str, Any], word: str) -> int | None:
        value = table.get(word)
        if value is not None and (type(value) is not int or value < 1):
            raise self.error(f"{word} 要写成从 1 数起的整数，例如 {word} = 2。")
        return value

    def turns(self, table: dict[str, Any]) -> tuple[int, ...] | None:
        value = table.get("turn")
        if isinstance(value, list) and value:
            return tuple(self.number({"turn": one}, "turn") or 0 for one in value)
        number = self.number(table, "turn")
        return None if number is None else (number,)

    def paths(self, table: dict[str, Any], word: str) -> tuple[str, ...] | None:
        value = table.get(word)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(path, str) for path in value):
            raise self.error(f'{word} 要写成列表，例如 {word} = ["Answer_invitation"]。')
        return tuple(value)

    def moment(self, table: dict[str, Any], word: str) -> datetime | None:
        value = table.get(word)
        if value is None:
            return None
        if isinstance(value, str | date):
            try:
                return parse_moment(_plain(value))
            except ValueError as error:
                raise self.error(f"{word}：{error}") from None
        raise self.error(f"{word} 要写成时刻。")

    def error(self, fault: str) -> ScenarioError:
        return ScenarioError(self.source, self.title, self.step, fault)


def _plain(value: Any) -> Any:
    """Turn TOML's own dates into text, as answers hold them; the rest stays."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=BEIJING)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inner) for inner in value]
    return value
