"""Conditions as rows: nothing of a condition is lost, and each row says what it means."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.conditions import fields_of, parse_condition, spelled
from forms.definitions import packaged, parse_definition
from forms.editing import walk
from webapp.pages.form_conditions import Row, Shown, as_shown, condition_from, rows_of
from webapp.pages.form_subjects import field_subjects

DEFINITION = parse_definition(
    {
        "title": "试",
        "components": [
            {"type": "radio", "key": "verdict", "label": "结论",
             "values": [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]},
            {"type": "checkbox", "key": "ack", "label": "读过"},
            {"type": "number", "key": "days", "label": "天数"},
            {"type": "date", "key": "on", "label": "哪天"},
            {"type": "picker", "key": "place", "label": "地点", "properties": {"scheme": "region"}},
            {"type": "rows", "key": "people", "label": "人员", "components": [
                {"type": "text", "key": "who", "label": "姓名"},
                {"type": "text", "key": "how", "label": "关系"}]},
        ],
    }
)  # fmt: skip
SUBJECTS = {one.key: one for one in field_subjects(DEFINITION, (99,))}
TESTS = st.one_of(
    st.builds(lambda op, v: {"field": "verdict", "op": op, "value": v}, st.sampled_from(["==", "!="]), st.sampled_from("ab")),
    st.builds(lambda op, v: {"field": "verdict", "op": op, "value": v}, st.sampled_from(["in", "not in"]), st.lists(st.sampled_from("ab"), min_size=1, max_size=2, unique=True)),
    st.builds(lambda v: {"field": "ack", "op": "==", "value": v}, st.booleans()),
    st.builds(lambda op, v: {"field": "days", "op": op, "value": v}, st.sampled_from(["<", ">=", "=="]), st.integers(0, 999)),
    st.builds(lambda op, v: {"field": "on", "op": op, "value": v.isoformat()}, st.sampled_from(["<", ">="]), st.dates()),
    st.builds(lambda op: {"field": "place", "op": op}, st.sampled_from(["filled", "empty"])),
    st.just({"option": "case.Step.outcome", "op": "in", "value": ["ok", "no"]}),
)  # fmt: skip
FLAT = st.one_of(
    TESTS,
    st.builds(
        lambda word, tests: {word: tests},
        st.sampled_from(["all", "any"]),
        st.lists(TESTS, min_size=2, max_size=5),
    ),
)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(FLAT)
def test_what_rows_show_is_what_they_give(raw):
    mode, rows = rows_of(parse_condition(raw))

    kept, faults = condition_from(Shown(mode, rows), raw, SUBJECTS)
    anew, _ = condition_from(Shown(mode, rows), None, SUBJECTS)

    assert (kept, faults) == (raw, [])
    assert parse_condition(anew) == parse_condition(raw)


@pytest.mark.parametrize("key", sorted(packaged()))
def test_no_condition_of_the_packaged_forms_is_changed_by_showing_it(key):
    definition = packaged()[key]
    for part in walk(definition.as_dict()):
        subjects = {one.key: one for one in field_subjects(definition, part.place)}
        required = (part.raw.get("validate") or {}).get("required")
        for raw in (part.raw.get("conditional"), required):
            shown = as_shown(raw, definition, subjects)
            assert condition_from(shown, raw, subjects) == (raw or None, [])
            assert not isinstance(raw, dict) or (shown.words and shown.formula)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Row("field:days", ">", ("很多",)), "不是数字"),
        (Row("field:on", "<", ("七月",)), "不是日期"),
        (Row("field:verdict", "==", ("c",)), "没有值“c”"),
        (Row("field:verdict", "==", ()), "还没有选值"),
        (Row("field:verdict", "~", ("a",)), "没有比较"),
    ],
)
def test_a_row_that_makes_no_sense_is_told(row, said):
    _, faults = condition_from(Shown("all", (row,)), None, SUBJECTS)

    assert [fault for fault in faults if "第 1 条" in fault and said in fault]


def test_several_codes_are_typed_into_one_line():
    row = Row("field:place", "in", ("340000、340100, 340102",))

    raw, _ = condition_from(Shown("any", (row,)), None, SUBJECTS)

    assert raw["value"] == ["340000", "340100", "340102"]


def test_fields_inside_rows_are_asked_about_only_beside_them():
    outside = {one.name for one in field_subjects(DEFINITION, (0,))}
    beside = {one.name for one in field_subjects(DEFINITION, (5, 0))}

    assert outside == {"ack", "days", "on", "place"}
    assert beside == {"verdict", "ack", "days", "on", "place", "how"}


@pytest.mark.parametrize(
    ("raw", "said", "formula"),
    [
        ({"field": "verdict", "op": "in", "value": ["a", "b"]},
         "结论是其中之一“甲”、“乙”", 'verdict in ["a", "b"]'),
        ({"any": [{"field": "ack", "op": "!=", "value": True}, {"field": "on", "op": "<", "value": "2027-07-01"}]},
         "读过不是“已勾选”，或者 哪天早于“2027-07-01”", 'ack != true or on < "2027-07-01"'),
        ({"all": [{"field": "days", "op": "filled"}, {"any": [{"field": "place", "op": "==", "value": "340100"}, {"option": "x.y", "op": "empty"}]}]},
         "天数填了，并且 （地点是“合肥市（340100）”，或者 x.y没有填）", 'filled(days) and (place == "340100" or empty(x.y))'),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_words_and_as_a_formula(raw, said, formula):
    shown = as_shown(raw, DEFINITION, SUBJECTS)

    assert (shown.words, shown.formula) == (said, formula)
    assert set(fields_of(parse_condition(raw)))
    assert spelled(parse_condition(raw)) == formula
