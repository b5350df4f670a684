"""Conditions, and what must hold of any form with any answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from forms.compiler import form_class
from forms.conditions import ConditionError, parse_condition, settle_options
from forms.definitions import parse_definition


def holds(
    raw: dict[str, Any], fields: dict[str, Any], options: dict[str, Any] | None = None
) -> bool:
    return parse_condition(raw).holds(fields.get, options or {})


@pytest.mark.parametrize(
    ("op", "value", "ours", "expected"),
    [
        ("==", "a", "a", True),
        ("==", "a", None, False),
        ("!=", "a", None, True),
        ("in", ["a", "b"], "b", True),
        ("not in", ["a"], "b", True),
        ("contains", "a", ["a", "b"], True),
        ("contains", "a", None, False),
        ("filled", None, "", False),
        ("filled", None, "x", True),
        ("empty", None, [], True),
        ("empty", None, False, True),
        (">", 5, "12.00", True),
        ("<=", "2027-07-01", "2027-06-30", True),
        ("<", 5, None, False),
    ],
)
def test_each_comparison_means_what_it_says(op, value, ours, expected):
    assert holds({"field": "x", "op": op, "value": value}, {"x": ours}) is expected


def test_conditions_combine():
    a = {"field": "a", "value": "1"}
    b = {"field": "b", "value": "1"}

    assert holds({"all": [a, b]}, {"a": "1", "b": "1"})
    assert not holds({"all": [a, b]}, {"a": "1"})
    assert holds({"any": [a, b]}, {"a": "1"})


def test_options_are_settled_before_the_page_sees_the_condition():
    condition = parse_condition({"all": [{"option": "open"}, {"field": "a", "value": "1"}]})

    assert settle_options(condition, {}) is False
    settled = settle_options(condition, {"open": True})
    assert not isinstance(settled, bool)
    assert settled.as_dict() == {"field": "a", "op": "==", "value": "1"}
    assert settle_options(parse_condition({"any": [{"option": "open"}]}), {}) is False


@pytest.mark.parametrize(
    "raw",
    [
        "x",
        {},
        {"field": "a"},
        {"field": "a", "option": "b", "value": 1},
        {"any": []},
        {"field": 1, "value": 1},
    ],
)
def test_what_is_no_condition_is_refused(raw):
    with pytest.raises(ConditionError):
        parse_condition(raw)


KEYS = ("a", "b", "c", "d", "e")
VALUES = ("x", "y")
TYPES = (
    "text",
    "radio",
    "checkbox",
    "money",
    "date",
    "datetime",
    "checklist",
    "select",
    "textarea",
)


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    """Random forms whose fields depend on fields before them, some within a group."""
    components: list[dict[str, Any]] = []
    for place, key in enumerate(KEYS):
        kind = draw(st.sampled_from(TYPES))
        component: dict[str, Any] = {"type": kind, "key": key, "label": key.upper()}
        if kind in {"radio", "select", "checklist"}:
            component["values"] = [{"value": value, "label": value} for value in VALUES]
        component["validate"] = {"required": draw(st.booleans())}
        if place and draw(st.booleans()):
            component["conditional"] = draw(conditions(components))
        components.append(component)
    draw_last_into_group = draw(st.booleans())
    if draw_last_into_group:
        inner = components.pop()
        group = {"type": "group", "label": "组", "components": [inner]}
        components.append(group | {"conditional": draw(conditions(components))})
    draw(st.randoms()).shuffle(components)
    return {"title": "任意", "components": components}


@st.composite
def conditions(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    on = draw(st.sampled_from(earlier))
    test = {"field": on["key"], "op": draw(st.sampled_from(["==", "!=", "filled", "empty"]))}
    if test["op"] in {"==", "!="}:
        test["value"] = draw(st.sampled_from(VALUES))
    if draw(st.booleans()):
        return test
    other = {"field": draw(st.sampled_from(earlier))["key"], "op": "filled"}
    return {draw(st.sampled_from(["all", "any"])): [test, other]}


TYPED = st.one_of(
    st.sampled_from(["x", "y", "1", "", "8,000", "2026-06-05", "2026-06-05T18:00", "一\r\n二"]),
    st.text(max_size=12),
)
POSTS = st.dictionaries(st.sampled_from(KEYS), st.lists(TYPED, max_size=3))


@settings(deadline=None, max_examples=150)
@given(definitions(), POSTS)
def test_what_is_hidden_never_becomes_an_answer_and_never_fails(raw, posted):
    form = form_class(parse_definition(raw, groups={}))(posted)

    fine = form.validate()

    assert set(form.answers) == form.shown
    assert {part["key"] for part in form.labelled} <= form.shown
    assert {key for key, field in form.own_fields.items() if field.errors} <= form.shown
    assert fine == (not form.problems)
    for placed in form._in_order:
        visible = all(c.holds(form.answers.get, {}) for c in placed.conditions)
        assert (placed.component.key in form.answers) == visible


@settings(deadline=None, max_examples=100)
@given(definitions(), POSTS)
def test_validating_twice_is_validating_once(raw, posted):
    form = form_class(parse_definition(raw, groups={}))(posted)

    first = (form.validate(), form.problems, form.answers, form.draft)

    assert (form.validate(), form.problems, form.answers, form.draft) == first


@settings(deadline=None, max_examples=150)
@given(definitions(), POSTS)
def test_a_form_loaded_from_its_own_draft_shows_the_same(raw, posted):
    compiled = form_class(parse_definition(raw, groups={}))
    form = compiled(posted)

    again = compiled(values=form.draft)

    assert {key: field.typed for key, field in again.own_fields.items()} == {
        key: field.typed for key, field in form.own_fields.items()
    }
    assert again.draft == form.draft
    assert (again.validate(), again.answers) == (form.validate(), form.answers)


@settings(deadline=None, max_examples=100)
@given(definitions(), POSTS)
def test_accepted_answers_load_again_and_are_accepted_again(raw, posted):
    compiled = form_class(parse_definition(raw, groups={}))
    form = compiled(posted)
    assume(form.validate())

    again = compiled(values=form.answers)

    assert again.answers == form.answers
    assert again.validate()
