"""The admin sets the school up and looks after the outbox; a graduate chooses how to be told."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.looking import look_over, require_flawless


@pytest.mark.requirement("N02")
def test_the_admin_sets_the_school_up(house, enter):
    ada = enter("ada")
    page = ada.go("/admin/settings")
    ada.picture("settings")
    faults = look_over(page)

    page.locator("a[href$='/settings/agreements']").click()
    page.wait_for_url("**/agreements", wait_until="load")
    page.locator("#number_pattern").fill("Q{cohort}{school}{serial:04}")
    expect(page.locator("[data-example-place]")).to_have_text("Q2027109990001")
    page.locator("#print_quota").fill("0")
    acts.press(page, "保存设置")
    expect(page.get_by_role("alert")).to_contain_text("打印份数上限要在 1 到 20 之间")
    expect(page.locator("#number_pattern")).to_have_value("Q{cohort}{school}{serial:04}")
    ada.picture("settings-group")
    faults += look_over(page)
    page.locator("#print_quota").fill("4")
    acts.press(page, "保存设置")
    expect(page.get_by_role("status")).to_have_text("已保存：协议书编号规则、打印份数上限")

    page.get_by_role("link", name="状态名称").click()
    page.get_by_label("待应约", exact=True).fill("等待应约")
    ada.picture("settings-labels")
    faults += look_over(page)
    acts.press(page, "保存状态名称")
    page.get_by_role("link", name="开放的业务").click()
    page.locator("[value='destination_void/self_service']").uncheck()
    ada.picture("settings-offered")
    faults += look_over(page)
    acts.press(page, "保存开放的业务")
    expect(page.get_by_role("status")).to_have_text("已调整 1 种办法")
    change_notice(page)
    ada.picture("settings-notice")
    faults += look_over(page)
    acts.press(page, "保存通知")
    ada.picture("settings-notices")
    faults += look_over(page)

    page.goto(ada.address + "/admin/audit?act=setting_changed")
    expect(page.locator("tbody tr")).to_have_count(6)
    expect(page.locator("main")).to_contain_text("打印份数上限：3 → 4")
    lin = enter("lin")
    expect(lin.go("/cases").locator("main")).to_contain_text("等待应约")
    require_flawless(faults)


def change_notice(page: Page) -> None:
    page.locator("a[href$='/settings/notices']").click()
    page.get_by_role("link", name="签约邀请", exact=True).first.click()
    page.locator("#text").fill("{employer}邀请您签约，{until}请登录答复。")
    page.get_by_role("checkbox", name="短信").check()


def test_unsaved_settings_are_asked_about(house, enter):
    page = enter("ada").go("/admin/settings/deadlines")
    page.locator("#reply_days").fill("7")

    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => { location.href = '/admin/settings' })")
    asked.value.dismiss()

    expect(page.locator("#reply_days")).to_have_value("7")


def test_what_did_not_leave_is_sent_again(house, enter):
    ada = enter("ada")
    page = ada.go("/admin/outbox?state=failed")
    expect(page.locator("tbody tr").first).to_contain_text("552 mailbox full")
    failed = page.locator("tbody tr").count()
    ada.picture("outbox-failed")
    faults = look_over(page)

    page.get_by_role("button", name="重新发送").first.click()
    expect(page.get_by_role("status")).to_contain_text("已安排重发")
    house.sweep()

    page.goto(ada.address + "/admin/outbox?state=failed")
    expect(page.locator("tbody tr")).to_have_count(failed - 1)
    page.goto(ada.address + "/admin/outbox")
    ada.picture("outbox")
    require_flawless(faults + look_over(page))


def test_a_graduate_chooses_how_to_be_told(house, enter):
    lin = enter("lin")
    page = lin.go("/account")
    page.get_by_role("link", name="接收通知的方式").click()
    expect(page.locator("main")).to_contain_text("已绑定")
    page.get_by_text("换一个手机号").click()
    page.locator("#mobile").fill("13911112222")
    acts.press(page, "发送验证码")
    code = page.locator(".demo").get_by_text("验证码").locator("b").inner_text()
    lin.picture("phone-contacts")
    faults = look_over(page)
    page.locator("#code").fill(code[:6])
    acts.press(page, "保存手机号")
    expect(page.locator("main")).to_contain_text("139****2222")
    acts.press(page, "不再接收邮件")
    expect(page.locator("main")).to_contain_text("您已选择不收邮件")
    require_flawless(faults)
