"""Every packaged scenario is played on the real engine; together they take every flow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from processes.coverage import Coverage, measure
from processes.diagram import Diagram
from processes.engine import Executable, compile_release
from processes.library import DiagramFile, find_diagram, find_diagram_files, load_family
from processes.scenario import Played, Scenario, play, play_thoroughly, read_scenarios

FILES = find_diagram_files()


def scenarios_of(file: DiagramFile) -> tuple[Scenario, ...]:
    assert file.scenarios is not None
    return read_scenarios(file.scenarios.read_text("utf-8"), file.scenario_source)


@cache
def prepared(file: DiagramFile) -> tuple[Diagram, dict[str, Diagram], Executable]:
    diagram, called = load_family(file.family, file.variant)
    return diagram, called, compile_release(diagram, called)


CASES = [(file, scenario) for file in FILES for scenario in scenarios_of(file)]


@pytest.fixture
def played() -> Callable[[str], Played]:
    """Play a scenario of the employer invitation by its title."""
    file = find_diagram("online_signing", "employer_invitation")
    scenarios = {scenario.title: scenario for scenario in scenarios_of(file)}
    return lambda title: play(prepared(file)[2], scenarios[title])


def called_operators(played: Played) -> list[str]:
    return [call.operator for call in played.calls]


@pytest.mark.parametrize(("file", "scenario"), CASES, ids=[s.title for _, s in CASES])
def test_a_packaged_scenario_goes_as_expected_with_and_without_restoring(
    file: DiagramFile, scenario: Scenario
):
    result = play_thoroughly(prepared(file)[2], scenario)

    assert result.ended_at == scenario.ends_at
    assert len(result.steps) == len(scenario.steps) + 1


@pytest.mark.parametrize("file", FILES, ids=[file.source for file in FILES])
def test_the_scenarios_of_a_diagram_take_every_flow(file: DiagramFile):
    coverage = covered(file, scenarios_of(file))

    assert coverage.is_complete, coverage.story


@pytest.mark.parametrize("file", FILES, ids=[file.source for file in FILES])
def test_the_scenarios_of_a_diagram_reach_every_end(file: DiagramFile):
    diagram, _, executable = prepared(file)
    ends = {element.id for element in diagram.of_kind("endEvent")}

    happened = [h for scenario in scenarios_of(file) for h in play(executable, scenario).happened]

    assert ends <= {h.element for h in happened if h.kind == "ended"}


def test_a_flow_that_no_scenario_takes_is_listed():
    file = find_diagram("online_signing", "employer_invitation")
    without_refusal = [s for s in scenarios_of(file) if s.ends_at != "Invitation_refused"]

    coverage = covered(file, without_refusal)

    assert not coverage.is_complete
    assert "employer_invitation · Is_refused「拒绝」（Answered → Notify_refusal）" in coverage.story


def test_flows_of_a_called_diagram_count_as_its_own():
    file = find_diagram("online_signing", "employer_invitation")
    college_only = [s for s in scenarios_of(file) if s.title.startswith("只由院系审核")]

    coverage = covered(file, college_only)

    missing = {key.flow for key in coverage.missing if key.process == "school_review"}
    assert missing == {
        "By_office_only",
        "College_refuses",
        "Office_is_needed",
        "After_University_review",
        "University_passes",
        "University_refuses",
    }


def test_a_flow_that_every_call_rules_out_is_not_asked_for():
    file = find_diagram("online_signing", "employer_invitation")

    flows = {key.flow for key in covered(file, scenarios_of(file)).flows}

    assert "University_refuses" in flows
    assert not flows & {"College_returns", "University_returns"}


def covered(file: DiagramFile, scenarios: list[Scenario] | tuple[Scenario, ...]) -> Coverage:
    diagram, called, executable = prepared(file)
    happened = [h for scenario in scenarios for h in play(executable, scenario).happened]
    return measure(diagram, called, happened)


# -- the stories of the sources --------------------------------------------------------------


@pytest.mark.requirement("H02")
def test_sending_the_invitation_tells_the_graduate_and_nobody_else(played):
    result = played("毕业生没有回应，到应约截止时间邀请失效")

    notices = [call.parameters for call in result.calls if call.operator == "notify"]
    assert notices[0] == {"event": "invitation", "to": "graduate"}


@pytest.mark.requirement("H04")
def test_accepting_in_time_binds_the_graduate_and_asks_the_school(played):
    result = played("毕业生接受，院系和学校先后审核通过，签约完成")

    accepted = result.steps[3]
    assert [task.element for task in accepted.waiting] == ["School_review/College_review"]
    assert result.variables["Acquire_claim"]["outcome"] == "ok"


@pytest.mark.requirement("H04", "H06")
def test_accepting_a_second_after_the_deadline_is_refused_and_binds_nobody(played):
    result = played("截止时间过后才接受，被拒绝，邀请失效")

    assert result.status == "lapsed"
    assert "acquire_claim" not in called_operators(result)


@pytest.mark.requirement("H05")
def test_a_refusal_ends_the_invitation_without_binding_the_graduate(played):
    result = played("毕业生拒绝，单位收到通知")

    assert result.status == "refused"
    assert "acquire_claim" not in called_operators(result)
    assert result.calls[-1].parameters == {"event": "refused", "to": "employer"}


@pytest.mark.requirement("H06")
def test_silence_until_the_deadline_lets_the_invitation_lapse(played):
    result = played("毕业生没有回应，到应约截止时间邀请失效")

    assert result.status == "lapsed"
    assert "acquire_claim" not in called_operators(result)


@pytest.mark.requirement("H07")
def test_a_graduate_who_signed_elsewhere_keeps_the_invitation_but_cannot_be_bound_by_it(played):
    result = played("毕业生已与其他单位签约，邀请只能查看，到期失效")

    accepted = result.steps[2]
    assert [task.element for task in accepted.waiting] == ["Answer_invitation"]
    assert "issue_agreement" not in called_operators(result)


@pytest.mark.requirement("H08")
def test_whether_the_graduate_has_signed_is_not_looked_at_when_the_invitation_is_sent(played):
    result = played("毕业生已与其他单位签约，邀请只能查看，到期失效")

    sent = result.steps[1]
    called = [h.detail["operator"] for h in sent.happened if h.kind == "called"]
    assert called == ["check_eligibility", "open_invitation", "notify"]


@pytest.mark.requirement("H09", "H10")
def test_a_second_invitation_is_sent_only_after_the_first_one_has_lapsed(played):
    result = played("应约有效期内重复邀请被退回，前一份邀请失效后再发出")

    outcomes = [call.outcome for call in result.calls if call.operator == "open_invitation"]
    assert outcomes == ["already_open", "ok"]
    assert result.status == "completed"


@pytest.mark.requirement("H10")
@pytest.mark.parametrize(
    "title", ["毕业生拒绝，单位收到通知", "毕业生没有回应，到应约截止时间邀请失效"]
)
def test_after_refusal_or_lapse_nothing_waits_that_would_block_a_new_invitation(played, title):
    result = played(title)

    assert result.ended_at in {"Invitation_refused", "Invitation_lapsed"}
    assert result.steps[-1].waiting == ()


@pytest.mark.requirement("H11")
@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("毕业生接受，院系和学校先后审核通过，签约完成", "completed"),
        ("院系审核不通过，签约失败，毕业生解除锁定", "failed"),
        ("学校审核不通过，签约失败，毕业生解除锁定", "failed"),
    ],
)
def test_the_review_has_two_outcomes(played, title, status):
    assert played(title).status == status


@pytest.mark.requirement("H12")
def test_an_agreement_is_issued_and_the_destination_written_once_when_signing_is_complete(played):
    result = played("毕业生接受，院系和学校先后审核通过，签约完成")

    operators = called_operators(result)
    assert operators.count("issue_agreement") == operators.count("write_destination") == 1
    (destination,) = [call for call in result.calls if call.operator == "write_destination"]
    assert destination.parameters == {"code": "10"}


@pytest.mark.requirement("H13")
def test_a_failed_signing_tells_both_sides_and_keeps_the_reason(played):
    result = played("学校审核不通过，签约失败，毕业生解除锁定")

    assert result.calls[-1].parameters == {"event": "failed", "to": "both"}
    assert result.variables["School_review"]["University_review"]["reason"]


@pytest.mark.requirement("H14")
@pytest.mark.parametrize("level", ["院系", "学校"])
def test_a_failed_signing_releases_the_graduate(played, level):
    result = played(f"{level}审核不通过，签约失败，毕业生解除锁定")

    operators = called_operators(result)
    assert operators.index("release_claim") > operators.index("acquire_claim")
    assert "issue_agreement" not in operators


@pytest.mark.parametrize(
    "title",
    [
        "毕业生未确认基本信息，确认之后再发出",
        pytest.param("培养方式不可网签，单位放弃邀请", marks=pytest.mark.requirement("B10")),
    ],
)
def test_an_invitation_that_may_not_be_sent_comes_back_and_keeps_what_was_typed(played, title):
    result = played(title)

    returned = result.steps[1]
    assert [task.element for task in returned.waiting] == ["Fill_invitation"]
    assert result.variables["Fill_invitation"]
    assert [h.element for h in returned.happened if h.kind == "flow"][-1] == "Is_not_eligible"


def test_the_graduate_sees_until_when_silence_is_possible(played):
    result = played("毕业生接受，院系和学校先后审核通过，签约完成")

    (answer,) = result.steps[1].waiting
    assert answer.silent_at is not None
    assert answer.silent_at.isoformat() == "2027-03-06T10:00:00+00:00"


def test_unknown_review_levels_ask_for_both_reviews():
    file = find_diagram("online_signing", "employer_invitation")
    scenario = replace(
        scenarios_of(file)[0], facts={"case": {}, "school": {"review_levels": "whatever"}}
    )

    result = play(prepared(file)[2], scenario)

    assert result.ended_at == "Signing_completed"
