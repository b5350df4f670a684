"""A graduate begins a signing on a phone; employer and college bring it to its filing on a desktop."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.looking import look_over, require_flawless
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from webapp.demo.cast import OTHER_SCHOOL_CODE, THIRD_SCHOOL_CODE

COLLEGE = "土木工程学院"  # Fang's
OPINION = "同意，七月中旬报到"
TERMS = {
    "contact_name": "周宁",
    "position_name": "结构工程师",
    "trial_period": "3 个月",
    "trial_salary": "7000",
    "salary": "8600",
    "report_place": "示范路 1 号",
    "superior_opinion": "同意接收档案",
}
CONTACT = {
    "school_department": "土木工程学院学工办",
    "school_contact_name": "方老师",
    "school_phone": "025-00000011",
    "school_postcode": "211100",
    "school_address": "土木楼 102",
}


@pytest.fixture
def graduate(house, visit) -> Visitor:
    visitor = visit(house, **PHONE)
    visitor.log_in(
        house.login_of(house.newcomer(COLLEGE, THIRD_SCHOOL_CODE), THIRD_SCHOOL_CODE), "graduate"
    )
    return visitor


@pytest.mark.requirement(
    *("G01", "G02", "G03", "G04", "G05", "G06", "G09", "G11", "G12", "G14", "G17", "G19"),
    *("G20", "G21", "G22", "G23", "G24", "G26", "G27", "G28", "G31", "A20"),
)
def test_from_my_signing_to_the_filing(house, enter, graduate):
    serial = house.newcomer(COLLEGE, THIRD_SCHOOL_CODE)
    name = house.graduate(serial, THIRD_SCHOOL_CODE).name
    page = begin(graduate)
    fill_in(graduate, page)
    faults = look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    submit(page)
    assert acts.status(page) == "待用人单位签约"

    employer = enter("hengxin")
    sign(employer, name)
    assert acts.status(employer.page) == "待学生复核确认"

    object_to(graduate, page, "报到地点是江宁分公司")
    sign(employer, name, "江宁分公司")
    take_back(employer)
    type_terms(employer.page, "江宁分公司 2 楼")
    confirm_signing(employer.page)

    recheck(graduate, page)
    assert acts.status(page) == "待学院审核"

    reviewer = enter("fang")
    review(reviewer, name)
    house.sweep()
    page.reload()
    assert acts.status(page) == "审核通过"
    expect(page.get_by_role("link", name="点击下载电子协议书")).to_be_visible()
    record_papers(graduate, page)

    file(house, reviewer, serial, name)
    page.goto(graduate.address + "/cases")
    expect(page.locator("ol.work li").first).to_contain_text("已备案")
    graduate.picture("phone-signing-filed")
    require_flawless(faults)


def begin(graduate: Visitor) -> Page:
    """我的签约: look at the flow, read the notice, agree to it."""
    page = graduate.go("/cases")
    page.get_by_role("link", name="填写/编辑就业协议书").click()
    template = page.get_by_role("link", name="查看就业协议模板（PDF）").get_attribute("href")
    assert graduate.fetch(template).startswith(b"%PDF")
    expect(page.locator(".diagram svg").first).to_be_visible()
    acts.press(page, "开始填写")
    expect(page.locator("main")).to_contain_text("正式提交后不能更换单位，除非单位退回")
    acts.press(page, "下一步：核对")
    expect(page.get_by_role("alert")).to_contain_text("请先阅读《签约须知》和《违约说明》")
    page.get_by_label("我已阅读").check()
    graduate.picture("phone-signing-notice")
    acts.press(page, "下一步：核对")
    acts.press(page, "确认提交")
    return page


def fill_in(graduate: Visitor, page: Page) -> None:
    page.locator("#email").fill("lin@example.com")
    page.locator("#graduate_opinion").fill(OPINION)
    acts.pick(page, "签约单位", "恒信 有限", "恒信软件有限公司")
    expect(page.locator("#graduate_opinion")).to_have_value(OPINION)
    page.get_by_label("以上基本信息无误").check()
    page.get_by_role("radio", name="正式提交").check()
    graduate.picture("phone-signing-agreement")


def submit(page: Page) -> None:
    acts.press(page, "下一步：核对")
    expect(page.get_by_role("heading", level=1)).to_have_text("核对并正式提交")
    acts.press(page, "确认正式提交")


def sign(employer: Visitor, name: str, place: str = "示范路 1 号") -> None:
    """待签约信息: search, 办理, 确定签约."""
    page = employer.go("/signing/waiting")
    page.get_by_label("姓名或学号").fill(name)
    acts.press(page, "查找")
    page.get_by_role("link", name=f"办理{name}的签约").click()
    expect(page.locator("main")).to_contain_text(OPINION)
    type_terms(page, place)
    if page.get_by_role("button", name="职位类别").inner_text() == "未选择":
        acts.pick(page, "职位类别", "工程", "工程技术人员")
    employer.picture("employer-signing")
    confirm_signing(page)


def type_terms(page: Page, place: str) -> None:
    for key, text in {**TERMS, "report_place": place}.items():
        page.locator(f"#{key}").fill(text)
    page.get_by_label("不接收", exact=True).check()
    page.get_by_role("radio", name="确定签约").check()


def confirm_signing(page: Page) -> None:
    page.get_by_role("radio", name="确定签约").check()
    acts.press(page, "下一步：核对")
    acts.press(page, "确定签约")


def object_to(graduate: Visitor, page: Page, text: str) -> None:
    page.goto(graduate.address + "/home")
    page.get_by_role("link", name="恒信软件有限公司").first.click()
    expect(page.locator("main")).to_contain_text("结构工程师")
    graduate.picture("phone-signing-recheck")
    page.get_by_role("link", name="提出异议").click()
    page.locator("#proposal").fill(text)
    acts.press(page, "确认提出异议")
    assert acts.status(page) == "待用人单位签约"


def take_back(employer: Visitor) -> None:
    page = employer.go("/signing/confirming")
    page.get_by_role("link", name="拿回").first.click()
    expect(page.locator("main")).to_contain_text("七天重新起算")
    acts.press(page, "确认拿回重签")
    expect(page.get_by_role("status")).to_contain_text("已拿回重签")


def recheck(graduate: Visitor, page: Page) -> None:
    page.goto(graduate.address + "/home")
    page.get_by_role("link", name="恒信软件有限公司").first.click()
    expect(page.locator("main")).to_contain_text("江宁分公司 2 楼")
    page.get_by_role("link", name="确定签约信息").click()
    acts.press(page, "确定签约信息")


def review(reviewer: Visitor, name: str) -> None:
    page = acts.open_review(reviewer, name)
    page.get_by_role("radio", name="通过").first.check()
    remembered = page.locator("#school_phone").input_value()
    for key, text in CONTACT.items():
        page.locator(f"#{key}").fill(text)
    reviewer.picture("review-signing")
    page.get_by_role("button", name="提交，看下一件").click()
    assert remembered == "025-00000011"  # as this reviewer wrote it for the last one


def record_papers(graduate: Visitor, page: Page) -> None:
    page.get_by_role("link", name="办理：纸质流转登记").click()
    page.locator("#college_sealed_on").fill("2026-11-20")
    page.get_by_role("radio", name="先登记到这里").check()
    acts.press(page, "下一步：核对")
    acts.press(page, "确认先登记到这里")
    expect(page.get_by_role("status")).to_contain_text("已提交“纸质流转登记”")


def file(house, reviewer: Visitor, serial: int, name: str) -> None:
    """Scan the number, see the seals, 备案; a second scan tells that it is filed."""
    student_no = house.graduate(serial, THIRD_SCHOOL_CODE).student_no
    page = reviewer.go("/filings")
    page.locator("#q").fill(student_no)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("备案")
    acts.press(page, "备案")
    expect(page.get_by_role("alert")).to_contain_text("见到三方盖章的原件，才能备案")
    page.get_by_label("已见到").check()
    reviewer.picture("filing")
    acts.press(page, "备案")
    expect(page.get_by_role("status")).to_contain_text(f"{name}的就业协议已备案")
    page.locator("#q").fill(student_no)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("不用再办")


@pytest.mark.requirement("G08", "G15", "G16", "N06")
def test_several_are_signed_at_once(enter):
    employer = enter("hengxin")
    page = employer.go("/home")
    badge = page.get_by_role("link", name="待签约信息")
    expect(badge).to_have_text("待签约信息 3")
    badge.click()
    for box in page.locator("input[name=task]").all():
        box.check()
    acts.press(page, "批量签约")
    expect(page.get_by_role("heading", level=1)).to_have_text("批量签约：2 位")
    type_terms_for_all(page)
    acts.pick(page, "职位类别", "工程", "工程技术人员")
    expect(page.locator("#position_name")).to_have_value("结构工程师")
    faults = look_over(page)
    page.set_viewport_size(DESKTOP["viewport"])
    employer.picture("employer-batch")
    acts.press(page, "下一步：核对")
    acts.press(page, "确定与这 2 位签约")

    expect(page.get_by_role("heading", level=1)).to_have_text("2 人已签约")
    page.get_by_role("link", name="回到待签约信息").click()
    expect(page.get_by_role("link", name="待签约信息").first).to_have_text("待签约信息 1")
    page.get_by_role("link", name="待学生确认").click()
    expect(page.get_by_role("link", name="拿回")).to_have_count(3)
    require_flawless(faults)


def type_terms_for_all(page: Page) -> None:
    for key, text in TERMS.items():
        page.locator(f"#{key}").fill(text)
    page.get_by_label("不接收", exact=True).check()


@pytest.mark.requirement("D01", "D02", "D03", "D04", "D05")
def test_an_employer_enters_a_graduate_who_confirms_on_a_phone(house, enter, visit):
    graduate = house.graduate(11, OTHER_SCHOOL_CODE)
    employer = enter("hengxin")
    page = employer.go("/signing/records")
    page.get_by_role("link", name="录入签约信息").click()
    page.locator("#name").fill(graduate.name)
    page.locator("#number").fill("000000")
    acts.press(page, "下一步：填写签约信息")
    expect(page.get_by_role("alert")).to_contain_text("要完全一致")
    page.locator("#number").fill(graduate.id_no[-6:])
    acts.press(page, "下一步：填写签约信息")
    type_terms_of_entry(page)
    acts.pick(page, "职位类别", "工程", "工程技术人员")
    employer.picture("employer-direct")
    acts.press(page, "下一步：核对")
    acts.press(page, "确认提交签约信息")
    assert acts.status(page) == "待毕业生确认"

    phone = visit(house, **PHONE)
    phone.log_in(house.login_of(11, OTHER_SCHOOL_CODE), "graduate")
    theirs = phone.go("/home")
    theirs.get_by_role("link", name="恒信软件有限公司").first.click()
    theirs.get_by_role("link", name="确认签约").click()
    phone.picture("phone-direct-confirm")
    faults = look_over(theirs)
    theirs.set_viewport_size(PHONE["viewport"])
    acts.press(theirs, "确认签约")
    assert acts.status(theirs) == "签约成功，待学校审核"

    page.reload()
    expect(page.get_by_role("link", name="预览草稿（PDF）")).to_be_visible()
    expect(page.get_by_role("link", name="打印协议书")).to_have_count(0)
    expect(page.get_by_role("link", name="点击下载电子协议书")).to_have_count(0)
    acts.open_review(enter("song"), graduate.name)
    require_flawless(faults)


def type_terms_of_entry(page: Page) -> None:
    for key in ("position_name", "trial_salary", "salary"):
        page.locator(f"#{key}").fill(TERMS[key])
    page.get_by_label("不接收", exact=True).check()
    page.get_by_role("radio", name="提交签约信息").check()
