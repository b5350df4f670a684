"""Conditions of other languages mean the same in ours, or are refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.expressions import compile_expression
from processes.importing.formulas import NotTranslated, translate


@pytest.mark.parametrize(
    ("foreign", "ours"),
    [
        ("${days>3}", "days > 3"),
        ("${days > 3 && ok}", "days > 3 and ok"),
        ("#{!ok || days le 2}", "not ok or days <= 2"),
        ("=days>3", "days > 3"),
        ('=status = "ok" and not(late)', "status == 'ok' and not (late)"),
        ("${kind.equals('a')}", "kind == ('a')"),
        ("${execution.getVariable('kind') == 'a'}", "kind == 'a'"),
        ("bpmn:getDataObject('ok')", "ok"),
        ("return age >= 18;", "age >= 18"),
        ("a === 'x' || b !== 'y'", "a == 'x' or b != 'y'"),
        ("${amount == 10L}", "amount == 10"),
        ("${ok == true}", "ok == True"),
        ('${name == "it\'s"}', 'name == "it\'s"'),
        ("${a.b.c == null}", "a.b.c == None"),
        ("variables.input > 5", "input > 5"),
    ],
)
def test_it_is_translated(foreign, ours):
    assert translate(foreign) == ours


@pytest.mark.parametrize(
    "text",
    [
        "${bean.check(days)}",
        "${a} and ${b}",
        "${empty list}",
        "${a ? b : c}",
        "x > ${y}",
        "${a * 2 > 3}",
        "${'a\\'b' == c}",
        "",
        "${",
        "x" * 501,
        "if (a) { return b; }",
        "Person(age < 18)",
        "some x in list satisfies x > 1",
    ],
)
def test_what_is_not_surely_the_same_is_refused(text):
    with pytest.raises(NotTranslated) as refusal:
        translate(text)

    assert refusal.value.reason


@pytest.mark.parametrize("text", ["days > 3 and ok", 'A.outcome == "pass"', "x in ('a', 'b')"])
def test_what_is_ours_stays_as_it_is_written(text):
    assert translate(text) == text


def test_variables_become_the_fields_that_hold_them():
    names = {"days": "Apply.days"}

    assert (
        translate("${days > 3 && person.days > 1}", names) == "Apply.days > 3 and person.days > 1"
    )


@given(st.text(alphabet="ab0 =!<>&|()'\"${}.,+-*?#\\", max_size=40))
def test_whatever_comes_out_can_be_compiled(text):
    try:
        result = translate(text)
    except NotTranslated:
        return

    compile_expression(result)


VALUES = st.sampled_from(["a", "b", 1, 2])
ATOMS = st.tuples(
    st.sampled_from(["x", "y"]),
    st.sampled_from([("==", "=="), ("!=", "!="), ("eq", "=="), ("ne", "!=")]),
    VALUES,
)


@given(st.lists(ATOMS, min_size=1, max_size=4), st.sampled_from(["&&", "||"]), VALUES, VALUES)
def test_a_translated_condition_gives_the_same_answer(atoms, joint, x, y):
    """`&&` and `||` of comparisons, computed here by hand."""
    text = f" {joint} ".join(f"{name} {sign[0]} {value!r}" for name, sign, value in atoms)
    held = {"x": x, "y": y}

    answer = compile_expression(translate(f"${{{text}}}"))(held)

    parts = [(held[name] == value) == (sign[1] == "==") for name, sign, value in atoms]
    assert answer == (all(parts) if joint == "&&" else any(parts))
