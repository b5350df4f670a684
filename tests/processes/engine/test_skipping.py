"""A case that cannot go on by itself is set down at another step, or refused with a reason."""

from __future__ import annotations

import pytest

from processes.engine import CannotPlace, skip_to, targets


@pytest.fixture
def skip():
    def to(case, target):
        case.run = skip_to(
            case.executable, case.run.dump(), target, variables=case.run.variables,
            facts=case.facts, now=case.now, operators=lambda run: case.operators,
        )  # fmt: skip
        case.step = case.run.step
        return case

    return to


def drawing(draw):
    return (
        draw.start(), draw.user("A"), draw.user("B"), draw.boundary("Late", "B", draw.timer("P2D")),
        draw.gateway("which", "which_no"), draw.end("yes"), draw.end("no"), draw.end("late"),
        draw.path("s", "A", "B", "which", "no"), draw.path("Late", "late"),
        draw.flow("which", "yes", "A.way == 'up'"),
    )  # fmt: skip


def test_the_case_waits_at_the_chosen_step_with_its_deadline(draw, play, skip):
    case = play(*drawing(draw))
    case.answer("A", way="up")

    skip(case, "A")
    assert case.waiting == ["A"]
    assert case.run.wake_at is None
    skip(case, "B")

    assert case.waiting == ["B"]
    assert (case.run.wake_at - case.now).days == 2
    case.answer("B")
    assert case.step.ended_at == ("yes",)


def test_tokens_are_numbered_on_so_no_task_is_taken_for_an_earlier_one(draw, play, skip):
    case = play(*drawing(draw))
    before = case.task("A").token

    skip(case, "A")

    assert case.task("A").token != before


def test_a_step_behind_which_an_answer_is_missing_is_refused(draw, play, skip):
    case = play(*drawing(draw))

    with pytest.raises(CannotPlace) as refused:
        skip(case, "B")

    assert "A.way" in refused.value.message


def test_only_activities_of_the_own_diagram_can_be_chosen(draw, play, skip):
    case = play(*drawing(draw))

    assert [element.id for element in targets(case.executable)] == ["A", "B"]
    with pytest.raises(CannotPlace):
        skip(case, "which")


def test_an_operator_at_the_chosen_step_is_carried_out(draw, play, skip):
    case = play(draw.start(), draw.user("A"), draw.service("Try", "render"), draw.user("C"),
                draw.end(), draw.path("s", "A", "Try", "C", "e"))  # fmt: skip

    skip(case, "Try")

    assert case.operators.calls[-1][0] == "render"
    assert case.waiting == ["C"]
