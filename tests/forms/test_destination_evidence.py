"""Which papers prove a destination: seed 002 in forms and rules, and the school entering first."""

from __future__ import annotations

import pytest

from forms.code_tables import table
from forms.compiler import form_class
from forms.definitions import DefinitionError, get, parse_definition
from forms.evidence import missing_papers, papers_for

CODES = [choice.value for choice in get("destination/choose_type").fields["code"].choices]


def stories(form):
    form.validate()
    return [problem.message for problem in form.problems]


def without(filing, key):
    return {name: value for name, value in filing.items() if name != key}


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
@pytest.mark.parametrize("code", CODES)
def test_what_the_school_enters_and_what_the_graduate_adds_make_a_whole_filing(
    monday, code, filings, uploads
):
    filing = filings[code] | {"outcome": "submit"}
    case = {"Choose_destination_type": {"code": code}}
    context = {"now": monday, "case": case, "uploads": uploads}

    entered = form_class("destination/enter_destination")(filing, None, context)
    assert entered.validate(), entered.problems
    case["Fill_destination"] = entered.answers
    added = form_class("destination/upload_evidence")(filing, None, context)

    assert added.validate(), added.problems
    assert set(filings[code]) <= set(entered.answers) | set(added.answers)
    assert set(entered.answers) & set(added.answers) == {"outcome"}
    assert missing_papers(code, entered.answers | added.answers) == ()


@pytest.mark.requirement("F35")
@pytest.mark.parametrize("missing", ["shop_pictures", "shop_turnover"])
def test_a_graduate_adds_the_papers_of_what_the_school_entered(monday, missing, startups, uploads):
    case = {
        "Choose_destination_type": {"code": "75"},
        "Fill_destination": {"startup_kind": "shop"},
    }
    context = {"now": monday, "case": case, "uploads": uploads}
    posted = without(startups["shop"], missing) | {"outcome": "submit"}

    assert not form_class("destination/upload_evidence")(posted, None, context).validate()


def test_a_graduate_who_objects_adds_no_papers_but_says_why(monday, uploads):
    case = {"Choose_destination_type": {"code": "801"}, "Fill_destination": {}}
    context = {"now": monday, "case": case, "uploads": uploads}
    objected = {"outcome": "object", "reason": "录取院校写错了"}

    form = form_class("destination/upload_evidence")

    assert form(objected, None, context).validate()
    assert not form(without(objected, "reason"), None, context).validate()


@pytest.mark.parametrize("code", CODES)
def test_a_reviewer_is_told_what_is_missing(code, filings):
    filing = filings[code]
    required = [paper for paper in papers_for(code, filing) if paper.required]

    assert missing_papers(code, filing) == ()
    for paper in required:
        assert missing_papers(code, without(filing, paper.field)) == (paper,)


def test_an_unknown_destination_needs_no_papers():
    assert papers_for("99", {}) == ()


@pytest.fixture
def accepted(filings):
    """What each paper of a type may be, by name."""
    return lambda code: [set(p.accepts.values()) for p in papers_for(code, filings[code])]


@pytest.mark.requirement("F26")
def test_a_labour_contract_is_proved_by_cover_and_sealed_page(fill_destination, filings):
    for missing in ("contract_cover", "contract_seal_page"):
        (story,) = stories(fill_destination("11", without(filings["11"], missing)))
        assert story.startswith("请上传劳动合同")


@pytest.mark.requirement("F27")
def test_another_hire_lasts_half_a_year_beyond_leaving(fill_destination, filings):
    known = {"hire_until": "2027-01-01"}

    assert stories(fill_destination("12", filings["12"] | {"hire_to": "2026-12-31"}, **known)) == [
        "聘用终止日期不能早于2027年1月1日（离校后聘用不少于 6 个月）"
    ]
    assert stories(fill_destination("12", filings["12"] | {"hire_to": "2027-01-01"}, **known)) == []


@pytest.mark.requirement("F27")
def test_another_hire_pays_at_least_the_minimum_wage(fill_destination, filings):
    assert stories(
        fill_destination("12", filings["12"] | {"hire_salary": "2059.99"}, minimum_wage="2060")
    ) == ["月薪不能低于 2,060 元/月（当地最低工资标准）"]
    assert (
        stories(
            fill_destination("12", filings["12"] | {"hire_salary": "2060"}, minimum_wage="2060")
        )
        == []
    )


@pytest.mark.requirement("F27")
def test_another_hire_is_proved_by_a_certificate_and_the_form(accepted):
    assert accepted("12") == [{"在职证明", "聘用证明"}, set()]


@pytest.mark.requirement("F28")
@pytest.mark.parametrize("code", ["801", "802", "803"])
def test_domestic_study_is_proved_by_one_of_five_papers(code, accepted):
    assert accepted(code) == [{"调档函", "录取通知书", "录取名单", "公示", "调剂系统待录取结果"}]


@pytest.mark.requirement("F29")
def test_study_abroad_is_proved_by_the_admission(fill_destination, filings):
    assert stories(fill_destination("85", without(filings["85"], "abroad_proof"))) == [
        "请上传境外院校录取证明"
    ]


@pytest.mark.requirement("F30")
def test_a_research_assistant_hands_in_agreement_contract_or_another_proof(accepted):
    assert accepted("27") == [{"就业协议", "劳动合同", "其他证明材料"}]


@pytest.mark.requirement("F31")
@pytest.mark.parametrize(
    ("kind", "papers"),
    [
        ("company", {"company_proof"}),
        ("incubator", {"incubator_agreement"}),
        ("shop", {"shop_pictures", "shop_turnover"}),
    ],
)
def test_each_kind_of_startup_has_its_own_papers(fill_destination, startups, kind, papers):
    filing = startups[kind]
    form = fill_destination("75", filing)

    assert form.validate(), form.problems
    assert {key for key in form.file_fields if key in form.answers} == papers
    for paper in papers:
        assert len(stories(fill_destination("75", without(filing, paper)))) == 1


@pytest.mark.requirement("F31")
def test_a_shop_needs_its_address(fill_destination, startups):
    assert stories(fill_destination("75", without(startups["shop"], "shop_address"))) == [
        "请填写网店地址"
    ]


@pytest.mark.requirement("F32")
def test_a_freelancer_says_what_is_done_and_earns_the_minimum_wage(fill_destination, filings):
    filing = filings["76"]

    assert stories(fill_destination("76", filing | {"work_content": "翻译"})) == [
        "工作内容至少 20 字，现在是 2 字"
    ]
    assert stories(
        fill_destination("76", filing | {"monthly_income": "1000"}, minimum_wage="2060")
    ) == ["月收入不能低于 2,060 元/月（当地最低工资标准）"]
    assert len(stories(fill_destination("76", without(filing, "freelance_form")))) == 1


@pytest.mark.requirement("F32")
def test_an_occupation_outside_the_list_is_named(fill_destination, filings):
    assert stories(fill_destination("76", filings["76"] | {"occupation": "other"})) == [
        "请填写职业名称"
    ]


@pytest.mark.requirement("F33")
def test_a_conscript_hands_in_one_of_two_notices(accepted):
    assert accepted("46") == [{"预定兵通知书", "入伍通知书"}]


@pytest.mark.requirement("F34")
@pytest.mark.parametrize("code", ["50", "501", "502", "503", "511", "512", "519"])
def test_a_grassroots_project_is_proved_by_one_of_four_papers(code, accepted):
    assert accepted(code) == [{"就业协议书或制式协议书", "录用文件", "接收证明", "公示材料"}]


def test_a_contract_does_not_end_before_it_begins(fill_destination, filings):
    posted = filings["11"] | {"contract_to": "2026-06-30"}

    assert stories(fill_destination("11", posted)) == ["终止日期不能早于2026年7月1日"]


def test_the_photo_of_a_paper_agreement_is_a_kind_of_evidence():
    rule = table("evidence_rules").find("registration")

    assert rule is not None
    assert [paper["label"] for paper in rule.more["papers"]] == ["盖章纸质协议书图像"]


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
