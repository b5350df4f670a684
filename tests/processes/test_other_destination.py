"""Registering other destinations: the stories of seed 004 §9, and the school entering first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from processes.diagram import Diagram
from processes.engine import Executable, MessageNotExpected, Run, compile_release
from processes.library import find_diagram, load_family
from processes.scenario import Played, play, read_scenarios

MONDAY = datetime(2027, 5, 10, 1, tzinfo=UTC)
COLLEGE, OFFICE = "Review_destination/College_review", "Review_destination/University_review"
UNPLACED = ["70", "71", "72"]
PLACED = [
    "10-1",
    "10-2",
    "10-3",
    "10-4",
    "10-5",
    "11",
    "12",
    "27",
    "46",
    "501",
    "502",
    "503",
    "50",
    "511",
    "512",
    "519",
    "75",
    "76",
    "801",
    "802",
    "803",
    "85",
    "DX",
]


@cache
def prepared(family: str, variant: str) -> tuple[Diagram, Executable]:
    diagram, called = load_family(family, variant)
    return diagram, compile_release(diagram, called)


def player(family: str, variant: str) -> Callable[[str], Played]:
    file = find_diagram(family, variant)
    assert file.scenarios is not None
    told = read_scenarios(file.scenarios.read_text("utf-8"), file.scenario_source)
    scenarios = {scenario.title: scenario for scenario in told}
    return lambda title: play(prepared(family, variant)[1], scenarios[title])


registered = player("other_destination", "registration")
entered = player("other_destination", "school_entered")


def waiting(played: Played, step: int) -> list[str]:
    return [task.element for task in played.steps[step].waiting]


def called(played: Played) -> list[str]:
    return [call.operator for call in played.calls]


class Registry:
    """Says yes to everything, unless told otherwise, and remembers what it was asked."""

    def __init__(self, **outcomes: str) -> None:
        self.outcomes = outcomes
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def call(self, operator: str, parameters: dict[str, Any], at: str) -> str:
        self.calls.append((operator, parameters))
        return self.outcomes.get(operator, "ok")

    @property
    def operators(self) -> list[str]:
        return [operator for operator, _ in self.calls]

    def asked(self, operator: str) -> list[dict[str, Any]]:
        return [parameters for name, parameters in self.calls if name == operator]


class Registration:
    """One registration, dumped and restored between its steps."""

    def __init__(self, levels: str = "both", **outcomes: str) -> None:
        self.registry = Registry(**outcomes)
        self.facts = {
            "case": {"initiator": "graduate", "training_mode": "1"},
            "school": {"review_levels": levels},
        }
        self.now = MONDAY
        self.run = Run.start(
            prepared("other_destination", "registration")[1],
            facts=self.facts,
            now=self.now,
            operators=self.registry,
        )

    def answer(self, element: str, **answers: Any) -> None:
        self.restored()
        self.now += timedelta(hours=1)
        (task,) = self.run.waiting
        assert task.element == element
        self.run.answer(task.token, answers, self.now, self.registry)

    def restored(self, variables: dict[str, Any] | None = None) -> None:
        self.run = Run.restore(
            prepared("other_destination", "registration")[1],
            self.run.dump(),
            variables=variables or self.run.variables,
            facts=self.facts,
        )

    def submitted(self, code: str) -> Registration:
        self.answer("Choose_destination_type", outcome="fill", code=code)
        self.answer("Fill_destination", outcome="submit")
        return self

    def amended(self, code: str) -> None:
        """A reviewer changes the type: the answers of an earlier step are other ones now."""
        variables = self.run.variables
        variables["Choose_destination_type"]["code"] = code
        self.restored(variables)


# -- registering ---------------------------------------------------------------------------------


@pytest.mark.requirement("M01")
def test_the_type_is_chosen_before_anything_is_filled():
    result = registered("签劳动合同，院系和学校先后审核通过，完成登记")

    assert waiting(result, 0) == ["Choose_destination_type"]
    assert waiting(result, 1) == ["Fill_destination"]


@pytest.mark.requirement("M02")
@pytest.mark.parametrize("code", [*PLACED, *UNPLACED])
def test_every_type_can_be_registered_and_is_written_as_it_was_chosen(code):
    case = Registration().submitted(code)

    case.answer(COLLEGE, outcome="pass")
    case.answer(OFFICE, outcome="pass")

    assert case.run.is_finished
    assert case.registry.asked("write_destination") == [{"code": code}]
    assert case.registry.asked("check_eligibility") == [{"purpose": "destination", "code": code}]


@pytest.mark.requirement("M03")
@pytest.mark.parametrize("code", PLACED)
def test_a_type_that_counts_takes_the_claim_when_it_is_submitted(code):
    case = Registration().submitted(code)

    assert case.registry.operators == ["check_eligibility", "acquire_claim"]


@pytest.mark.requirement("M03")
@pytest.mark.parametrize("code", UNPLACED)
def test_an_unemployed_type_holds_no_claim_and_only_asks_whether_somebody_else_does(code):
    case = Registration().submitted(code)
    case.answer(COLLEGE, outcome="pass")
    case.answer(OFFICE, outcome="pass")

    assert "acquire_claim" not in case.registry.operators
    assert case.registry.operators.count("check_claim") == 2


@pytest.mark.requirement("M04", "B10")
def test_a_graduate_trained_for_an_employer_gets_no_further_with_another_type():
    result = registered("定向毕业生选择其他类型被退回，改为补充登记")

    assert waiting(result, 1) == ["Choose_destination_type"]
    asked = [c.parameters["code"] for c in result.calls if c.operator == "check_eligibility"]
    assert asked == ["11", "DX"]
    assert result.calls[-2].parameters == {"code": "DX"}


@pytest.mark.requirement("M05")
@pytest.mark.parametrize(
    ("title", "step"),
    [("院系审核之前撤回修改，再次提交", 3), ("院系通过以后、学校审核之前撤回修改", 4)],
)
def test_a_registration_can_be_taken_back_until_the_school_has_reviewed(title, step):
    result = registered(title)

    assert waiting(result, step) == ["Fill_destination"]
    assert result.status == "destination_completed"


@pytest.mark.requirement("M05")
def test_what_was_taken_back_binds_the_graduate_no_longer():
    result = registered("院系审核之前撤回修改，再次提交")

    claims = [name for name in called(result) if name.endswith("claim")]
    assert claims == ["acquire_claim", "release_claim", "acquire_claim", "acquire_claim"]


@pytest.mark.requirement("M05")
def test_what_was_not_submitted_cannot_be_taken_back():
    case = Registration()

    with pytest.raises(MessageNotExpected):
        case.run.withdraw(case.now, case.registry)

    assert not case.run.can_withdraw


@pytest.mark.requirement("M05")
def test_what_the_school_has_passed_cannot_be_taken_back():
    case = Registration(levels="college").submitted("11")
    assert case.run.can_withdraw

    case.answer(COLLEGE, outcome="pass")

    assert not case.run.can_withdraw
    assert case.run.is_finished


@pytest.mark.requirement("M06")
@pytest.mark.parametrize(
    ("title", "status", "written"),
    [
        ("签劳动合同，院系和学校先后审核通过，完成登记", "destination_completed", 1),
        ("院系退回修改，修改后通过", "destination_completed", 1),
        ("学校退回修改，从院系重新审核", "destination_completed", 1),
        ("院系审核不通过，登记作废", "voided", 0),
        ("学校审核不通过，登记作废", "voided", 0),
    ],
)
def test_the_school_passes_returns_or_refuses(title, status, written):
    result = registered(title)

    assert result.status == status
    assert called(result).count("write_destination") == written


@pytest.mark.requirement("M06")
def test_a_returned_registration_keeps_the_case_and_the_reason():
    case = Registration().submitted("12")

    case.answer(COLLEGE, outcome="return", reason="登记表没有写明工资")

    assert [task.element for task in case.run.waiting] == ["Fill_destination"]
    assert case.run.variables["Review_destination"]["College_review"]["reason"]


@pytest.mark.requirement("M06")
def test_a_refused_registration_lets_the_graduate_go():
    result = registered("院系审核不通过，登记作废")

    assert called(result)[-2:] == ["release_claim", "notify"]


@pytest.mark.requirement("M07")
def test_the_type_may_be_amended_while_the_school_reviews():
    diagram, _ = prepared("other_destination", "registration")

    amended = {
        element.id: element.properties["amended_in"]
        for element in diagram.of_kind("userTask")
        if "amended_in" in element.properties
    }

    assert amended == dict.fromkeys(
        ["Choose_destination_type", "Fill_destination"], "Review_destination"
    )
    assert diagram.elements["Review_destination"].kind == "callActivity"


@pytest.mark.requirement("M07")
def test_an_amended_type_is_what_the_second_reviewer_passes_and_what_is_written():
    case = Registration().submitted("12")
    case.answer(COLLEGE, outcome="pass")

    case.amended("11")
    case.answer(OFFICE, outcome="pass")

    assert case.registry.asked("write_destination") == [{"code": "11"}]


@pytest.mark.requirement("M07")
def test_a_type_amended_to_an_unemployed_one_lets_the_claim_go():
    case = Registration(levels="college").submitted("11")

    case.amended("70")
    case.answer(COLLEGE, outcome="pass")

    assert case.registry.operators == [
        "check_eligibility",
        "acquire_claim",
        "release_claim",
        "check_claim",
        "write_destination",
        "notify",
    ]


@pytest.mark.requirement("M07")
def test_a_type_amended_to_one_that_counts_is_not_written_when_the_claim_is_taken():
    case = Registration(levels="college", acquire_claim="taken").submitted("70")

    case.amended("11")
    case.answer(COLLEGE, outcome="pass")

    assert case.run.is_finished
    assert "write_destination" not in case.registry.operators


@pytest.mark.requirement("M09")
@pytest.mark.parametrize(
    "title",
    ["已签约的毕业生不能登记其他去向，解约以后再提交", "已签约的毕业生也不能登记待就业"],
)
def test_a_bound_graduate_registers_nothing_until_free_again(title):
    result = registered(title)

    assert waiting(result, 2) == ["Fill_destination"]
    assert "write_destination" not in [
        h.detail["operator"]
        for step in result.steps[:3]
        for h in step.happened
        if h.kind == "called"
    ]


def test_a_signing_during_the_review_wins_over_an_unemployed_registration():
    result = registered("登记待就业的审核期间与单位签约，不再登记")

    assert result.status == "overtaken"
    assert "write_destination" not in called(result)


# -- the school enters first ---------------------------------------------------------------------


@pytest.mark.requirement("F35", "K15")
def test_the_school_enters_first_and_the_graduate_uploads_then():
    result = entered("学校先录入，毕业生上传证明材料，审核通过")

    assert [waiting(result, step) for step in range(4)] == [
        ["Choose_destination_type"],
        ["Fill_destination"],
        ["Upload_evidence"],
        [COLLEGE],
    ]
    roles = [result.steps[step].waiting[0].role.value for step in range(3)]
    assert roles == ["office", "office", "graduate"]


@pytest.mark.requirement("F35", "K15")
def test_what_the_school_entered_binds_nobody_before_the_graduate_agrees():
    result = entered("毕业生说与实际不符，学校更正以后再上传")

    names = called(result)
    assert names.index("acquire_claim") > max(
        place
        for place, call in enumerate(result.calls)
        if call.parameters.get("event") == "destination_entered"
    )


@pytest.mark.requirement("K15")
def test_both_orders_are_processes_of_one_family_started_by_different_people():
    starts = {
        variant: prepared("other_destination", variant)[0].properties["started_by"]
        for variant in ("registration", "school_entered")
    }

    assert starts == {"registration": "graduate", "school_entered": "office"}
