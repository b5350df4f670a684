"""The first log-in, wrong passwords, and pages that are not there."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import acts
from tests.browser.looking import look_over, require_flawless
from tests.browser.visitor import DESKTOP, PHONE

OWN_PASSWORD = "晴天的操场旁边有一棵松树"


def test_the_first_visit_begins_with_a_password_and_the_own_data(house, visit):
    login = house.login_of(68)
    house.change(login, must_change_password=True)
    graduate = visit(house, **PHONE)
    page = graduate.log_in(login, "graduate")
    expect(page.get_by_role("heading", level=1)).to_have_text("先换一个自己的密码")
    graduate.picture("phone-password")

    page.locator("#new").fill("short")
    page.locator("#again").fill("short")
    acts.press(page, "保存新密码")
    expect(page.locator(".errors")).to_be_focused()
    graduate.go("/home")
    expect(page.get_by_role("heading", level=1)).to_have_text("先换一个自己的密码")
    page.locator("#new").fill(OWN_PASSWORD)
    page.locator("#again").fill(OWN_PASSWORD)
    acts.press(page, "保存新密码")

    expect(page.get_by_role("heading", level=1)).to_contain_text("请核对基本信息")
    assert house.graduate(68).base_data_confirmed_at is None
    graduate.picture("phone-base-data")
    require_flawless(look_over(page))
    graduate.go("/home")
    expect(page.get_by_role("heading", level=1)).to_contain_text("请核对基本信息")
    acts.press(page, "信息确认无误，进入系统")
    expect(page.get_by_role("heading", level=1)).to_contain_text("现在没有事等您处理")

    again = visit(house, **DESKTOP)
    again.log_in(login, "graduate", OWN_PASSWORD)
    expect(again.page.get_by_role("heading", level=1)).to_contain_text("现在没有事等您处理")


def test_a_wrong_password_keeps_the_name(house, visit):
    guest = visit(house, **PHONE)
    page = guest.go("/login?door=school")
    page.locator("#login").fill("rao")
    page.locator("#password").fill("wrong password")
    acts.press(page, "登录")

    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator("#login")).to_have_value("rao")
    expect(page.locator("#password")).to_have_value("")
    guest.picture("phone-log-in-refused")
    require_flawless(look_over(page))


def test_what_is_not_ones_own_looks_like_what_is_not_there(house, enter):
    lin = enter("lin")
    foreign = house.cases(6)[0]

    stories = []
    for path in (f"/cases/{foreign.id}", f"/cases/{foreign.id.hex[::-1]}", "/no/such/page"):
        answer = lin.page.goto(lin.address + path)
        assert answer.status == 404
        stories.append(lin.page.locator("main").inner_text())

    assert set(stories) == {stories[0]}
    assert "没有找到这个页面" in stories[0]
    lin.picture("phone-not-found")
