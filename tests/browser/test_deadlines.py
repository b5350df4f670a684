"""The clock runs, an employer takes an invitation back, and somebody is too late."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import acts
from tests.browser.looking import look_over, require_flawless
from tests.browser.visitor import DESKTOP, PHONE


def test_an_invitation_lapses_before_ones_eyes(house, enter):
    lin = enter("lin")
    page = lin.page
    page.get_by_role("link", name="恒信软件有限公司邀请您签约").click()
    page.get_by_role("link", name="看流程图和经过").click()
    expect(page.locator("main .tag").first).to_have_text("待应约")

    page.locator(".demo").get_by_role("button", name="+7 天").click()

    expect(page.locator("main .tag").first).to_have_text("失效")
    expect(page.locator(".diagram svg").first).to_be_visible()
    lin.picture("phone-lapsed")
    page.get_by_role("link", name="消息").click()
    expect(page.locator("main")).to_contain_text("恒信软件有限公司")


def test_whoever_comes_after_the_deadline_reads_why(house, enter):
    lin = enter("lin")
    page = lin.page
    page.get_by_role("link", name="恒信软件有限公司邀请您签约").click()
    page.get_by_role("link", name="接受签约").click()
    page.get_by_label("我已阅读").check()

    ada = enter("ada")
    ada.page.locator(".demo").get_by_role("button", name="+7 天").click()
    expect(ada.page.get_by_role("heading", level=1)).to_be_visible()
    acts.press(page, "确认接受签约")

    expect(page.get_by_role("heading", level=1)).to_have_text("已过办理时间")
    expect(page.locator("main")).to_contain_text("现在不能提交了。这不算您拒绝。")
    lin.picture("phone-too-late")
    require_flawless(look_over(page))


def test_a_second_answer_is_told_who_was_faster(house, enter):
    first, second = enter("lin"), enter("lin", DESKTOP)
    for visitor in (first, second):
        page = visitor.page
        page.get_by_role("link", name="恒信软件有限公司邀请您签约").click()
        page.get_by_role("link", name="接受签约").click()
        page.get_by_label("我已阅读").check()

    acts.press(first.page, "确认接受签约")
    expect(first.page.locator("main .tag").first).to_have_text("待院系审核")
    acts.press(second.page, "确认接受签约")

    expect(second.page.get_by_role("heading", level=1)).to_contain_text("已")
    expect(second.page.get_by_role("link", name="查看现在的进度")).to_be_visible()
    second.picture("too-late-twice")
    require_flawless(look_over(second.page))


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_employer_takes_an_invitation_back(device, house, enter):
    hengxin = enter("hengxin", device)
    page = hengxin.page
    page.get_by_role("link", name=house.graduate(56).name).click()
    page.get_by_role("link", name="撤回邀请").click()
    hengxin.picture(f"withdraw-{device['viewport']['width']}")

    acts.press(page, "确认撤回")

    expect(page.get_by_role("status")).to_contain_text("邀请已撤回")
    expect(page.locator("main .tag").first).to_have_text("已撤回")


def test_a_withdrawal_after_the_answer_is_refused(house, enter):
    hengxin = enter("hengxin")
    page = hengxin.page
    page.get_by_role("link", name="林知夏").click()
    page.get_by_role("link", name="撤回邀请").click()
    acts.accept(enter("lin"), "恒信软件有限公司")

    acts.press(page, "确认撤回")

    expect(page.get_by_role("heading", level=1)).not_to_have_text("撤回给林知夏的邀请")
    expect(page.locator("main")).to_contain_text("不能再撤回")
    expect(page.get_by_role("link", name="查看现在的进度")).to_be_visible()
    hengxin.picture("withdraw-too-late")
    require_flawless(look_over(page))
