"""A graduate registers an agreement signed on paper, page by page; the college and the school review."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from sqlalchemy import func, select

from webapp.models import Agreement, Case, Claim, Destination, Notification
from webapp.services.agreements.agreements import verification_code
from webapp.services.cases import tasks

EMPLOYER = "湖畔生物技术有限公司"
NUMBER = "340001270012"
PAPER = {
    "employer_name": EMPLOYER,
    "uscc": "91340100MA2MRBFK0N",
    "nature": "39",
    "industry": "I65",
    "region": "340104",
    "address": "示例大道 2 号",
    "contact_name": "沈老师",
    "contact_mobile": "13800000009",
    "contact_email": "shen@example.com",
    "position_category": "13",
    "position_name": "技术员",
    "salary": "7200",
    "hukou": "NONE",
    "signed_on": "2026-05-20",
    "paper_number": NUMBER,
    "outcome": "submit",
    "ack": "y",
}


def image() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    out.seek(0)
    return out, "协议第1页.png"


class Registration:
    """The acts of a registration on its pages."""

    def __init__(self, visit, cast, session, story) -> None:
        self.visit, self.cast, self.session, self.story = visit, cast, session, story
        self.entry = f"/start/paper_registration/signed_agreement/graduate/{cast.graduate.id}"

    def begin(self):
        return self.visit(self.cast.lin).post(self.entry)

    def case(self) -> Case:
        self.session.rollback()
        found = select(Case).where(Case.family == "paper_registration").order_by(Case.id.desc())
        return self.session.scalars(found.limit(1)).one()

    def task(self):
        (task,) = tasks.open_tasks(self.session, self.case().id)
        return task

    def post(self, do: str, **changed):
        posted = {**PAPER, **changed, "do": do}
        address = f"/tasks/{self.task().id}/answer"
        return self.visit(self.cast.lin).post(address, data=posted)

    def submit(self, **changed):
        """Begin where nothing runs, attach the image, check, and confirm."""
        self.begin()
        address = f"/tasks/{self.task().id}/answer"
        browser = self.visit(self.cast.lin)
        checked = browser.post(
            address, data={**PAPER, **changed, "sealed_copy__album": image(), "do": "check"}
        )
        typed = dict(
            re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', checked.text)
        )
        return browser.post(address, data={**typed, "do": "confirm"}, follow_redirects=True)

    def review(self, actor, **answers):
        return self.visit(actor).post(f"/review/{self.task().id}", data=answers)

    def page(self, actor):
        return self.visit(actor).get(f"/cases/{self.case().id}").text


@pytest.fixture
def registration(visit, cast, session, story) -> Registration:
    return Registration(visit, cast, session, story)


@pytest.fixture
def submitted(registration) -> Registration:
    registration.submit()
    return registration


@pytest.fixture
def completed(submitted, cast) -> Registration:
    submitted.review(cast.rao, outcome="pass")
    submitted.review(cast.wu, outcome="pass")
    submitted.session.rollback()
    return submitted


def claims(session) -> int:
    session.rollback()
    live = select(func.count(Claim.id)).where(Claim.released_at.is_(None))
    return session.scalar(live) or 0


@pytest.mark.requirement("L01")
def test_the_home_page_offers_the_entry_and_beginning_twice_goes_on_with_one(
    registration, visit, cast, session
):
    home = visit(cast.lin).get("/home").text
    shown = visit(cast.lin).get(registration.entry).text

    first, second = registration.begin(), registration.begin()

    assert "已签就业协议登记信息" in home
    assert "纸质就业协议书已经签字盖章时选这一项" in shown
    assert first.location == second.location
    assert session.scalar(select(func.count(Case.id))) == 1
    assert claims(session) == 0


@pytest.mark.requirement("L01")
def test_nobody_begins_it_for_somebody_else(registration, visit, cast):
    others = [visit(actor).post(registration.entry) for actor in (cast.nils, cast.hengxin, cast.wu)]

    assert [answer.status_code for answer in others] == [404, 404, 404]


@pytest.mark.requirement("L02")
def test_what_is_missing_is_named_and_what_was_typed_stays(registration):
    registration.begin()

    answer = registration.post("check", signed_on="", ack="")

    assert answer.status_code == 422
    assert "请对照纸质协议核对，再勾选确认" in answer.text
    assert EMPLOYER in answer.text


@pytest.mark.requirement("L02")
def test_submitting_takes_a_second_confirmation(registration, session):
    registration.begin()
    address = f"/tasks/{registration.task().id}/answer"

    browser = registration.visit(registration.cast.lin)
    data = {**PAPER, "sealed_copy__album": image(), "do": "check"}
    page = browser.post(address, data=data).text

    assert "核对并提交审核" in page
    assert "确认提交审核" in page
    assert registration.case().status == "drafting"
    assert claims(session) == 0


@pytest.mark.requirement("L02", "H07")
def test_once_submitted_invitations_can_only_be_viewed(registration, story, visit, cast, session):
    _, invitation = story.invite()

    registration.submit()

    assert registration.case().status == "registration_under_review"
    assert claims(session) == 1
    page = visit(cast.lin).get(f"/tasks/{invitation.id}").text
    assert "这份邀请只能查看" in page


@pytest.mark.requirement("L02")
def test_who_is_bound_already_is_told_that_nothing_was_submitted(registration, story):
    story.accepted()

    page = registration.submit().text

    assert "没有提交成功，原因写在下面" in page
    assert "已与其他单位签约，或有另一份申请在办" in page
    assert EMPLOYER in page
    assert registration.case().status == "drafting"


@pytest.mark.requirement("L02", "L04")
def test_everybody_reads_the_typed_name_of_the_employer(submitted, visit, cast):
    pages = {
        "review queue": visit(cast.rao).get("/review"),
        "review": visit(cast.rao).get(f"/review/{submitted.task().id}"),
        "case of the college": visit(cast.rao).get(f"/cases/{submitted.case().id}"),
        "case of the graduate": visit(cast.lin).get(f"/cases/{submitted.case().id}"),
        "cases": visit(cast.lin).get("/cases"),
        "home": visit(cast.lin).get("/home"),
        "others": visit(cast.lin).get("/inbox/others"),
    }

    assert [name for name, page in pages.items() if EMPLOYER not in page.text] == []
    assert "协议第1页.png" in pages["review"].text
    assert NUMBER in pages["review"].text
    assert f"<h1>{EMPLOYER}</h1>" in pages["case of the graduate"].text


@pytest.mark.requirement("L03")
def test_the_graduate_takes_it_back_and_submits_it_again(submitted, visit, cast, session):
    browser = visit(cast.lin)
    address = f"/cases/{submitted.case().id}/withdraw"

    asked = browser.get(address).text
    after = browser.post(address, follow_redirects=True).text

    assert "撤回修改" in asked
    assert "邀请" not in asked.split("<main")[1].split("</main")[0]
    assert "登记已撤回，改好后请重新提交" in after
    assert "您撤回登记，回去修改" in after
    assert submitted.case().status == "drafting"
    form = browser.get(f"/tasks/{submitted.task().id}/answer").text
    assert EMPLOYER in form
    assert "协议第1页.png" in form
    submitted.submit(position_name="高级技术员")
    assert submitted.case().status == "registration_under_review"
    assert claims(session) == 1


@pytest.mark.requirement("L03")
def test_only_the_graduate_takes_it_back_and_only_before_the_review_ends(submitted, visit, cast):
    address = f"/cases/{submitted.case().id}/withdraw"
    strangers = [visit(actor).post(address).status_code for actor in (cast.nils, cast.hengxin)]
    submitted.review(cast.rao, outcome="pass")
    submitted.review(cast.wu, outcome="pass")

    late = visit(cast.lin).post(address)

    assert strangers == [404, 404]
    assert late.status_code == 409
    assert submitted.case().status == "registered"


@pytest.mark.requirement("L03")
def test_a_graduate_cannot_take_back_what_the_employer_began(story, visit, cast):
    case, _ = story.invite()

    answer = visit(cast.lin).post(f"/cases/{case.id}/withdraw")

    assert answer.status_code == 403


@pytest.mark.requirement("L04")
def test_a_returned_registration_tells_why_and_is_submitted_again(submitted, visit, cast, session):
    submitted.review(cast.rao, outcome="return", reason="图像看不清，请重新拍照上传")

    form = visit(cast.lin).get(f"/tasks/{submitted.task().id}/answer").text

    assert submitted.case().status == "registration_returned"
    assert "图像看不清，请重新拍照上传" in form
    told = session.scalars(select(Notification.text).where(Notification.event == "returned")).one()
    assert told.startswith(f"您与{EMPLOYER}的协议登记被退回修改")
    submitted.submit()
    assert submitted.case().status == "registration_under_review"


@pytest.mark.requirement("L04")
def test_a_refused_registration_is_void_and_frees_the_graduate(submitted, visit, cast, session):
    submitted.review(cast.rao, outcome="refuse", reason="协议不是本人签订")

    page = submitted.page(cast.lin)

    assert "作废" in page
    assert "协议不是本人签订" in page
    assert "登记作废，锁定已解除" in page
    assert claims(session) == 0
    ended = submitted.case().id
    submitted.begin()
    assert submitted.case().id != ended


@pytest.mark.requirement("L04", "L06")
def test_a_completed_registration_stands_in_the_registry_and_nothing_is_printed(
    completed, visit, cast, session
):
    page = completed.page(cast.lin)

    agreement = session.scalars(select(Agreement)).one()
    assert (agreement.number, agreement.state) == (NUMBER, "valid")
    assert session.scalars(select(Destination.code)).all() == ["10"]
    assert "完成就业协议信息登记" in page
    assert NUMBER in page
    assert "没有可以下载或打印的文件" in page
    assert "下载协议书" not in page
    assert "核验网址" not in page
    assert "正在生成" not in page
    told = session.scalars(select(Notification.text).where(Notification.event == "completed")).all()
    assert told == [f"您与{EMPLOYER}的协议已完成登记。请保管好纸质协议。"]
    listed = visit(cast.wu).get("/office/agreements").text
    assert NUMBER in listed
    assert EMPLOYER in listed


@pytest.mark.requirement("L06")
def test_no_address_gives_a_file_or_a_verification_of_a_paper(completed, visit, cast, session):
    agreement = session.scalars(select(Agreement)).one()
    lin = visit(cast.lin)

    answers = [
        lin.get(f"/agreements/{agreement.id}.pdf"),
        lin.post(f"/agreements/{agreement.id}/copies", data={"copy": "毕业生"}),
        lin.get(f"/cases/{completed.case().id}/draft.pdf"),
        visit(None).get(f"/verify/{NUMBER}/{verification_code(NUMBER)}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert "这份协议书有效" not in answers[-1].text


@pytest.mark.requirement("L05")
def test_a_rescission_can_be_begun_from_the_completed_registration(completed, cast):
    page = completed.page(cast.lin)

    assert "/start/rescission/" in page
