"""Data objects: those that a step writes are variables of the case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from processes.checks import check
from processes.engine import Run, compile_release
from processes.explore import explore

NOW = datetime(2027, 3, 1, tzinfo=UTC)
FORMS = {"f": {"outcome": ["a", "b"]}, "g": {"outcome": ["c"]}}
OBJECT = '<dataObject id="Doc"/><dataObjectReference id="Doc_ref" dataObjectRef="Doc" name="文件"/>'
INNER = OBJECT.replace(
    '<dataObject id="Doc"/>', '<subProcess id="S"><dataObject id="Doc"/></subProcess>'
)
SEVERAL = OBJECT.replace('id="Doc"/>', 'id="Doc" isCollection="true"/>')
TWO = (
    "start B\nuser Ask form=f\nxor X\nuser First form=f writes=Doc\nuser Second form=g writes=Doc\n"
    "xor Y\nmanual Read reads=Doc\nxor Z\nend E1\nend E2\nB > Ask > X\n"
    "X > First : Ask.outcome == 'a'\nX >> Second\nFirst > Y > Read > Z\nSecond > Y\n"
    "Z > E1 : Doc.outcome == 'a'\nZ >> E2"
)


def told(diagram):
    return [(f.rule, f.element, f.severity) for f in check(diagram, forms=FORMS)]


def moved(diagram, *answers):
    """A case that is dumped and restored before each answer."""
    executable = compile_release(diagram)
    facts = {"case": {}}
    run = Run.start(executable, facts=facts, now=NOW, operators=None)
    for answer in answers:
        run = Run.restore(executable, run.dump(), variables=run.variables, facts=facts)
        run.answer(run.waiting[0].token, answer, NOW, None)
    return run


@pytest.mark.parametrize(("first", "end"), [("a", "E1"), ("b", "E2")])
def test_what_a_step_left_is_in_the_object_that_it_writes(first, end, draw):
    run = moved(draw(TWO), {"outcome": "a"}, {"outcome": first}, {})

    assert run.variables["Doc"] == {"outcome": first}
    assert run.step.ended_at == (end,)


def test_several_steps_may_write_it_and_the_last_one_counts(draw):
    run = moved(draw(TWO), {"outcome": "b"}, {"outcome": "c"}, {})

    assert run.variables["Doc"] == {"outcome": "c"}
    assert run.step.ended_at == ("E2",)


def test_a_step_that_is_taken_away_writes_nothing(draw):
    diagram = draw(
        "start B\nuser A form=f writes=Doc\nboundary Back on=A message=withdraw\nmanual C\n"
        "end E\nB > A > E\nBack > C > E"
    )
    run = moved(diagram)

    run.message("withdraw", NOW, None)

    assert "Doc" not in run.variables


def test_the_checks_know_what_an_object_can_hold(draw):
    typo = draw(TWO.replace("Doc.outcome == 'a'", "Doc.outcome == 'd'"))
    missing = draw(TWO.replace("Doc.outcome == 'a'", "Doc.nothing == 'a'"))

    assert told(draw(TWO)) == []
    assert ("compared_values", "Z_to_E1", "error") in told(typo)
    assert ("variables", "Z_to_E1", "error") in told(missing)


def test_every_value_of_an_object_is_explored(draw):
    found = explore(draw(TWO), {}, FORMS)

    assert found.findings == ()
    assert found.ends == {"E1", "E2"}


def test_an_object_that_may_be_empty_when_it_is_needed_is_refused(draw):
    diagram = draw(TWO.replace("user Second form=g writes=Doc", "user Second form=g"))

    assert ("data_objects", "Read", "error") in told(diagram)
    assert ("variables", "Z_to_E1", "warning") in told(diagram)


@pytest.mark.parametrize(
    ("step", "extra", "says"),
    [
        ("First form=f count=2", OBJECT, "会办几次"),
        ("First form=f", INNER, "画在子流程里"),
        ("First form=f", SEVERAL, "写入多个值"),
    ],
)
def test_what_cannot_be_written_rightly_is_refused(step, extra, says, draw):
    found = check(draw(TWO.replace("First form=f", step), extra=extra), forms=FORMS)

    assert any(says in f.message for f in found if f.element == "First" and f.forbids_running)


def test_an_id_that_conditions_cannot_quote_is_refused(draw):
    assert ("ids", "First", "error") in told(draw(TWO.replace("Doc", "school")))


def test_a_changing_line_is_refused(wrap, faults):
    data = wrap(
        f'{OBJECT}<userTask id="T" name="t"><dataOutputAssociation id="L"><targetRef>Doc_ref</targetRef>'
        "<assignment><from>1</from><to>x</to></assignment></dataOutputAssociation></userTask>"
    )

    assert any("数据连线上的赋值" in f.message for f in faults(data) if f.element == "T")


def test_objects_that_nothing_writes_are_only_drawn(draw):
    drawn = draw(
        "start B\nmanual Read reads=Doc\nend E\nB > Read > E",
        extra=OBJECT + '<dataStoreReference id="Store"/>',
    )

    assert [note.rule for note in drawn.notes].count("drawn_only") == 2
    assert drawn.data == {}
    assert draw(TWO).notes == ()
