"""What was sent and what was not, for the admin; how somebody is told, for everybody."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from tests.webapp.outside.conftest import gateway  # noqa: F401
from webapp.config import Outside
from webapp.models import Contact, Delivery, Person
from webapp.services.accounts import codes
from webapp.services.notices import notices, outbox
from webapp.services.notices.channels import NotSent


class Broken:
    is_connected = True

    def send(self, message):
        raise NotSent("服务器不在", lasting=True)


@pytest.fixture
def failed(story, sessions, session, cast, clock):
    """An invitation whose mail did not leave."""
    session.get_one(Person, cast.lin.person_id).email = "lin@example.com"
    session.commit()
    story.invite()
    notices.pass_on(sessions, clock.now)
    outbox.send_due(sessions, clock.now, dict.fromkeys(("mail", "sms", "wechat"), Broken()))
    session.rollback()
    return session.scalars(select(Delivery)).one()


def test_the_admin_sees_what_did_not_leave_and_sends_it_again(
    visit, cast, session, sessions, clock, failed
):
    ada = visit(cast.ada)

    page = ada.get("/admin/outbox").text
    ada.post(f"/admin/outbox/{failed.id}/retry")

    assert "有 1 条没有发成" in page
    assert "服务器不在" in page
    assert "l***@example.com" in page
    assert "lin@example.com" not in page
    assert outbox.send_due(sessions, clock.now) == (1, 0)
    session.rollback()
    assert session.get_one(Delivery, failed.id).state == "sent"
    assert "重发消息" in ada.get("/admin/audit").text
    assert ada.post(f"/admin/outbox/{failed.id}/retry").status_code == 409


def test_a_code_that_is_over_cannot_be_sent_again(visit, cast, session, clock, failed):
    session.execute(update(Delivery).values(until=clock.now - timedelta(minutes=1)))
    session.commit()

    assert visit(cast.ada).post(f"/admin/outbox/{failed.id}/retry").status_code == 409


def test_the_list_can_be_narrowed(visit, cast, failed):
    ada = visit(cast.ada)

    assert "签约邀请" in ada.get("/admin/outbox?state=failed&channel=mail").text
    assert "没有符合条件的消息" in ada.get("/admin/outbox?state=sent").text


@pytest.fixture
def lin(visit, cast):
    return visit(cast.lin)


def test_mail_can_be_refused_and_had_again(lin, cast, session):
    lin.post("/account/contacts/mail", data={"mail": "off"})
    session.rollback()
    refused = session.get_one(Contact, cast.lin.person_id).no_mail_since
    lin.post("/account/contacts/mail", data={"mail": "on"})

    session.rollback()
    assert refused is not None
    assert session.get_one(Contact, cast.lin.person_id).no_mail_since is None


def test_a_number_is_proved_by_its_code(lin, cast, session, clock):
    number = {"mobile": "139 1111 2222"}
    sent = lin.post("/account/contacts/mobile/code", data=number)
    session.rollback()
    code = codes.latest_code(session, clock.now)[0]
    wrong = "000000" if code != "000000" else "111111"

    refused = lin.post("/account/contacts/mobile", data={**number, "code": wrong})
    saved = lin.post("/account/contacts/mobile", data={**number, "code": code})

    session.rollback()
    assert sent.status_code == 200
    assert refused.status_code == 422
    assert "还可以试 4 次" in refused.text
    assert saved.status_code == 303
    assert session.get_one(Person, cast.lin.person_id).mobile == "13911112222"


def test_a_number_that_is_none_and_a_second_message_are_refused(lin):
    none = lin.post("/account/contacts/mobile/code", data={"mobile": "12"})
    lin.post("/account/contacts/mobile/code", data={"mobile": "13911112222"})
    again = lin.post("/account/contacts/mobile/code", data={"mobile": "13911112222"})

    assert (none.status_code, again.status_code) == (422, 429)
    assert "刚刚发过验证码" in again.text


@pytest.fixture
def connected(app, gateway):  # noqa: F811
    """An official account on this machine."""
    outside = Outside(
        wechat_appid="app", wechat_secret="s", wechat_template="t", wechat_url=gateway.url
    )
    object.__setattr__(app.config["QIANYUE"], "outside", outside)
    gateway.answers["/sns/oauth2/access_token"] = (200, {"openid": "lin-at-wechat"})
    return gateway


@pytest.mark.requirement("N01")
def test_wechat_says_who_came_back(lin, cast, session, connected):
    away = lin.get("/account/contacts/wechat")
    asked = parse_qs(urlsplit(away.location).query)
    back = f"/account/contacts/wechat/back?code=c1&state={asked['state'][0]}"

    bound = lin.get(back)
    again = lin.get(back)

    assert urlsplit(away.location).hostname == "open.weixin.qq.com"
    assert bound.status_code == 303
    assert again.status_code == 409
    session.rollback()
    assert session.get_one(Contact, cast.lin.person_id).openid == "lin-at-wechat"
    assert "已绑定" in lin.get("/account/contacts").text
    lin.post("/account/contacts/wechat/unbind")
    session.rollback()
    assert session.get_one(Contact, cast.lin.person_id).openid is None


@pytest.mark.requirement("N01")
def test_an_openid_serves_the_account_that_bound_it_last(visit, cast, session, connected):
    for actor in (cast.lin, cast.rao):
        client = visit(actor)
        state = parse_qs(urlsplit(client.get("/account/contacts/wechat").location).query)["state"][
            0
        ]
        client.get(f"/account/contacts/wechat/back?code=c&state={state}")

    session.rollback()
    rows = session.execute(select(Contact.person_id).where(Contact.openid == "lin-at-wechat"))
    assert rows.scalars().all() == [cast.rao.person_id]


def test_a_link_that_somebody_else_sent_binds_nobody(lin, cast, session, connected):
    lin.get("/account/contacts/wechat")

    assert lin.get("/account/contacts/wechat/back?code=c1&state=forged").status_code == 409
    assert session.get(Contact, cast.lin.person_id) is None
    assert json.dumps(connected.asked, default=str) == "[]"


def test_without_an_official_account_nothing_is_offered(lin):
    assert "还没有接通微信公众号" in lin.get("/account/contacts").text
    assert lin.get("/account/contacts/wechat").status_code == 409
