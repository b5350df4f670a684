"""Registration of an agreement that was signed and sealed on paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from processes.engine import compile_release
from processes.library import find_diagram, load_family
from processes.scenario import Played, play, read_scenarios

FAMILY = ("paper_registration", "signed_agreement")
COMPLETE = "填写、上传、提交，审核通过，完成登记"


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


def waiting(played: Played, step: int) -> list[str]:
    return [task.element for task in played.steps[step].waiting]


@pytest.mark.requirement("L01")
def test_the_entry_has_the_words_of_the_platform_and_opens_a_draft(played):
    diagram, _ = load_family(*FAMILY)

    begun = played(COMPLETE).steps[0]

    assert diagram.properties["entry"] == "已签就业协议登记信息"
    assert [task.element for task in begun.waiting] == ["Fill_registration"]
    assert begun.status == "drafting"


@pytest.mark.requirement("L02")
def test_submitting_binds_the_graduate_and_asks_the_school(played):
    result = played(COMPLETE)

    submitted = [h.detail["operator"] for h in result.steps[1].happened if h.kind == "called"]
    assert submitted == ["check_eligibility", "acquire_claim"]
    assert result.steps[1].status == "registration_under_review"


@pytest.mark.requirement("L02")
def test_a_graduate_bound_elsewhere_gets_the_form_back(played):
    result = played("已与其他单位签约，提交被退回表单，之后取消")

    assert waiting(result, 1) == ["Fill_registration"]
    assert result.status == "cancelled"


@pytest.mark.requirement("L03")
def test_a_registration_can_be_taken_back_until_it_is_reviewed(played):
    early = played("审核之前撤回修改，再提交")
    late = played("审核之后不能再撤回")

    assert early.steps[2].status == "drafting"
    assert waiting(early, 3) == ["Fill_registration"]
    assert late.status == "registered"


@pytest.mark.requirement("L04")
@pytest.mark.parametrize(
    ("title", "status"),
    [
        (COMPLETE, "registered"),
        ("院系和学校先后审核通过", "registered"),
        ("院系审核不通过，登记作废，解除锁定", "void"),
        ("学校审核不通过，登记作废", "void"),
    ],
)
def test_the_review_completes_or_voids(played, title, status):
    assert played(title).status == status


@pytest.mark.requirement("L04")
def test_the_review_returns_and_the_graduate_submits_again(played):
    result = played("院系退回修改，修改后再提交")

    assert result.steps[2].status == "registration_returned"
    assert waiting(result, 2) == ["Fill_registration"]
    assert result.status == "registered"


@pytest.mark.requirement("L04")
@pytest.mark.parametrize(
    "title", ["院系审核不通过，登记作废，解除锁定", "学校退回修改，毕业生取消登记，解除锁定"]
)
def test_a_registration_that_ends_early_sets_the_graduate_free(played, title):
    result = operators(played(title))

    assert result.index("release_claim") > result.index("acquire_claim")
    assert "register_agreement" not in result


@pytest.mark.requirement("L06")
def test_the_paper_s_number_is_registered_and_no_agreement_is_generated(played):
    result = played(COMPLETE)

    (registered,) = [call for call in result.calls if call.operator == "register_agreement"]
    assert registered.parameters == {"number": "340001270012"}
    assert "issue_agreement" not in operators(result)
    assert operators(result)[-2:] == ["write_destination", "notify"]


@pytest.mark.requirement("L06")
def test_a_number_that_another_agreement_has_comes_back_to_be_checked(played):
    result = played("编号已登记在别的协议上，核对后再提交")

    assert waiting(result, 2) == ["Fill_registration"]
    assert result.steps[2].status == "registration_returned"
    assert operators(result).count("write_destination") == 1
