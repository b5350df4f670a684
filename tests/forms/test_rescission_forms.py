"""The forms of a rescission: what must be said, what is checked with the employer, what is shown."""

from __future__ import annotations

import pytest

from forms.compiler import form_class

ASKED = {
    "outcome": "send",
    "rescission_reason": "S3",
    "explanation": "已与对方协商一致，双方同意解除协议。",
    "agreed_on": "2026-05-20",
}
CHECKED = {
    "verified_by": "phone",
    "verified_with": "周宁（人事）",
    "verified_at": "2026-05-18T09:00",
    "verification_result": "单位同意解约，解约函属实",
}


@pytest.fixture
def fill(monday, register):
    """Fill a form for an agreement that was signed on 20 April 2026."""
    agreement = {"number": "2026001", "employer_name": "恒信", "signed_on": "2026-04-20"}

    def make(key, posted, **context):
        known = {"now": monday, "register": {**register, "agreement": agreement}}
        return form_class(key)(posted, None, known | context)

    return make


@pytest.fixture
def review(fill):
    """Decide on a request, in a call with these parameters."""

    def make(posted, returns=True, verifies=True, **scope):
        parameters = {"returns": returns, "verifies": verifies}
        return fill("review/decide_rescission", posted, scope={"parameters": parameters, **scope})

    return make


def stories(form):
    form.validate()
    return [problem.message for problem in form.problems]


@pytest.mark.requirement("I02")
def test_a_request_says_why(fill):
    assert stories(fill("rescission/apply_online", ASKED)) == []
    assert stories(fill("rescission/apply_online", {"outcome": "send"})) == [
        "请选择解约原因",
        "请填写解约说明",
    ]


@pytest.mark.requirement("I02")
@pytest.mark.parametrize(("explanation", "fits"), [("九" * 9, False), ("十" * 10, True)])
def test_an_explanation_has_ten_characters_at_least(fill, explanation, fits):
    form = fill("rescission/apply_online", {**ASKED, "explanation": explanation})

    assert form.validate() is fits


@pytest.mark.parametrize(("day", "fits"), [("2026-04-19", False), ("2026-04-20", True)])
def test_the_day_agreed_on_is_not_before_the_signing(fill, day, fits):
    form = fill("rescission/apply_online", {**ASKED, "agreed_on": day})

    assert stories(form) == ([] if fits else ["约定解约日期不能早于2026年4月20日（签约日期）"])


def test_who_gives_up_need_not_say_anything(fill):
    form = fill("rescission/apply_offline", {"outcome": "discard"})

    assert form.validate()
    assert form.answers == {"outcome": "discard"}


@pytest.mark.requirement("K02", "F16")
def test_a_request_with_material_has_the_letter(fill):
    uploads = {"a1": {"name": "解约函.pdf", "url": "/uploads/a1", "thumb": ""}}
    without = fill("rescission/apply_offline", ASKED, uploads=uploads)
    complete = fill("rescission/apply_offline", {**ASKED, "material": ["a1"]}, uploads=uploads)

    assert stories(without) == ["请上传解约函等材料"]
    assert stories(complete) == []
    assert complete.answers["material"] == ["a1"]


@pytest.mark.requirement("I05")
def test_who_refuses_a_request_says_why(fill):
    assert stories(fill("rescission/answer", {"outcome": "refuse"})) == ["请填写拒绝的原因"]
    assert stories(fill("rescission/answer", {"outcome": "accept"})) == []


@pytest.mark.requirement("K03")
@pytest.mark.parametrize("outcome", ["pass", "refuse"])
def test_an_offline_decision_says_how_it_was_checked_with_the_employer(review, outcome):
    decided = {"outcome": outcome, "reason": "材料与协议不符"}

    assert stories(review(decided)) == [
        "请选择核实方式",
        "请填写核实人",
        "请填写核实时间",
        "请填写核实结果",
    ]
    assert stories(review({**decided, **CHECKED})) == []


@pytest.mark.requirement("K03")
def test_a_check_cannot_lie_ahead(review):
    form = review({"outcome": "pass", **CHECKED, "verified_at": "2026-05-19T09:00"})

    assert not form.validate()


@pytest.mark.requirement("K05")
def test_what_is_returned_needs_a_reason_and_no_check(review):
    assert stories(review({"outcome": "return"})) == ["请填写原因"]
    assert stories(review({"outcome": "return", "reason": "解约函没有公章"})) == []


@pytest.mark.requirement("K03")
def test_the_second_level_reads_the_first_one_s_check(review):
    form = review({"outcome": "pass"}, College_review={"outcome": "pass", **CHECKED})

    assert form.validate()
    (shown,) = [node for node in form.layout if node.label == "院系的核实情况"]
    assert ("核实方式", "电话") in [(fact.label, fact.text) for fact in shown.facts]


@pytest.mark.requirement("I07", "K4")
def test_an_online_decision_knows_no_return_and_no_check(review):
    assert stories(review({"outcome": "pass"}, returns=False, verifies=False)) == []
    assert not review({"outcome": "return", "reason": "补充"}, False, False).validate()


@pytest.mark.requirement("F17")
def test_a_counsellor_who_does_not_agree_says_why(fill):
    assert stories(fill("rescission/counsellor", {"outcome": "disagree"})) == ["请填写不同意原因"]
    assert stories(fill("rescission/counsellor", {"outcome": "agree"})) == []
