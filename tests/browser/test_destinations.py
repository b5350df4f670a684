"""Destinations in browsers: registered, corrected, voided; entered, unlocked; rescinded by a counsellor."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.looking import look_over, require_flawless
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from webapp.demo.cast import OTHER_SCHOOL_CODE, THIRD_SCHOOL_CODE
from webapp.demo.registrations import sealed_page

CLASSMATE = 46  # of Lin's college; an offer to them failed, so nothing binds
ENTERED, UNLOCKED, RESCINDING = 19, 21, 23  # of the other school, as the demo tells
VOIDING, VOID_ASKED = 19, 17  # of the school that reviews a void
LETTER = {"name": "录取通知书.png", "mimeType": "image/png", "buffer": sealed_page()}
STUDY = {"study_school": "江南大学", "study_school_code": "10295", "study_major": "食品科学"}


@pytest.fixture
def classmate(house, visit) -> Visitor:
    visitor = visit(house, **PHONE)
    visitor.log_in(house.login_of(CLASSMATE), "graduate")
    return visitor


@pytest.fixture
def log_in(house, visit):
    """Somebody of the other school at a browser of their own."""

    def come(login: str, door: str, device: dict) -> Visitor:
        visitor = visit(house, **device)
        visitor.log_in(login, door)
        return visitor

    return come


@pytest.mark.requirement("M01", "M02", "M03", "M06", "M07", "M08", "M09")
def test_a_destination_is_registered_on_a_phone_corrected_by_its_reviewer_and_voided(
    house, enter, classmate
):
    name = house.graduate(CLASSMATE).name
    page = classmate.go("/home")
    page.get_by_role("link", name="无需就业协议去向登记").click()
    acts.press(page, "开始填写")
    page.get_by_role("radio", name="升学：考研").check()
    page.get_by_role("radio", name="填写去向信息").check()
    confirm(page, "填写去向信息")
    for key, text in STUDY.items():
        page.locator(f"#{key}").fill(text)
    page.get_by_label("全日制", exact=True).check()
    page.get_by_label("录取通知书", exact=True).check()
    page.locator("input[name=study_proof__album]").set_input_files([LETTER])
    page.get_by_role("radio", name="提交审核").check()
    faults = look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    confirm(page, "提交审核")
    assert acts.status(page) == "去向待审核"
    classmate.picture("phone-destination")

    rao = enter("rao")
    review = acts.open_review(rao, name)
    expect(review.locator("main")).to_contain_text("江南大学")
    review.get_by_role("link", name="修改登记内容").click()
    review.locator("#study_major").fill("食品工程")
    rao.picture("review-edit")
    faults += look_over(review)
    acts.press(review, "下一步：核对改动")
    expect(review.get_by_role("row", name="录取专业")).to_contain_text("食品工程")
    faults += look_over(review)
    acts.press(review, "确认修改")
    expect(review.get_by_role("status").first).to_contain_text("毕业生会收到通知")
    decide(rao, name, "通过")
    decide(enter("wu"), name, "通过")

    page.reload()
    assert acts.status(page) == "完成其他毕业去向信息登记"
    expect(page.locator("main")).to_contain_text("录取专业“食品科学”改为“食品工程”")
    page.get_by_role("link", name="作废").click()
    acts.press(page, "开始填写")
    page.get_by_role("link", name="作废", exact=True).click()
    page.locator("#reason").fill("放弃入学")
    classmate.picture("phone-destination-void")
    faults += look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    acts.press(page, "确认作废")
    assert acts.status(page) == "作废"
    expect(classmate.go("/home").locator("main")).to_contain_text("无需就业协议去向登记")

    records = rao.go("/office/voids")
    expect(records.get_by_role("row", name=name)).to_contain_text("放弃入学")
    require_flawless(faults + look_over(records))


@pytest.mark.requirement("M08")
def test_a_void_is_reviewed_and_passes_or_is_refused_with_the_reason(house, log_in):
    graduate = log_in(house.login_of(VOIDING, THIRD_SCHOOL_CODE), "graduate", PHONE)
    page = graduate.go("/home")
    page.get_by_role("link", name="查看进度").click()
    page.get_by_role("link", name="申请作废").click()
    acts.press(page, "开始填写")
    page.get_by_role("link", name="申请作废", exact=True).click()
    page.locator("#reason").fill("放弃入学，要与单位签约")
    graduate.picture("phone-void-asked")
    faults = look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    acts.press(page, "确认申请作废")
    assert acts.status(page) == "待学院审核"
    faults += look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    expect(graduate.go("/home").locator("main")).not_to_contain_text("可以签约")

    fang = log_in("fang", "school", DESKTOP)
    review = acts.open_review(fang, house.graduate(VOIDING, THIRD_SCHOOL_CODE).name)
    expect(review.locator("main")).to_contain_text("放弃入学，要与单位签约")
    expect(review.get_by_role("radio", name="退回")).to_have_count(0)
    fang.picture("review-void")
    faults += look_over(review)
    review.get_by_role("radio", name="通过").first.check()
    review.get_by_role("button", name="提交，看下一件").click()
    expect(review.get_by_role("status")).to_contain_text("已提交：通过")
    expect(graduate.go("/home").locator("main")).to_contain_text("可以签约")

    review = acts.open_review(fang, house.graduate(VOID_ASKED, THIRD_SCHOOL_CODE).name)
    review.get_by_role("radio", name="不通过").check()
    review.locator("#reason").fill("录取学校尚未同意放弃入学")
    review.get_by_role("button", name="提交，看下一件").click()
    expect(review.get_by_role("status")).to_contain_text("不通过")

    refused = log_in(house.login_of(VOID_ASKED, THIRD_SCHOOL_CODE), "graduate", PHONE)
    page = refused.go("/home")
    page.get_by_role("link", name="消息").first.click()
    page.locator("main").get_by_role("link", name="您的去向没有作废").click()
    assert acts.status(page) == "未作废，去向有效"
    expect(page.locator("main")).to_contain_text("录取学校尚未同意放弃入学")
    refused.picture("phone-void-refused")
    require_flawless(faults + look_over(page))


@pytest.mark.requirement("F16", "F17", "F18", "F19", "F20")
def test_a_counsellor_decides_beside_the_agreement_and_the_graduate_is_free(house, log_in):
    house.sweep()
    name = house.graduate(RESCINDING, OTHER_SCHOOL_CODE).name
    song = log_in("song", "school", DESKTOP)

    page = acts.open_review(song, name)
    expect(page.get_by_role("heading", name="原协议书")).to_be_visible()
    expect(page.get_by_role("link", name="打开原协议书（PDF）")).to_be_visible()
    expect(page.locator(".shots")).to_contain_text("证明材料.png")
    song.picture("review-counsellor")
    faults = look_over(page)
    page.get_by_role("radio", name="同意毁约", exact=False).first.check()
    page.get_by_role("button", name="提交，看下一件").click()
    expect(page.get_by_role("status")).to_contain_text("同意毁约")

    graduate = log_in(house.login_of(RESCINDING, OTHER_SCHOOL_CODE), "graduate", PHONE)
    home = graduate.go("/home")
    expect(home.locator("main")).to_contain_text("可以签约")
    require_flawless(faults)


@pytest.mark.requirement("E06", "F35", "K14", "K15")
def test_the_office_unlocks_by_two_and_enters_what_the_graduate_proves(house, log_in):
    tao = log_in("tao", "school", DESKTOP)
    page = tao.go("/review")
    page.get_by_role("table").get_by_role("link", name=name_of(house, UNLOCKED)).click()
    expect(page.get_by_role("status")).to_contain_text("须由另一位老师复核")
    faults = look_over(page)

    mo = log_in("mo", "school", DESKTOP)
    page = mo.go("/review")
    page.get_by_role("table").get_by_role("link", name=name_of(house, UNLOCKED)).click()
    mo.picture("unlock-second-person")
    faults += look_over(page)
    page.get_by_role("link", name="同意解锁").click()
    acts.press(page, "确认同意解锁")
    assert acts.status(page) == "已设为待就业"

    graduate = log_in(house.login_of(ENTERED, OTHER_SCHOOL_CODE), "graduate", PHONE)
    page = graduate.go("/home")
    page.get_by_role("link", name="学校录入了您的去向").click()
    expect(page.locator("main")).to_contain_text("江南大学")
    page.get_by_role("radio", name="属实，上传证明材料").check()
    page.get_by_label("录取通知书", exact=True).check()
    page.locator("input[name=study_proof__album]").set_input_files([LETTER])
    faults += look_over(page)
    page.set_viewport_size(PHONE["viewport"])
    confirm(page, "属实，上传证明材料")
    assert acts.status(page) == "去向待审核"
    song = log_in("song", "school", DESKTOP)
    decide(song, name_of(house, ENTERED), "通过")
    page.reload()
    assert acts.status(page) == "完成其他毕业去向信息登记"
    require_flawless(faults)


def name_of(house, serial: int) -> str:
    return house.graduate(serial, OTHER_SCHOOL_CODE).name


def confirm(page: Page, words: str) -> None:
    """Check, then confirm."""
    acts.press(page, "下一步：核对")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"核对并{words}")
    acts.press(page, f"确认{words}")


def decide(reviewer: Visitor, name: str, outcome: str) -> None:
    page = acts.open_review(reviewer, name)
    page.get_by_role("radio", name=outcome).first.check()
    page.get_by_role("button", name="提交，看下一件").click()
    expect(page.get_by_role("status")).to_contain_text(f"已提交：{outcome}")
