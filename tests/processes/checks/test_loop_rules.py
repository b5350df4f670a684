"""What the rules say of loops and multi-instances."""

from __future__ import annotations

import pytest

from processes.checks import check

FORMS = {"f": {"outcome": ["a", "b"], "number": None, "people": None}}
ASK = "start Begin\nuser Ask form=f\nend Done\n"
SUB = "sub Sub {0}\nstart I in=Sub\nuser M form=f in=Sub\nend E in=Sub\nI > M > E\n"


def told(diagram):
    return [(f.rule, f.element, f.severity) for f in check(diagram, forms=FORMS)]


@pytest.mark.parametrize(
    "marker",
    [
        "again='A.outcome == \"a\"'",
        "again='Ask.outcome == \"a\"' before",
        "count=3",
        "count=3 until='A.outcome == \"a\"' serial",
        "count=Ask.number most=20",
        "each=one of=Ask.people most=20",
    ],
)
def test_a_bounded_loop_passes(marker, draw):
    assert told(draw(f"{ASK}user A form=f {marker}\nBegin > Ask > A > Done")) == []


@pytest.mark.parametrize(
    ("marker", "rule"),
    [
        ("again='A.outcome == \"c\"'", "compared_values"),
        ("again='A.outcome = 1'", "expressions"),
        ("again='A.nothing == 1'", "variables"),
        ("again='A.outcome == \"a\"' most=0", "loops"),
        ("again='A.outcome == \"a\"' most=many", "loops"),
        ("count=0", "loops"),
        ("count=201", "loops"),
        ("count=Ask.number", "loops"),
        ("count=Ask.number most=1000", "loops"),
        ("each=one of=Ask.people", "loops"),
        ("each=Ask of=Ask.people most=3", "loops"),
        ("each=case of=Ask.people most=3", "loops"),
        ("count=2 until='B.outcome == 1'", "variables"),
    ],
)
def test_a_loop_that_cannot_work_is_refused(marker, rule, draw):
    found = told(draw(f"{ASK}user A form=f {marker}\nBegin > Ask > A > Done"))

    assert (rule, "A", "error") in found


def test_gateways_and_handlers_have_no_loops(draw):
    gateway = draw(f"{ASK}xor A count=2\nBegin > Ask > A > Done")
    handler = draw(
        f"{ASK}Begin > Ask > Done\nsub H triggered count=2\nstart S in=H message=x\nend E in=H\nS > E"
    )

    assert ("loops", "A", "error") in told(gateway)
    assert ("loops", "H", "error") in told(handler)


def test_the_value_of_a_turn_is_known_inside_it_only(draw):
    inside = draw(
        f"{ASK}service S op=notify p.event=one.what p.to=one.who each=one of=Ask.people most=3\n"
        "Begin > Ask > S > Done"
    )
    outside = draw(
        f"{ASK}user A form=f each=one of=Ask.people most=3\nxor X\nend Other\n"
        "Begin > Ask > A > X\nX > Done : one.x == 1\nX >> Other"
    )

    assert [found for found in told(inside) if found[2] == "error"] == []
    assert ("variables", "X_to_Done", "error") in told(outside)


def test_steps_inside_the_turns_of_a_sub_process_stay_inside(draw):
    seen = draw(ASK + SUB.format("count=2 until='M.outcome == \"a\"'") + "Begin > Ask > Sub > Done")
    hidden = draw(
        ASK + SUB.format("count=2") + "xor X\nend Other\nBegin > Ask > Sub > X\n"
        "X > Done : M.outcome == 'a'\nX >> Other"
    )
    shared = draw(
        ASK + SUB.format("again='M.outcome == \"b\"'") + "xor X\nend Other\nBegin > Ask > Sub > X\n"
        "X > Done : M.outcome == 'a'\nX >> Other"
    )

    assert told(seen) == []
    assert ("variables", "X_to_Done", "error") in told(hidden)
    assert told(shared) == []


def test_a_step_that_may_have_no_turn_may_leave_nothing(draw):
    diagram = draw(
        f"{ASK}user A form=f count=Ask.number most=3\nxor X\nend Other\nBegin > Ask > A > X\n"
        "X > Done : A.outcome == 'a'\nX >> Other"
    )

    assert ("variables", "X_to_Done", "warning") in told(diagram)


def test_a_loop_back_over_a_step_that_may_have_no_turn_may_never_wait(draw):
    diagram = draw(
        f"{ASK}xor Again\nuser A form=f each=one of=Ask.people most=3\nxor X\nBegin > Ask > Again > A > X\n"
        "X > Again : Ask.outcome == 'a'\nX >> Done"
    )

    assert ("automatic_loop", "Again", "error") in told(diagram)


def test_a_receive_task_in_a_race_is_done_once(draw):
    diagram = draw(
        f"{ASK}event G\nreceive R message=x count=2\ncatch C duration=P1D\n"
        "Begin > Ask > G > R > Done\nG > C > Done"
    )

    assert ("event_gateways", "R", "error") in told(diagram)
