"""Each BPMN element does with its tokens what the standard says."""

import json
from datetime import timedelta

import pytest

from processes.engine import EngineError, MessageNotExpected, TaskNotWaiting

MONDAY_PLUS_5 = timedelta(days=5)


def test_a_user_task_waits_with_its_name_form_and_status(draw, play):
    case = play(
        draw.start(), draw.user("A", form="signing/a", status="drafting"), draw.end(),
        draw.path("s", "A", "e"),
    )  # fmt: skip

    [task] = case.step.tasks

    assert (task.element, task.name, task.form) == ("A", "A", "signing/a")
    assert task.since == case.now
    assert task.silent_at is None
    assert case.step.status == "drafting"
    assert not case.step.finished


def test_an_answer_stands_under_the_step_and_the_case_ends(draw, play):
    case = play(draw.start(), draw.user("A"), draw.end(status="done"), draw.path("s", "A", "e"))

    step = case.answer("A", outcome="send", n=1)

    assert step.variables == {"A": {"outcome": "send", "n": 1}}
    assert step.finished
    assert step.ended_at == ("e",)
    assert step.status == "done"
    assert [h.element for h in step.happened if h.kind == "flow"] == ["A_e"]


def test_a_manual_task_waits_like_a_user_task(draw, play):
    case = play(
        draw.start(), draw.node("manualTask", "Hand_over", status="handing"), draw.end(),
        draw.path("s", "Hand_over", "e"),
    )  # fmt: skip

    assert case.waiting == ["Hand_over"]
    assert case.step.status == "handing"
    assert case.answer("Hand_over").finished


@pytest.mark.parametrize("kind", ["serviceTask", "sendTask"])
def test_an_operator_is_called_and_its_outcome_is_kept(draw, play, result, kind):
    parts = (
        draw.start(), draw.user("A"), draw.service("S", "notify", kind=kind, to="A.who"),
        draw.user("B"), draw.end(), draw.path("s", "A", "S", "B", "e"),
    )  # fmt: skip
    case = play(*parts, answers={"S": result("taken", {"by": "Hengxin"})})

    step = case.answer("A", who="both")

    assert case.operators.calls == [("notify", {"to": "both"}, "S")]
    assert step.variables["S"] == {"outcome": "taken", "by": "Hengxin"}
    assert ("called", "S") in case.kinds


@pytest.mark.parametrize(
    ("answer", "goes_to"), [("accept", "Accepted"), ("refuse", "Refused"), ("later", "Other")]
)
def test_an_exclusive_gateway_takes_the_first_flow_that_holds(draw, play, answer, goes_to):
    case = play(
        draw.start(), draw.user("A"), draw.gateway("g", default="g_Other"),
        draw.user("Accepted"), draw.user("Refused"), draw.user("Other"),
        draw.path("s", "A", "g"), draw.flow("g", "Other"),
        draw.flow("g", "Accepted", "A.outcome == 'accept'"),
        draw.flow("g", "Refused", "A.outcome == 'refuse'"),
    )  # fmt: skip

    case.answer("A", outcome=answer)

    assert case.waiting == [goes_to]


def test_a_gateway_without_a_way_on_says_so(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.gateway("g"), draw.user("B"), draw.user("C"),
        draw.path("s", "A", "g"),
        draw.flow("g", "B", "A.n == 1"), draw.flow("g", "C", "A.n == 2"),
    )  # fmt: skip

    with pytest.raises(EngineError, match="网关 g 没有一个条件成立"):
        case.answer("A", n=3)


def test_a_missing_variable_is_an_error_that_names_it(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.gateway("g", default="g_B"), draw.user("B"),
        draw.user("C"), draw.path("s", "A", "g", "B"), draw.flow("g", "C", "A.outcome == 'x'"),
    )  # fmt: skip

    with pytest.raises(EngineError, match=r"变量 A\.outcome 还没有值"):
        case.answer("A")


def test_parallel_branches_run_side_by_side_and_join(draw, play):
    case = play(
        draw.start(), draw.parallel("fork"), draw.user("A"), draw.user("B"), draw.parallel("join"),
        draw.user("C"), draw.path("s", "fork", "A", "join", "C"), draw.path("fork", "B", "join"),
    )  # fmt: skip

    assert case.waiting == ["A", "B"]
    case.answer("B")
    assert case.waiting == ["A"]
    case.answer("A")
    assert case.waiting == ["C"]


def test_a_branch_may_end_by_itself_and_the_case_waits_for_the_other(draw, play):
    case = play(
        draw.start(), draw.parallel("fork"), draw.user("A"), draw.user("B"), draw.end("x"),
        draw.end("y"), draw.path("s", "fork", "A", "x"), draw.path("fork", "B", "y"),
    )  # fmt: skip

    first = case.answer("A")
    second = case.answer("B")

    assert (first.finished, first.ended_at) == (False, ("x",))
    assert (second.finished, second.ended_at) == (True, ("y",))


def test_a_terminating_end_takes_every_other_token_away(draw, play):
    case = play(
        draw.start(), draw.parallel("fork"), draw.user("A"), draw.user("B"), draw.terminate("x"),
        draw.end("y"), draw.path("s", "fork", "A", "x"), draw.path("fork", "B", "y"),
        draw.boundary("Late", "B", draw.timer("P1D")), draw.flow("Late", "y"),
    )  # fmt: skip

    step = case.answer("A")

    assert step.finished
    assert ("cancelled", "B") in case.kinds
    assert step.wake_at is None
    assert step.tasks == ()


def test_a_terminating_end_in_a_sub_process_ends_that_sub_process_only(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("ss"), draw.parallel("f"), draw.user("In"), draw.user("Out"),
        draw.terminate("x"), draw.end("y"), draw.path("ss", "f", "In", "x"),
        draw.path("f", "Out", "y"),
    )  # fmt: skip
    case = play(draw.start(), inside, draw.user("B"), draw.end(), draw.path("s", "Sub", "B", "e"))

    step = case.answer("In")

    assert case.waiting == ["B"]
    assert ("cancelled", "Out") in case.kinds
    assert not step.finished


@pytest.mark.requirement("C08")
def test_an_interrupting_timer_takes_the_task_away(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.boundary("Late", "A", draw.timer("P5D")),
        draw.end(), draw.end("lapsed", status="lapsed"), draw.path("s", "A", "e"),
        draw.flow("Late", "lapsed"),
    )  # fmt: skip
    task = case.task("A")

    early = case.later(days=4)
    late = case.later(days=1)

    assert task.silent_at == early.wake_at == task.since + MONDAY_PLUS_5
    assert not early.finished
    assert late.finished
    assert late.status == "lapsed"
    assert case.kinds == [("fired", "Late"), ("cancelled", "A"), ("ended", "lapsed")]


def test_a_timer_that_does_not_interrupt_leaves_the_task(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.boundary("Remind", "A", draw.timer("P1D"), False),
        draw.service("Notify", "notify"), draw.end("n"), draw.end(),
        draw.path("s", "A", "e"), draw.path("Remind", "Notify", "n"),
    )  # fmt: skip

    step = case.later(days=2)

    assert case.waiting == ["A"]
    assert case.task("A").silent_at is None
    assert len(case.operators.calls) == 1
    assert step.wake_at is None
    assert case.answer("A").finished


def test_what_a_boundary_timer_started_lives_on_when_the_task_is_done(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.boundary("Late", "A", draw.timer("P1D"), False),
        draw.user("Escalated"), draw.end("x"), draw.end(),
        draw.path("s", "A", "e"), draw.path("Late", "Escalated", "x"),
    )  # fmt: skip

    case.later(days=1)
    case.answer("A")

    assert case.waiting == ["Escalated"]
    assert case.answer("Escalated").finished


def test_a_cycle_reminds_as_often_as_it_says(draw, play):
    case = play(
        draw.start(), draw.user("A"),
        draw.boundary("Remind", "A", draw.timer("R3/P1D", "timeCycle"), False),
        draw.service("Notify", "notify"), draw.end("n"), draw.end(),
        draw.path("s", "A", "e"), draw.path("Remind", "Notify", "n"),
    )  # fmt: skip

    for _ in range(5):
        case.later(days=1)

    assert len(case.operators.calls) == 3
    assert case.step.wake_at is None
    assert case.waiting == ["A"]


def test_paths_of_a_cycle_live_on_when_the_task_is_done(draw, play):
    case = play(
        draw.start(), draw.user("A"),
        draw.boundary("Remind", "A", draw.timer("R/P1D", "timeCycle"), False),
        draw.user("Call"), draw.end("n"), draw.end(),
        draw.path("s", "A", "e"), draw.path("Remind", "Call", "n"),
    )  # fmt: skip
    case.later(days=1)
    case.later(days=1)

    case.answer("A")

    assert case.waiting == ["Call", "Call"]
    assert case.step.wake_at is None


def test_a_message_at_the_border_takes_the_task_away(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.boundary("Back", "A", draw.message("withdraw")),
        draw.end(), draw.end("gone"), draw.path("s", "A", "e"), draw.flow("Back", "gone"),
    )  # fmt: skip

    assert case.run.can_withdraw
    step = case.run.withdraw(case.now, case.operators)

    assert step.ended_at == ("gone",)
    assert not case.run.can_withdraw


@pytest.mark.requirement("J07")
def test_after_a_withdrawal_the_other_side_is_too_late(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.boundary("Back", "A", draw.message("withdraw")),
        draw.end(), draw.user("Edit"), draw.path("s", "A", "e"), draw.flow("Back", "Edit"),
    )  # fmt: skip
    token = case.task("A").token
    case.message("withdraw")

    with pytest.raises(TaskNotWaiting):
        case.run.answer(token, {}, case.now, case.operators)


def test_a_finished_case_takes_nothing_more(draw, play):
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))
    token = case.task("A").token
    case.answer("A")
    state = case.run.dump()

    with pytest.raises(TaskNotWaiting):
        case.run.answer(token, {}, case.now, case.operators)
    assert case.later(days=1000).happened == ()
    assert case.run.dump() == state


def test_the_variables_that_were_handed_in_stay_as_they_were(reviewed):
    before = reviewed.step.variables
    copy = json.loads(json.dumps(before))

    step = reviewed.answer("School_review/College_review", outcome="pass")

    assert before == copy
    assert step.variables["School_review"]["College_review"] == {"outcome": "pass"}


def test_a_message_that_does_not_interrupt_may_come_again(draw, play):
    case = play(
        draw.start(), draw.user("A"), draw.boundary("Note", "A", draw.message("hello"), False),
        draw.service("Keep", "notify"), draw.end("x"), draw.end(),
        draw.path("s", "A", "e"), draw.path("Note", "Keep", "x"),
    )  # fmt: skip

    case.message("hello", {"text": "first"})
    step = case.message("hello", {"text": "second"})

    assert len(case.operators.calls) == 2
    assert step.variables["Note"] == {"text": "second"}
    assert step.messages == ("hello",)
    assert case.waiting == ["A"]


def test_a_message_nobody_waits_for_is_refused(draw, play):
    case = play(draw.start(), draw.user("A"), draw.end(), draw.path("s", "A", "e"))

    with pytest.raises(MessageNotExpected):
        case.message("hello")


def test_a_timer_on_the_way_holds_the_token(draw, play):
    case = play(
        draw.start(), draw.catch("Wait", draw.timer("2026-06-05", "timeDate")), draw.user("A"),
        draw.path("s", "Wait", "A"),
    )  # fmt: skip

    assert case.step.wake_at.isoformat() == "2026-06-05T15:59:59+00:00"
    case.later(days=5)
    assert case.waiting == ["A"]


@pytest.mark.parametrize("kind", ["event", "task"])
def test_a_message_on_the_way_is_waited_for(draw, play, kind):
    catches = draw.catch("Wait", draw.message("hello"))
    receives = '<receiveTask id="Wait" name="Wait" messageRef="Message_hello"/>'
    case = play(
        draw.start(), catches if kind == "event" else receives, draw.user("A"),
        draw.path("s", "Wait", "A"),
    )  # fmt: skip

    assert case.step.messages == ("hello",)
    step = case.message("hello", {"answer": 42})

    assert case.waiting == ["A"]
    assert step.variables == {"Wait": {"answer": 42}}


@pytest.mark.parametrize("first", ["message", "timer"])
def test_after_an_event_gateway_the_first_event_decides(draw, play, first):
    case = play(
        draw.start(), '<eventBasedGateway id="race"/>', draw.catch("Hello", draw.message("hello")),
        draw.catch("Late", draw.timer("P3D")), draw.user("A"), draw.user("B"),
        draw.path("s", "race", "Hello", "A"), draw.path("race", "Late", "B"),
    )  # fmt: skip

    step = case.message("hello") if first == "message" else case.later(days=3)

    assert case.waiting == (["A"] if first == "message" else ["B"])
    assert step.messages == ()
    assert step.wake_at is None


def test_a_sub_process_shares_the_scope_of_its_parent(draw, play):
    inside = draw.sub_process(
        "Sub", draw.start("ss"), draw.user("In"), draw.end("se"), draw.path("ss", "In", "se")
    )
    case = play(
        draw.start(), draw.user("A"), inside, draw.user("B"), draw.path("s", "A", "Sub", "B")
    )

    case.answer("A", n=1)
    assert case.waiting == ["In"]
    step = case.answer("In", n=2)

    assert case.waiting == ["B"]
    assert step.variables == {"A": {"n": 1}, "In": {"n": 2}}
    assert ("left", "Sub") in case.kinds


def test_a_timer_at_a_sub_process_takes_all_inside_away(draw, play):
    innermost = draw.sub_process(
        "Deep", draw.start("ds"), draw.user("In"), draw.path("ds", "In"),
        draw.boundary("Soon", "In", draw.timer("P9D")), draw.end("de"), draw.flow("Soon", "de"),
    )  # fmt: skip
    inside = draw.sub_process("Sub", draw.start("ss"), innermost, draw.path("ss", "Deep"))
    case = play(
        draw.start(), inside, draw.boundary("Late", "Sub", draw.timer("P2D")), draw.user("B"),
        draw.path("s", "Sub"), draw.flow("Late", "B"),
    )  # fmt: skip

    assert case.task("In").silent_at == case.now + timedelta(days=2)
    step = case.later(days=2)

    assert case.waiting == ["B"]
    assert step.wake_at is None
    assert {e for k, e in case.kinds if k == "cancelled"} == {"Sub", "Deep", "In"}


REVIEW = "review"


@pytest.fixture
def review(draw):
    """A called diagram: one review; its end decides the outcome."""
    return {
        REVIEW: draw.document(
            draw.start("rs"), draw.user("College_review", status="waiting_college"),
            draw.gateway("rg", default="rg_Refused"), draw.end("Passed", outcome="passed"),
            draw.end("Refused", outcome="refused"), draw.path("rs", "College_review", "rg"),
            draw.flow("rg", "Refused"), draw.flow(
                "rg", "Passed",
                "College_review.outcome == 'pass' and parameters.levels == 'both' "
                "and school.strict and case.initiator == 'employer'",
            ),
            process=REVIEW,
        )
    }  # fmt: skip


@pytest.fixture
def facts():
    return {"case": {"initiator": "employer"}, "school": {"strict": True, "levels": "both"}}


@pytest.fixture
def reviewed(draw, play, review, facts):
    """A case in a loop around a call, waiting within the call."""
    return play(
        draw.start(), draw.call("School_review", REVIEW, levels="school.levels"), draw.user("B"),
        draw.gateway("g", default="g_e"), draw.end(), draw.path("s", "School_review", "B", "g", "e"),
        draw.flow("g", "School_review", "B.again"),
        called=review, facts=facts,
    )  # fmt: skip


def test_a_call_works_in_a_scope_of_its_own(reviewed):
    assert reviewed.waiting == ["School_review/College_review"]
    assert reviewed.step.status == "waiting_college"

    step = reviewed.answer("School_review/College_review", outcome="pass")

    assert reviewed.waiting == ["B"]
    assert step.variables["School_review"] == {
        "parameters": {"levels": "both"},
        "College_review": {"outcome": "pass"},
        "outcome": "passed",
    }
    assert step.ended_at == ("School_review/Passed",)
    assert "School_review/rg_Passed" in [h.element for h in step.happened]


def test_the_scope_of_a_call_is_emptied_when_it_starts_again(reviewed):
    reviewed.answer("School_review/College_review", outcome="pass")

    step = reviewed.answer("B", again=True)

    assert step.variables["School_review"] == {"parameters": {"levels": "both"}}
    assert reviewed.waiting == ["School_review/College_review"]


def test_a_called_diagram_does_not_see_the_steps_of_its_caller(draw, play):
    called = {
        "peek": draw.document(
            draw.start("rs"), draw.service("Peek", "notify", to="A.n"), draw.end("re"),
            draw.path("rs", "Peek", "re"), process="peek",
        )
    }  # fmt: skip
    case = play(
        draw.start(),
        draw.user("A"),
        draw.call("C", "peek"),
        draw.path("s", "A", "C"),
        called=called,
    )

    with pytest.raises(EngineError, match=r"C/Peek .*变量 A\.n 还没有值"):
        case.answer("A", n=1)


def test_a_task_can_be_answered_once_only(draw, play):
    case = play(draw.start(), draw.user("A"), draw.user("B"), draw.path("s", "A", "B"))
    token = case.task("A").token
    case.answer("A")

    with pytest.raises(TaskNotWaiting):
        case.run.answer(token, {}, case.now, case.operators)
