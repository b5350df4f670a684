"""Repeatable rows, and what happens to a draft between two pages."""

from __future__ import annotations

import pytest

from forms.compiler import form_class
from forms.definitions import parse_definition
from forms.drafts import NotInThisForm, add_uploads, change_rows, drop_upload, pick_code

PEOPLE = {
    "type": "rows",
    "key": "people",
    "label": "联系人",
    "validate": {"max": 3},
    "components": [
        {"type": "text", "key": "name", "label": "姓名", "validate": {"required": True}},
        {
            "type": "radio",
            "key": "by",
            "label": "联系方式",
            "values": [{"value": "phone", "label": "电话"}, {"value": "mail", "label": "邮件"}],
        },
        {
            "type": "text",
            "key": "mobile",
            "label": "手机",
            "validate": {"required": True, "pattern": "mobile"},
            "conditional": {"field": "by", "value": "phone"},
        },
    ],
}
OTHERS = [
    {"type": "picker", "key": "region", "label": "所在地", "properties": {"scheme": "region"}},
    {"type": "file", "key": "files", "label": "附件"},
]
DEFINITION = parse_definition({"title": "表", "components": [PEOPLE, *OTHERS]}, groups={})
FORM = form_class(DEFINITION)


def test_an_empty_form_offers_one_blank_row_that_is_no_answer():
    form = FORM()

    assert len(form["people"].entries) == 1
    assert form.answers["people"] == []
    assert form.validate()


def test_rows_are_answers_in_their_order_whatever_their_numbers():
    form = FORM({"people-7-name": "周", "people-2-name": "饶", "people-2-by": "mail"})

    assert form.validate()
    assert form.answers["people"] == [
        {"name": "饶", "by": "mail"},
        {"name": "周", "by": None},
    ]
    assert form.labelled == [
        {"key": "people", "label": "联系人", "text": "1. 姓名 饶，联系方式 邮件；2. 姓名 周"}
    ]


def test_a_hidden_field_of_a_row_is_no_answer_and_a_shown_one_is_judged():
    form = FORM({"people-0-name": "周", "people-0-by": "mail", "people-0-mobile": "1"})
    assert form.validate()
    assert "mobile" not in form.answers["people"][0]

    form = FORM({"people-0-name": "周", "people-0-by": "phone", "people-0-mobile": "1"})
    assert not form.validate()
    assert [(p.anchor, p.message) for p in form.problems] == [
        ("people-0-mobile", "手机要填 11 位，现在是 1 位")
    ]


def test_too_many_rows_are_refused_with_both_counts():
    form = FORM({f"people-{place}-name": "周" for place in range(9)})

    assert not form.validate()
    assert form.problems[0].message == "联系人最多 3 行，现在是 4 行"


def test_too_few_rows_are_refused():
    rows = PEOPLE | {"validate": {"min": 2}}
    form = form_class(parse_definition({"title": "表", "components": [rows]}, groups={}))

    assert not form({"people-0-name": "周"}).validate()
    assert form({"people-0-name": "周", "people-1-name": "饶"}).validate()
    assert len(form()["people"].entries) == 2


def test_a_condition_in_a_row_may_look_at_the_form_around_it():
    inner = {
        "type": "text",
        "key": "why",
        "label": "原因",
        "conditional": {"field": "all", "value": "是"},
    }
    rows = {"type": "rows", "key": "list", "label": "表", "components": [inner]}
    around = {"type": "text", "key": "all", "label": "全部"}
    form = form_class(parse_definition({"title": "表", "components": [around, rows]}, groups={}))

    assert form({"all": "是", "list-0-why": "x"}).answers["list"] == [{"why": "x"}]
    assert form({"all": "否", "list-0-why": "x"}).answers["list"] == []


def test_rows_come_back_from_a_draft_and_from_answers():
    form = FORM({"people-0-name": "周", "people-0-by": "phone", "people-0-mobile": "12"})

    assert FORM(values=form.draft).draft == form.draft
    assert FORM(values=form.answers).answers == form.answers


def test_a_row_is_added_behind_what_was_typed():
    draft = FORM({"people-0-name": "周"}).draft

    more = FORM(values=change_rows(DEFINITION, draft, "add:people"))

    assert [entry["name"].typed for entry in more["people"].entries] == ["周", ""]


def test_no_row_is_added_beyond_the_most():
    draft = FORM({f"people-{place}-name": "周" for place in range(3)}).draft

    assert change_rows(DEFINITION, draft, "add:people") == draft


def test_the_row_that_is_asked_for_is_removed():
    draft = FORM({f"people-{place}-name": name for place, name in enumerate("周饶吴")}).draft

    less = FORM(values=change_rows(DEFINITION, draft, "remove:people:1"))

    assert [row["name"] for row in less.answers["people"]] == ["周", "吴"]


def test_a_picked_code_is_put_where_it_was_asked_for_and_nothing_is_lost():
    draft = FORM({"people-0-name": "周", "region": "x"}).draft

    form = FORM(values=pick_code(DEFINITION, draft, "region", "340104"))

    assert form.answers["region"] == "340104"
    assert form.answers["people"] == [{"name": "周", "by": None}]


def test_uploads_are_added_and_dropped():
    draft = add_uploads(DEFINITION, FORM().draft, "files", ["u1", "u2"])

    draft = drop_upload(DEFINITION, draft, "files:u1")

    assert FORM(values=draft).answers["files"] == ["u2"]


@pytest.mark.parametrize("asked", ["add:region", "burn:people", "add:nosuch", ""])
def test_rows_that_do_not_exist_cannot_be_changed(asked):
    with pytest.raises(NotInThisForm):
        change_rows(DEFINITION, FORM().draft, asked)


@pytest.mark.parametrize("name", ["people-0-name", "nosuch", "files"])
def test_only_a_picker_takes_a_picked_code(name):
    with pytest.raises(NotInThisForm):
        pick_code(DEFINITION, FORM().draft, name, "340104")
