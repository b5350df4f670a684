"""The forms of other destinations: every type's own fields, and the evidence of seed 002."""

from __future__ import annotations

from typing import Any

import pytest

from forms.changes import Change, changes_between
from forms.code_tables import table
from forms.compiler import form_class
from forms.definitions import DefinitionError, get, parse_definition
from forms.evidence import missing_papers, papers_for

UPLOADS = {f"u{number}": {"name": f"{number}.jpg"} for number in range(9)}
EMPLOYER = {
    "employer_name": "恒信软件有限公司",
    "uscc": "91350100M000100Y43",
    "nature": "39",
    "industry": "I65",
    "region": "340104",
    "address": "示例大道 1 号",
    "contact_name": "周老师",
    "contact_mobile": "13800000002",
    "contact_email": "hr@hengxin.example",
}
JOB = {"position_category": "13", "position_name": "后端开发工程师"}
ABROAD_WORK = {"abroad_employer": "某国际组织", "abroad_employer_country": "瑞士"}
HIRE = {"hire_from": "2026-07-01", "hire_to": "2027-06-30", "hire_salary": "5000"}
STUDY = {
    "study_school": "示例大学",
    "study_school_code": "10358",
    "study_major": "软件工程",
    "study_mode": "full",
    "study_proof_kind": "notice",
    "study_proof": ["u1"],
}
PROJECT = EMPLOYER | JOB | {"project_proof_kind": "hiring", "project_proof": ["u1"]}
COMPANY = {
    "startup_kind": "company",
    "company_name": "林知夏软件工作室",
    "company_uscc": "91350100M000100Y43",
    "startup_role": "legal",
    "company_proof_kind": "licence",
    "company_proof": ["u1"],
}
SHOP = {
    "startup_kind": "shop",
    "shop_address": "https://shop.example/lin",
    "startup_role": "legal",
    "shop_pictures": ["u1"],
    "shop_turnover": ["u2"],
}
INCUBATOR = {
    "startup_kind": "incubator",
    "incubator_name": "示例孵化器",
    "startup_role": "partner",
    "incubator_agreement": ["u1"],
}

# A whole filing for each type, as somebody posts it.
FILINGS: dict[str, dict[str, Any]] = {
    "10-1": EMPLOYER | JOB | {"reception_letter": ["u1"]},
    "10-2": EMPLOYER | JOB | {"soldier_agreement": ["u1"]},
    "10-3": EMPLOYER | JOB | {"residency_proof": ["u1"]},
    "10-4": ABROAD_WORK | JOB | {"organisation_proof": ["u1"]},
    "10-5": ABROAD_WORK | JOB | {"overseas_proof_kind": "visa", "overseas_proof": ["u1"]},
    "11": EMPLOYER
    | JOB
    | {"contract_from": "2026-07-01", "contract_cover": ["u1"], "contract_seal_page": ["u2"]},
    "12": EMPLOYER
    | JOB
    | HIRE
    | {"hire_proof_kind": "hired", "hire_proof": ["u1"], "hire_form": ["u2"]},
    "27": EMPLOYER | JOB | {"assistant_proof_kind": "other", "assistant_proof": ["u1"]},
    "46": {
        "enlist_region": "340104",
        "enlist_batch": "autumn",
        "conscript_notice_kind": "reserved",
        "conscript_notice": ["u1"],
    },
    **dict.fromkeys(["501", "502", "503", "511", "512"], PROJECT),
    **dict.fromkeys(["50", "519"], PROJECT | {"project_name": "城乡社区项目"}),
    "75": COMPANY,
    "76": {
        "occupation": "translator",
        "work_content": "为出版社翻译英文技术图书，每月约十万字，按字数结算稿酬。",
        "monthly_income": "6000",
        "freelance_form": ["u1"],
    },
    **dict.fromkeys(["801", "802", "803"], STUDY),
    "85": {
        "abroad_country": "英国",
        "abroad_school": "Example University",
        "abroad_school_chinese": "示例大学",
        "abroad_proof": ["u1"],
    },
    "DX": {"targeted_unit": "示例县第一中学", "targeted_region": "340104"},
    "70": {"waiting_kind": "701"},
    "71": {},
    "72": {"pause_kind": "722"},
}


@pytest.fixture
def choose(monday):
    def make(posted=None, targeted=False):
        options = {"any_destination": not targeted, "targeted_destination": targeted}
        return form_class("destination/choose_type")(
            posted, None, {"now": monday, "options": options}
        )

    return make


@pytest.fixture
def fill(monday):
    def make(code, posted=None, **options):
        case = {"Choose_destination_type": {"code": code}}
        context = {"now": monday, "case": case, "options": options, "uploads": UPLOADS}
        posted = None if posted is None else posted | {"outcome": "submit"}
        return form_class("destination/fill_destination")(posted, None, context)

    return make


def stories(form):
    form.validate()
    return [problem.message for problem in form.problems]


def without(filing, key):
    return {name: value for name, value in filing.items() if name != key}


# -- the type ------------------------------------------------------------------------------------


@pytest.mark.requirement("M02")
def test_every_type_of_the_platform_is_offered_and_has_a_filing():
    offered = [choice.value for choice in get("destination/choose_type").fields["code"].choices]

    assert set(offered) == set(FILINGS)
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
@pytest.mark.parametrize("code", list(FILINGS))
def test_a_whole_filing_of_each_type_is_accepted_and_keeps_everything(fill, code):
    form = fill(code, FILINGS[code])

    assert form.validate(), form.problems
    assert set(FILINGS[code]) <= {key for key, value in form.answers.items() if value}


@pytest.mark.requirement("M03")
@pytest.mark.parametrize("code", list(FILINGS))
def test_a_filing_asks_for_nothing_that_belongs_to_another_type(fill, code):
    form = fill(code, FILINGS[code])
    foreign = fill(code, {key: v for filing in FILINGS.values() for key, v in filing.items()})

    assert set(foreign.answers) == set(form.answers)
    assert {field for field in foreign.file_fields if field in foreign.answers} == {
        paper.field for paper in papers_for(code, foreign.answers)
    }


@pytest.mark.requirement("M03")
@pytest.mark.parametrize("code", ["70", "71", "72"])
def test_unemployed_types_need_no_evidence(fill, code):
    form = fill(code, FILINGS[code])

    assert form.validate()
    assert not set(form.file_fields) & set(form.answers)
    assert papers_for(code, {}) == ()


@pytest.mark.parametrize(
    ("code", "key"),
    [(code, key) for code, filing in FILINGS.items() for key in filing],
)
def test_everything_a_type_asks_for_is_really_needed(fill, code, key):
    form = fill(code, without(FILINGS[code], key))

    assert not form.validate()


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


# -- the evidence of seed 002 --------------------------------------------------------------------


@pytest.mark.requirement("M03")
def test_forms_and_rules_ask_for_the_same_papers():
    fields = get("destination/fill_destination").fields
    papers = [
        (rule.code, paper)
        for rule in table("evidence_rules").items
        for paper in rule.more["papers"]
        if "field" in paper
    ]

    assert {paper["field"] for _, paper in papers} == {
        key for key, field in fields.items() if field.type == "file"
    }
    for rule, paper in papers:
        assert fields[paper["field"]].properties["evidence"] == rule
        assert bool(fields[paper["field"]].required) is paper.get("required", True)
        if "accepts" in paper:
            offered = {c.value: c.label for c in fields[paper["kind"]].choices}
            assert offered == {row["value"]: row["label"] for row in paper["accepts"]}


@pytest.mark.requirement("F35", "K15")
@pytest.mark.parametrize("code", list(FILINGS))
def test_what_the_school_enters_and_what_the_graduate_adds_make_a_whole_filing(monday, code):
    filing = FILINGS[code] | {"outcome": "submit"}
    case = {"Choose_destination_type": {"code": code}}
    context = {"now": monday, "case": case, "uploads": UPLOADS}

    entered = form_class("destination/enter_destination")(filing, None, context)
    assert entered.validate(), entered.problems
    case["Fill_destination"] = entered.answers
    added = form_class("destination/upload_evidence")(filing, None, context)

    assert added.validate(), added.problems
    assert set(FILINGS[code]) <= set(entered.answers) | set(added.answers)
    assert set(entered.answers) & set(added.answers) == {"outcome"}
    assert missing_papers(code, entered.answers | added.answers) == ()


@pytest.mark.requirement("F35")
@pytest.mark.parametrize("missing", ["shop_pictures", "shop_turnover"])
def test_a_graduate_adds_the_papers_of_what_the_school_entered(monday, missing):
    case = {
        "Choose_destination_type": {"code": "75"},
        "Fill_destination": {"startup_kind": "shop"},
    }
    context = {"now": monday, "case": case, "uploads": UPLOADS}
    posted = without(SHOP, missing) | {"outcome": "submit"}

    assert not form_class("destination/upload_evidence")(posted, None, context).validate()


def test_a_graduate_who_objects_adds_no_papers_but_says_why(monday):
    case = {"Choose_destination_type": {"code": "801"}, "Fill_destination": {}}
    context = {"now": monday, "case": case, "uploads": UPLOADS}
    objected = {"outcome": "object", "reason": "录取院校写错了"}

    form = form_class("destination/upload_evidence")

    assert form(objected, None, context).validate()
    assert not form(without(objected, "reason"), None, context).validate()


@pytest.mark.parametrize("code", list(FILINGS))
def test_a_reviewer_is_told_what_is_missing(code):
    filing = FILINGS[code]
    required = [paper for paper in papers_for(code, filing) if paper.required]

    assert missing_papers(code, filing) == ()
    for paper in required:
        assert missing_papers(code, without(filing, paper.field)) == (paper,)


def test_an_unknown_destination_needs_no_papers():
    assert papers_for("99", {}) == ()


def accepted(code: str) -> list[set[str]]:
    """What each paper of a type may be, by name."""
    return [set(paper.accepts.values()) for paper in papers_for(code, FILINGS[code])]


@pytest.mark.requirement("F26")
def test_a_labour_contract_is_proved_by_cover_and_sealed_page(fill):
    for missing in ("contract_cover", "contract_seal_page"):
        (story,) = stories(fill("11", without(FILINGS["11"], missing)))
        assert story.startswith("请上传劳动合同")


@pytest.mark.requirement("F27")
def test_another_hire_lasts_half_a_year_beyond_leaving(fill):
    known = {"hire_until": "2027-01-01"}

    assert stories(fill("12", FILINGS["12"] | {"hire_to": "2026-12-31"}, **known)) == [
        "聘用终止日期不能早于2027年1月1日（离校后聘用不少于 6 个月）"
    ]
    assert stories(fill("12", FILINGS["12"] | {"hire_to": "2027-01-01"}, **known)) == []


@pytest.mark.requirement("F27")
def test_another_hire_pays_at_least_the_minimum_wage(fill):
    assert stories(fill("12", FILINGS["12"] | {"hire_salary": "2059.99"}, minimum_wage="2060")) == [
        "月薪不能低于 2,060 元/月（当地最低工资标准）"
    ]
    assert stories(fill("12", FILINGS["12"] | {"hire_salary": "2060"}, minimum_wage="2060")) == []


@pytest.mark.requirement("F27")
def test_another_hire_is_proved_by_a_certificate_and_the_form():
    assert accepted("12") == [{"在职证明", "聘用证明"}, set()]


@pytest.mark.requirement("F28")
@pytest.mark.parametrize("code", ["801", "802", "803"])
def test_domestic_study_is_proved_by_one_of_five_papers(code):
    assert accepted(code) == [{"调档函", "录取通知书", "录取名单", "公示", "调剂系统待录取结果"}]


@pytest.mark.requirement("F29")
def test_study_abroad_is_proved_by_the_admission(fill):
    assert stories(fill("85", without(FILINGS["85"], "abroad_proof"))) == ["请上传境外院校录取证明"]


@pytest.mark.requirement("F30")
def test_a_research_assistant_hands_in_agreement_contract_or_another_proof():
    assert accepted("27") == [{"就业协议", "劳动合同", "其他证明材料"}]


@pytest.mark.requirement("F31")
@pytest.mark.parametrize(
    ("filing", "papers"),
    [
        (COMPANY, {"company_proof"}),
        (INCUBATOR, {"incubator_agreement"}),
        (SHOP, {"shop_pictures", "shop_turnover"}),
    ],
    ids=["company", "incubator", "shop"],
)
def test_each_kind_of_startup_has_its_own_papers(fill, filing, papers):
    form = fill("75", filing)

    assert form.validate(), form.problems
    assert {key for key in form.file_fields if key in form.answers} == papers
    for paper in papers:
        assert len(stories(fill("75", without(filing, paper)))) == 1


@pytest.mark.requirement("F31")
def test_a_shop_needs_its_address(fill):
    assert stories(fill("75", without(SHOP, "shop_address"))) == ["请填写网店地址"]


@pytest.mark.requirement("F32")
def test_a_freelancer_says_what_is_done_and_earns_the_minimum_wage(fill):
    filing = FILINGS["76"]

    assert stories(fill("76", filing | {"work_content": "翻译"})) == [
        "工作内容至少 20 字，现在是 2 字"
    ]
    assert stories(fill("76", filing | {"monthly_income": "1000"}, minimum_wage="2060")) == [
        "月收入不能低于 2,060 元/月（当地最低工资标准）"
    ]
    assert len(stories(fill("76", without(filing, "freelance_form")))) == 1


@pytest.mark.requirement("F32")
def test_an_occupation_outside_the_list_is_named(fill):
    assert stories(fill("76", FILINGS["76"] | {"occupation": "other"})) == ["请填写职业名称"]


@pytest.mark.requirement("F33")
def test_a_conscript_hands_in_one_of_two_notices():
    assert accepted("46") == [{"预定兵通知书", "入伍通知书"}]


@pytest.mark.requirement("F34")
@pytest.mark.parametrize("code", ["50", "501", "502", "503", "511", "512", "519"])
def test_a_grassroots_project_is_proved_by_one_of_four_papers(code):
    assert accepted(code) == [{"就业协议书或制式协议书", "录用文件", "接收证明", "公示材料"}]


def test_a_contract_does_not_end_before_it_begins(fill):
    posted = FILINGS["11"] | {"contract_to": "2026-06-30"}

    assert stories(fill("11", posted)) == ["终止日期不能早于2026年7月1日"]


@pytest.mark.requirement("F25")
def test_the_photo_of_a_paper_agreement_is_a_kind_of_evidence():
    rule = table("evidence_rules").find("registration")

    assert rule is not None
    assert [paper["label"] for paper in rule.more["papers"]] == ["盖章纸质协议书图像"]


# -- what a reviewer amends ----------------------------------------------------------------------


@pytest.mark.requirement("M07")
def test_an_amended_filing_is_judged_by_the_rules_of_the_new_type(fill):
    filed = FILINGS["12"]

    as_contract = stories(fill("11", filed))

    assert as_contract == ["请填写起始日期", "请上传劳动合同封面", "请上传劳动合同最后的签字盖章页"]
    assert [paper.field for paper in missing_papers("11", filed)] == [
        "contract_cover",
        "contract_seal_page",
    ]


@pytest.mark.requirement("M07")
def test_an_amended_filing_leaves_a_diff_in_words(fill):
    before = fill("12", FILINGS["12"])
    after = fill("12", FILINGS["12"] | {"hire_salary": "5500", "work_place": "合肥"})

    assert changes_between(before.labelled, after.labelled) == (
        Change("work_place", "实际工作地点", "", "合肥"),
        Change("hire_salary", "月薪", "5,000 元/月", "5,500 元/月"),
    )


@pytest.mark.requirement("M07")
def test_what_the_new_type_no_longer_asks_is_told_as_gone(fill):
    changes = changes_between(
        fill("46", FILINGS["46"]).labelled, fill("70", FILINGS["70"]).labelled
    )

    assert Change("waiting_kind", "待就业的情况", "", "求职中") in changes
    assert Change("enlist_batch", "入伍批次", "下半年", "") in changes


def test_nothing_changed_leaves_no_diff_and_internal_notes_never_do():
    part = {"key": "note", "label": "内部备注", "text": "电话核实过", "internal": True}

    assert changes_between([], [part]) == ()
    assert changes_between([part | {"internal": False}], [part | {"internal": False}]) == ()


# -- what reviewers and others see ---------------------------------------------------------------


def test_a_block_made_of_the_group_shows_what_was_filed(fill):
    filed = fill("12", FILINGS["12"])
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
        "register": {"destination": {"code": "11", "place": "恒信软件有限公司"}},
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


# -- what a definition may say about bounds and evidence -----------------------------------------


@pytest.mark.parametrize(
    ("part", "word"),
    [
        ({"type": "text", "validate": {"atLeast": {"option": "options.a"}}}, "atLeast"),
        ({"type": "money", "validate": {"atLeast": {}}}, "atLeast"),
        ({"type": "money", "validate": {"atLeast": [{"field": "a", "option": "b"}]}}, "atLeast"),
        ({"type": "money", "validate": {"atLeast": {"option": 3}}}, "atLeast"),
        ({"type": "date", "validate": {"atLeast": ["today"]}}, "atLeast"),
        ({"type": "date", "validate": {"atLeast": {"field": "gone"}}}, "gone"),
        ({"type": "file", "properties": {"evidence": "gossip"}}, "gossip"),
        ({"type": "text", "properties": {"evidence": "contract"}}, "evidence"),
    ],
)
def test_a_wrong_bound_or_kind_of_evidence_is_a_finding(part, word):
    component = {"key": "one", "label": "一项"} | part

    with pytest.raises(DefinitionError, match=word):
        parse_definition({"title": "测试", "components": [component]}, groups={})


def test_a_bound_that_nobody_knows_binds_nobody(form_of):
    pay = {"type": "money", "key": "pay", "label": "月薪"}
    pay["validate"] = {"atLeast": {"option": "options.minimum_wage"}}

    assert form_of([pay], {"pay": "1"}).validate()
    assert not form_of([pay], {"pay": "1"}, options={"minimum_wage": "2060"}).validate()
