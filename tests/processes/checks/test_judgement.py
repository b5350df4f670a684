"""Where rules must judge: what is proven, what is only possible, what is fine."""

from __future__ import annotations

import pytest

from processes.checks import check
from processes.diagram import read_diagram

FORMS = {
    "f": {"outcome": ["a", "b", "c"], "free": None},
    "yes_or_no": {"outcome": ["yes", "no"]},
}
ASK = "start Begin\nuser Ask form=f\nxor Which\nend Done\nend Other\nBegin > Ask > Which\n"


def spoken(diagram, rule, **facts):
    """The sentences of one rule."""
    return [f for f in check(diagram, forms=FORMS, **facts) if f.rule == rule]


def test_an_uncovered_value_is_an_error_that_names_it(draw):
    diagram = draw(ASK + "Which > Done : Ask.outcome == 'a'\nWhich > Other : Ask.outcome == 'b'")

    found = spoken(diagram, "decisions")

    assert [(f.element, f.severity) for f in found] == [("Which", "error")]
    assert "Ask.outcome 为 c" in found[0].message


def test_a_default_covers_the_rest(draw):
    diagram = draw(ASK + "Which > Done : Ask.outcome == 'a'\nWhich >> Other")

    assert spoken(diagram, "decisions") == []


def test_overlapping_conditions_are_a_warning_that_names_both(draw):
    diagram = draw(ASK + "Which > Done : Ask.outcome != 'b'\nWhich > Other : Ask.outcome != 'a'")

    found = spoken(diagram, "decisions")

    assert [f.severity for f in found] == ["warning"]
    assert "Which_to_Done 和 Which_to_Other" in found[0].message


def test_a_way_that_nothing_takes_is_a_warning(draw):
    diagram = draw(ASK + "Which >> Done\nWhich > Other : Ask.outcome == 'a' and Ask.outcome == 'b'")

    assert [f.element for f in spoken(diagram, "decisions")] == ["Which_to_Other"]


def test_a_free_value_without_default_is_a_warning(draw):
    diagram = draw(ASK + "Which > Done : Ask.free == 'x'\nWhich > Other : Ask.free != 'x'")

    assert [f.severity for f in spoken(diagram, "decisions")] == ["warning"]


def test_what_an_earlier_gateway_settled_needs_no_second_way(draw):
    diagram = draw(
        ASK
        + """
        xor Then
        end Third
        Which > Done : Ask.outcome == 'a'
        Which >> Then
        Then > Other : Ask.outcome == 'b'
        Then > Third : Ask.outcome == 'c'
        """
    )

    assert spoken(diagram, "decisions") == []


def test_the_outcomes_of_a_call_are_known(draw, sketch):
    called = read_diagram(
        sketch(
            "start S\nuser J form=yes_or_no\nxor G\nend P outcome=passed\nend R outcome=refused\n"
            "S > J > G\nG > P : J.outcome == 'yes'\nG >> R",
            process="review",
        )
    )
    diagram = draw(
        "start Begin\ncall Review calls=review\nxor Which\nend Done\nend Other\n"
        "Begin > Review > Which\n"
        "Which > Done : Review.outcome == 'passed'\nWhich > Other : Review.outcome == 'refusd'"
    )

    found = check(diagram, called={"review": called}, forms=FORMS)

    assert {f.rule for f in found if f.forbids_running} == {"compared_values", "decisions"}
    assert any("passed、refused" in f.message for f in found)


def test_a_step_inside_a_call_can_be_read(draw, sketch):
    called = read_diagram(
        sketch("start S\nuser J form=yes_or_no\nend P outcome=passed\nS > J > P", process="review")
    )
    diagram = draw(
        "start Begin\ncall Review calls=review\nxor Which\nend Done\nend Other\n"
        "Begin > Review > Which\nWhich > Done : Review.J.outcome == 'yes'\nWhich >> Other"
    )

    assert check(diagram, called={"review": called}, forms=FORMS) == []


def test_a_call_whose_ends_name_no_outcome_is_an_error_when_it_is_read(draw, sketch):
    called = read_diagram(sketch("start S\nmanual J\nend P\nS > J > P", process="review"))
    diagram = draw(
        "start Begin\ncall Review calls=review\nxor Which\nend Done\nend Other\n"
        "Begin > Review > Which\nWhich > Done : Review.outcome == 'passed'\nWhich >> Other"
    )

    found = spoken(diagram, "calls", called={"review": called})

    assert ["没有写明 outcome" in f.message for f in found] == [True]


def test_mutual_recursion_is_found(draw, sketch):
    text = "start S\ncall C calls={}\nend E\nS > C > E"
    called = {
        "one": read_diagram(sketch(text.format("two"), process="one")),
        "two": read_diagram(sketch(text.format("one"), process="two")),
    }

    found = spoken(called["one"], "recursion", called=called)

    assert "one → two → one" in found[0].message


def test_calling_the_same_diagram_twice_is_fine(draw, sketch):
    called = {"one": read_diagram(sketch("start S\nmanual M\nend E\nS > M > E", process="one"))}
    diagram = draw("start S\ncall A calls=one\ncall B calls=one\nend E\nS > A > B > E")

    assert spoken(diagram, "recursion", called=called) == []


def test_a_loop_through_a_call_that_never_waits_is_refused(draw, sketch):
    text = "start S\ncall C calls=one\nxor G\nend E\nS > C > G\nG > E : school.x == 1\nG >> C"
    quick = read_diagram(
        sketch("start S\nservice M op=acquire_claim\nend E\nS > M > E", process="one")
    )
    slow = read_diagram(sketch("start S\nmanual M\nend E\nS > M > E", process="one"))

    assert spoken(draw(text), "automatic_loop", called={"one": quick})
    assert spoken(draw(text), "automatic_loop", called={"one": slow}) == []


def test_a_reminder_loop_through_a_boundary_timer_is_fine(draw):
    diagram = draw(
        """
        start Begin
        user Ask form=f
        boundary Late on=Ask duration=P1D
        send Remind op=notify p.event="'reminder'" p.to="'both'"
        end Done
        Begin > Ask > Done
        Late > Remind > Ask
        """
    )

    assert [str(f) for f in check(diagram, forms=FORMS) if f.forbids_running] == []


def test_a_variable_that_some_path_leaves_out_is_a_warning(draw):
    diagram = draw(
        ASK
        + """
        user Extra form=yes_or_no
        xor Again
        end Third
        Which > Extra : Ask.outcome == 'a'
        Which >> Again
        Extra > Again
        Again > Done : Extra.outcome == 'yes'
        Again >> Third
        """
    )

    found = spoken(diagram, "variables")

    assert [(f.element, f.severity) for f in found] == [("Again_to_Done", "warning")]


def test_a_boundary_event_fires_before_its_task_has_an_answer(draw):
    diagram = draw(
        """
        start Begin
        user Ask form=yes_or_no
        boundary Late on=Ask duration=P1D
        xor Which
        end Done
        end Other
        Begin > Ask > Which
        Late > Which
        Which > Done : Ask.outcome == 'yes'
        Which >> Other
        """
    )

    found = spoken(diagram, "variables")

    assert [(f.element, f.severity) for f in found] == [("Which_to_Done", "warning")]


def test_what_every_parallel_branch_made_is_there_after_the_join(draw):
    diagram = draw(
        """
        start Begin
        and Fork
        user A form=yes_or_no
        user B form=yes_or_no
        and Join
        xor Which
        end Done
        end Other
        Begin > Fork > A > Join > Which
        Fork > B > Join
        Which > Done : A.outcome == 'yes' and B.outcome == 'yes'
        Which >> Other
        """
    )

    assert check(diagram, forms=FORMS) == []


def test_a_field_that_the_form_lacks_is_an_error_with_the_nearest_one(draw):
    diagram = draw(ASK + "Which > Done : Ask.outcom == 'a'\nWhich >> Other")

    found = spoken(diagram, "variables")

    assert [(f.severity, f.way_out) for f in found] == [("error", "请改成 Ask.outcome。")]


@pytest.mark.parametrize(
    ("timer", "says"),
    [
        ("duration=P1DT", "P1DT"),
        ("duration=PT0S", "是零"),
        ("duration=-P1D", "负数"),
        ("date=2026-02-30", "2026-02-30"),
        ("cycle=R3/P1D", "只能用在不打断的边界事件"),
        ("free cycle=R0/P1D", "次数不能为零"),
        ("duration=''", "没有写明时间"),
    ],
)
def test_a_timer_that_cannot_work_is_refused(timer, says, draw):
    """Engine trap 7: these fail, or do something else, at run time only."""
    diagram = draw(f"start S\nmanual M\nboundary B on=M {timer}\nend E\nend L\nS > M > E\nB > L")

    found = spoken(diagram, "timers")

    assert any(says in f.message for f in found), [f.message for f in found]
    assert all(f.forbids_running for f in found)


@pytest.mark.parametrize(
    "timer",
    [
        "duration=P5D",
        "duration='\"P5D\"'",
        "date=2026-06-05",
        "free cycle=R3/P1D",
        "date=school.signing_ends",
    ],
)
def test_a_timer_that_works_passes(timer, draw):
    diagram = draw(f"start S\nmanual M\nboundary B on=M {timer}\nend E\nend L\nS > M > E\nB > L")

    assert [str(f) for f in check(diagram) if f.forbids_running] == []


def test_a_task_outside_every_lane_is_an_error(wrap):
    diagram = read_diagram(
        wrap(
            '<laneSet><lane id="L" name="毕业生"><flowNodeRef>A</flowNodeRef></lane></laneSet>'
            '<startEvent id="A" name="a"/><manualTask id="X" name="x"/>'
        )
    )

    assert [(f.element, f.severity) for f in spoken(diagram, "lanes")] == [("X", "error")]


def test_a_diagram_without_lanes_is_told_who_gets_its_tasks(draw):
    diagram = draw("start S\nmanual M\nend E\nS > M > E", lane=None)

    assert diagram.elements["M"].role == "office"
    assert [f.severity for f in spoken(diagram, "lanes")] == ["warning"]


def test_a_task_of_the_system_lane_must_not_need_a_person(draw):
    diagram = draw("start S\nmanual M\nend E\nS > M > E", lane="系统")

    assert [(f.element, f.severity) for f in spoken(diagram, "lanes")] == [("M", "error")]


def test_an_id_that_is_no_word_is_only_a_warning(draw):
    diagram = draw("start S\nmanual sid-54D6\nend E\nS > sid-54D6 > E")

    assert [(f.element, f.severity) for f in spoken(diagram, "ids")] == [("sid-54D6", "warning")]


def test_parallel_branches_that_never_join_do_things_twice(draw):
    diagram = draw(
        "start S\nand F\nmanual A\nmanual B\nxor X\nmanual C\nend E\n"
        "S > F > A > X > C > E\nF > B > X"
    )

    found = spoken(diagram, "soundness")

    assert [f.severity for f in found] == ["warning"]


def test_a_boundary_event_that_leaves_a_branch_makes_the_join_wait_for_ever(draw):
    diagram = draw(
        "start S\nand F\nmanual A\nmanual B\nboundary T on=B duration=P1D\nand J\nend E\nend L\n"
        "S > F > A > J > E\nF > B > J\nT > L"
    )

    found = spoken(diagram, "soundness")

    assert [(f.element, f.severity) for f in found] == [("J", "error")]


def test_operators_must_get_what_they_need(draw):
    diagram = draw(
        "start S\nsend N op=notify p.event=\"'x'\" p.to=\"'everybody'\" p.by=1\n"
        "service W op=write_destination\nend E\nS > N > W > E"
    )

    messages = [f"{f.element} {f.message}" for f in spoken(diagram, "operators")]

    assert len(messages) == 3
    assert any(m.startswith("N") and "everybody" in m for m in messages)
    assert any(m.startswith("N") and "没有参数 by" in m for m in messages)
    assert any(m.startswith("W") and "缺少参数 code" in m for m in messages)


def test_a_called_diagram_with_an_error_is_said_at_the_call(draw, sketch):
    called = {
        "outer": read_diagram(
            sketch("start S\ncall C calls=inner\nend E\nS > C > E", process="outer")
        ),
        "inner": read_diagram(sketch("start S\nmanual M\nend E\nS > E", process="inner")),
    }
    diagram = draw("start S\ncall C calls=outer\nend E\nS > C > E")

    found = spoken(diagram, "called_diagram", called=called)

    assert {f.element for f in found} == {"C"}
    assert any("被调用的流程 inner" in f.message for f in found)


def test_what_a_message_brings_can_be_read_after_it(draw):
    diagram = draw(
        """
        start Begin
        catch Told message=answer
        xor Which
        end Done
        end Other
        Begin > Told > Which
        Which > Done : Told.outcome == 'yes'
        Which >> Other
        """
    )

    assert check(diagram, forms=FORMS) == []


def test_a_receive_task_after_an_event_gateway_carries_no_boundary_event(draw):
    diagram = draw(
        """
        start Begin
        event Which
        receive Told message=answer
        boundary Late on=Told duration=P1D
        catch Soon duration=P1D
        end Done
        Begin > Which > Told > Done
        Which > Soon > Done
        Late > Done
        """
    )

    assert [f.element for f in spoken(diagram, "event_gateways")] == ["Told"]
