"""Employers without an account act by a link or a QR code on a phone, and the school goes on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser import acts
from tests.browser.looking import look_over, require_flawless
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from webapp.demo.offline import SIGNINGS
from webapp.demo.registrations import sealed_page
from webapp.models import Graduate, GuestLink, Person, School
from webapp.services.guests.guest_links import url_of

UNIT = "溪山文创工作室"
REVIEWERS = {"信息学院": "song", "艺术学院": "yan"}
TYPED = {
    "employer_name": UNIT,
    "uscc": "91340100MA2MRBFK0N",
    "address": "示范路 1 号",
    "contact_name": "许老师",
    "contact_email": "hr@example.com",
    "position_name": "内容编辑",
    "salary": "6800",
}


def pass_review(reviewer: Visitor, name: str) -> None:
    page = acts.open_review(reviewer, name)
    page.get_by_role("radio", name="通过").first.check()
    page.get_by_role("button", name="提交，看下一件").click()
    expect(page.get_by_role("status")).to_contain_text("已提交：通过")


@pytest.mark.requirement("J12", "J13", "J14", "J15", "J17", "N04")
def test_an_employer_brings_the_sealed_copy_by_a_link(house, visit, enter):
    house.sweep()
    graduate = house.graduate(SIGNINGS[0].graduate)
    with house.sessions() as session:
        link = session.scalars(select(GuestLink).where(GuestLink.case_id.is_not(None))).one()
    theirs = visit(house, **PHONE)
    theirs.log_in(house.login_of(SIGNINGS[0].graduate), "graduate")
    download = theirs.go(f"/cases/{link.case_id}").get_by_role("link", name="点击下载电子协议书")
    assert theirs.fetch(download.get_attribute("href")).startswith(b"%PDF")
    guest = visit(house, **PHONE)
    page = guest.go(url_of(link.id))
    faults = look_over(page)
    acts.press(page, "发送验证码")
    faults += look_over(page)
    acts.type_code(house, page, "下一步")
    expect(page.get_by_role("link", name="下载就业协议书（PDF）")).to_be_visible()
    assert guest.fetch(f"/guest/{link.id}/agreement.pdf").startswith(b"%PDF")
    faults += look_over(page)
    page.get_by_text("回传协议书", exact=True).first.click()
    photo = {"name": "盖章协议书.png", "mimeType": "image/png", "buffer": sealed_page()}
    page.locator("input[name=sealed_copy__album]").set_input_files([photo])
    acts.press(page, "下一步：核对")
    acts.press(page, "确认回传协议书")
    expect(page.get_by_role("heading", level=1)).to_have_text("协议书已回传")
    faults += look_over(page)

    pass_review(enter("rao"), graduate.name)
    pass_review(enter("wu"), graduate.name)
    owner = visit(house, **PHONE)
    owner.log_in(house.login_of(SIGNINGS[0].graduate), "graduate")
    home = owner.go("/home")
    expect(home.locator("main")).to_contain_text("线下签约完成")
    require_flawless(faults)


@pytest.mark.requirement("E01", "E02", "E03", "E04", "E07", "E10")
def test_an_employer_signs_by_a_graduates_card(house, visit, enter):
    login, name, number, college = a_free_graduate(house)
    owner = visit(house, **PHONE)
    owner.log_in(login, "graduate")
    page = owner.go("/home")
    page.get_by_role("link", name="二维码名片").click()
    acts.press(page, "生成二维码名片")
    expect(page.get_by_alt_text("我的二维码名片")).to_be_visible()
    faults = look_over(page)
    with house.sessions() as session:
        newest = select(GuestLink.id).order_by(GuestLink.created_at.desc()).limit(1)
        link = session.scalars(newest).one()

    guest = visit(house, **PHONE)
    scanned = guest.go(url_of(link))
    faults += look_over(scanned)
    scanned.locator("#graduate_name").fill(name)
    scanned.locator("#number_end").fill(number[-4:])
    scanned.locator("#contact_mobile").fill("13812345678")
    acts.press(scanned, "下一步：收验证码")
    acts.type_code(house, scanned, "下一步")
    for key, text in TYPED.items():
        scanned.locator(f"#{key}").fill(text)
    scanned.locator("#nature").select_option(index=3)
    acts.pick(scanned, "单位行业", "软件", "软件")
    acts.pick(scanned, "单位所在地", "西湖", "西湖区")
    acts.pick(scanned, "职位类别", "工程", "工程技术人员")
    scanned.get_by_label("不接收", exact=True).check()
    scanned.get_by_role("radio", name="确认签约").check()
    acts.press(scanned, "下一步：核对")
    acts.press(scanned, "确认签约")
    expect(scanned.get_by_role("heading", level=1)).to_have_text("已提交，等毕业生确认")
    faults += look_over(scanned)

    page = owner.go("/home")
    page.get_by_role("link", name=UNIT).first.click()
    page.get_by_role("link", name="确认签约").click()
    acts.press(page, "确认签约")
    expect(page.locator("main")).to_contain_text("签约成功，待学校审核")
    reviewer = visit(house, **DESKTOP)
    reviewer.log_in(REVIEWERS[college], "school")
    review = acts.open_review(reviewer, name)
    expect(review.locator("main")).to_contain_text("未核验单位资质")
    expect(review.locator("main")).to_contain_text("内容编辑")
    require_flawless(faults)


def a_free_graduate(house) -> tuple[str, str, str, str]:
    """Login, name, number and college of somebody of the second school without a case."""
    from webapp.models import Case, College

    busy = select(Case.graduate_id).where(Case.graduate_id.is_not(None))
    with house.sessions() as session:
        row = session.execute(
            select(Person.login, Graduate.name, Graduate.student_no, College.name)
            .join(Person, Person.id == Graduate.person_id)
            .join(School, School.id == Graduate.school_id)
            .join(College, College.id == Graduate.college_id)
            .where(School.code == "10998", College.name.in_(REVIEWERS))
            .where(Graduate.base_data_confirmed_at.is_not(None), Graduate.id.not_in(busy))
            .order_by(Graduate.student_no)
            .limit(1)
        ).one()
    return row[0], row[1], row[2], row[3]
