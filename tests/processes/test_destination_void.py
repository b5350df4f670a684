"""Ending a destination: the graduate alone, with review (K14), or the office unlocking (E06)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from processes.diagram import Diagram
from processes.engine import Executable, compile_release
from processes.library import find_diagram, load_family
from processes.scenario import Played, play, read_scenarios


@cache
def prepared(variant: str) -> tuple[Diagram, Executable]:
    diagram, called = load_family("destination_void", variant)
    return diagram, compile_release(diagram, called)


def player(variant: str) -> Callable[[str], Played]:
    file = find_diagram("destination_void", variant)
    assert file.scenarios is not None
    told = read_scenarios(file.scenarios.read_text("utf-8"), file.scenario_source)
    scenarios = {scenario.title: scenario for scenario in told}
    return lambda title: play(prepared(variant)[1], scenarios[title])


voided, reviewed, unlocked = map(player, ("self_service", "reviewed", "admin_unlock"))


def called(played: Played) -> list[str]:
    return [call.operator for call in played.calls]


def waiting(played: Played) -> list[str]:
    """Who waits after the first answer."""
    return [task.element for task in played.steps[1].waiting]


@pytest.mark.requirement("M08", "K14")
def test_a_graduate_voids_a_destination_without_review_and_the_school_is_told():
    result = voided("毕业生作废去向，学校不审核，可以看到记录")

    assert result.status == "voided"
    assert called(result) == ["close_destination", "notify"]
    assert result.calls[-1].parameters == {"event": "destination_voided", "to": "reviewers"}


@pytest.mark.requirement("M10")
@pytest.mark.parametrize("play_title", [voided, reviewed], ids=["self", "reviewed"])
def test_a_destination_from_an_agreement_cannot_be_voided(play_title):
    result = play_title("由就业协议登记的去向不能作废，须办理解约")

    assert result.status == "needs_rescission"
    assert called(result) == []


@pytest.mark.requirement("M10")
@pytest.mark.parametrize("variant", ["self_service", "reviewed", "admin_unlock"])
def test_voiding_is_about_destinations_of_its_own_family(variant):
    diagram, _ = prepared(variant)

    assert diagram.properties["about"] == "destination"
    assert diagram.properties["about_families"] == "other_destination"


@pytest.mark.requirement("K14")
@pytest.mark.parametrize(
    ("title", "closed"),
    [
        ("院系和学校先后审核通过，去向作废", True),
        ("院系审核不通过，去向继续有效", False),
        ("学校审核不通过，去向继续有效", False),
        ("作废申请不能退回修改，退回等于不通过", False),
    ],
)
def test_a_reviewed_void_ends_the_destination_only_when_the_school_agrees(title, closed):
    assert ("close_destination" in called(reviewed(title))) is closed


@pytest.mark.requirement("E06")
def test_unlocking_sets_the_destination_to_unemployed_and_keeps_the_reason():
    result = unlocked("学校填写原因，另一人复核，设置为待就业")

    assert called(result) == ["close_destination", "write_destination", "notify"]
    assert result.calls[1].parameters == {"code": "70"}
    assert result.variables["Request_unlock"]["reason"]


@pytest.mark.requirement("E06")
def test_a_second_person_confirms_where_the_school_wants_it():
    diagram, _ = prepared("admin_unlock")

    first = unlocked("学校填写原因，另一人复核，设置为待就业")
    alone = unlocked("学校不要求复核，填写原因即设置为待就业")

    assert waiting(first) == ["Confirm_unlock"]
    assert waiting(alone) == []
    assert diagram.elements["Confirm_unlock"].properties["not_by"] == "Request_unlock"


@pytest.mark.requirement("E06")
def test_only_the_office_starts_an_unlock():
    diagram, _ = prepared("admin_unlock")

    assert diagram.properties["started_by"] == "office"
