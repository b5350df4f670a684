"""A scenario file is read strictly: a wrong word is an error with file, scenario and step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from processes.roles import Role
from processes.scenario import ScenarioError, read_scenarios

WHOLE = """
starts = "2027-03-01T09:00:00+08:00"
facts.school = { review_levels = "both", reply_days = 5 }
operators = { check_eligibility = "ok" }

[[scenario]]
title = "毕业生没有回应"
ends_at = "Lapsed"
facts.school.review_levels = "college"
operators = { acquire_claim = ["taken", "ok"] }
expect_operators = ["acquire_claim taken", { operator = "notify", to = "graduate" }]

[[scenario.step]]
who = "graduate"
task = "Answer"
answers = { outcome = "accept", on = 2027-03-02, at = 2027-03-02T08:00:00 }
expect_waiting = ["Answer"]
expect_status = "waiting"

[[scenario.step]]
after = "P5D"

[[scenario.step]]
at = "2027-03-09"
who = "employer"
message = "withdraw"
refused = true
"""


def scenario(text: str) -> str:
    """A file with one scenario that has this text."""
    return f'starts = "2027-03-01"\n[[scenario]]\ntitle = "甲"\nends_at = "End"\n{text}'


def step(text: str) -> str:
    """A file whose second step has this text."""
    return scenario(f'[[scenario.step]]\nafter = "P1D"\n[[scenario.step]]\n{text}')


def test_a_whole_scenario_is_read():
    (read,) = read_scenarios(WHOLE, "signing.toml")

    assert read.title == "毕业生没有回应"
    assert read.starts == datetime(2027, 3, 1, 1, tzinfo=UTC)
    assert read.facts == {"case": {}, "school": {"review_levels": "college", "reply_days": 5}}
    assert read.operators == {"check_eligibility": ("ok",), "acquire_claim": ("taken", "ok")}
    assert read.expect_operators is not None
    assert [call.operator for call in read.expect_operators] == ["acquire_claim", "notify"]
    assert read.expect_operators[1].parameters == {"to": "graduate"}


def test_the_steps_of_a_scenario_are_read():
    (read,) = read_scenarios(WHOLE)

    answer, wait, withdraw = read.steps
    assert (answer.who, answer.task, answer.expect_status) == (Role.GRADUATE, "Answer", "waiting")
    assert answer.expect_waiting == ("Answer",)
    assert wait.after is not None
    assert wait.after.after(read.starts) - read.starts == timedelta(days=5)
    assert withdraw.at == datetime(2027, 3, 9, 15, 59, 59, tzinfo=UTC)
    assert (withdraw.message, withdraw.refused) == ("withdraw", True)


def test_dates_written_the_way_of_toml_become_text_as_answers_hold_them():
    (read,) = read_scenarios(WHOLE)

    assert read.steps[0].answers == {
        "outcome": "accept",
        "on": "2027-03-02",
        "at": "2027-03-02T08:00:00+08:00",
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("starts = ", "不是正确的 TOML"),
        ('starts = "2027-03-01"', "没有 [[scenario]]"),
        ('scenario = "甲"', "[[scenario]]"),
        ('[[scenario]]\nends_at = "End"', "没有 title"),
        ('[[scenario]]\ntitle = "甲"\nends_at = "End"', "缺少 starts"),
        ('starts = "2027-03-01"\n[[scenario]]\ntitle = "甲"', "什么也没有证明"),
        (scenario("") + scenario("").split("\n", 1)[1], "用了两次"),
        (scenario("ends = 1"), "ends 不认识"),
        (scenario("starts = 5"), "starts 要写成时刻"),
        (scenario('starts = "soon"'), "读不懂"),
        (scenario("facts.person.a = 1"), "没有 person"),
        (scenario('operators = { fly = "ok" }'), "没有操作 fly"),
        (scenario('operators = { acquire_claim = "maybe" }'), "没有结果 maybe"),
        (scenario("operators = { acquire_claim = [] }"), "空的列表"),
        (scenario('expect_operators = "ok"'), "要写成列表"),
        (scenario('expect_operators = ["a b c"]'), "读不懂"),
        (scenario('expect_operators = [{ operator = "notify", whom = "x" }]'), "没有参数 whom"),
    ],
)
def test_a_faulty_scenario_is_refused(text: str, fault: str):
    with pytest.raises(ScenarioError) as refused:
        read_scenarios(text, "signing.toml")

    assert fault in refused.value.story
    assert refused.value.story.startswith("signing.toml")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('who = "graduat"\ntask = "Answer"', "who = graduat 不认识"),
        ('task = "Answer"', "缺少 who"),
        ('who = "graduate"', "没有写 task 或 message"),
        ('who = "graduate"\ntask = "A"\nmessage = "withdraw"', "task 和 message 只能写一个"),
        ('after = "P1D"\nat = "2027-03-09"', "after 和 at 只能写一个"),
        ('after = "5 days"', "读不懂"),
        ('at = "tomorrow"', "读不懂"),
        ('after = "P1D"\nrefused = true', "refused 只能用在"),
        ('who = "graduate"\ntask = "A"\nrefused = "yes"', "只能是 true 或 false"),
        ('after = "P1D"\nanswers = { a = 1 }', "answers 只能和 task"),
        ('who = "graduate"\ntask = "A"\nanswers = "accept"', "answers 要写成表"),
        ('after = "P1D"\nexpect_waiting = "A"', "expect_waiting 要写成列表"),
        ("expect_status = 5", "expect_status 要写成文字"),
        ("", "这一步是空的"),
        ('wait = "P1D"', "wait 不认识"),
    ],
)
def test_a_faulty_step_is_refused_with_scenario_and_number(text: str, fault: str):
    with pytest.raises(ScenarioError) as refused:
        read_scenarios(step(text), "signing.toml")

    assert fault in refused.value.story
    assert "signing.toml · 场景「甲」 · 第 2 步" in refused.value.story


def test_a_scenario_without_end_must_expect_a_waiting_task():
    text = 'starts = "2027-03-01"\n[[scenario]]\ntitle = "甲"\n[[scenario.step]]\nafter = "P1D"\n'

    (read,) = read_scenarios(text + 'expect_waiting = ["Answer"]')

    assert read.ends_at is None
