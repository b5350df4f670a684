"""The three ways out of an agreement, as the sources tell them, on the real engine (K9)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from processes.checks import check
from processes.diagram import Diagram, read_diagram
from processes.engine import Executable, compile_release
from processes.library import find_diagram, load_family
from processes.roles import Role
from processes.scenario import Played, Scenario, play, read_scenarios

VARIANTS = ("online_two_party", "offline_material", "counsellor_decision")


@cache
def prepared(variant: str) -> tuple[Diagram, dict[str, Diagram], Executable]:
    diagram, called = load_family("rescission", variant)
    return diagram, called, compile_release(diagram, called)


@cache
def scenarios_of(variant: str) -> dict[str, Scenario]:
    file = find_diagram("rescission", variant)
    assert file.scenarios is not None
    found = read_scenarios(file.scenarios.read_text("utf-8"), file.scenario_source)
    return {scenario.title: scenario for scenario in found}


CASES = [(variant, title) for variant in VARIANTS for title in scenarios_of(variant)]


def told(variant: str) -> Callable[[str], Played]:
    return lambda title: play(prepared(variant)[2], scenarios_of(variant)[title])


@pytest.fixture
def online() -> Callable[[str], Played]:
    return told("online_two_party")


@pytest.fixture
def offline() -> Callable[[str], Played]:
    return told("offline_material")


@pytest.fixture
def counsellor() -> Callable[[str], Played]:
    return told("counsellor_decision")


def operators(played: Played) -> list[str]:
    return [call.operator for call in played.calls]


def notices(played: Played) -> list[tuple[str, str]]:
    return [
        (call.parameters["event"], call.parameters["to"])
        for call in played.calls
        if call.operator == "notify"
    ]


def waiting(played: Played, step: int) -> list[tuple[str, Role | None]]:
    return [(task.element, task.role) for task in played.steps[step].waiting]


def people_of(variant: str) -> dict[str, Role | None]:
    """Every task of a person in a diagram and those it calls, with who holds it."""
    diagram, called, _ = prepared(variant)
    return {
        element.id: element.role
        for drawn in (diagram, *called.values())
        for element in drawn.elements.values()
        if element.waits_for_person
    }


# -- what holds on every path ----------------------------------------------------------------


@pytest.mark.requirement("I5", "I09")
@pytest.mark.parametrize(("variant", "title"), CASES)
def test_a_request_that_was_opened_is_closed_once_and_nothing_else_lets_the_graduate_go(
    variant: str, title: str
):
    played = told(variant)(title)

    done = [(call.operator, call.outcome) for call in played.calls]
    closing = [d for d in done if d in {("rescind_agreement", "ok"), ("close_rescission", "ok")}]
    assert len(closing) == done.count(("open_rescission", "ok"))
    rescinded = ("rescind_agreement", "ok") in done
    assert rescinded == (played.ended_at == "Rescission_completed")
    assert not {"release_claim", "close_destination"} & set(operators(played))


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_request_that_is_not_sent_tells_nobody_and_opens_nothing(variant: str):
    titles = [t for t, s in scenarios_of(variant).items() if s.ends_at == "Application_discarded"]

    assert titles
    assert all(not told(variant)(title).calls for title in titles)


@pytest.mark.requirement("K9")
def test_how_an_agreement_was_made_decides_which_way_out_is_offered():
    said = {variant: prepared(variant)[0].properties for variant in VARIANTS}

    assert {variant: p["about"] for variant, p in said.items()} == dict.fromkeys(
        VARIANTS, "agreement"
    )
    assert said["online_two_party"]["about_families"] == "online_signing"
    assert said["offline_material"]["about_families"] == "offline_signing,paper_registration"
    assert said["online_two_party"]["started_by"] == "graduate,employer"


# -- online, both sides (seed 004 §5) --------------------------------------------------------


@pytest.mark.requirement("I01", "I04", "I06")
def test_a_graduate_asks_the_employer_accepts_and_the_school_passes(online):
    played = online("毕业生发起，单位接受，院系和学校先后审核通过，解约完成")

    assert waiting(played, 0) == [("Application/Graduate_applies", Role.GRADUATE)]
    assert waiting(played, 1) == [("Reply/Employer_answers", Role.EMPLOYER)]
    assert waiting(played, 3) == [("School_review/College_review", Role.REVIEWER)]
    assert played.status == "rescinded"
    assert operators(played)[-2:] == ["rescind_agreement", "notify"]
    assert notices(played)[-1] == ("rescinded", "both")


@pytest.mark.requirement("I01", "I03")
def test_an_employer_asks_and_the_graduate_answers(online):
    played = online("单位发起，毕业生接受，只由院系审核，解约完成")

    assert waiting(played, 0) == [("Application/Employer_applies", Role.EMPLOYER)]
    assert waiting(played, 1) == [("Reply/Graduate_answers", Role.GRADUATE)]
    assert notices(played)[0] == ("rescission_asked", "other")
    assert played.status == "rescinded"


@pytest.mark.requirement("I05")
@pytest.mark.parametrize(
    "title", ["单位拒绝，解约失败，签约仍有效", "毕业生拒绝单位的解约申请，解约失败"]
)
def test_a_refusal_ends_the_request_and_the_school_never_sees_it(online, title):
    played = online(title)

    assert played.status == "rescission_failed"
    assert notices(played)[-1] == ("rescission_refused", "initiator")
    seen = [task.element for step in played.steps for task in step.waiting]
    assert not any(element.startswith("School_review") for element in seen)


@pytest.mark.requirement("I07")
@pytest.mark.parametrize(
    "title", ["院系审核不通过，解约失败，签约仍有效", "学校审核不通过，解约失败，签约仍有效"]
)
def test_a_school_that_does_not_pass_leaves_the_agreement_valid_and_tells_both(online, title):
    played = online(title)

    assert played.status == "rescission_failed"
    assert "rescind_agreement" not in operators(played)
    assert notices(played)[-1] == ("rescission_failed", "both")


@pytest.mark.requirement("I07", "K4")
def test_an_online_request_knows_no_return(online):
    played = online("线上解约没有退回，退回按不通过处理")

    diagram = prepared("online_two_party")[0]
    assert diagram.elements["School_review"].properties["returns"] == "False"
    assert played.status == "rescission_failed"


@pytest.mark.requirement("I08")
def test_without_a_rule_of_the_school_silence_means_nothing(online):
    played = online("毕业生发起，单位接受，院系和学校先后审核通过，解约完成")

    silent = played.steps[2]
    assert (silent.now - played.steps[1].now).days == 90
    assert [task.silent_at for task in silent.waiting] == [None]


@pytest.mark.requirement("I08", "K2")
def test_with_a_rule_of_the_school_silence_ends_the_request_and_nothing_more(online):
    played = online("学校限期回应，到期没有回应，解约失败")

    (asked,) = played.steps[1].waiting
    assert (asked.silent_at - asked.since).days == 7
    assert played.status == "rescission_failed"
    assert notices(played)[-1] == ("rescission_lapsed", "both")
    assert "rescind_agreement" not in operators(played)


@pytest.mark.requirement("I09")
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_second_request_is_refused_before_anybody_else_hears_of_it(variant: str):
    played = told(variant)("同一协议已有解约申请在办，不能再发起")

    assert [str(call.outcome) for call in played.calls] == ["already_open"]
    assert played.status == "rescission_not_opened"


@pytest.mark.requirement("I6", "I01")
def test_who_asked_takes_it_back_only_until_the_other_side_has_answered(online):
    taken_back = online("毕业生在单位回应之前撤回")
    too_late = online("对方接受之后，不能再撤回")

    assert taken_back.status == "withdrawn"
    assert notices(taken_back)[-1] == ("rescission_withdrawn", "other")
    assert too_late.status == "rescinded"


# -- offline, with material (seed 004 §7) ----------------------------------------------------


@pytest.mark.requirement("K01", "K02", "K07")
def test_offline_only_the_graduate_asks_with_material_and_the_employer_has_no_task():
    diagram = prepared("offline_material")[0]

    assert diagram.properties["started_by"] == "graduate"
    assert diagram.elements["Fill_rescission"].form == "rescission/apply_offline"
    assert Role.EMPLOYER not in people_of("offline_material").values()


@pytest.mark.requirement("K03")
def test_only_the_offline_review_asks_for_the_check_with_the_employer():
    asked = {
        variant: prepared(variant)[0].elements["School_review"].properties["verifies"]
        for variant in ("online_two_party", "offline_material")
    }

    assert asked == {"online_two_party": "False", "offline_material": "True"}


@pytest.mark.requirement("K04")
def test_an_offline_request_that_passes_rescinds(offline):
    played = offline("院系与单位核实后通过，学校通过，解约完成")

    assert played.status == "rescinded"
    assert operators(played) == ["open_rescission", "rescind_agreement", "notify"]


@pytest.mark.requirement("K05")
def test_a_returned_request_is_changed_and_reviewed_again_as_the_same_request(offline):
    played = offline("院系退回，修改后重新提交，审核通过")

    assert waiting(played, 2) == [("Revise_rescission", Role.GRADUATE)]
    assert operators(played).count("open_rescission") == 1
    assert played.status == "rescinded"


@pytest.mark.requirement("K06")
def test_an_offline_request_that_is_refused_leaves_the_agreement_valid(offline):
    played = offline("院系审核不通过，解约失败，签约仍有效")

    assert played.status == "rescission_failed"
    assert "rescind_agreement" not in operators(played)


@pytest.mark.requirement("I6", "K05")
def test_an_offline_request_is_taken_back_only_while_the_school_reviews(offline):
    assert offline("学校审核之前撤回").status == "withdrawn"
    assert offline("审核已有结论之后，不能再撤回").status == "rescinded"


# -- the counsellor decides (seeds 000, 001: 毕业生解约) ---------------------------------------


@pytest.mark.requirement("F16", "F17", "F19")
def test_a_counsellor_who_agrees_rescinds(counsellor):
    played = counsellor("毕业生提交材料，辅导员同意毁约，协议解除")

    assert waiting(played, 1) == [("Counsellor_decides", Role.REVIEWER)]
    assert played.status == "rescinded"
    assert operators(played)[1] == "rescind_agreement"


@pytest.mark.requirement("F17", "F18")
def test_a_counsellor_who_does_not_agree_leaves_the_agreement_valid(counsellor):
    played = counsellor("辅导员不同意毁约，签约仍有效")

    assert played.status == "rescission_failed"
    assert "rescind_agreement" not in operators(played)


@pytest.mark.requirement("F20")
def test_the_employer_has_no_task_before_a_counsellor():
    assert set(people_of("counsellor_decision").values()) == {Role.GRADUATE, Role.REVIEWER}


# -- what a call owes to the forms inside ----------------------------------------------------


def test_a_call_must_say_what_only_the_forms_inside_read():
    diagram, called, _ = prepared("offline_material")
    given = b'<spiffworkflow:property name="verifies" value="True" />'
    assert given in diagram.xml

    found = check(read_diagram(diagram.xml.replace(given, b"")), called=called)

    (fault,) = [finding for finding in found if finding.element == "School_review"]
    assert "缺少参数：verifies" in fault.message
    assert not [f for f in check(diagram, called=called) if f.element == "School_review"]
