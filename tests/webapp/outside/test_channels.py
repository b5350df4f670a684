"""Each channel speaks its provider's language, and says what a failure means for the message."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from email import message_from_string
from email.header import decode_header, make_header

import pytest
from sqlalchemy import select

from webapp.config import Config, Outside, load_config
from webapp.models import Delivery
from webapp.services.notices import outbox
from webapp.services.notices.channels import Message, NotSent, channels_of, http, mail, sms, wechat

LETTER = Message(
    "k1", "lin@example.com", "签约系统有一条新消息", "请登录查看。", "https://q.example/notices"
)
TEXT = Message("k2", "13800000001", "", "请登录查看。", "https://q.example/notices")
CARD = Message(
    "k3", "openid-of-lin", "", "您在签约系统有一条新通知，请登录查看。", "https://q.example/notices"
)
SEND = "/cgi-bin/message/template/send"


@pytest.fixture
def post(mail_server):
    return mail.SmtpMail(Outside(smtp_url=mail_server.url, mail_from="签约 <no@school.example>"))


@pytest.fixture
def texts(gateway):
    gateway.answers["/sms"] = (200, {"ok": True})
    return sms.SmsGateway(Outside(sms_url=f"{gateway.url}/sms", sms_key="geheim"))


@pytest.fixture
def account(gateway):
    gateway.answers["/cgi-bin/token"] = (200, {"access_token": "T1", "expires_in": 7200})
    gateway.answers[SEND] = (200, {"errcode": 0})
    return wechat.OfficialAccount(
        Outside(
            wechat_url=gateway.url,
            wechat_appid="app",
            wechat_secret="s",
            wechat_template="tpl",
        )
    )


def failure(channel, message):
    with pytest.raises(NotSent) as caught:
        channel.send(message)
    return caught.value


def test_a_letter_arrives_as_written(post, mail_server):
    post.send(LETTER)

    (letter,) = map(message_from_string, mail_server.letters)
    assert letter["To"] == "lin@example.com"
    assert letter["Message-ID"] == "<k1@school.example>"
    assert str(make_header(decode_header(letter["Subject"]))) == LETTER.title
    body = letter.get_payload(decode=True).decode()
    assert "请登录查看。" in body
    assert LETTER.link in body


@pytest.mark.parametrize(
    ("command", "answer", "lasting"),
    [
        ("RCPT", "550 no such box", True),
        ("RCPT", "451 later", False),
        ("MAIL", "451 busy", False),
        ("DATA", "451 busy", False),
    ],
)
def test_a_refused_letter_says_whether_it_is_worth_another_try(
    post, mail_server, command, answer, lasting
):
    mail_server.refusals[command] = answer

    problem = failure(post, LETTER)

    assert (problem.lasting, problem.unsure) == (lasting, False)


def test_a_line_that_breaks_after_the_letter_leaves_it_open(post, mail_server):
    mail_server.breaks_after_data = True

    assert failure(post, LETTER).unsure


def test_a_server_elsewhere_is_told_nothing_without_tls(mail_server, monkeypatch):
    monkeypatch.setattr(mail, "HERE", ())
    outside = Outside(smtp_url=mail_server.url, mail_from="no@school.example")

    problem = failure(mail.SmtpMail(outside), LETTER)

    assert "连不上邮件服务器" in problem.story
    assert mail_server.letters == []


def test_an_address_that_is_none_is_given_up(post):
    assert failure(post, Message("k", "not an address\n", "t", "x")).lasting


@pytest.mark.requirement("N03")
def test_a_text_message_is_signed(texts, gateway):
    texts.send(TEXT)

    ((_, headers, body),) = gateway.asked
    sent = json.loads(body)
    assert sent["mobile"] == "13800000001"
    assert sent["id"] == "k2"
    assert sent["text"] == "请登录查看。 https://q.example/notices"
    assert headers["X-Signature"] == hmac.new(b"geheim", body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("answer", "lasting", "unsure"),
    [
        ((200, {"ok": False, "message": "号码不存在", "lasting": True}), True, False),
        ((200, {"ok": False, "message": "余额不足"}), False, False),
        ((500, {}), False, False),
        ((302, {}), False, False),
        ((200, {"ok": "yes"}), False, False),
        ((200, b"<html>"), False, True),
        ((200, b'{"ok": tru'), False, True),
        ((200, [1]), False, True),
        (None, False, True),
    ],
)
def test_what_a_gateway_answers_decides_what_becomes_of_the_message(
    texts, gateway, answer, lasting, unsure
):
    gateway.answers["/sms"] = answer

    problem = failure(texts, TEXT)

    assert (problem.lasting, problem.unsure) == (lasting, unsure)


def test_a_gateway_that_is_down_was_told_nothing():
    gone = sms.SmsGateway(Outside(sms_url="http://127.0.0.1:9/sms", sms_key="k"))

    problem = failure(gone, TEXT)

    assert (problem.lasting, problem.unsure) == (False, False)


def test_a_gateway_that_never_answers_may_have_sent_it(texts, gateway, monkeypatch):
    monkeypatch.setattr(http, "SECONDS", 0.2)
    gateway.answers["/sms"] = gateway.never

    problem = failure(texts, TEXT)

    assert (problem.lasting, problem.unsure) == (False, True)
    assert len(gateway.asked) == 1


@pytest.mark.parametrize(
    ("answers", "state", "asked"),
    [
        ([(200, {"ok": False, "message": "余额不足"}), (200, {"ok": True})], "sent", 2),
        ([(503, {}), (200, {"ok": True})], "sent", 2),
        ([(200, {"ok": False, "lasting": True}), (200, {"ok": True})], "failed", 1),
        ([(200, b"<html>"), (200, {"ok": True})], "unsure", 1),
        ([None, (200, {"ok": True})], "unsure", 1),
    ],
)
def test_a_text_message_is_sent_again_only_where_it_cannot_have_left(
    texts, gateway, session, sessions, monday, answers, state, asked
):
    gateway.answers["/sms"] = answers
    outbox.order(session, "sms", "13800000001", "请登录查看。", monday, subject="x", once_key="1")
    session.commit()

    for hours in (0, 1, 30):
        outbox.send_due(sessions, monday + timedelta(hours=hours), {"sms": texts})

    session.rollback()
    assert session.scalars(select(Delivery.state)).one() == state
    assert len(gateway.asked) == asked


@pytest.mark.requirement("N02")
def test_wechat_is_asked_for_its_token_once(account, gateway):
    account.send(CARD)
    account.send(CARD)

    paths = [path.partition("?")[0] for path, _, _ in gateway.asked]
    sent = json.loads(gateway.asked[-1][2])
    assert paths == ["/cgi-bin/token", SEND, SEND]
    assert (sent["touser"], sent["template_id"]) == ("openid-of-lin", "tpl")
    assert len(sent["data"]["thing1"]["value"]) <= 20


def test_a_token_that_ended_early_is_fetched_anew(account, gateway):
    gateway.answers[SEND] = [(200, {"errcode": 40001}), (200, {"errcode": 0})]

    account.send(CARD)

    paths = [path.partition("?")[0] for path, _, _ in gateway.asked]
    assert paths == ["/cgi-bin/token", SEND, "/cgi-bin/token", SEND]


def test_who_does_not_follow_is_given_up(account, gateway):
    gateway.answers[SEND] = (200, {"errcode": 43004, "errmsg": "require subscribe"})

    assert failure(account, CARD).lasting


@pytest.mark.parametrize(
    ("path", "answer", "lasting", "unsure"),
    [
        ("/cgi-bin/token", (200, {"errcode": 40125, "errmsg": "invalid appsecret"}), False, False),
        ("/cgi-bin/token", (200, b"<html>"), False, False),
        ("/cgi-bin/token", None, False, False),
        ("/cgi-bin/token", (502, {}), False, False),
        (SEND, (200, {"errcode": -1, "errmsg": "system busy"}), False, False),
        (SEND, (200, {"errcode": 45009, "errmsg": "reach max api daily quota"}), False, False),
        (SEND, (200, {"errcode": 40003, "errmsg": "invalid openid"}), True, False),
        (SEND, (200, b'{"errcode": '), False, True),
        (SEND, None, False, True),
    ],
)
def test_what_wechat_answers_decides_what_becomes_of_the_message(
    account, gateway, path, answer, lasting, unsure
):
    gateway.answers[path] = answer

    problem = failure(account, CARD)

    assert (problem.lasting, problem.unsure) == (lasting, unsure)
    assert "secret=" not in problem.story


def test_what_is_not_connected_goes_to_a_file_that_only_the_owner_reads(tmp_path):
    config = Config(tmp_path, "sqlite://", "http://127.0.0.1:8000", "file")
    channels = channels_of(config)

    channels["sms"].send(TEXT)

    kept = tmp_path / "outbox.log"
    assert kept.read_text() == "sms\t13800000001\t请登录查看。\thttps://q.example/notices\n"
    assert kept.stat().st_mode & 0o077 == 0
    assert not any(channel.is_connected for channel in channels.values())


def test_a_provider_connected_by_half_stops_the_start(monkeypatch):
    monkeypatch.setenv("QIANYUE_SMS_URL", "https://sms.example/send")

    with pytest.raises(SystemExit, match="QIANYUE_SMS_KEY"):
        load_config()
