"""One type at a time: what may be typed, what is kept, what is said."""

from __future__ import annotations

import pytest

from forms.code_tables import Code, CodeTable

NAME = {"type": "text", "key": "name", "label": "名称"}
PAY = {"type": "money", "key": "pay", "label": "月薪", "properties": {"unit": "元/月"}}
DAY = {"type": "date", "key": "day", "label": "报到期限"}
MOMENT = {"type": "datetime", "key": "reply", "label": "应约截止时间"}
KIND = {
    "type": "radio",
    "key": "kind",
    "label": "种类",
    "values": [
        {"value": "a", "label": "甲"},
        {"value": "b", "label": "乙", "when": "b_is_open"},
    ],
}


def required(component, **rules):
    return component | {"validate": {"required": True} | rules}


def errors(form):
    form.validate()
    return [problem.message for problem in form.problems]


@pytest.mark.parametrize(
    ("component", "story"),
    [
        (NAME, "请填写名称"),
        (PAY, "请填写月薪"),
        (DAY, "请填写报到期限"),
        (MOMENT, "请填写应约截止时间"),
        (KIND, "请选择种类"),
        ({"type": "checkbox", "key": "ack", "label": "已阅读"}, "请先勾选“已阅读”"),
        ({"type": "file", "key": "files", "label": "附件"}, "请上传附件"),
        (
            {
                "type": "picker",
                "key": "code",
                "label": "单位行业",
                "properties": {"scheme": "industry"},
            },
            "请选择单位行业",
        ),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_an_empty_required_field_says_what_to_do(form_of, component, story):
    form = form_of([required(component)], posted={})

    assert errors(form) == [story]


def test_blanks_are_nothing(form_of):
    assert errors(form_of([required(NAME)], posted={"name": " \u200b\t "})) == ["请填写名称"]


def test_an_own_sentence_for_a_missing_answer_is_used(form_of):
    form = form_of([required(NAME, requiredMessage="先写名称")], posted={})

    assert errors(form) == ["先写名称"]


def test_a_text_that_is_too_long_tells_both_counts(form_of):
    form = form_of([NAME | {"validate": {"maxLength": 5}}], posted={"name": "一二三四五六"})

    assert errors(form) == ["名称最多 5 字，现在是 6 字"]


def test_a_text_that_is_too_short_tells_both_counts(form_of):
    form = form_of([NAME | {"validate": {"minLength": 2}}], posted={"name": "一"})

    assert errors(form) == ["名称至少 2 字，现在是 1 字"]


def test_every_text_has_a_limit_even_if_the_definition_names_none(form_of):
    assert errors(form_of([NAME], posted={"name": "一" * 201})) == [
        "名称最多 200 字，现在是 201 字"
    ]


def test_a_school_expression_is_matched_whole(form_of):
    component = NAME | {"validate": {"regex": "[0-9]{4}", "regexMessage": "名称要填 4 位数字"}}

    assert errors(form_of([component], posted={"name": "12345"})) == ["名称要填 4 位数字"]
    assert errors(form_of([component], posted={"name": "1234"})) == []


MOBILE = {
    "type": "text",
    "key": "mobile",
    "label": "手机号",
    "validate": {"pattern": "mobile"},
    "properties": {"proved": True},
}


@pytest.mark.parametrize(
    ("typed", "known", "story"),
    [
        ("138 0000 0009", {"proved": {"13800000009"}}, []),
        ("13800000010", {"proved": {"13800000009"}}, ["手机号还没有核验"]),
        ("13800000009", {"proved": set()}, ["手机号还没有核验"]),
        ("13800000009", {}, []),
        ("", {"proved": set()}, []),
    ],
    ids=["proved", "changed", "unproved", "nobody can prove here", "left out"],
)
def test_a_mobile_to_prove_is_taken_once_a_code_has_proved_it(form_of, typed, known, story):
    form = form_of([MOBILE], posted={"mobile": typed}, **known)

    assert [told.partition("，")[0] for told in errors(form)] == story


def test_lines_keep_their_ends(form_of):
    form = form_of([NAME | {"type": "textarea"}], posted={"name": "一\r\n二 "})

    assert form.answers == {"name": "一\n二"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("8000", "8000.00"),
        ("8,000.5", "8000.50"),
        ("８０００元", "8000.00"),
        ("¥ 0.10", "0.10"),
        ("0", "0.00"),
        ("007", "7.00"),
    ],
)
def test_money_is_kept_as_text_with_two_places(form_of, typed, kept):
    form = form_of([PAY], posted={"pay": typed})

    assert form.validate()
    assert form.answers == {"pay": kept}


@pytest.mark.parametrize(
    ("typed", "story"),
    [
        ("八千", "月薪要填数字，如 3000"),
        ("1e5", "月薪要填数字，如 3000"),
        ("NaN", "月薪要填数字，如 3000"),
        ("8,00", "月薪要填数字，如 3000"),
        ("1.234", "月薪最多 2 位小数，请核对"),
        ("-1", "月薪不能小于 0 元"),
        ("99999999999", "月薪太大，请核对"),
    ],
)
def test_money_that_cannot_be_right_is_refused_and_stays_in_the_input(form_of, typed, story):
    form = form_of([PAY], posted={"pay": typed})

    assert errors(form) == [story]
    assert form["pay"].typed == typed


def test_money_is_said_with_its_unit(form_of):
    form = form_of([PAY], posted={"pay": "10500"})

    assert form.labelled == [{"key": "pay", "label": "月薪", "text": "10,500 元/月"}]


def test_zero_is_an_answer(form_of):
    assert errors(form_of([required(PAY)], posted={"pay": "0"})) == []


def test_numbers_are_whole_unless_decimals_are_allowed(form_of):
    number = {"type": "number", "key": "years", "label": "学制"}

    assert errors(form_of([number], posted={"years": "1.5"})) == ["学制要填整数，请核对"]
    assert form_of([number], posted={"years": "４"}).answers == {"years": 4}
    decimal = number | {"validate": {"decimals": 1, "min": 1.5, "max": 8}}
    assert form_of([decimal], posted={"years": "1.5"}).answers == {"years": 1.5}
    assert errors(form_of([decimal], posted={"years": "9"})) == ["学制不能大于 8"]


def test_a_local_time_becomes_an_instant_with_its_offset(form_of):
    form = form_of([MOMENT], posted={"reply": "2026-06-05T18:00"})

    assert form.answers == {"reply": "2026-06-05T18:00:00+08:00"}
    assert form.labelled[0]["text"] == "2026年6月5日（周五）18:00"


def test_a_day_before_its_bound_is_refused_with_the_bound(form_of):
    component = DAY | {"validate": {"min": "today"}}

    assert errors(form_of([component], posted={"day": "2026-05-17"})) == [
        "报到期限不能早于2026年5月18日"
    ]
    assert errors(form_of([component], posted={"day": "2026-05-18"})) == []


def test_something_that_is_no_day_is_refused(form_of):
    assert errors(form_of([DAY], posted={"day": "2026-02-30"})) == [
        "报到期限要填日期，如 2027-07-05"
    ]


def test_a_value_outside_the_list_is_refused(form_of):
    assert errors(form_of([KIND], posted={"kind": "z"})) == ["种类里没有这一项，请重新选择"]


def test_a_choice_whose_option_is_off_is_neither_offered_nor_taken(form_of):
    form = form_of([KIND], posted={"kind": "b"})

    assert [choice.value for choice in form["kind"].offered] == ["a"]
    assert errors(form) == ["现在不能选择“乙”，请选择其他一项"]


def test_a_choice_whose_option_is_on_is_taken(form_of):
    form = form_of([KIND], posted={"kind": "b"}, options={"b_is_open": True})

    assert form.validate()
    assert form.labelled[0]["text"] == "乙"


def test_nothing_is_chosen_beforehand(form_of):
    assert form_of([KIND]).answers == {"kind": None}


def test_a_checklist_keeps_the_order_of_the_definition(form_of):
    values = [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]
    component = {"type": "checklist", "key": "all_of", "label": "清单", "values": values}

    form = form_of([component | {"validate": {"min": 2}}], posted={"all_of": ["b", "a", "b"]})

    assert form.validate()
    assert form.answers == {"all_of": ["a", "b"]}
    assert form.labelled[0]["text"] == "甲、乙"
    assert errors(form_of([component | {"validate": {"min": 2}}], posted={"all_of": "a"})) == [
        "清单至少 2 项，现在是 1 项"
    ]


def test_a_region_is_chosen_down_to_the_county_if_there_is_one(form_of):
    region = {
        "type": "picker",
        "key": "region",
        "label": "单位所在地",
        "properties": {"scheme": "region"},
    }

    assert errors(form_of([region], posted={"region": "340100"})) == [
        "单位所在地要选到最下一级，现在是“安徽省 合肥市”"
    ]
    assert errors(form_of([region], posted={"region": "441900"})) == []
    assert errors(form_of([region], posted={"region": "110100"})) == [
        "单位所在地里没有这一项，请重新选择"
    ]
    assert (
        form_of([region], posted={"region": "340104"}).labelled[0]["text"] == "安徽省 合肥市 蜀山区"
    )


def test_only_uploads_of_this_draft_can_be_attached(form_of):
    files = {"type": "file", "key": "files", "label": "附件", "validate": {"max": 1}}
    uploads = {"u1": {"name": "协议书.jpg"}, "u2": {"name": "背面.jpg"}}

    form = form_of([files], posted={"files": ["u1"]}, uploads=uploads)

    assert form.validate()
    assert form.answers == {"files": ["u1"]}
    assert form.labelled[0]["text"] == "1 个文件：协议书.jpg"
    assert errors(form_of([files], posted={"files": ["u9"]}, uploads=uploads)) == [
        "有文件不在这份草稿里，请重新上传"
    ]
    assert errors(form_of([files], posted={"files": ["u1", "u2"]}, uploads=uploads)) == [
        "附件最多 1 个文件，现在是 2 个文件"
    ]


def test_saved_answers_come_back_as_they_were(form_of):
    saved = {
        "name": "恒信",
        "pay": "8000.50",
        "day": "2027-07-05",
        "reply": "2026-06-05T18:00:00+08:00",
        "kind": "a",
    }

    form = form_of([NAME, PAY, DAY, MOMENT, KIND], values=saved)

    assert form.answers == saved
    assert form["reply"].typed == "2026-06-05T18:00"


def test_broken_saved_values_are_left_out_without_a_crash(form_of):
    broken = {"name": {"x": 1}, "pay": [], "day": 5, "reply": "soon", "kind": ["a"]}

    form = form_of([PAY, DAY, MOMENT, KIND], values=broken)

    assert form.answers["pay"] is None
    assert form.answers["day"] is None
    assert form.answers["reply"] is None


def test_what_the_register_knows_is_filled_in_but_only_at_the_start(form_of):
    component = NAME | {"properties": {"prefill": "register.employer.name"}}
    register = {"employer": {"name": "恒信"}}

    assert form_of([component], register=register).answers == {"name": "恒信"}
    assert form_of([component], values={"name": "别的"}, register=register).answers == {
        "name": "别的"
    }
    assert form_of([component], posted={}, register=register).answers == {"name": ""}


def test_a_field_for_the_own_side_is_marked_in_the_history(form_of):
    form = form_of([NAME | {"properties": {"internal": True}}], posted={"name": "备注"})

    assert form.labelled == [{"key": "name", "label": "名称", "text": "备注", "internal": True}]


def test_a_frameworks_multi_dict_is_read_too(form_of):
    from werkzeug.datastructures import MultiDict

    form = form_of(
        [NAME, KIND], posted=MultiDict([("name", "恒信"), ("kind", "a"), ("other", "x")])
    )

    assert form.answers == {"name": "恒信", "kind": "a"}


@pytest.mark.parametrize("component", [NAME, PAY, DAY, MOMENT, KIND], ids=lambda c: c["type"])
def test_no_control_character_reaches_a_draft_or_an_answer(form_of, component):
    key = component["key"]

    form = form_of([component], posted={key: ["\x00a\x1b\udc80", "\x00"]})

    assert form.draft["_typed"][key] == ["a"]
    assert "\x00" not in str(form.answers)


def test_no_control_character_reaches_a_draft_through_a_checklist(form_of):
    component = KIND | {"type": "checklist"}

    form = form_of([component], posted={"kind": ["a\x00", "\x00"]})

    assert form.draft["_typed"]["kind"] == ["a"]


def test_a_closed_choice_counts_as_no_answer_and_opens_nothing(form_of):
    depends = NAME | {"conditional": {"field": "kind", "op": "==", "value": "b"}}

    form = form_of([KIND, depends], posted={"kind": "b", "name": "恒信"})

    assert form.answers == {"kind": None}
    assert form.labelled == []


CONSENT = {
    "type": "checkbox",
    "key": "ack",
    "label": "已阅读",
    "properties": {"version": "options.notice.version"},
}


@pytest.mark.requirement("G02")
def test_a_box_that_agrees_to_a_text_answers_with_its_version(form_of):
    now = {"options": {"notice": {"version": "v2"}}}

    agreed = form_of([required(CONSENT)], {"ack": "v2"}, **now)
    older = form_of([required(CONSENT)], {"ack": "v1"}, **now)

    assert errors(agreed) == []
    assert agreed.answers == {"ack": "v2"}
    assert agreed.labelled[0]["text"] == "是（版本 v2）"
    assert errors(older) == ["文字有了更新，请重新阅读，再勾选"]
    assert errors(form_of([required(CONSENT)], {"ack": "1"}, **now)) != []


def test_a_register_is_a_table_that_the_context_brings(form_of):
    picker = {
        "type": "picker",
        "key": "unit",
        "label": "单位",
        "properties": {"scheme": "registered_employer"},
    }
    known = CodeTable("registered_employer", "单位", [Code("7", "恒信")])

    chosen = form_of([required(picker)], {"unit": "7"}, tables={"registered_employer": known})
    nothing_brought = form_of([required(picker)], {"unit": "7"})

    assert errors(chosen) == []
    assert chosen.labelled[0]["text"] == "恒信"
    assert errors(nothing_brought) == ["单位里没有这一项，请重新选择"]
