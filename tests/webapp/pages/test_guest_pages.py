"""An employer without an account opens the link of a message, proves the mobile, and brings the copy."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from webapp.models import Case, GuestLink, History, Upload
from webapp.services.accounts import codes
from webapp.services.agreements.documents import render_agreement
from webapp.services.cases import tasks
from webapp.services.cases.cases import start_case, submit_task
from webapp.services.guests import guest_links

MOBILE = "13800000009"
TERMS = {
    "outcome": "submit",
    "employer_name": "湖畔生物技术有限公司",
    "uscc": "91340100MA2MRBFK0N",
    "contact_name": "沈老师",
    "contact_mobile": MOBILE,
    "position_name": "技术员",
    "salary": "7200",
}


def image(kind="PNG") -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, kind)
    out.seek(0)
    return out, "盖章协议书.png"


class Link:
    """A link on its way to the employer, and the acts of whoever opens it."""

    def __init__(self, app, session, cast, clock, sessions) -> None:
        self.session, self.cast, self.clock, self.sessions = session, cast, clock, sessions
        self.browser = app.test_client()

    def send(self):
        case = start_case(
            self.session,
            self.cast.lin,
            "offline_signing",
            graduate=self.cast.graduate,
            employer=None,
            now=self.clock.now,
            answers=TERMS,
        )
        self.session.commit()
        self.case_id = case.id
        self.answer(self.cast.rao, outcome="pass", note="单位电话已核实")
        self.answer(self.cast.wu, outcome="pass")
        self.ask()
        return self

    def ask(self):
        self.answer(self.cast.lin, outcome="ask_employer", mobile=MOBILE)
        self.session.rollback()
        wanted = select(GuestLink.id).order_by(GuestLink.id.desc()).limit(1)
        self.id = self.session.scalars(wanted).one()
        return self

    def answer(self, actor, **answers):
        waiting = tasks.open_tasks(self.session, self.case_id)
        task = next(one for one in waiting if one.role == actor.role)
        submit_task(self.session, actor, task.id, answers, [], self.clock.now)
        self.session.commit()

    def at(self, path="") -> str:
        return f"/guest/{self.id}{path}"

    def open(self):
        return self.browser.get(f"/g/{guest_links.token_of(self.id)}", follow_redirects=True)

    def code(self) -> str:
        self.session.rollback()
        return codes.latest_code(self.session, self.clock.now)[0]

    def prove(self):
        self.open()
        self.browser.post(self.at("/code"))
        return self.browser.post(
            self.at("/prove"), data={"code": self.code()}, follow_redirects=True
        )

    def upload(self):
        checked = self.browser.post(
            self.at("/task"),
            data={"outcome": "upload", "sealed_copy__album": image(), "do": "check"},
        )
        typed = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', checked.text)
        return self.browser.post(
            self.at("/task"), data={**dict(typed), "do": "confirm"}, follow_redirects=True
        )

    def status(self) -> str:
        self.session.rollback()
        return self.session.get_one(Case, self.case_id).status


@pytest.fixture
def link(app, session, cast, clock, sessions, published) -> Link:
    return Link(app, session, cast, clock, sessions).send()


@pytest.mark.requirement("J14", "J15")
def test_from_the_message_to_the_sealed_copy(link, session, cast, visit):
    first = link.open().text
    proved = link.prove().text
    done = link.upload().text

    assert "138****0009" in first and "发送验证码" in first  # noqa: PT018
    assert "请下载打印就业协议书" in proved
    assert "协议书已回传" in done
    assert link.status() == "signing_under_review"
    told = visit(cast.lin).get(f"/cases/{link.case_id}").text
    assert "湖畔生物技术有限公司（凭链接办理）（138****0009）办理了“用人单位回传协议书”" in told
    upload = session.scalars(select(Upload)).one()
    assert upload.person_id is None
    assert visit(cast.rao).get(f"/uploads/{upload.id}").status_code == 200
    assert session.scalars(select(History.actor).where(History.actor == "guest")).all() == ["guest"]


@pytest.mark.requirement("J15")
def test_the_agreement_is_handed_to_the_guest_once_the_mobile_is_proved(link, session, clock):
    link.open()
    before = link.browser.get(link.at("/agreement.pdf"))
    link.prove()
    agreement = session.scalars(select(guest_links.GuestLink)).one()
    assert agreement.mobile == MOBILE
    render(link, session, clock)

    page = link.browser.get(link.at("/task")).text
    paper = link.browser.get(link.at("/agreement.pdf"))

    assert (before.status_code, before.location) == (303, link.at())
    assert "下载就业协议书（PDF）" in page
    assert paper.data.startswith(b"%PDF")


def render(link, session, clock):
    from webapp.models import Agreement

    found = session.scalars(select(Agreement.id)).one()
    session.rollback()
    render_agreement(link.sessions, {"agreement": found.hex}, clock.now)


@pytest.mark.requirement("J15")
def test_a_guest_reads_masked_data_and_no_internal_note(link):
    read = link.open().text + link.prove().text

    assert "林**" in read
    assert "林知夏" not in read
    assert "单位电话已核实" not in read
    assert "20230" not in read


@pytest.mark.requirement("J14")
def test_the_token_stays_at_the_door(link, caplog):
    entered = link.browser.get(f"/g/{guest_links.token_of(link.id)}")
    pages = [entered, link.browser.get(link.at()), link.prove()]

    token = guest_links.token_of(link.id)
    assert entered.location == link.at()
    assert [page.headers["Referrer-Policy"] for page in pages] == ["no-referrer"] * 3
    assert [page for page in pages[1:] if token in page.text] == []
    assert token not in caplog.text


@pytest.mark.requirement("J14")
def test_without_the_token_the_address_opens_nothing(link, app, visit, cast):
    link.prove()
    task = link.at("/task")

    answers = [app.test_client().get(task), visit(cast.lin).get(task), visit(cast.ada).get(task)]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert "请从原来的链接打开" in answers[0].text


@pytest.mark.requirement("J14")
def test_a_wrong_code_says_how_often_it_may_be_tried_and_then_ends(link):
    link.open()
    link.browser.post(link.at("/code"))
    right = link.code()
    wrong = f"{(int(right) + 1) % 10**6:06}"

    tries = [link.browser.post(link.at("/prove"), data={"code": wrong}) for _ in range(5)]
    late = link.browser.post(link.at("/prove"), data={"code": right})

    assert [answer.status_code for answer in tries] == [422] * 5
    assert "还可以试 4 次" in tries[0].text
    assert "验证码已过期，重新发送一个" in late.text
    assert link.browser.get(link.at("/task")).status_code == 303


@pytest.mark.requirement("J14")
def test_codes_are_not_sent_one_after_the_other(link, clock):
    link.open()
    link.browser.post(link.at("/code"))

    second = link.browser.post(link.at("/code"))
    clock.move(minutes=2)
    later = link.browser.post(link.at("/code"))

    assert second.status_code == 429
    assert "再发" in second.text
    assert later.status_code == 303


@pytest.mark.requirement("J14")
@pytest.mark.parametrize(
    ("become", "status", "words"),
    [
        ("expired", 410, "链接已过期"),
        ("renewed", 410, "链接已收回"),
        ("used", 410, "贵单位已经用这个链接办理过了"),
        ("overtaken", 410, "毕业生已经自己回传"),
        ("foreign", 404, "没有找到这个链接"),
    ],
)
def test_a_link_that_opens_nothing_says_why_and_what_to_do(
    app, link, cast, clock, become, status, words
):
    token = guest_links.token_of(link.id)
    if become == "expired":
        clock.move(days=16)
    elif become == "renewed":
        link.answer(cast.lin, outcome="recall")
        link.ask()
    elif become == "used":
        link.prove()
        link.upload()
        link.browser = app.test_client()
    elif become == "overtaken":
        link.answer(cast.lin, outcome="upload", sealed_copy=["scan-1"])
    else:
        token = token[:-1] + ("A" if token[-1] != "A" else "B")

    page = link.browser.get(f"/g/{token}", follow_redirects=True)

    assert page.status_code == status
    assert words in page.text
    assert "请" in re.search(r'<p class="note">(.*?)</p>', page.text)[1]


@pytest.mark.requirement("J15")
def test_a_bad_file_is_refused_and_the_rest_stays(link):
    link.prove()

    page = link.browser.post(
        link.at("/task"),
        data={
            "outcome": "upload",
            "sealed_copy__album": (io.BytesIO(b"<html>"), "协议书.png"),
            "do": "check",
        },
    )

    assert page.status_code == 422
    assert "“协议书.png”没有上传" in page.text
    assert 'value="upload" checked' in page.text


@pytest.mark.requirement("J15")
def test_a_refusal_needs_its_reason_and_reaches_the_graduate(link, visit, cast):
    link.prove()
    asked = link.browser.post(link.at("/task"), data={"outcome": "decline", "do": "check"})
    told = link.browser.post(
        link.at("/task"),
        data={"outcome": "decline", "reason": "不是我单位的毕业生", "do": "confirm"},
        follow_redirects=True,
    )

    assert asked.status_code == 422
    assert "已谢绝，毕业生会收到通知" in told.text
    assert link.status() == "waiting_sealed_copy"
    assert "不是我单位的毕业生" in visit(cast.lin).get(f"/cases/{link.case_id}").text


def test_a_proof_is_good_for_one_visit(link, clock):
    link.prove()
    clock.move(hours=13)

    assert link.browser.get(link.at("/task")).location == link.at()


def test_two_links_in_one_browser_are_kept_apart(link, session, cast, clock):
    link.prove()
    session.rollback()
    other, _ = cast.make.graduate(cast.school, cast.college, "何同学")
    second = guest_links.make_link(
        session,
        clock.now,
        clock.now + timedelta(days=1),
        school_id=cast.school.id,
        graduate_id=other.id,
        uses_left=3,
    )
    session.commit()
    link.browser.get(f"/g/{guest_links.token_of(second)}")

    assert link.browser.get(link.at("/task")).status_code == 200
    assert link.browser.get(f"/guest/{second}/task").status_code == 303
