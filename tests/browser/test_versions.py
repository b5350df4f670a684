"""An agreement after it was signed: signed by hand, edited, confirmed, printed, and found out as old."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser import acts
from tests.browser.looking import look_over
from tests.browser.papers import decode_codes, page_count
from tests.browser.visitor import PHONE, Visitor
from webapp.models import Agreement, Graduate, Person
from webapp.services.agreements.agreements import verification_code

SALARY = "12800"


@pytest.fixture
def edited(house) -> tuple[Agreement, str, str]:
    """The demo's agreement of the other school that was edited once: with the graduate's name and login."""
    with house.sessions() as session:
        agreement = session.scalars(select(Agreement).where(Agreement.version == 2)).one()
        graduate = session.get_one(Graduate, agreement.graduate_id)
        return agreement, graduate.name, session.get_one(Person, graduate.person_id).login


@pytest.mark.requirement("A22", "F15", "F21", "F22", "F23", "N07")
def test_an_employer_signs_and_edits_and_the_graduate_confirms_a_new_version(
    house, visit, enter, edited
):
    agreement, name, login = edited
    hengxin = enter("hengxin")
    faults = sign_by_hand(hengxin)

    faults += edit(hengxin, agreement)
    expect(hengxin.page.locator("main .tag").first).to_have_text("待毕业生确认修改")

    graduate = visit(house, **PHONE)
    graduate.log_in(login, "graduate")
    faults += confirm(graduate)
    expect(graduate.page.locator("main .tag").first).to_have_text("已修改")
    house.sweep()
    content = download(graduate)
    assert page_count(content) == 2
    address = next(text for text in decode_codes(content) if text.startswith("http"))
    assert f"/{agreement.number}/3-" in address

    guest = visit(house, **PHONE)
    page = guest.go(urlsplit(address).path)
    expect(page.get_by_role("heading", level=1)).to_have_text("这份协议书有效")
    page = guest.go(f"/verify/{agreement.number}/{verification_code(agreement.number, 2)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("这一版已被新版取代")
    expect(page.locator("main")).to_contain_text("请以第 3 版为准")
    expect(page.locator("main")).not_to_contain_text(name)
    faults += look_over(page)
    assert not faults, "\n".join(faults)


def sign_by_hand(employer: Visitor) -> list[str]:
    """Two strokes with the mouse, looked at before they are used; gives what looked wrong."""
    page = employer.go("/account")
    page.get_by_role("link", name="手写签名").click()
    expect(page.get_by_text("还没有签名")).to_be_visible()
    acts.draw_signature(page)
    employer.picture("signature-drawn")
    faults = look_over(page)
    acts.press(page, "下一步：核对")
    expect(page.locator("img.signature")).to_be_visible()
    acts.press(page, "确认启用")
    expect(page.get_by_role("status").first).to_contain_text("手写签名已保存（第 2 版）")
    return faults


def edit(employer: Visitor, agreement: Agreement) -> list[str]:
    """From the agreement's page: change the salary, see the difference, send it."""
    page = employer.go(f"/cases/{agreement.case_id}")
    page.get_by_role("link", name="修改签约信息").click()
    acts.press(page, "开始填写")
    expect(page.locator("#salary")).to_have_value("11500")
    page.locator("#salary").fill(SALARY)
    page.get_by_label("确认并上传").check()
    acts.press(page, "下一步：核对")
    row = page.get_by_role("row", name="转正起薪")
    expect(row).to_contain_text("11,500")
    expect(row).to_contain_text("12,800")
    employer.picture("amendment-difference")
    faults = look_over(page)
    acts.press(page, "确认并上传")
    return faults


def confirm(graduate: Visitor) -> list[str]:
    """Old and new one above the other, then confirmed on a page of its own."""
    page = graduate.go("/home")
    page.get_by_role("link", name="恒信软件有限公司修改了签约信息，等您确认").click()
    expect(page.locator("main")).to_contain_text("12,800")
    graduate.picture("phone-amendment")
    faults = look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    page.get_by_role("link", name="确认修改", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("核对并确认修改")
    acts.press(page, "确认修改")
    return faults


def download(graduate: Visitor) -> bytes:
    page = graduate.page
    page.get_by_role("link", name="原来的签约").click()
    expect(page.get_by_text("这是第 3 版")).to_be_visible()
    address = page.get_by_role("link", name="点击下载电子协议书").get_attribute("href")
    assert address is not None
    return graduate.fetch(address)


@pytest.mark.requirement("F08", "F09", "F10", "F11", "F24", "G24", "G25")
def test_the_office_prints_several_as_one_file_and_grants_another(house, visit, enter):
    wu = enter("wu")
    page = wu.go("/office/agreements")
    wu.picture("printing-list")
    faults = look_over(page)
    for serial in (66, 86):
        name = house.graduate(serial).name
        page.get_by_role("checkbox", name=f"选中{name}", exact=True).check()
    page.get_by_role("checkbox", name="用人单位", exact=True).uncheck()
    with page.expect_download() as coming:
        acts.press(page, "合并打印选中的")
    assert page_count(coming.value.path().read_bytes()) == 2 * 2 * 2

    graduate = visit(house, **PHONE)
    graduate.log_in(house.login_of(31), "graduate")
    faults += ask_for_another(graduate, house)
    page = wu.go("/office/print-requests?state=waiting")
    wu.picture("printing-register")
    faults += look_over(page)
    acts.press(page, "同意")
    page = graduate.go(graduate.page.url)
    with page.expect_download():
        acts.press(page, "打印“毕业生”一份")
    page.reload()
    expect(page.get_by_text("同意，已打印")).to_be_visible()
    assert not faults, "\n".join(faults)


def ask_for_another(graduate: Visitor, house) -> list[str]:
    """Take all three copies at once, then ask for one more with a reason; gives what looked wrong."""
    agreement = house.agreement(31)
    page = graduate.go(f"/agreements/{agreement.id}/print")
    with page.expect_download():
        acts.press(page, "一次打印三份")
    page.reload()
    expect(page.get_by_text("3，共可打印 3 份")).to_be_visible()
    page.get_by_label("毕业生").check()
    page.get_by_label("申请的原因").fill("原件在路上弄丢了")
    graduate.picture("phone-print")
    faults = look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    acts.press(page, "提交打印申请")
    expect(page.get_by_text("等学校处理")).to_be_visible()
    return faults
