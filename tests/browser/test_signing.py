"""An invitation becomes an agreement, told by those who do it, each at a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.house import House
from tests.browser.papers import decode_codes, page_count
from tests.browser.visitor import DESKTOP, PHONE, Visitor

QIMING, QIMING_LOGIN = "启明信息技术有限公司", "19900001013"
CLASSMATE = 56  # of Lin's college; holds an invitation of Hengxin already


@pytest.fixture
def qiming(house, visit) -> Visitor:
    """The employer that has found nobody yet, at a desk."""
    visitor = visit(house, **DESKTOP)
    visitor.log_in(QIMING_LOGIN, "employer")
    return visitor


@pytest.fixture
def classmate(house, visit) -> Visitor:
    """The graduate who is invited, on a phone."""
    visitor = visit(house, **PHONE)
    visitor.log_in(house.login_of(CLASSMATE), "graduate")
    return visitor


@pytest.mark.requirement("B01")
def test_an_invitation_becomes_an_agreement(house, visit, enter, qiming, classmate, tmp_path):
    graduate = house.graduate(CLASSMATE)

    acts.invite(qiming, graduate.name, graduate.student_no)
    expect(qiming.page.locator("main .tag").first).to_have_text("待应约")
    qiming.picture("case-waiting")

    acts.accept(classmate, QIMING)
    expect(classmate.page.locator("main .tag").first).to_have_text("待院系审核")
    classmate.picture("phone-case")
    own_case = urlsplit(classmate.page.url).path

    the_other_invitation_can_only_be_viewed(classmate)
    review_by_keyboard(enter("rao"), graduate.name)
    review_by_mouse(enter("wu"), graduate.name)
    house.sweep()
    classmate.go(own_case)
    expect(classmate.page.locator("main .tag").first).to_have_text("签约完成")

    content = take_agreement(qiming, tmp_path)
    take_copies(qiming)
    verify(house, visit, content, graduate.name)


def the_other_invitation_can_only_be_viewed(graduate: Visitor) -> None:
    page = graduate.go("/home")
    expect(page.locator("ol.work")).to_contain_text("只能查看")
    page.get_by_role("link", name="恒信软件有限公司邀请您签约").click()
    expect(page.get_by_text("您已与其他单位签约，这份邀请只能查看。")).to_be_visible()
    expect(page.get_by_role("link", name="接受签约")).to_have_count(0)
    graduate.picture("phone-view-only")


def review_by_keyboard(reviewer: Visitor, name: str) -> None:
    """X and a figure give a reason; A turns round; only Ctrl Enter submits."""
    page = acts.open_review(reviewer, name)
    expect(page.get_by_role("button", name="关闭键盘快捷键")).to_be_visible()
    page.keyboard.press("x")
    expect(page.get_by_role("radio", name="不通过")).to_be_checked()
    page.keyboard.press("2")
    expect(page.locator("#reason")).to_have_value("统一社会信用代码有误，请核对后重新邀请")
    reviewer.picture("review-refuse")
    page.keyboard.type("a")
    expect(page.locator("#reason")).to_have_value("统一社会信用代码有误，请核对后重新邀请a")
    page.get_by_role("radio", name="不通过").focus()
    page.keyboard.press("a")
    expect(page.get_by_role("radio", name="通过").first).to_be_checked()
    reviewer.picture("review-pass")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("院系审核已提交：通过")


def review_by_mouse(reviewer: Visitor, name: str) -> None:
    page = acts.open_review(reviewer, name)
    page.get_by_role("radio", name="通过").first.check()
    page.get_by_role("button", name="提交，看下一件").click()
    expect(page.get_by_role("status")).to_contain_text("学校审核已提交：通过")


def take_agreement(employer: Visitor, folder: Path) -> bytes:
    page = employer.page
    page.reload()
    expect(page.locator("main .tag").first).to_have_text("签约完成")
    employer.picture("case-completed")
    with page.expect_download() as coming:
        page.get_by_role("link", name="点击下载电子协议书").click()
    coming.value.save_as(folder / "agreement.pdf")
    content = (folder / "agreement.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert page_count(content) == 2
    return content


def take_copies(employer: Visitor) -> None:
    """Three copies are handed out and counted; then a reason is asked for, or the office."""
    page = employer.page
    page.get_by_role("link", name="打印协议书").click()
    for count in (1, 2, 3):
        with page.expect_download():
            page.get_by_role("button", name="打印“用人单位”一份").click()
        page.reload()
        expect(page.get_by_text(f"{count}，共可打印 3 份")).to_be_visible()
    expect(page.get_by_role("button", name="打印“用人单位”一份")).to_have_count(0)
    expect(page.get_by_text("份数已用完")).to_be_visible()
    employer.picture("case-copies-used")


def verify(house: House, visit: Callable[..., Visitor], content: bytes, name: str) -> None:
    """Who holds the paper scans its code, then compares the file, with script and without."""
    address = next(text for text in decode_codes(content) if text.startswith("http"))
    assert address.startswith(house.address)
    altered = content.replace(b"%%EOF", b"%%EOF\n% altered")
    for options in (PHONE, {**DESKTOP, "java_script_enabled": False}):
        guest = visit(house, **options)
        page = guest.go(urlsplit(address).path)
        expect(page.get_by_role("heading", level=1)).to_have_text("这份协议书有效")
        expect(page.locator("main")).not_to_contain_text(name)
        expect(page.locator("main")).to_contain_text(name[0] + "*")
        for file, verdict in ((content, "一致，没有改动过"), (altered, "不一致")):
            compare(page, file, post="java_script_enabled" in options)
            expect(page.get_by_role("status")).to_contain_text(verdict)
        guest.picture("verify-" + ("posted" if "java_script_enabled" in options else "phone"))


def compare(page: Page, content: bytes, post: bool) -> None:
    if not page.locator("details[open]").count():
        page.get_by_text("我有电子版").click()
    file = {"name": "协议书.pdf", "mimeType": "application/pdf", "buffer": content}
    page.locator("input[type=file]").set_input_files([file])
    if post:
        page.get_by_role("button", name="上传核对").click()


def test_a_refused_review_frees_the_graduate(house, enter, visit):
    name = house.graduate(6).name
    rao = enter("rao")

    page = acts.open_review(rao, name)
    page.get_by_role("radio", name="不通过").check()
    page.get_by_role("button", name="提交，看下一件").click()
    expect(page.locator(".errors")).to_be_focused()
    page.locator("#reason").fill("授权书上看不到红色公章")
    page.get_by_role("button", name="提交，看下一件").click()
    expect(page.get_by_role("status")).to_contain_text("院系审核已提交：不通过")

    graduate = visit(house, **PHONE)
    graduate.log_in(house.login_of(6), "graduate")
    graduate.go("/cases").get_by_role("link", name="恒信").click()
    expect(graduate.page.locator("main .tag").first).to_have_text("签约失败")
    expect(graduate.page.locator("main")).to_contain_text("授权书上看不到红色公章")


def test_several_are_reviewed_at_once(house, enter):
    page = enter("rao").go("/review?family=online_signing")
    boxes = page.locator("tbody input[name=task]")
    count = boxes.count()
    assert count > 1, "the demo keeps several of one kind waiting"
    for place in range(count):
        boxes.nth(place).check()
    acts.press(page, "核对并批量审核")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"核对并批量审核：{count} 件")
    page.get_by_role("radio", name="通过").first.check()
    acts.press(page, f"确认提交 {count} 件")

    expect(page.get_by_role("heading", level=1)).to_have_text(f"{count} 件已提交")
    expect(page.locator("tbody tr .tag.good")).to_have_text(["已提交"] * count)


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_mistakes_are_named_and_nothing_typed_is_lost(device, house, visit):
    graduate = house.graduate(61)
    employer = visit(house, **device)
    employer.log_in(QIMING_LOGIN, "employer")

    acts.look_up(employer, graduate.name, "2023010000")
    page = employer.page
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator("#name")).to_have_value(graduate.name)
    page.locator("#student_no").fill(graduate.student_no)
    acts.press(page, "下一步：填写邀请")

    acts.type_offer(page, uscc="9134010", contact_email="hr", trial_salary="12000")
    acts.press(page, "下一步：核对")
    expect(page.locator(".errors")).to_be_focused()
    expect(page).to_have_title(re.compile("^有 3 处需要修改"))
    expect(page.locator(".errors")).to_contain_text("统一社会信用代码要填 18 位，现在是 7 位")
    expect(page.locator("#uscc")).to_have_value("9134010")
    expect(page.locator("#position_name")).to_have_value("后端开发工程师")
    employer.picture(f"mistakes-{device['viewport']['width']}")

    page.locator("#uscc").fill("无")
    page.locator("#uscc_none_reason").fill("部队单位")
    acts.pick(page, "单位行业", "软件", "软件和信息技术服务业")
    choose_region(page)
    acts.pick(page, "职位类别", "工程", "工程技术人员")
    expect(page.locator("#uscc_none_reason")).to_have_value("部队单位")
    expect(page.locator("#contact_email")).to_have_value("hr")
    expect(page.locator("#region")).to_contain_text("蜀山区")
    expect(page.locator("#industry")).to_contain_text("软件和信息技术服务业")

    page.locator("#contact_email").fill("hr@example.com")
    acts.press(page, "下一步：核对")
    expect(page.locator("main")).to_contain_text("转正起薪低于试用起薪，请核对")
    employer.picture(f"check-{device['viewport']['width']}")
    acts.press(page, "返回修改")
    page.locator("#trial_salary").fill("9000")
    acts.send(page)
    expect(page.locator("main .tag").first).to_have_text("待应约")


def choose_region(page: Page) -> None:
    """Level by level, as on paper."""
    page.get_by_role("button", name="单位所在地").click()
    for name in ("安徽省", "合肥市"):
        page.get_by_role("link", name=name).click()
    page.get_by_role("button", name="蜀山区").click()


def test_the_whole_way_without_script(house, visit):
    graduate = house.graduate(61)
    plain = {"java_script_enabled": False}
    employer = visit(house, **DESKTOP, **plain)
    employer.log_in(QIMING_LOGIN, "employer")
    acts.invite(employer, graduate.name, graduate.student_no)

    invited = visit(house, **PHONE, **plain)
    invited.log_in(house.login_of(61), "graduate")
    acts.accept(invited, QIMING)

    for login, said in (("rao", "院系审核已提交：通过"), ("wu", "学校审核已提交：通过")):
        reviewer = visit(house, **DESKTOP, **plain)
        reviewer.log_in(login, "school")
        page = acts.open_review(reviewer, graduate.name)
        page.get_by_role("radio", name="通过").first.check()
        page.get_by_role("button", name="提交，看下一件").click()
        expect(page.get_by_role("status")).to_contain_text(said)

    house.sweep()
    employer.page.reload()
    expect(employer.page.locator("main .tag").first).to_have_text("签约完成")
    expect(employer.page.locator(".steps .done")).not_to_have_count(0)
    address = employer.page.get_by_role("link", name="点击下载电子协议书").get_attribute("href")
    assert page_count(employer.fetch(address)) == 2
