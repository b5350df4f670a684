"""The forms of other destinations: the types, every type's own fields, what reviewers amend."""

from __future__ import annotations

import pytest

from forms.changes import Change, changes_between
from forms.code_tables import table
from forms.compiler import form_class
from forms.definitions import get, parse_definition
from forms.evidence import missing_papers, papers_for

CODES = [choice.value for choice in get("destination/choose_type").fields["code"].choices]


@pytest.fixture
def choose(monday):
    def make(posted=None, targeted=False):
        options = {"any_destination": not targeted, "targeted_destination": targeted}
        return form_class("destination/choose_type")(
            posted, None, {"now": monday, "options": options}
        )

    return make


def stories(form):
    form.validate()
    return [problem.message for problem in form.problems]


def without(filing, key):
    return {name: value for name, value in filing.items() if name != key}


# -- the type ------------------------------------------------------------------------------------


@pytest.mark.requirement("M02")
def test_every_type_of_the_platform_is_offered_and_has_a_filing(filings):
    offered = [choice.value for choice in get("destination/choose_type").fields["code"].choices]

    assert set(offered) == set(filings)
    assert all(code in table("destination_type") for code in offered)


@pytest.mark.requirement("M02")
@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("10-1", "公招接收函"),
        ("10-2", "士官"),
        ("10-3", "医学规培"),
        ("10-4", "国际组织任职"),
        ("10-5", "出国出境工作"),
        ("803", "专升本"),
        ("801", "考研"),
        ("802", "第二学士学位"),
        ("27", "科研助理"),
        ("DX", "定向/委培毕业去向补充登记"),
    ],
)
def test_types_carry_the_words_of_the_platform(code, name):
    choices = get("destination/choose_type").fields["code"].choices

    assert name in {choice.value: choice.label for choice in choices}[code]


@pytest.mark.requirement("M04", "B10")
def test_a_graduate_trained_for_an_employer_sees_one_type_only(choose):
    form = choose(targeted=True)

    assert [choice.value for choice in form.own_fields["code"].offered] == ["DX"]


@pytest.mark.requirement("M04", "B10")
def test_a_type_that_is_not_offered_is_refused_when_posted(choose):
    assert choose({"code": "DX", "outcome": "fill"}, targeted=True).validate()
    assert not choose({"code": "11", "outcome": "fill"}, targeted=True).validate()
    assert choose({"code": "11", "outcome": "fill"}).validate()
    assert not choose({"code": "DX", "outcome": "fill"}).validate()


def test_giving_up_needs_no_type(choose):
    assert choose({"outcome": "discard"}).answers == {"outcome": "discard"}
    assert choose({"outcome": "discard"}).validate()
    assert not choose({"outcome": "fill"}).validate()


def test_without_knowing_the_graduate_no_type_is_offered(monday):
    form = form_class("destination/choose_type")(None, None, {"now": monday})

    assert form.own_fields["code"].offered == ()


@pytest.mark.parametrize("outcome", ["not_allowed", "unconfirmed"])
def test_a_type_that_came_back_says_why(monday, outcome):
    case = {"Check_eligibility": {"outcome": outcome}}
    form = form_class("destination/choose_type")(None, None, {"now": monday, "case": case})

    assert len([node for node in form.layout if node.kind == "note"]) == 1


# -- the filing ----------------------------------------------------------------------------------


@pytest.mark.requirement("M02", "M03")
@pytest.mark.parametrize("code", CODES)
def test_a_whole_filing_of_each_type_is_accepted_and_keeps_everything(
    fill_destination, code, filings
):
    form = fill_destination(code, filings[code])

    assert form.validate(), form.problems
    assert set(filings[code]) <= {key for key, value in form.answers.items() if value}


@pytest.mark.requirement("M03")
@pytest.mark.parametrize("code", CODES)
def test_a_filing_asks_for_nothing_that_belongs_to_another_type(fill_destination, code, filings):
    form = fill_destination(code, filings[code])
    foreign = fill_destination(
        code, {key: v for filing in filings.values() for key, v in filing.items()}
    )

    assert set(foreign.answers) == set(form.answers)
    assert {field for field in foreign.file_fields if field in foreign.answers} == {
        paper.field for paper in papers_for(code, foreign.answers)
    }


@pytest.mark.requirement("M03")
@pytest.mark.parametrize("code", ["70", "71", "72"])
def test_unemployed_types_need_no_evidence(fill_destination, code, filings):
    form = fill_destination(code, filings[code])

    assert form.validate()
    assert not set(form.file_fields) & set(form.answers)
    assert papers_for(code, {}) == ()


@pytest.mark.parametrize("code", CODES)
def test_everything_a_type_asks_for_is_really_needed(fill_destination, code, filings):
    for key in filings[code]:
        assert not fill_destination(code, without(filings[code], key)).validate(), key


def test_going_back_to_the_type_needs_nothing_filled(monday):
    case = {"Choose_destination_type": {"code": "11"}}
    form = form_class("destination/fill_destination")(
        {"outcome": "choose_again"}, None, {"now": monday, "case": case}
    )

    assert form.validate()
    assert form.answers == {"outcome": "choose_again"}


@pytest.mark.requirement("M06")
def test_a_returned_filing_shows_what_the_school_wrote(monday):
    case = {
        "Choose_destination_type": {"code": "11"},
        "Review_destination": {
            "outcome": "returned",
            "College_review": {"outcome": "return", "reason": "缺少签字盖章页"},
        },
    }
    form = form_class("destination/fill_destination")(None, None, {"now": monday, "case": case})

    said = [fact.text for node in form.layout for fact in node.facts]

    assert "缺少签字盖章页" in said


# -- what a reviewer amends ----------------------------------------------------------------------


@pytest.mark.requirement("M07")
def test_an_amended_filing_is_judged_by_the_rules_of_the_new_type(fill_destination, filings):
    filed = filings["12"]

    as_contract = stories(fill_destination("11", filed))

    assert as_contract == ["请填写起始日期", "请上传劳动合同封面", "请上传劳动合同最后的签字盖章页"]
    assert [paper.field for paper in missing_papers("11", filed)] == [
        "contract_cover",
        "contract_seal_page",
    ]


@pytest.mark.requirement("M07")
def test_an_amended_filing_leaves_a_diff_in_words(fill_destination, filings):
    before = fill_destination("12", filings["12"])
    after = fill_destination("12", filings["12"] | {"hire_salary": "5500", "work_place": "合肥"})

    assert changes_between(before.labelled, after.labelled) == (
        Change("work_place", "实际工作地点", "", "合肥"),
        Change("hire_salary", "月薪", "5,000 元/月", "5,500 元/月"),
    )


@pytest.mark.requirement("M07")
def test_what_the_new_type_no_longer_asks_is_told_as_gone(fill_destination, filings):
    changes = changes_between(
        fill_destination("46", filings["46"]).labelled,
        fill_destination("70", filings["70"]).labelled,
    )

    assert Change("waiting_kind", "待就业的情况", "", "求职中") in changes
    assert Change("enlist_batch", "入伍批次", "下半年", "") in changes


def test_nothing_changed_leaves_no_diff_and_internal_notes_never_do():
    part = {"key": "note", "label": "内部备注", "text": "电话核实过", "internal": True}

    assert changes_between([], [part]) == ()
    assert changes_between([part | {"internal": False}], [part | {"internal": False}]) == ()


# -- what reviewers and others see ---------------------------------------------------------------


def test_a_block_made_of_the_group_shows_what_was_filed(fill_destination, filings):
    filed = fill_destination("12", filings["12"])
    filed.validate()
    block = {"type": "block", "include": "groups/fg_dest", "source": "case.Fill_destination"}
    definition = parse_definition({"title": "审核", "components": [block]})

    form = form_class(definition)(None, None, {"case": {"Fill_destination": filed.answers}})

    said = {fact.label: fact.text for fact in form.layout[0].facts}
    assert said["单位名称"] == "恒信软件有限公司"
    assert said["聘用终止日期"] == "2027年6月30日"
    assert "创业类型" not in said


# -- voiding and unlocking -----------------------------------------------------------------------


@pytest.mark.requirement("M08")
def test_voiding_asks_again_and_shows_which_destination(monday):
    context = {
        "now": monday,
        "register": {"destination": {"label": "签劳动合同形式就业", "place": "恒信软件有限公司"}},
    }
    form = form_class("destination/confirm_void")({"outcome": "void"}, None, context)

    assert form.validate()
    assert [fact.text for fact in form.layout[0].facts] == [
        "签劳动合同形式就业",
        "恒信软件有限公司",
    ]
    assert not form_class("destination/confirm_void")({}, None, context).validate()


@pytest.mark.requirement("E06", "K14")
@pytest.mark.parametrize(
    ("key", "outcome"),
    [
        ("destination/request_void", "submit"),
        ("destination/request_unlock", "unlock"),
        ("destination/confirm_unlock", "refuse"),
    ],
)
def test_a_reviewed_void_and_an_unlock_need_a_reason(monday, key, outcome):
    form = form_class(key)
    context = {"now": monday}

    assert not form({"outcome": outcome}, None, context).validate()
    assert form({"outcome": outcome, "reason": "单位已确认"}, None, context).validate()
