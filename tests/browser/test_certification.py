"""An employer proves on a phone what it is; the office checks the seal and accepts it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser import acts
from tests.browser.house import House
from tests.browser.looking import look_over, require_flawless
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from webapp.demo.accounts import picture
from webapp.demo.cast import HENGXIN_MOBILE
from webapp.models import Agreement

TYPED = {
    "legal_person": "周建国",
    "manager_name": "周老师",
    "manager_id_no": "11010519491231002X",
    "manager_mobile": HENGXIN_MOBILE,
}
PAPERS = {
    "licence": "营业执照",
    "letter": "盖章的公函",
    "manager_id_front": "人像面",
    "manager_id_back": "国徽面",
}
CHECKED = ("签名有", "看得见红章", "单位名称与公章、证照一致", "信用代码与证照一致")


@pytest.mark.requirement("A09", "A10", "A11", "A12", "A13", "A14", "A15", "A17", "A18", "A22")
def test_an_employer_is_certified_after_one_return(house, visit, enter):
    hengxin = enter("hengxin", PHONE)
    page = hengxin.go("/account")
    page.get_by_role("link", name="单位认证和成员").click()
    hengxin.picture("phone-certification")
    faults = look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    acts.press(page, "单位认证")
    fill(page)
    faults += prove(house, page, hengxin)
    letter = page.get_by_role("link", name="下载公函（PDF）")
    assert hengxin.fetch(letter.get_attribute("href")).startswith(b"%PDF-")
    bring(page)
    hengxin.picture("phone-certification-papers")
    faults += look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    submit(page)
    assert acts.status(page) == "认证待审核"

    tao = visit(house, **DESKTOP)
    tao.log_in("tao", "school")
    decide(tao.go("/review"), "退回")
    hengxin.go("/home").get_by_role("link", name="用人单位认证").first.click()
    expect(page.locator("main")).to_contain_text("看不见红章")
    page.get_by_role("radio", name="去下载公函").check()
    next_page(page, "去下载公函")
    page.get_by_role("radio", name="提交审核").check()
    submit(page)

    review = tao.go("/review")
    open_review(review)
    expect(review.locator(".shots img")).to_have_count(4)
    review.get_by_role("radio", name="通过").first.check()
    for label in CHECKED:
        review.get_by_label(label).check()
    review.get_by_label("公章", exact=True).check()
    review.get_by_label("可查到").check()
    review.locator("#looked_up_at").fill("国家企业信用信息公示系统")
    tao.picture("review-certification")
    faults += look_over(review)
    review.get_by_role("button", name="提交，看下一件").click()
    expect(review.locator("main")).to_contain_text("已提交：通过")
    page.reload()
    assert acts.status(page) == "已认证"
    hengxin.go("/certification")
    expect(page.locator("main")).to_contain_text("云杭学院")
    hengxin.picture("phone-certified")
    faults += look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    require_flawless(faults + renew_agreements(house, hengxin))


def renew_agreements(house: House, hengxin: Visitor) -> list[str]:
    """The certified account signs anew, and what was issued comes out with it: listed first (A22)."""
    house.set_policy(signature_policy="all")
    before = house.versions()
    page = hengxin.go("/account/signature")
    acts.draw_signature(page)
    acts.press(page, "下一步：核对")
    renewed = page.get_by_role("region", name="份协议书会出新版").locator("li .num")
    numbers = set(renewed.all_inner_texts())
    assert len(numbers) > 1
    expect(page.get_by_role("heading", level=2)).to_contain_text([f"有 {len(numbers)} 份"])
    hengxin.picture("phone-signature-renews")
    faults = look_over(page)
    assert house.versions() == before
    acts.press(page, f"确认启用，并更新 {len(numbers)} 份协议书")
    expect(page.get_by_role("status").first).to_contain_text("手写签名已保存")
    after = house.versions()
    assert after == {number: v + (number in numbers) for number, v in before.items()}
    house.sweep()
    number = next(one for one in sorted(numbers) if before[one] == 1)
    with house.sessions() as session:
        wanted = select(Agreement.case_id).where(Agreement.number == number).limit(1)
        case_id = session.scalars(wanted).one()
    hengxin.go(f"/cases/{case_id}")
    expect(page.get_by_text("这是第 2 版")).to_be_visible()
    return faults


def fill(page: Page) -> None:
    expect(page.locator("#employer_name")).to_have_value("恒信软件有限公司")
    for key, text in TYPED.items():
        page.locator(f"#{key}").fill(text)
    page.get_by_role("radio", name="去下载公函").check()
    acts.press(page, "下一步：核对")
    expect(page.get_by_role("alert")).to_contain_text("注册手机号还没有核验")


def prove(house: House, page: Page, hengxin: Visitor) -> list[str]:
    """The manager's mobile is proved by a code; what was typed is there when the form comes back."""
    acts.press(page, "用短信验证码核验")
    expect(page.locator("#mobile")).to_have_value(HENGXIN_MOBILE)
    acts.press(page, "发送验证码")
    hengxin.picture("phone-certification-mobile")
    faults = look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    acts.type_code(house, page, "核验")
    expect(page.locator("main")).to_contain_text(f"{HENGXIN_MOBILE} 已核验")
    expect(page.locator("#legal_person")).to_have_value(TYPED["legal_person"])
    next_page(page, "去下载公函")
    return faults


def next_page(page: Page, what: str) -> None:
    acts.press(page, "下一步：核对")
    acts.press(page, f"确认{what}")


def bring(page: Page) -> None:
    for field, words in PAPERS.items():
        photo = {"name": f"{words}.png", "mimeType": "image/png", "buffer": picture(words)}
        page.locator(f"input[name={field}__album]").set_input_files([photo])
    page.get_by_role("radio", name="提交审核").check()


def submit(page: Page) -> None:
    acts.press(page, "下一步：核对")
    acts.press(page, "确认提交审核")


def open_review(page: Page) -> None:
    page.get_by_role("table").get_by_role("link", name="恒信软件").click()


def decide(page: Page, outcome: str) -> None:
    open_review(page)
    page.get_by_role("radio", name=outcome).first.check()
    page.locator("#reason").fill("看不见红章")
    page.get_by_role("button", name="提交，看下一件").click()
    expect(page.locator("main")).to_contain_text(f"已提交：{outcome}")
