"""A graduate applies for signing offline on the pages: the entry, what must be said and what may."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from webapp.models import Case
from webapp.services.cases import tasks

REQUIRED = {
    "employer_name": "湖畔生物技术有限公司",
    "uscc": "91340100MA2MRBFK0N",
    "nature": "39",
    "industry": "I65",
    "region": "340104",
    "address": "示例大道 2 号",
    "position_category": "13",
    "position_name": "技术员",
    "contact_name": "沈老师",
    "contact_mobile": "13800000009",
    "contact_email": "shen@example.com",
    "hukou": "NONE",
}
OPTIONAL = {
    "contact_phone": "0551-12345678",
    "trial_period": "3 个月",
    "trial_salary": "6000",
    "salary": "7200",
    "penalty": "5000",
    "report_place": "人力资源部",
    "report_by": "2026-07-20",
    "work_place": "合肥市蜀山区",
    "supplement": "提供住宿。",
}
DECISION = {"outcome": "submit", "ack": "y"}
HUKOU = {
    "EMPLOYER": "签约单位接收",
    "TRUSTEE": "托管单位接收",
    "SUPERIOR": "上级主管单位接收",
    "NONE": "不接收",
}


class Applying:
    """Lin's application on its pages."""

    def __init__(self, visit, cast, session) -> None:
        self.cast, self.session = cast, session
        self.browser = visit(cast.lin)
        self.entry = f"/start/offline_signing/school_application/graduate/{cast.graduate.id}"

    def begin(self):
        self.browser.post(self.entry)
        return self

    def case(self) -> Case:
        self.session.rollback()
        return self.session.scalars(select(Case).where(Case.family == "offline_signing")).one()

    def address(self) -> str:
        (task,) = tasks.open_tasks(self.session, self.case().id)
        return f"/tasks/{task.id}/answer"

    def page(self) -> str:
        return self.browser.get(self.address()).text

    def post(self, do, **typed):
        return self.browser.post(self.address(), data={**DECISION, **typed, "do": do})


@pytest.fixture
def applying(visit, cast, session, published) -> Applying:
    return Applying(visit, cast, session)


@pytest.mark.requirement("J01")
def test_the_entry_stands_on_the_graduates_home_and_opens_a_draft(applying, visit, cast):
    home = applying.browser.get("/home").text
    start = applying.browser.get(applying.entry).text

    assert "未签就业协议申请签约" in home
    assert applying.entry in home
    assert "未签就业协议申请签约" in start
    applying.begin()
    assert applying.case().status == "drafting"
    assert "填写协议信息" in applying.page()


@pytest.mark.requirement("J01")
@pytest.mark.parametrize("who", ["hengxin", "rao", "wu"])
def test_nobody_else_applies_for_a_graduate(applying, visit, cast, session, who):
    refused = visit(getattr(cast, who)).post(applying.entry)

    assert refused.status_code in (403, 404)
    assert session.scalars(select(Case.id)).all() == []


@pytest.mark.requirement("J02")
@pytest.mark.parametrize("left_out", REQUIRED)
def test_each_required_answer_is_asked_for_by_its_name(applying, left_out):
    applying.begin()
    typed = {key: value for key, value in REQUIRED.items() if key != left_out}

    answer = applying.post("confirm", **typed)

    assert answer.status_code == 422
    assert re.search(rf'href="#{left_out}[^"]*"', answer.text)
    assert applying.case().status == "drafting"


@pytest.mark.requirement("J03", "J05")
def test_what_is_optional_may_be_left_out(applying):
    applying.begin()

    applying.post("confirm", **REQUIRED)

    assert applying.case().status == "agreement_under_review"


@pytest.mark.requirement("J03")
def test_what_is_optional_is_kept_as_it_was_said(applying):
    applying.begin().post("confirm", **REQUIRED, **OPTIONAL)

    said = applying.case().variables["Fill_application"]
    kept = {key: str(said[key]).removesuffix(".00") for key in OPTIONAL}
    assert kept == OPTIONAL


@pytest.mark.requirement("J03")
def test_the_supplement_ends_at_a_thousand_letters(applying):
    applying.begin()

    refused = applying.post("confirm", **REQUIRED, supplement="字" * 1001)

    assert refused.status_code == 422
    assert "1000" in refused.text
    applying.post("confirm", **REQUIRED, supplement="字" * 1000)
    assert applying.case().status == "agreement_under_review"


@pytest.mark.requirement("J04")
def test_there_are_four_answers_about_the_hukou_and_no_other(applying):
    applying.begin()
    page = applying.page()

    found = re.findall(r'name="hukou"[^>]*value="(\w+)"|value="(\w+)"[^>]*name="hukou"', page)
    assert sorted("".join(pair) for pair in found) == sorted(HUKOU)
    for words in HUKOU.values():
        assert words in page
    assert applying.post("confirm", **{**REQUIRED, "hukou": "SOMEHOW"}).status_code == 422


@pytest.mark.requirement("J04")
@pytest.mark.parametrize("choice", HUKOU)
def test_each_of_the_four_can_be_chosen(applying, choice):
    applying.begin().post("confirm", **{**REQUIRED, "hukou": choice})

    assert applying.case().variables["Fill_application"]["hukou"] == choice
