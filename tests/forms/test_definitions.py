"""Definitions: what is packaged compiles, what is broken says why and what to do."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms
from forms.compiler import CompiledForm, form_class
from forms.components import walk_fields
from forms.definition_rules import RESERVED
from forms.definitions import (
    DefinitionError,
    get,
    load_definitions,
    packaged,
    packaged_groups,
    parse_definition,
)

TEXT = {"type": "text", "key": "name", "label": "名称"}


def refused(*components: Any, groups: dict[str, Any] | None = None) -> str:
    with pytest.raises(DefinitionError) as caught:
        parse_definition({"title": "测试", "components": list(components)}, groups=groups or {})
    return "\n".join(caught.value.findings)


@pytest.mark.parametrize("key", sorted(packaged()))
def test_every_packaged_definition_compiles_and_survives_being_kept(key):
    definition = get(key)

    kept = parse_definition(json.loads(json.dumps(definition.as_dict())), groups={})

    assert kept == definition
    assert kept.as_dict() == definition.as_dict()
    assert "include" not in json.dumps(definition.as_dict())
    assert issubclass(form_class(key), CompiledForm)


# Read, typed or ticked, or seen and filed: nothing to decide.
DECIDES_NOTHING = {
    *("signing/read_notice", "filing/file_agreement", "signing/send_resume"),
    *("recruiting/post", "recruiting/resume", "qr_card/check_graduate"),
}


@pytest.mark.parametrize("key", sorted(set(packaged()) - DECIDES_NOTHING))
def test_every_deciding_field_names_its_values(key):
    decisions = {name: values for name, values in forms.facts()[key].items() if values}

    assert "outcome" in decisions
    assert all(len(values) >= 2 for values in decisions.values())


def test_the_forms_of_the_spine_are_there():
    assert set(packaged()) >= {
        "signing/fill_invitation",
        "signing/answer_invitation",
        "review/decide",
        "account/base_data",
    }


def test_facts_give_values_for_deciding_fields_and_none_for_free_ones():
    facts = forms.facts([get("review/decide")])

    outcomes = ["pass", "return", "refuse"]
    assert facts == {"review/decide": {"outcome": outcomes, "reason": None, "note": None}}


def test_an_unknown_form_says_which_there_are():
    with pytest.raises(KeyError, match="现有"):
        get("signing/nosuch")


def test_a_folder_of_ones_own_is_read_with_its_own_groups(tmp_path):
    (tmp_path / "groups").mkdir()
    (tmp_path / "groups" / "who.json").write_text(
        json.dumps({"type": "group", "label": "谁", "components": [TEXT]}), encoding="utf-8"
    )
    (tmp_path / "ask.json").write_text(
        json.dumps({"title": "问", "components": [{"include": "groups/who"}]}), encoding="utf-8"
    )

    definitions = load_definitions(tmp_path)

    assert list(definitions) == ["ask"]
    assert list(definitions["ask"].fields) == ["name"]


def test_broken_json_names_the_file(tmp_path):
    (tmp_path / "ask.json").write_text("{", encoding="utf-8")

    with pytest.raises(DefinitionError, match=r"ask\.json"):
        load_definitions(tmp_path)


def test_an_unknown_type_is_named():
    assert "构件“name”：不认识类型“textt”" in refused(TEXT | {"type": "textt"})


def test_two_fields_cannot_share_a_key():
    assert "构件“name”：这个 key 用了两次" in refused(TEXT, TEXT)


@pytest.mark.parametrize("key", ["data", "errors", "validate", "process", "answers", "submit"])
def test_names_that_the_form_itself_needs_are_refused(key):
    assert "系统保留的名字" in refused(TEXT | {"key": key})


def test_no_attribute_of_the_form_can_be_shadowed():
    public = {name for name in dir(form_class("review/decide")) if not name.startswith("_")}
    own = set(get("review/decide").fields)

    assert public - own <= RESERVED


@pytest.mark.parametrize("key", ["", "Name", "1st", "a-b", "单位", "x" * 41])
def test_keys_are_plain_words(key):
    assert "小写字母开头" in refused(TEXT | {"key": key})


def test_an_unknown_code_table_is_named():
    story = refused(TEXT | {"type": "picker", "properties": {"scheme": "planets"}})

    assert "没有代码表“planets”" in story


def test_a_condition_on_a_missing_field_is_named():
    story = refused(TEXT | {"conditional": {"field": "nosuch", "value": "x"}})

    assert "构件“name”：条件里的字段“nosuch”不存在" in story


def test_a_condition_on_a_missing_value_is_named():
    choice = {
        "type": "radio",
        "key": "kind",
        "label": "类",
        "values": [{"value": "a", "label": "甲"}],
    }

    story = refused(choice, TEXT | {"conditional": {"field": "kind", "value": "b"}})

    assert "字段“kind”没有值“b”" in story


def test_conditions_cannot_depend_on_each_other():
    first = TEXT | {"key": "a", "conditional": {"field": "b", "op": "empty"}}
    second = TEXT | {"key": "b", "conditional": {"field": "a", "op": "empty"}}

    assert "显示条件互相依赖" in refused(first, second)


def test_a_group_cannot_hide_what_it_depends_on():
    group = {
        "type": "group",
        "label": "组",
        "conditional": {"field": "name", "op": "filled"},
        "components": [TEXT],
    }

    assert "显示条件互相依赖" in refused(group)


def test_groups_that_include_each_other_are_refused():
    groups = {
        "groups/a": {"type": "group", "label": "甲", "components": [{"include": "groups/b"}]},
        "groups/b": {"type": "group", "label": "乙", "components": [{"include": "groups/a"}]},
    }

    story = refused({"include": "groups/a"}, groups=groups)

    assert "groups/a → groups/b → groups/a" in story


def test_what_is_changed_beside_an_include_must_be_in_the_group():
    groups = {"groups/a": {"type": "group", "components": [{"type": "date", "key": "day"}]}}

    story = refused({"include": "groups/a", "change": {"night": {"validate": {}}}}, groups=groups)

    assert "night" in story
    assert "day" in story


def test_an_unknown_group_is_named():
    assert "没有可引用的字段组“groups/x”" in refused({"include": "groups/x"})


def test_an_unbounded_expression_is_refused():
    rules = {"regex": "(a+)+$", "regexMessage": "只填 a"}

    assert "没有上限" in refused(TEXT | {"validate": rules})


def test_an_expression_needs_a_sentence_for_people():
    assert "regexMessage" in refused(TEXT | {"validate": {"regex": "a"}})


def test_a_misspelt_rule_is_named():
    assert "validate 里的“maxlength”不认识" in refused(TEXT | {"validate": {"maxlength": 3}})


def test_a_deciding_field_is_a_choice_with_values():
    assert "decides" in refused(TEXT | {"decides": True})


def test_all_faults_are_told_at_once():
    story = refused(TEXT | {"key": "data"}, {"type": "picker", "key": "code", "label": "码"})

    assert "系统保留的名字" in story
    assert "scheme" in story


def test_only_a_mobile_of_the_form_itself_can_be_proved():
    proved = {"properties": {"proved": True}}
    mobile = TEXT | proved | {"validate": {"pattern": "mobile"}}
    rows = {"type": "rows", "key": "rows", "label": "行", "components": [mobile]}

    assert "只有格式为手机号（mobile）的文字字段才写 proved" in refused(TEXT | proved)
    assert "行里的手机号不能要求核验" in refused(rows)


def test_rows_cannot_hold_rows():
    inner = {"type": "rows", "key": "inner", "label": "里", "components": [TEXT]}
    outer = {"type": "rows", "key": "outer", "label": "外", "components": [inner]}

    assert "行里不能再放" in refused(outer)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"title": "x"},
        {"title": "x", "components": []},
        {"title": "x", "components": ["text"]},
        {"title": "x", "components": [{"type": []}]},
        {"title": "x", "components": [{"type": "radio", "key": "a", "label": "b", "values": [1]}]},
        {"title": "x", "components": [TEXT | {"conditional": {"all": []}}]},
        {"title": "x", "components": [TEXT | {"conditional": {"field": "name", "op": "~"}}]},
        {"title": "x", "components": [TEXT | {"validate": {"min": "x"}}]},
        {"title": "x", "components": [TEXT | {"validate": []}]},
        {"title": "x", "components": [TEXT | {"warn": ["x"]}]},
        {"title": "x", "components": [{"type": "block", "label": "b", "items": [{"label": "x"}]}]},
    ],
)
def test_a_misshapen_definition_is_a_finding_and_never_a_crash(raw):
    with pytest.raises(DefinitionError) as caught:
        parse_definition(raw, groups={})

    assert caught.value.findings


@pytest.mark.requirement("J02", "J03")
def test_the_shared_groups_require_what_the_platform_requires():
    definition = parse_definition(
        {
            "title": "协议信息",
            "components": [
                {"include": f"groups/{name}"}
                for name in ("fg_emp", "fg_job", "fg_terms", "fg_hukou")
            ],
        },
        groups=packaged_groups(),
    )

    required = {
        placed.component.label
        for placed in walk_fields(definition.components)
        if placed.component.required is True and not placed.conditions
    }
    labels = {component.label for component in definition.fields.values()}

    assert required == {
        *("单位名称", "统一社会信用代码", "单位性质", "单位行业", "单位所在地", "通讯地址"),
        *("职位类别", "职位名称", "单位联系人", "联系人手机", "联系人邮箱", "单位是否解决户籍"),
    }
    assert labels - required >= {
        *("联系人电话", "试用期", "试用起薪", "转正起薪", "违约金", "报到地点", "报到期限"),
        *("实际工作地点", "协议补充内容"),
    }


@pytest.mark.requirement("J04")
def test_the_household_register_offers_one_of_four():
    component = get("signing/fill_invitation").fields["hukou"]

    assert [choice.label for choice in component.choices] == [
        *("签约单位接收", "托管单位接收", "上级主管单位接收", "不接收"),
    ]


JUNK = [
    *(None, 0, -1, True, "", "x", "无", [], {}, [1], {"a": 1}, 1e99, "now", "a" * 300, [{}], ["x"]),
    {"field": "outcome", "value": "send"},
    {"any": [{"field": "uscc", "op": "in", "value": ["x", []]}]},
]


def places_in(raw: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a JSON value at which something can be put instead."""
    inner = (
        raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    )
    below = [place for step, value in inner for place in places_in(value, (*path, step))]
    return [path, *below] if path else below


RAW = [
    (raw, place) for raw in (d.as_dict() for d in packaged().values()) for place in places_in(raw)
]


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(RAW), st.sampled_from(JUNK))
def test_junk_anywhere_in_a_definition_is_refused_or_makes_a_working_form(at, junk):
    raw, place = copy.deepcopy(at)
    within = raw
    for step in place[:-1]:
        within = within[step]
    within[place[-1]] = junk

    try:
        compiled = form_class(parse_definition(raw, groups={}))
    except DefinitionError:
        return

    form = compiled({"outcome": "send", "hukou": "NONE"})
    form.validate()
    assert set(form.answers) == form.shown
    assert form.layout is not None
    assert compiled(values=form.draft).draft == form.draft
