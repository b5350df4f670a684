"""Offline signing: the graduate applies, the agreement is sealed on paper and sent back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from processes.engine import compile_release
from processes.library import find_diagram, load_family
from processes.scenario import Played, play, read_scenarios

FAMILY = ("offline_signing", "school_application")
COMPLETE = "协议审核通过，本人回传，签约审核通过，线下签约完成"
ASKED = "请单位协助之后毕业生先回传，单位的链接随之结束"


@pytest.fixture(scope="module")
def played() -> Callable[[str], Played]:
    """Play a scenario of the family by its title."""
    diagram, called = load_family(*FAMILY)
    file = find_diagram(*FAMILY)
    assert file.scenarios is not None
    scenarios = read_scenarios(file.scenarios.read_text("utf-8"), file.scenario_source)
    by_title = {scenario.title: scenario for scenario in scenarios}
    executable = compile_release(diagram, called)
    return lambda title: play(executable, by_title[title])


def operators(played: Played) -> list[str]:
    return [call.operator for call in played.calls]


def notices(played: Played) -> list[str]:
    return [call.parameters["event"] for call in played.calls if call.operator == "notify"]


def statuses(played: Played) -> list[str]:
    return [step.status for step in played.steps if step.status]


def waiting(played: Played, step: int) -> list[str]:
    return [task.element for task in played.steps[step].waiting]


@pytest.mark.requirement("J01")
def test_the_entry_has_the_words_of_the_platform_and_opens_a_draft(played):
    diagram, _ = load_family(*FAMILY)

    begun = played(COMPLETE).steps[0]

    assert diagram.properties["entry"] == "未签就业协议申请签约"
    assert diagram.properties["started_by"] == "graduate"
    assert [task.element for task in begun.waiting] == ["Fill_application"]
    assert begun.status == "drafting"


@pytest.mark.requirement("J05")
def test_submitting_asks_the_school_and_cancelling_ends_without_it(played):
    submitted = played(COMPLETE)
    cancelled = played("毕业生取消还没有提交的申请")

    assert submitted.steps[1].status == "agreement_under_review"
    assert cancelled.status == "cancelled"
    assert operators(cancelled) == ["release_claim"]


@pytest.mark.requirement("J06")
def test_the_graduate_is_bound_when_submitting_before_anybody_reviews(played):
    result = played(COMPLETE)

    submitted = [h for h in result.steps[1].happened if h.kind == "called"]
    assert [h.detail["operator"] for h in submitted] == ["check_eligibility", "acquire_claim"]


@pytest.mark.requirement("J06")
def test_a_graduate_bound_elsewhere_gets_the_form_back_and_no_agreement(played):
    result = played("已与其他单位签约，提交被退回表单，那一份结束后再提交")

    assert waiting(result, 1) == ["Fill_application"]
    claims = [call.outcome for call in result.calls if call.operator == "acquire_claim"]
    assert claims == ["taken", "ok"]
    assert operators(result).count("issue_agreement") == 1


@pytest.mark.requirement("J06")
@pytest.mark.parametrize(
    "title", ["退回之后毕业生取消申请，解除锁定", "协议审核不通过，申请作废，解除锁定"]
)
def test_an_application_that_ends_early_sets_the_graduate_free(played, title):
    result = operators(played(title))

    assert result.index("release_claim") > result.index("acquire_claim")
    assert "issue_agreement" not in result


@pytest.mark.requirement("J07")
def test_of_withdrawing_and_reviewing_exactly_one_wins(played):
    first = played("学校审核之前撤回修改，再提交")
    late = played("学校先审核，撤回修改就晚了")

    assert first.steps[2].status == "drafting"
    assert waiting(first, 3) == ["Fill_application"]
    assert waiting(late, 3) == ["Upload_sealed_copy"]
    assert operators(late).count("acquire_claim") == 1


@pytest.mark.requirement("J07")
def test_between_two_levels_of_review_the_graduate_may_still_withdraw(played):
    result = played("两级审核之间仍可撤回修改")

    assert waiting(result, 3) == ["Fill_application"]


@pytest.mark.requirement("J08")
def test_passing_the_first_review_issues_the_agreement_and_tells_the_graduate(played):
    result = played(COMPLETE)

    passed = result.steps[2]
    done = [h.detail["operator"] for h in passed.happened if h.kind == "called"]
    assert done == ["issue_agreement", "notify"]
    assert passed.status == "waiting_sealed_copy"


@pytest.mark.requirement("J09", "J10")
@pytest.mark.parametrize(
    ("title", "step"),
    [("院系退回修改，毕业生修改后再提交", 2), ("学校退回修改，再提交时重新由院系审核", 3)],
)
def test_a_returned_application_is_edited_in_the_same_case_with_the_reason(played, title, step):
    result = played(title)

    assert result.steps[step].status == "agreement_returned"
    assert waiting(result, step) == ["Fill_application"]
    assert waiting(result, step + 1) == ["Review_application/College_review"]


@pytest.mark.requirement("J09")
def test_returning_keeps_the_graduate_bound(played):
    result = operators(played("院系退回修改，毕业生修改后再提交"))

    assert "release_claim" not in result


@pytest.mark.requirement("J11")
@pytest.mark.parametrize(
    "title", ["协议审核不通过，申请作废，解除锁定", "学校审核不通过，申请作废"]
)
def test_a_refused_application_is_void_and_can_only_begin_anew(played, title):
    result = played(title)

    assert result.status == "agreement_refused"
    assert result.steps[-1].waiting == ()
    assert operators(result)[-2:] == ["release_claim", "notify"]


@pytest.mark.requirement("J13")
def test_the_graduate_sends_the_sealed_copy_for_the_second_review(played):
    result = played(COMPLETE)

    assert statuses(result) == [
        "drafting",
        "agreement_under_review",
        "waiting_sealed_copy",
        "signing_under_review",
        "offline_completed",
    ]


@pytest.mark.requirement("J13")
def test_the_graduate_is_reminded_once_after_thirty_days_and_may_still_upload(played):
    result = played("满 30 天没有回传，提醒一次，仍可回传")

    assert notices(result).count("sealed_copy_overdue") == 1
    assert waiting(result, 4) == waiting(result, 5) == ["Upload_sealed_copy"]
    assert result.status == "offline_completed"


@pytest.mark.requirement("J14")
def test_asking_the_employer_sends_a_link_for_fifteen_days_and_leaves_the_graduate_a_task(played):
    result = played(ASKED)

    (invited,) = [call for call in result.calls if call.operator == "invite_guest"]
    assert invited.parameters == {"mobile": "13800000002", "valid_for": "P15D"}
    holders = {str(task.role) for task in result.steps[3].waiting}
    assert holders == {"guest", "graduate"}


@pytest.mark.requirement("J15")
@pytest.mark.parametrize("title", ["用人单位协助回传，单位先回传，毕业生的任务结束", ASKED])
def test_the_first_upload_wins_and_the_other_task_ends(played, title):
    result = played(title)

    assert waiting(result, 4) == ["Review_sealed_copy/College_review"]
    assert [h.kind for h in result.steps[4].happened].count("cancelled") >= 1
    assert result.status == "offline_completed"


@pytest.mark.requirement("J15")
@pytest.mark.parametrize(
    "title",
    [
        "链接 15 天过期，通知毕业生，再发一次后单位回传",
        "链接过期之后单位才回传，被拒绝",
        "单位谢绝回传，通知毕业生，毕业生本人回传",
    ],
)
def test_a_link_that_brings_nothing_leads_back_to_the_graduate_who_is_told(played, title):
    result = played(title)

    assert notices(result).count("employer_link_over") == 1
    assert result.status == "offline_completed"


@pytest.mark.requirement("J16")
def test_an_upload_can_be_taken_back_until_it_is_reviewed(played):
    result = played("签约审核之前撤回修改，重新回传")

    assert waiting(result, 4) == ["Upload_sealed_copy"]
    assert result.steps[4].status == "waiting_sealed_copy"
    assert operators(result).count("issue_agreement") == 1


@pytest.mark.requirement("J17")
def test_the_destination_is_written_only_when_the_sealed_copy_has_passed(played):
    result = played(COMPLETE)

    assert operators(result)[-2:] == ["write_destination", "notify"]
    assert result.calls[-2].parameters == {"code": "10"}


@pytest.mark.requirement("J18")
@pytest.mark.parametrize(
    "title", ["签约审核退回，重新回传后通过", "单位回传的图像被退回，改由毕业生本人回传"]
)
def test_a_returned_copy_is_uploaded_again_for_the_same_agreement(played, title):
    result = played(title)

    assert "copy_returned" in notices(result)
    assert operators(result).count("issue_agreement") == 1
    assert result.status == "offline_completed"


@pytest.mark.requirement("J19")
def test_refusing_the_sealed_copy_voids_agreement_and_application(played):
    result = played("签约审核不通过，协议书和申请作废，解除锁定")

    assert operators(result)[-3:] == ["void_agreement", "release_claim", "notify"]
    assert "write_destination" not in operators(result)
    assert result.status == "void"
