"""What the rules say of conditional flows, inclusive gateways and joins that wait."""

from __future__ import annotations

import pytest

from processes.checks import check

FORMS = {"f": {"outcome": ["a", "b", "c"], "free": None}}
ASK = "start Begin\nuser Ask form=f\nend Done\nend Other\nBegin > Ask\n"
CHOSEN = "start Begin\nuser Ask form=f\nor Fork\nmanual B\nmanual C\nBegin > Ask > Fork\n"
BRANCHES = "Fork > B : Ask.outcome != 'a'\nFork > C : Ask.outcome != 'b'\n"


def told(diagram):
    return [(f.rule, f.element, f.severity) for f in check(diagram, forms=FORMS)]


def test_conditional_flows_that_cover_every_value_pass(draw):
    diagram = draw(ASK + "Ask > Done : Ask.outcome == 'a'\nAsk > Other : Ask.outcome != 'a'")

    assert told(diagram) == []


def test_conditional_flows_that_leave_a_value_out_are_refused(draw):
    diagram = draw(ASK + "Ask > Done : Ask.outcome == 'a'\nAsk > Other : Ask.outcome == 'b'")

    assert ("decisions", "Ask", "error") in told(diagram)


def test_a_flow_without_a_condition_beside_others_always_goes_on(draw):
    diagram = draw(ASK + "Ask > Done : Ask.outcome == 'a'\nAsk > Other")

    assert told(diagram) == []


def test_a_default_beside_a_flow_without_a_condition_is_unclear(draw):
    diagram = draw(ASK + "end Third\nAsk > Done : Ask.outcome == 'a'\nAsk >> Other\nAsk > Third")

    assert ("conditions", "Ask", "error") in told(diagram)


def test_an_inclusive_gateway_may_take_several_ways_at_once(draw):
    diagram = draw(CHOSEN + "end Done\nor Join\n" + BRANCHES + "B > Join > Done\nC > Join")

    assert told(diagram) == []


def test_an_inclusive_gateway_must_always_have_a_way(draw):
    diagram = draw(
        CHOSEN + "end Done\nor Join\nFork > B : Ask.outcome == 'a'\n"
        "Fork > C : Ask.outcome == 'b'\nB > Join > Done\nC > Join"
    )

    assert ("decisions", "Fork", "error") in told(diagram)


def test_a_parallel_join_after_an_inclusive_fork_may_wait_for_ever(draw):
    diagram = draw(CHOSEN + "end Done\nand Join\n" + BRANCHES + "B > Join > Done\nC > Join")

    assert ("soundness", "Join", "error") in told(diagram)


def test_branches_of_a_task_that_meet_without_a_join_do_things_twice(draw):
    diagram = draw(
        "start Begin\nuser Ask form=f\nmanual B\nmanual C\nmanual D\nxor Meet\nend Done\n"
        "Begin > Ask\nAsk > B : Ask.outcome != 'a'\nAsk > C : Ask.outcome != 'b'\n"
        "B > Meet > D > Done\nC > Meet"
    )

    assert ("soundness", "D", "warning") in told(diagram)


@pytest.mark.parametrize("kind", ["start", "and", "event"])
def test_a_condition_where_nothing_decides_is_refused(kind, draw):
    head = f"{kind} X\n" if kind == "start" else f"start Begin\n{kind} X\nBegin > X\n"
    diagram = draw(head + "manual B\nend Done\nX > B : case.initiator == 'graduate'\nB > Done")

    assert ("conditions", "X_to_B", "error") in told(diagram)
