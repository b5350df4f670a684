"""From a résumé to a signed agreement: on a graduate's phone, an employer's desk and in a college."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.looking import look_over, require_flawless
from tests.browser.visitor import PHONE, Visitor
from webapp.demo.cast import OTHER_SCHOOL_CODE
from webapp.demo.registrations import sealed_page

POST, EMPLOYER = "产品助理", "恒信软件有限公司"


@pytest.fixture
def serial(house) -> int:
    return house.newcomer("信息学院", OTHER_SCHOOL_CODE)


@pytest.fixture
def graduate(house, visit, serial) -> Visitor:
    visitor = visit(house, **PHONE)
    visitor.log_in(house.login_of(serial, OTHER_SCHOOL_CODE), "graduate")
    return visitor


@pytest.mark.requirement("C02", "C03", "C04", "C05", "C06", "C07", "C09", "C10", "C11", "N05")
def test_a_resume_becomes_an_agreement(house, enter, graduate, serial):
    name = house.graduate(serial, OTHER_SCHOOL_CODE).name
    page = write_resume(graduate)
    faults = look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    apply(page)
    assert acts.status(page) == "已投递"

    hengxin = enter("hengxin")
    desk = open_task(hengxin, name, "查看简历")
    expect(desk.locator("main")).to_contain_text("学院学生会")
    expect(desk.locator(".shots")).to_contain_text("我.png")
    hengxin.picture("desk-resume")
    faults += look_over(desk)
    invite(desk)

    accept_interview(page, graduate)
    decide(open_task(hengxin, name, "处理面试结果"))

    page = graduate.go("/applications/notices")
    expect(page.locator("main")).to_contain_text("恭喜您，您有工作啦，去签约吧")
    graduate.picture("phone-notices")
    page.get_by_role("link", name="查看并回应").click()
    page.get_by_role("link", name="办理：回应签约").click()
    graduate.picture("phone-offer")
    page.get_by_role("link", name="接受", exact=True).click()
    page.get_by_label("我已阅读").check()
    acts.press(page, "确认接受")
    assert acts.status(page) == "签约成功，待学校审核"
    expect(page.get_by_text("下载协议书")).to_have_count(0)

    desk = hengxin.go("/applicants")
    row = desk.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("网签成功,待学校审核")

    song = enter("song")
    review = acts.open_review(song, name)
    expect(review.locator("main")).to_contain_text(EMPLOYER)
    review.get_by_role("radio", name="通过").first.check()
    review.get_by_role("button", name="提交，看下一件").click()
    expect(review.get_by_role("status")).to_contain_text("已提交：通过")
    house.sweep()
    page.reload()
    assert acts.status(page) == "签约完成"
    expect(page.get_by_role("link", name="点击下载电子协议书")).to_be_visible()
    require_flawless(faults)


def write_resume(graduate: Visitor) -> Page:
    """Only the post's page leads there: who has no résumé writes it on the way."""
    page = graduate.go("/jobs")
    page.locator("#q").fill("助理")
    acts.press(page, "查找")
    page.get_by_role("link", name=POST).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(POST)
    page.get_by_role("link", name="投递简历").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的简历")
    page.locator("#email").fill("resume@example.edu.cn")
    page.locator("#introduction").fill("做事认真，喜欢和人一起把事情办成。")
    page.locator("#experience-0-period").fill("2025.09—2026.06")
    page.locator("#experience-0-place").fill("学院学生会")
    photo = {"name": "我.png", "mimeType": "image/png", "buffer": sealed_page()}
    page.locator("input[name=photo__album]").set_input_files([photo])
    acts.press(page, "再加一段经历")
    expect(page.locator("#experience-1-period")).to_be_visible()
    expect(page.locator("main")).to_contain_text("我.png")
    graduate.picture("phone-resume")
    return page


def apply(page: Page) -> None:
    """Save, read what the employer will get, agree and send."""
    acts.press(page, "保存简历")
    expect(page.get_by_role("heading", level=1)).to_have_text("核对并投递")
    expect(page.locator("main")).to_contain_text(
        f"投递后，{EMPLOYER}才能看到您的联系电话和电子邮箱"
    )
    page.get_by_label("我同意把这份简历和联系方式交给该单位").check()
    acts.press(page, "确认投递")


def open_task(employer: Visitor, name: str, step: str) -> Page:
    page = employer.go("/home")
    page.get_by_role("link", name=f"{name} · {step}").click()
    return page


def invite(desk: Page) -> None:
    desk.get_by_role("link", name="面试邀请", exact=True).click()
    desk.locator("#interview_at").fill("2099-06-08T14:00")
    desk.get_by_label("视频", exact=True).check()
    desk.locator("#interview_place").fill("会议号 123 456")
    acts.press(desk, "确认面试邀请")


def accept_interview(page: Page, graduate: Visitor) -> None:
    graduate.go("/home")
    page.get_by_role("link", name=f"{EMPLOYER}邀请您面试").click()
    expect(page.locator("main")).to_contain_text("会议号 123 456")
    graduate.picture("phone-interview")
    page.get_by_role("link", name="接受", exact=True).click()
    acts.press(page, "确认接受")
    assert acts.status(page) == "接受"


def decide(desk: Page) -> None:
    """The post's title stands in the form already; terms and words are typed."""
    expect(desk.locator("#position_name")).to_have_value(POST)
    desk.locator("#offer_message").fill("恭喜您，您有工作啦，去签约吧")
    desk.locator("#salary").fill("8000")
    desk.get_by_label("不接收", exact=True).check()
    desk.get_by_label("毕业生收到签约通知").check()
    acts.press(desk, "下一步：核对")
    expect(desk.get_by_role("heading", level=1)).to_have_text("核对并签约")
    acts.press(desk, "确认签约")
    expect(desk.locator("main .tag").first).to_have_text("签约通知")
