"""A newcomer binds the own record on a phone, has a wrong major corrected, and confirms it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.looking import look_over, require_flawless
from tests.browser.visitor import PHONE, Visitor
from webapp.demo.accounts import picture

NEWCOMER = 196  # of Lin's college; has not come in
PASSWORD = "何当共剪西窗烛却话巴山"


@pytest.mark.requirement("A01", "A03", "B01", "B02", "B08")
def test_a_newcomer_binds_and_has_the_data_corrected(house, visit, enter):
    graduate = house.graduate(NEWCOMER)
    house.change(house.login_of(NEWCOMER), password_hash="", must_change_password=True)
    newcomer = visit(house, **PHONE)
    page = newcomer.go("/login")
    page.get_by_role("link", name="第一次使用，绑定毕业生记录").click()
    page.locator("#school").select_option("10999")
    for key in ("name", "student_no", "id_no"):
        page.locator(f"#{key}").fill(getattr(graduate, key))
    newcomer.picture("phone-bind")
    faults = look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    acts.press(page, "绑定")
    page.locator("#new").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    acts.press(page, "保存新密码")
    newcomer.picture("phone-base-data")
    page.get_by_role("link", name="申请更正基本信息").click()
    acts.press(page, "开始填写")
    page.get_by_label("专业", exact=True).check()
    page.locator("#new_major").fill("数据科学")
    photo = {"name": "转专业.png", "mimeType": "image/png", "buffer": picture("转专业通知")}
    page.locator("input[name=evidence__album]").set_input_files([photo])
    page.locator("#explanation").fill("大二转专业，登记册没有更新")
    page.get_by_role("radio", name="提交审核").check()
    faults += look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    acts.press(page, "下一步：核对")
    acts.press(page, "确认提交审核")
    assert acts.status(page) == "更正待院系审核"

    passes(enter("rao"), graduate.name)
    wu = enter("wu")
    passes(wu, graduate.name)
    listed = wu.go("/graduates/changes")
    expect(listed.locator("main")).to_contain_text("数据科学")
    faults += look_over(listed)
    page = newcomer.go("/home")
    expect(page.locator("main")).to_contain_text("数据科学")
    acts.press(page, "信息确认无误，进入系统")
    expect(page.get_by_role("heading", level=1)).to_contain_text(graduate.name)
    require_flawless(faults)


def passes(reviewer: Visitor, name: str) -> Page:
    page = acts.open_review(reviewer, name)
    expect(page.locator("main")).to_contain_text("申请更正为")
    page.get_by_role("radio", name="通过").first.check()
    reviewer.picture("review-correction")
    page.get_by_role("button", name="提交，看下一件").click()
    expect(page.locator("main")).to_contain_text("已提交：通过")
    return page
