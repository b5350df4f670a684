"""An agreement is rescinded by both sides, each at a browser of their own; the public page tells."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.looking import look_over
from tests.browser.visitor import PHONE, Visitor
from webapp.services.agreements.agreements import verification_code

SIGNED = 31  # has signed with Hengxin
EXPLANATION = "业务调整，岗位取消，已与毕业生商量一致。"


@pytest.fixture
def graduate(house, visit) -> Visitor:
    """The graduate who has signed, on a phone."""
    visitor = visit(house, **PHONE)
    visitor.log_in(house.login_of(SIGNED), "graduate")
    return visitor


@pytest.mark.requirement("I03", "I04", "I06", "F17", "F18")
def test_both_sides_agree_and_the_school_passes_so_the_agreement_is_rescinded(
    house, visit, enter, graduate
):
    person, agreement = house.graduate(SIGNED), house.agreement(SIGNED)
    hengxin = enter("hengxin")

    ask(hengxin, agreement.case_id)
    expect(hengxin.page.locator("main .tag").first).to_have_text("待对方回应")
    faults = [*look_over(hengxin.page)]

    faults += accept(graduate)
    expect(graduate.page.locator("main .tag").first).to_have_text("待院系审核")
    for key, said in (("rao", "院系审核解约已提交：通过"), ("wu", "学校审核解约已提交：通过")):
        faults += review(enter(key), person.name, agreement.number, said)

    graduate.page.reload()
    expect(graduate.page.locator("main .tag").first).to_have_text("解约完成")
    graduate.page.get_by_role("link", name="原来的签约").click()
    expect(graduate.page.locator("main .tag").first).to_have_text("已解除")
    graduate.picture("phone-rescinded")
    faults += look_over(graduate.page)
    expect(graduate.go("/home").locator("main")).to_contain_text("可以签约")

    guest = visit(house, **PHONE)
    page = guest.go(f"/v/{agreement.number}.{verification_code(agreement.number)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("这份协议书已解除")
    guest.picture("verify-rescinded")
    assert not faults, "\n".join(faults)


def ask(employer: Visitor, case_id: uuid.UUID) -> Page:
    """From the case of the agreement in force: read, fill in, check, confirm."""
    page = employer.go(f"/cases/{case_id}")
    page.get_by_role("link", name="申请解约").click()
    acts.press(page, "开始填写")
    page.locator("#rescission_reason").select_option(label="单位：经营发生问题/岗位取消")
    page.locator("#explanation").fill(EXPLANATION)
    page.get_by_label("提交申请").check()
    acts.press(page, "下一步：核对")
    acts.press(page, "确认提交申请")
    return page


def accept(graduate: Visitor) -> list[str]:
    """Read what is asked, then check and confirm on a page of its own; gives what looked wrong."""
    page = graduate.go("/home")
    page.get_by_role("link", name="恒信软件有限公司申请解约，等您回应").click()
    expect(page.locator("main")).to_contain_text(EXPLANATION)
    graduate.picture("phone-rescission-asked")
    faults = look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    page.get_by_role("link", name="接受解约").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("核对并接受解约")
    acts.press(page, "确认接受解约")
    return faults


def review(reviewer: Visitor, name: str, number: str, said: str) -> list[str]:
    """The agreement and the request side by side, then the decision; gives what looked wrong."""
    page = acts.open_review(reviewer, name)
    expect(page.locator("main")).to_contain_text(number)
    expect(page.locator("main")).to_contain_text(EXPLANATION)
    reviewer.picture("review-rescission")
    faults = look_over(page)
    page.get_by_role("radio", name="通过").first.check()
    page.get_by_role("button", name="提交，看下一件").click()
    expect(page.get_by_role("status")).to_contain_text(said)
    return faults


@pytest.mark.requirement("I01", "I05", "I09")
def test_a_graduate_takes_a_request_back_and_the_signing_stays(house, enter, graduate):
    page = graduate.go("/cases")
    page.get_by_role("link", name="恒信").click()
    signing = urlsplit(page.url).path
    page.get_by_role("link", name="申请解约").click()
    acts.press(page, "开始填写")
    page.locator("#rescission_reason").select_option(label="毕业生：家庭原因")
    page.locator("#explanation").fill("家里有事，已与单位商量一致，同意解除协议。")
    page.get_by_label("提交申请").check()
    acts.press(page, "下一步：核对")
    acts.press(page, "确认提交申请")
    request = page.url

    expect(graduate.go(signing).get_by_role("link", name="解约申请正在办理")).to_be_visible()
    expect(page.get_by_role("link", name="申请解约", exact=False)).to_have_count(0)
    graduate.go(request).get_by_role("link", name="撤回申请").click()
    acts.press(page, "确认撤回申请")

    expect(page.locator("main .tag").first).to_have_text("已撤回")
    told = f"{house.graduate(SIGNED).name}申请解约"
    expect(enter("hengxin").go("/home").locator("main")).not_to_contain_text(told)
    expect(graduate.go(signing).locator("main .tag").first).to_have_text("签约完成")
    expect(page.get_by_role("link", name="申请解约")).to_be_visible()
