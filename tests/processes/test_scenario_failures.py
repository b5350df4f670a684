"""A scenario that does not come true says where the token waits, who holds it and what was due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from processes import scenario as scenario_module
from processes.diagram import Diagram
from processes.engine import compile_release
from processes.rehearsal import Rehearsal, rehearse
from processes.scenario import (
    Played,
    ScenarioError,
    ScenarioFailed,
    play,
    play_thoroughly,
    read_scenarios,
)
from processes.scenario_forms import require_offered_answers

SIGNING = """
start Begin
user Answer name=应约 form=answer status=waiting
boundary Deadline on=Answer duration=P5D
boundary Withdrawn on=Answer message=withdraw
xor Answered
service Acquire op=acquire_claim
end Signed
end Refused
end Lapsed
end Taken_back
Begin > Answer > Answered
Answered > Acquire : Answer.outcome == "accept"
Answered > Refused : Answer.outcome == "refuse"
Acquire > Signed
Deadline > Lapsed
Withdrawn > Taken_back
"""
ACCEPT = 'who = "office"\ntask = "Answer"\nanswers = { outcome = "accept" }'
FORMS = {"answer": {"outcome": ["accept", "refuse"], "reason": None}}


@pytest.fixture(scope="module")
def signing(draw: Callable[[str], Diagram]) -> Diagram:
    return draw(SIGNING)


def scenario_text(*steps: str, head: str = 'ends_at = "Signed"') -> str:
    text = f'starts = "2027-03-01T09:00:00+08:00"\n[[scenario]]\ntitle = "甲"\n{head}\n'
    return text + "".join(f"[[scenario.step]]\n{step}\n" for step in steps)


def played(diagram: Diagram, *steps: str, **head: str) -> Played:
    (scenario,) = read_scenarios(scenario_text(*steps, **head))
    return play(compile_release(diagram, {}), scenario)


def failure(diagram: Diagram, *steps: str, **head: str) -> str:
    with pytest.raises(ScenarioFailed) as failed:
        played(diagram, *steps, **head)
    return failed.value.story


def test_a_scenario_that_comes_true_ends_where_it_says(signing):
    assert played(signing, ACCEPT).ended_at == "Signed"


def test_an_unfinished_run_says_where_it_waits_and_who_holds_it(signing):
    story = failure(signing, 'after = "P1D"')

    assert story == (
        "场景「甲」：预期结束于 Signed，流程却没有结束。现在停在：应约（Answer，由学校办理）。"
    )


def test_the_wrong_end_is_named(signing):
    story = failure(signing, ACCEPT.replace("accept", "refuse"))

    assert "预期结束于 Signed。现在已结束于 Refused。" in story


def test_the_wrong_person_is_named_with_the_step(signing):
    story = failure(signing, ACCEPT.replace("office", "graduate"))

    assert "第 1 步（毕业生 办理 Answer）：Answer 由学校办理，不是毕业生。" in story


def test_an_act_on_a_task_that_does_not_wait_fails(signing):
    assert "没有停在 Signature" in failure(signing, ACCEPT.replace("Answer", "Signature"))


def test_a_late_answer_that_was_not_expected_to_be_refused_fails(signing):
    story = failure(signing, ACCEPT + '\nafter = "P6D"')

    assert "Answer 已经不再等待办理" in story


def test_a_message_that_nobody_expects_fails(signing):
    assert "没有步骤在等待消息 hello" in failure(signing, 'who = "office"\nmessage = "hello"')


def test_an_act_that_should_have_been_refused_fails_when_it_works(signing):
    assert "应被拒绝，却办成了" in failure(signing, f"{ACCEPT}\nrefused = true")


def test_a_refusal_of_a_task_that_never_waited_proves_nothing(signing):
    step = ACCEPT.replace("Answer", "Signature") + "\nrefused = true"

    assert "从未等待过" in failure(signing, step)


def test_a_refused_act_leaves_no_operator_call_behind(signing):
    result = played(signing, f'{ACCEPT}\nafter = "P5D"\nrefused = true', head='ends_at = "Lapsed"')

    assert result.calls == ()


def test_wrong_expectations_of_waiting_and_status_are_told(signing):
    assert "预期停在：Begin。" in failure(signing, 'expect_waiting = ["Begin"]')
    assert "预期状态是 done，实际是 waiting" in failure(signing, 'expect_status = "done"')


def test_time_cannot_run_backwards(signing):
    assert "时间不能倒退" in failure(signing, 'at = "2027-02-01"')


@pytest.mark.parametrize(
    ("expected", "fault"),
    [
        ('["acquire_claim taken"]', "第 1 次操作预期是 acquire_claim() → taken，实际是"),
        ('["acquire_claim ok", "release_claim"]', "操作 release_claim() 没有发生"),
        ("[]", "多出一次操作：acquire_claim() → ok"),
    ],
)
def test_operators_that_differ_from_the_expected_are_told(signing, expected, fault):
    head = f'ends_at = "Signed"\nexpect_operators = {expected}'

    assert fault in failure(signing, ACCEPT, head=head)


def test_an_error_of_the_engine_is_told_as_a_failure(signing):
    story = failure(signing, 'who = "office"\ntask = "Answer"\nanswers = { reason = "无" }')

    assert "流程在这一步出错" in story
    assert "Answer.outcome" in story


def test_an_error_is_no_refusal(signing):
    step = 'who = "office"\ntask = "Answer"\nanswers = { reason = "无" }\nrefused = true'

    assert "流程在这一步出错" in failure(signing, step)


def test_scripted_outcomes_come_one_after_another_and_the_last_repeats(draw):
    diagram = draw(
        "start Begin\nservice One op=acquire_claim\nservice Two op=acquire_claim\n"
        "service Three op=acquire_claim\nend Done\nBegin > One > Two > Three > Done"
    )
    head = 'ends_at = "Done"\noperators = { acquire_claim = ["taken", "ok"] }'

    result = played(diagram, head=head)

    assert [call.outcome for call in result.calls] == ["taken", "ok", "ok"]


def test_time_that_passes_wakes_each_timer_at_its_own_moment(draw):
    diagram = draw(
        "start Begin\ncatch First duration=P2D\ncatch Second duration=P2D\nuser Rest form=f\n"
        "end Done\nBegin > First > Second > Rest > Done"
    )
    step = 'after = "P4D"\nexpect_waiting = ["Rest"]'

    (scenario,) = read_scenarios(scenario_text(step, head=""))
    result = play(compile_release(diagram, {}), scenario)

    (rest,) = result.steps[-1].waiting
    assert (rest.since - scenario.starts).days == 4


def test_a_restored_case_that_goes_another_way_fails(signing, monkeypatch):
    (scenario,) = read_scenarios(scenario_text(ACCEPT))
    executable = compile_release(signing, {})
    plain = play(executable, scenario)
    other = replace(plain, steps=plain.steps[:1])
    monkeypatch.setattr(
        scenario_module, "play", lambda *_, restoring=False: other if restoring else plain
    )

    with pytest.raises(ScenarioFailed, match="走的路和不保存时不同。现在已结束于 Signed"):
        play_thoroughly(executable, scenario)


# -- answers and forms -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ('{ outcome = "yes" }', "outcome 不能选 yes，只有：accept、refuse"),
        ('{ outcome = "accept", colour = "red" }', "没有字段 colour"),
    ],
)
def test_an_answer_that_the_form_does_not_offer_is_an_error(signing, answers, fault):
    step = f'who = "office"\ntask = "Answer"\nanswers = {answers}'
    (scenario,) = read_scenarios(scenario_text(step), "signing.toml")

    with pytest.raises(ScenarioError) as refused:
        require_offered_answers(scenario, signing, {}, FORMS)

    assert fault in refused.value.story
    assert "signing.toml · 场景「甲」 · 第 1 步" in refused.value.story


def test_offered_answers_are_accepted(signing):
    step = 'who = "office"\ntask = "Answer"\nanswers = { outcome = "refuse", reason = "无" }'
    (scenario,) = read_scenarios(scenario_text(step))

    require_offered_answers(scenario, signing, {}, FORMS)

    with pytest.raises(ScenarioError, match="表单 answer 不存在"):
        require_offered_answers(scenario, signing, {}, {})


@pytest.mark.parametrize(
    ("task", "fault"), [("Nowhere", "里没有 Nowhere"), ("Acquire", "不是由人办理的步骤")]
)
def test_a_step_on_something_that_is_no_task_is_an_error(signing, task, fault):
    (scenario,) = read_scenarios(scenario_text(ACCEPT.replace("Answer", task)))

    with pytest.raises(ScenarioError, match=fault):
        require_offered_answers(scenario, signing, {}, FORMS)


def test_a_rehearsal_goes_on_after_a_scenario_that_failed(signing):
    wrong = scenario_text('after = "P1D"')
    right = scenario_text(ACCEPT).split("\n", 1)[1].replace("甲", "乙")

    rehearsal: Rehearsal = rehearse(signing, {}, read_scenarios(wrong + right), FORMS)

    assert [result.passed for result in rehearsal.results] == [False, True]
    assert "没有结束" in rehearsal.results[0].story
    assert not rehearsal.passed


@pytest.mark.parametrize(
    ("waits_for", "told"),
    [
        ("message=stamped", "现在没有人要办理，在等消息：stamped。"),
        ("duration=P5D", "现在没有人要办理，在等定时器，2027-03-06 09:00:00 到期。"),
    ],
)
def test_a_failure_says_which_message_or_timer_is_waited_for(draw, waits_for, told):
    diagram = draw(f"start Begin\ncatch Pause {waits_for}\nend Signed\nBegin > Pause > Signed")

    with pytest.raises(ScenarioFailed) as failed:
        played(diagram, 'after = "P1D"')

    assert failed.value.story.endswith(told)
