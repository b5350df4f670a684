"""What people of the demo do on its pages; works by mouse, by finger and without script."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.visitor import Visitor
from webapp.clock import utc_now
from webapp.services.accounts.codes import latest_code

OFFER = {
    "position_name": "后端开发工程师",
    "work_place": "合肥市蜀山区",
    "trial_period": "3 个月",
    "trial_salary": "9000",
    "salary": "10500",
    "penalty": "3000",
    "report_by": "2027-07-10",
    "archive_unit": "合肥市人才服务中心",
    "archive_address": "合肥市示范路 9 号",
    "archive_postcode": "230001",
}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def type_code(house: House, page: Page, button: str) -> None:
    """Type the newest code that left for a phone."""
    with house.sessions() as session:
        found = latest_code(session, utc_now(session))
    page.get_by_label("验证码").fill(found[0] if found else "")
    press(page, button)


def draw_signature(page: Page) -> None:
    """Two strokes in the pad."""
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    for across, down in ((0.2, 0.3), (0.4, 0.7)):
        page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.5, steps=12)
        page.mouse.up()
    expect(page.get_by_text("已签名，可以重写")).to_be_visible()


def look_up(employer: Visitor, name: str, student_no: str) -> None:
    """Find a graduate by the three things that a graduate tells."""
    page = employer.go("/home")
    page.get_by_role("link", name="发起签约邀请").click()
    page.locator("#school").select_option("10999")
    page.locator("#name").fill(name)
    page.locator("#student_no").fill(student_no)
    press(page, "下一步：填写邀请")


def type_offer(page: Page, **changed: str) -> None:
    page.get_by_label("签约单位接收", exact=True).check()
    for key, text in {**OFFER, **changed}.items():
        page.locator(f"#{key}").fill(text)
    page.get_by_label("发出邀请", exact=False).check()


def pick(page: Page, label: str, word: str, name: str) -> None:
    """Search a code table and come back to the form."""
    page.get_by_role("button", name=label).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"选择{label}")
    page.locator("#q").fill(word)
    press(page, "查找")
    found = page.locator("section", has=page.get_by_role("heading", name="查找结果"))
    found.get_by_role("button", name=name).first.click()


def send(page: Page) -> None:
    """The two pages of sending: check, then confirm."""
    press(page, "下一步：核对")
    expect(page.get_by_role("heading", level=1)).to_have_text("核对并发出邀请")
    press(page, "确认发出邀请")


def invite(employer: Visitor, name: str, student_no: str) -> None:
    """A whole invitation without mistakes."""
    look_up(employer, name, student_no)
    type_offer(employer.page)
    pick(employer.page, "职位类别", "工程", "工程技术人员")
    send(employer.page)


def accept(graduate: Visitor, employer: str) -> None:
    """Read, then check and confirm: a binding act takes two pages."""
    page = graduate.go("/home")
    page.get_by_role("link", name=f"{employer}邀请您签约").click()
    page.get_by_role("link", name="接受签约").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("核对并接受签约")
    page.get_by_label("我已阅读").check()
    press(page, "确认接受签约")


def open_review(reviewer: Visitor, name: str) -> Page:
    """Search the queue and open what is found."""
    page = reviewer.go("/review")
    page.get_by_label("姓名、学号或单位").fill(name)
    press(page, "查找")
    page.get_by_role("table").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page


def status(page: Page) -> str:
    return page.locator("main .tag").first.inner_text()
