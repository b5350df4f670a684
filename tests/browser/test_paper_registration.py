"""A graduate registers a paper on a phone, is asked to mend it, and the school completes it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.looking import look_over, require_flawless
from tests.browser.visitor import PHONE, Visitor
from webapp.demo.registrations import sealed_page

CLASSMATE = 61  # of Lin's college; has no case yet
EMPLOYER = "听涛海洋仪器有限公司"
TYPED = {
    "employer_name": EMPLOYER,
    "uscc": "91340100MA2MRBFK0N",
    "address": "示范路 61 号",
    "contact_name": "沈老师",
    "contact_mobile": "19900001061",
    "contact_email": "hr61@example.com",
    "position_name": "技术员",
    "salary": "7200",
    "paper_number": "340001270061",
}


@pytest.fixture
def classmate(house, visit) -> Visitor:
    visitor = visit(house, **PHONE)
    visitor.log_in(house.login_of(CLASSMATE), "graduate")
    return visitor


@pytest.mark.requirement("L01", "L02", "L03", "L04", "L06")
def test_a_paper_is_registered_on_a_phone(house, enter, classmate):
    name = house.graduate(CLASSMATE).name
    page = begin(classmate)
    fill_in(page)
    submit(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(EMPLOYER)
    assert acts.status(page) == "登记待审核"
    classmate.picture("phone-registration")

    page.get_by_role("link", name="撤回修改").click()
    classmate.picture("phone-registration-withdraw")
    acts.press(page, "确认撤回修改")
    expect(page.get_by_text("登记已撤回，改好后请重新提交")).to_be_visible()
    page.get_by_role("link", name="办理：登记协议信息").click()
    expect(page.locator("#employer_name")).to_have_value(EMPLOYER)
    consent(page)
    submit(page)

    decide(enter("rao"), name, "退回", "图像看不清，请重新拍照上传")
    page.goto(classmate.address + "/home")
    page.get_by_role("link", name=EMPLOYER).first.click()
    expect(page.locator("main")).to_contain_text("图像看不清，请重新拍照上传")
    consent(page)
    faults = look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    submit(page)

    decide(enter("rao"), name, "通过")
    decide(enter("wu"), name, "通过")
    page.reload()
    assert acts.status(page) == "完成就业协议信息登记"
    expect(page.locator("main")).to_contain_text("没有可以下载或打印的文件")
    expect(page.get_by_role("link", name="点击下载电子协议书")).to_have_count(0)
    classmate.picture("phone-registered")
    require_flawless(faults + look_over(page))


def begin(graduate: Visitor) -> Page:
    page = graduate.go("/home")
    page.get_by_role("link", name="已签就业协议登记信息").click()
    acts.press(page, "开始填写")
    return page


def fill_in(page: Page) -> None:
    """The paper's contents: typed, picked, and photographed."""
    for key, text in TYPED.items():
        page.locator(f"#{key}").fill(text)
    page.locator("#nature").select_option("39")
    page.locator("#signed_on").fill("2026-05-20")
    page.get_by_label("不接收", exact=True).check()
    photo = {"name": "协议第1页.png", "mimeType": "image/png", "buffer": sealed_page()}
    page.locator("input[name=sealed_copy__camera]").set_input_files([photo])
    acts.pick(page, "单位行业", "软件", "软件")
    acts.pick(page, "单位所在地", "蜀山", "蜀山区")
    acts.pick(page, "职位类别", "工程", "工程技术人员")
    expect(page.locator("main")).to_contain_text("协议第1页.png")
    consent(page)


def consent(page: Page) -> None:
    page.get_by_role("radio", name="提交审核").check()
    page.get_by_label("我已对照纸质协议核对").check()


def submit(page: Page) -> None:
    """Check, then confirm."""
    acts.press(page, "下一步：核对")
    expect(page.get_by_role("heading", level=1)).to_have_text("核对并提交审核")
    acts.press(page, "确认提交审核")


def decide(reviewer: Visitor, name: str, outcome: str, reason: str = "") -> None:
    page = acts.open_review(reviewer, name)
    expect(page.locator("main")).to_contain_text(EMPLOYER)
    expect(page.locator(".shots")).to_contain_text("协议第1页.png")
    page.get_by_role("radio", name=outcome).first.check()
    if reason:
        page.locator("#reason").fill(reason)
    reviewer.picture(f"review-registration-{outcome}")
    page.get_by_role("button", name="提交，看下一件").click()
    expect(page.get_by_role("status")).to_contain_text(f"已提交：{outcome}")
