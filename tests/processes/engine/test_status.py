"""The state of a case is what the last element that names one says."""

from __future__ import annotations

import pytest

REVIEW = "review"


@pytest.fixture
def application(draw, play):
    """Fill, review, and back: returned or withdrawn. The form itself names no state."""
    inner = draw.document(
        draw.start("rs"), draw.user("Judge", status="judging"), draw.end("re", outcome="returned"),
        draw.path("rs", "Judge", "re"), process=REVIEW,
    )  # fmt: skip
    told = '<serviceTaskOperator xmlns="{0}" id="notify"/><properties xmlns="{0}">{1}</properties>'
    returned = '<property name="status" value="returned"/>'
    space = "http://spiffworkflow.org/bpmn/schema/1.0/core"
    tell = told.format(space, returned)
    return play(
        draw.node("startEvent", "s", status="drafting"), draw.user("Fill"),
        draw.call("Review", REVIEW, status="'under_review'"),
        draw.boundary("Withdrawn", "Review", draw.message("withdraw")).replace(
            "<messageEventDefinition",
            f'<extensionElements><properties xmlns="{space}">'
            '<property name="status" value="drafting"/></properties></extensionElements>'
            "<messageEventDefinition",
        ),
        f'<sendTask id="Tell" name="Tell"><extensionElements>{tell}</extensionElements></sendTask>',
        draw.path("s", "Fill", "Review", "Tell", "Fill"), draw.flow("Withdrawn", "Fill"),
        called={REVIEW: inner},
    )  # fmt: skip


def test_a_case_begins_in_the_state_that_its_start_names(application):
    assert application.waiting == ["Fill"]
    assert application.step.status == "drafting"


def test_a_call_names_the_state_while_the_case_waits_inside(application):
    step = application.answer("Fill")

    assert application.waiting == ["Review/Judge"]
    assert step.status == "under_review"


def test_the_same_task_waits_in_the_state_that_the_way_to_it_says(application):
    application.answer("Fill")
    returned = application.answer("Review/Judge")
    again = application.answer("Fill")
    withdrawn = application.message("withdraw")

    assert returned.status == "returned"
    assert again.status == "under_review"
    assert withdrawn.status == "drafting"
    assert application.waiting == ["Fill"]
