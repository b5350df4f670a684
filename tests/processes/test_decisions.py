"""Decision tables: cells, hit policies, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from processes.checks import check
from processes.decisions import (
    DecisionError,
    FeelError,
    compile_decision,
    parse_literal,
    parse_tests,
    problems_of,
)
from processes.decisions.table import asked
from processes.engine import EngineError, Run, compile_release
from processes.explore import explore

NOW = datetime(2027, 3, 1, tzinfo=UTC)
FORMS = {"f": {"kind": ["a", "b", "c"], "days": None, "outcome": ["send"]}}


@pytest.mark.parametrize(
    ("cell", "holds", "fails"),
    [
        ("-", [1, "a", None, True], []),
        ("", [1, None], []),
        ('"a"', ["a"], ["b", 1, None]),
        ('"a", "b"', ["a", "b"], ["c", None]),
        ("5", [5, 5.0], ["5", 4, None, True]),
        ("1", [1], [True]),
        ("true", [True], [1, "true", False, None]),
        ("null", [None], [0, "", False]),
        ("< 5", [4, -1, 4.9], [5, "4", None, True]),
        (">= -2.5", [-2.5, 0], [-3]),
        ("[1..5]", [1, 3, 5], [0, 6, "3"]),
        ("(1..5)", [2, 4.9], [1, 5]),
        ("]1..5[", [2], [1, 5]),
        ("[1..5), 9", [1, 9], [5]),
        ('not("a")', ["b", None], ["a", 5]),
        ("not(< 5, 7)", [6, 5], [4, 7, "x"]),
        ('"甲", "乙 丙"', ["甲", "乙 丙"], ["丙"]),
    ],
)
def test_an_input_cell_holds_as_feel_says(cell, holds, fails):
    test = parse_tests(cell)

    assert [value for value in holds if not test.holds(value)] == []
    assert [value for value in fails if test.holds(value)] == []


@pytest.mark.parametrize(
    "cell",
    [
        "a", "1..5", '"a', "[1..", "[5..1]", '< "a"', "1 2", "'a'", "“a”", "${x}", "= 3", "1,", "not(1",
        'date("2026-01-01")', '__import__("os")', "x.y > 3", "? > 3", "f(1)", '["a".."b"]', "1" * 501,
        "[1..5] or 7", "not not(1)", "--", "1.2.3", "lambda: 1",
    ],
)  # fmt: skip
def test_any_other_cell_is_refused_in_words(cell):
    with pytest.raises(FeelError) as refused:
        parse_tests(cell)

    assert refused.value.message


def test_an_output_cell_is_one_literal():
    cells = ('"x"', "3", "-2.5", "true", "null")

    assert [parse_literal(cell) for cell in cells] == ["x", 3, -2.5, True, None]
    for wrong in ("", "-", "x", '"a","b"', "1+1", "< 3"):
        with pytest.raises(FeelError):
            parse_literal(wrong)


def table_of(draw, keys):
    diagram = draw(f"start B\nuser F form=f\nrules R {keys}\nend E\nB > F > R > E")
    return diagram, compile_decision(diagram.elements["R"].decision)


ROWS = "asks='F.kind;F.days' gives='x;y' "
OVERLAPPING = ROWS + (
    "row1='\"a\" ; - => 1 ; true' row2='- ; < 5 => 2 ; true' row3='\"a\",\"b\" ; [3..9] => 1 ; true'"
)


@pytest.mark.parametrize(
    ("policy", "kind", "days", "gives"),
    [
        ("FIRST", "a", 4, {"x": 1, "y": True}),
        ("FIRST", "b", 4, {"x": 2, "y": True}),
        ("FIRST", "c", 9, {"x": None, "y": None}),
        ("UNIQUE", "b", 9, {"x": 1, "y": True}),
        ("ANY", "a", 7, {"x": 1, "y": True}),
        ("COLLECT", "a", 4, {"x": [1, 2, 1], "y": [True, True, True]}),
        ("COLLECT", "c", 9, {"x": [], "y": []}),
        ("'RULE ORDER'", "b", 4, {"x": [2, 1], "y": [True, True]}),
    ],
)
def test_a_hit_policy_says_what_several_rules_give(policy, kind, days, gives, draw):
    _, table = table_of(draw, f"hit={policy} {OVERLAPPING}")

    assert asked(table, {"F": {"kind": kind, "days": days}}) == gives


@pytest.mark.parametrize(
    ("policy", "says"), [("UNIQUE", "第 1、2、3 条规则同时成立"), ("ANY", "结果却不同")]
)
def test_rules_that_contradict_each_other_are_an_error(policy, says, draw):
    _, table = table_of(draw, f"hit={policy} {OVERLAPPING}")

    with pytest.raises(DecisionError, match=says):
        asked(table, {"F": {"kind": "a", "days": 4}})


def test_a_default_is_given_when_no_rule_fits(draw):
    _, table = table_of(draw, 'asks=F.kind gives=\'x="none"\' row1=\'"a" => "some"\'')

    assert asked(table, {"F": {"kind": "b"}}) == {"x": "none"}


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("asks=F.kind gives=x hit=PRIORITY row1='- => 1'", "命中策略 PRIORITY"),
        ("asks=F.kind gives=x hit='OUTPUT ORDER' row1='- => 1'", "命中策略"),
        ("asks=F.kind gives=x", "没有规则"),
        ("asks=F.kind gives='x;x' row1='- => 1;2'", "同名"),
        ("asks=F.kind gives=结果 row1='- => 1'", "不是英文单词"),
        ("asks=f(1) gives=x row1='- => 1'", "不能使用"),
        ("asks=F.kind gives=x row1='- ; - => 1'", "不一致"),
        ("asks=F.kind gives=x row1='- => F.days'", "结果写得不对"),
        ("asks=F.kind gives=x row1='oh => 1'", "条件写得不对"),
    ],
)
def test_a_table_that_cannot_be_carried_out_is_refused(keys, says, draw):
    diagram = draw(f"start B\nuser F form=f\nrules R {keys}\nend E\nB > F > R > E")

    found = [f for f in check(diagram, forms=FORMS) if f.rule == "decision_tables"]

    assert [f.element for f in found if f.forbids_running][:1] == ["R"]
    assert any(says in finding.message for finding in found), [f.message for f in found]
    assert list(problems_of(diagram.elements["R"].decision))


def told(diagram):
    return [(f.rule, f.element, f.severity) for f in check(diagram, forms=FORMS)]


def decided(draw, keys, conditions):
    return draw(
        f"start B\nuser F form=f\nrules R {keys}\nxor X\nend E1\nend E2\nB > F > R > X\n{conditions}"
    )


def test_a_gateway_knows_what_a_table_gives(draw):
    rows = 'asks=F.kind gives=x row1=\'"a","b" => "one"\' row2=\'"c" => "two"\''
    good = decided(draw, rows, "X > E1 : R.x == 'one'\nX > E2 : R.x == 'two'")
    typo = decided(draw, rows, "X > E1 : R.x == 'onee'\nX >> E2")
    left_out = decided(
        draw, rows.replace('"c" =>', '"a" =>').replace('"a","b"', '"b"'),
        "X > E1 : R.x == 'one'\nX > E2 : R.x == 'two'",
    )  # fmt: skip

    assert told(good) == []
    assert ("compared_values", "X_to_E1", "error") in told(typo)
    assert ("decisions", "X", "error") in told(left_out)  # nothing is given for c


def test_a_value_that_the_form_never_gives_is_refused(draw):
    diagram = decided(
        draw, "asks=F.kind gives=x row1='\"d\" => 1' row2='not(\"d\") => 2'",
        "X > E1 : R.x == 1\nX >> E2",
    )  # fmt: skip

    assert ("decision_tables", "R", "error") in told(diagram)


def test_contradictions_between_numbers_are_found_where_ranges_touch(draw):
    rows = "asks=F.days gives=x row1='[1..5] => 1' row2='{0}5..9] => 2' row3='not([1..9]) => 3'"
    apart = decided(draw, rows.format("("), "X > E1 : R.x == 1\nX >> E2")
    touching = decided(draw, rows.format("["), "X > E1 : R.x == 1\nX >> E2")

    assert [found for found in told(apart) if found[0] == "decision_tables"] == []
    assert ("decision_tables", "R", "error") in told(touching)


def test_a_rule_that_nothing_uses_is_told(draw):
    diagram = decided(
        draw, "hit=FIRST asks=F.kind gives=x row1='- => 1' row2='\"a\" => 2'",
        "X > E1 : R.x == 1\nX >> E2",
    )  # fmt: skip

    assert ("decision_tables", "R", "warning") in told(diagram)


def test_a_business_rule_task_decides_at_once_and_is_explored(draw):
    diagram = decided(
        draw, "asks=F.kind gives=x row1='\"a\" => true' row2='not(\"a\") => false'",
        "X > E1 : R.x == True\nX >> E2",
    )  # fmt: skip
    executable = compile_release(diagram)

    found = explore(diagram, {}, FORMS)

    assert told(diagram) == []
    assert found.findings == ()
    assert found.ends == {"E1", "E2"}
    assert executable.diagram is diagram


def test_contradicting_rules_at_run_time_undo_the_step(draw):
    diagram, _ = table_of(draw, f"hit=UNIQUE {OVERLAPPING}")
    run = Run.start(compile_release(diagram), facts={"case": {}}, now=NOW, operators=None)

    with pytest.raises(EngineError, match="R 的决策表"):
        run.answer(run.waiting[0].token, {"kind": "a", "days": 4}, NOW, None)


def test_what_a_table_gave_is_told_with_its_rules(draw):
    diagram, _ = table_of(draw, f"hit=FIRST {OVERLAPPING}")
    run = Run.start(compile_release(diagram), facts={"case": {}}, now=NOW, operators=None)

    step = run.answer(run.waiting[0].token, {"kind": "b", "days": 4}, NOW, None)

    (happening,) = [h for h in step.happened if h.kind == "decided"]
    assert happening.detail == {"rules": [2, 3], "x": 2, "y": True}
    assert step.variables["R"] == {"x": 2, "y": True}


def test_a_table_is_not_foreign_inside_its_task_and_is_elsewhere(draw):
    inside, _ = table_of(draw, "asks=F.kind gives=x row1='- => 1'")
    other = draw("start B\nuser F form=f gives=x row1='- => 1'\nend E\nB > F > E")

    assert "foreign_content" not in [note.rule for note in inside.notes]
    assert "foreign_content" in [note.rule for note in other.notes]
