"""The forms of the first process, with the rules of the sources behind them."""

from __future__ import annotations

import pytest

from forms.compiler import form_class


@pytest.fixture
def fill(monday, register):
    def make(posted=None, values=None, **options):
        context = {"now": monday, "register": register, "options": options}
        return form_class("signing/fill_invitation")(posted, values, context)

    return make


@pytest.fixture
def answer(monday, fill, invitation):
    def make(posted=None, claim_is_free=True):
        case = {"Fill_invitation": fill(invitation).answers}
        context = {"now": monday, "case": case, "options": {"claim_is_free": claim_is_free}}
        return form_class("signing/answer_invitation")(posted, None, context)

    return make


@pytest.fixture
def decide(monday, fill, invitation, register):
    def make(posted=None):
        case = {"Fill_invitation": fill(invitation).answers}
        context = {"now": monday, "case": case, "register": register}
        return form_class("review/decide")(posted, None, context)

    return make


def stories(form):
    form.validate()
    return [problem.message for problem in form.problems]


@pytest.mark.requirement("H02")
def test_an_invitation_with_everything_required_can_be_sent(fill, invitation):
    form = fill(invitation)

    assert form.validate(), form.problems
    assert form.answers["outcome"] == "send"
    assert form.answers["reply_by"] == "2026-05-23T18:00:00+08:00"
    assert form.answers["contact_mobile"] == "13800000002"
    assert form.warnings == []


def test_an_invitation_begins_with_what_the_register_knows(fill):
    form = fill()

    assert form.answers["employer_name"] == "恒信软件有限公司"
    assert form.answers["region"] == "340104"
    assert form.answers["outcome"] is None


def test_the_time_to_answer_is_five_days_unless_the_school_says_otherwise(fill):
    assert fill().answers["reply_by"] == "2026-05-23T09:30:00+08:00"
    assert (
        fill(reply_by="2026-05-25T23:59:00+08:00").answers["reply_by"]
        == "2026-05-25T23:59:00+08:00"
    )


@pytest.mark.parametrize(
    ("reply_by", "story"),
    [
        ("2026-05-19T09:29", "应约截止时间不能早于2026年5月19日（周二）09:30"),
        ("2026-06-17T09:31", "应约截止时间不能晚于2026年6月17日（周三）09:30"),
    ],
)
def test_the_time_to_answer_lies_between_one_and_thirty_days(fill, invitation, reply_by, story):
    assert stories(fill(invitation | {"reply_by": reply_by})) == [story]


@pytest.mark.parametrize("reply_by", ["2026-05-19T09:30", "2026-06-17T09:30"])
def test_both_ends_of_the_time_to_answer_are_allowed(fill, invitation, reply_by):
    assert stories(fill(invitation | {"reply_by": reply_by})) == []


@pytest.mark.requirement("H09")
@pytest.mark.parametrize(
    ("steps", "word"),
    [
        ({"Check_eligibility": {"outcome": "not_allowed"}}, "不能网上签约"),
        ({"Check_eligibility": {"outcome": "unconfirmed"}}, "还没有确认基本信息"),
        (
            {
                "Check_eligibility": {"outcome": "ok"},
                "Open_invitation": {"outcome": "already_open"},
            },
            "还在应约有效期内",
        ),
    ],
)
def test_an_invitation_that_came_back_says_why(monday, steps, word):
    form = form_class("signing/fill_invitation")(None, None, {"now": monday, "case": steps})

    notes = [node.component.text for node in form.layout if node.kind == "note"]

    assert len(notes) == 1
    assert word in notes[0]


def test_a_first_invitation_carries_no_warning(fill):
    assert [node for node in fill().layout if node.kind == "note"] == []


def test_an_invitation_can_be_dropped_without_filling_anything(fill):
    form = fill({"outcome": "discard", "employer_name": "恒信", "salary": "很多"})

    assert form.validate()
    assert form.answers == {"outcome": "discard"}


def test_sending_without_saying_so_is_not_sending(fill, invitation):
    del invitation["outcome"]

    assert stories(fill(invitation)) == ["请选择发出邀请，还是不发了"]


def test_a_credit_code_of_the_pilot_years_is_doubted_but_sent(fill, invitation):
    form = fill(invitation | {"uscc": "91350100M0001TGQXM"})

    assert form.validate()
    assert form.warnings == [
        ("uscc", "校验位不符，可能是早期代码。请对照执照，可以继续提交"),
    ]


def test_a_short_credit_code_is_refused_with_its_length(fill, invitation):
    form = fill(invitation | {"uscc": "91340100MA0000000"})

    assert stories(form) == ["统一社会信用代码要填 18 位，现在是 17 位"]


def test_an_army_unit_has_no_credit_code_but_a_reason(fill, invitation):
    assert stories(fill(invitation | {"uscc": "无"})) == ["请填写没有信用代码的原因"]

    form = fill(invitation | {"uscc": "无", "uscc_none_reason": "部队单位"})
    assert form.validate()
    assert form.warnings == []


@pytest.mark.requirement("J03")
def test_odd_terms_are_doubted_but_sent(fill, invitation):
    form = fill(invitation | {"trial_period": "七个月", "trial_salary": "8,000", "salary": "800"})

    assert form.validate()
    assert dict(form.warnings) == {
        "trial_period": "试用期超过 6 个月，请核对",
        "salary": "转正起薪低于试用起薪，请核对",
    }


@pytest.mark.parametrize("trial", ["3个月", "半年", "6 个月", "90天", "三个月", "面议"])
def test_a_lawful_trial_period_is_not_doubted(fill, invitation, trial):
    assert fill(invitation | {"trial_period": trial}).warnings == []


@pytest.mark.parametrize("trial", ["12个月", "一年", "一年半", "十二个月", "200天", "6个半月"])
def test_a_long_trial_period_is_doubted_however_it_is_written(fill, invitation, trial):
    assert [name for name, _ in fill(invitation | {"trial_period": trial}).warnings] == [
        "trial_period"
    ]


@pytest.mark.requirement("J03")
def test_the_additional_text_has_room_for_a_thousand_characters(fill, invitation):
    assert stories(fill(invitation | {"supplement": "约" * 1000})) == []
    assert stories(fill(invitation | {"supplement": "约" * 1012})) == [
        "协议补充内容最多 1000 字，现在是 1012 字"
    ]


def test_an_employer_that_takes_no_file_is_not_asked_where_to_send_it(fill, invitation):
    posted = invitation | {"hukou": "NONE", "archive_unit": "人才中心"}

    form = fill(posted, archive_required=True)

    assert form.validate()
    assert "archive_unit" not in form.answers


def test_a_school_may_require_where_the_file_goes(fill, invitation):
    assert stories(fill(invitation, archive_required=True)) == [
        "请填写档案接收单位",
        "请填写档案转寄地址",
        "请填写档案转寄邮编",
    ]
    assert stories(fill(invitation)) == []


@pytest.mark.requirement("H03")
def test_the_graduate_reads_the_offer_in_words(answer):
    said = {
        fact.label: fact.text
        for node in answer().layout
        if node.kind == "block"
        for fact in node.facts
    }

    assert said["职位类别"] == "工程技术人员"
    assert said["单位所在地"] == "安徽省 合肥市 蜀山区"
    assert said["单位是否解决户籍"] == "签约单位接收"
    assert said["单位名称"] == "恒信软件有限公司"


@pytest.mark.requirement("H04")
def test_accepting_needs_the_notice_to_be_read(answer):
    assert stories(answer({"outcome": "accept"})) == ["请先阅读《签约须知》和《违约说明》，再勾选"]

    form = answer({"outcome": "accept", "ack": "1"})
    assert form.validate()
    assert form.answers == {"outcome": "accept", "ack": True}


@pytest.mark.requirement("H05")
def test_refusing_needs_neither_reading_nor_a_reason(answer):
    form = answer({"outcome": "refuse", "ack": "1"})

    assert form.validate()
    assert form.answers == {"outcome": "refuse", "reason": ""}


@pytest.mark.requirement("H07")
def test_a_bound_graduate_is_not_offered_to_accept_and_cannot_post_it(answer):
    form = answer({"outcome": "accept", "ack": "1"}, claim_is_free=False)

    assert [choice.value for choice in form["outcome"].offered] == ["refuse"]
    assert stories(form) == ["现在不能选择“接受签约”，请选择其他一项"]
    assert "您已与其他单位签约，这份邀请不能接受。" in [
        node.component.text for node in form.layout if node.kind == "note"
    ]


@pytest.mark.requirement("H11", "F06")
def test_a_refusal_of_the_review_needs_a_reason(decide):
    assert stories(decide({"outcome": "refuse"})) == ["请填写原因"]
    assert stories(decide({"outcome": "refuse", "reason": "缺"})) == ["原因至少 2 字，现在是 1 字"]
    assert stories(decide({"outcome": "refuse", "reason": "授权书上看不到红章"})) == []


def test_a_pass_keeps_no_reason_that_was_typed_before(decide):
    form = decide({"outcome": "pass", "reason": "先写了原因", "note": "电话核实过"})

    assert form.validate()
    assert form.answers == {"outcome": "pass", "note": "电话核实过"}
    assert [part["key"] for part in form.labelled if part.get("internal")] == ["note"]


def test_a_reviewer_sees_everything_that_was_submitted_and_a_masked_identity_number(decide):
    said = {
        fact.label: fact.text
        for node in decide().layout
        if node.kind == "block"
        for fact in node.facts
    }

    assert said["姓名"] == "林知夏"
    assert said["学历"] == "本科生毕业"
    assert said["身份证号"] == "340***********0024"
    assert said["职位名称"] == "后端开发工程师"


def test_a_reviewer_is_told_of_a_doubtful_credit_code(monday, fill, invitation):
    case = {"Fill_invitation": fill(invitation | {"uscc": "91350100M0001TGQXM"}).answers}
    form = form_class("review/decide")(None, None, {"now": monday, "case": case})

    doubts = {fact.label: fact.doubt for node in form.layout for fact in node.facts if fact.doubt}

    assert doubts == {"统一社会信用代码": "校验位不符，可能是早期代码。请对照执照"}


@pytest.mark.requirement("B01", "B02")
def test_base_data_are_confirmed_or_reported_with_what_is_wrong(monday, register):
    confirm = form_class("account/base_data")
    context = {"now": monday, "register": register}

    assert confirm({"outcome": "confirm"}, None, context).validate()
    assert stories(confirm({"outcome": "correct"}, None, context)) == ["请填写哪里有误，应是什么"]
    assert stories(confirm({}, None, context)) == ["请选择信息是否正确"]


@pytest.fixture
def decide_offline(monday):
    """A review whose call lets the reviewer return what was submitted, or not."""

    def make(posted=None, returns=True):
        context = {"now": monday, "case": {}, "scope": {"parameters": {"returns": returns}}}
        return form_class("review/decide")(posted, None, context)

    return make


@pytest.mark.requirement("J09", "L04")
def test_a_reviewer_returns_with_a_reason_where_the_process_lets_them(decide_offline):
    assert decide_offline({"outcome": "return", "reason": "单位名称与公章不一致"}).validate()
    assert stories(decide_offline({"outcome": "return"})) == ["请填写原因"]


@pytest.mark.requirement("H11")
def test_returning_is_refused_where_the_process_knows_two_outcomes(decide_offline):
    posted = {"outcome": "return", "reason": "单位名称与公章不一致"}

    assert decide_offline(posted).validate()
    assert not decide_offline(posted, returns=False).validate()


def test_the_reason_opens_beneath_refusing_where_that_alone_needs_one(decide_offline):
    def revealed(form):
        (group,) = [node for node in form.layout if node.kind == "group"]
        (outcome,) = [node for node in group.children if node.kind == "radio"]
        return {choice.value: [n.name for n in choice.reveal] for choice in outcome.choices}

    assert revealed(decide_offline(returns=False)) == {"pass": [], "refuse": ["reason"]}
    assert revealed(decide_offline()) == {"pass": [], "return": [], "refuse": []}
