"""Mail through a real SMTP server on this machine, from the outbox to the letter that arrived.

aiosmtpd speaks the protocol with TLS and log-in as a school's server does; what it refuses, delays or
breaks off has to end in the right state of the message.
"""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select

from webapp.config import Outside
from webapp.models import Delivery
from webapp.services.notices import outbox
from webapp.services.notices.channels import mail

LOGIN, PASSWORD = b"no@school.example", b"p@ss:word"
WRITTEN = "no%40school.example:p%40ss%3Aword"
TEXT = "您有一条新消息，请登录查看。\nhttps://q.example/notices"


class House:
    """What the server does with a letter: `answers[command]` is said once each, in turn, instead of yes."""

    def __init__(self):
        self.letters, self.logged_in, self.answers = [], [], {}
        self.over_tls, self.breaks, self.tried, self.sent = [], False, 0, b""

    def answer(self, command):
        waiting = self.answers.get(command, [])
        return waiting.pop(0) if waiting else ""

    def authenticate(self, server, session, envelope, mechanism, given):
        self.logged_in.append((given.login, given.password))
        fits = (given.login, given.password) == (LOGIN, PASSWORD)
        return AuthResult(success=fits, handled=fits)  # else the server says 535 itself

    async def handle_RCPT(self, server, session, envelope, address, options):
        if said := self.answer("RCPT"):
            return said
        envelope.rcpt_tos.append(address)
        return "250 yes"

    async def handle_DATA(self, server, session, envelope):
        self.tried += 1
        if self.breaks:
            server.transport.abort()
        elif said := self.answer("DATA"):
            return said
        else:
            self.over_tls.append(server.transport.get_extra_info("ssl_object") is not None)
            self.letters.append(message_from_bytes(envelope.content))
            self.sent = envelope.original_content
        return "250 taken"


class Server(Controller):
    """On a port that is free."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Whom this machine trusts, and a certificate of the server's address."""
    authority = trustme.CA()
    trusted = tmp_path_factory.mktemp("tls") / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    return authority, str(trusted)


@pytest.fixture
def house():
    return House()


@pytest.fixture
def serve(authority, house, monkeypatch):
    """Starts the server and gives the channel to it: with STARTTLS and log-in, or TLS from the start."""
    import ssl

    running = []
    monkeypatch.setattr(mail, "HERE", ())  # a server elsewhere, where nothing is said in plain text
    monkeypatch.setenv("SSL_CERT_FILE", authority[1])

    def serve(scheme="smtp", login=WRITTEN):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority[0].issue_cert("127.0.0.1").configure_cert(context)
        if scheme == "smtps":
            tls = {"ssl_context": context}
        else:
            tls = {"tls_context": context, "require_starttls": True}
        server = Server(
            house, hostname="127.0.0.1", port=0, authenticator=house.authenticate,
            auth_required=True, auth_require_tls=scheme == "smtp", **tls,
        )  # fmt: skip
        server.start()
        running.append(server)
        place = f"{scheme}://{login}@127.0.0.1:{server.port}"
        return mail.SmtpMail(Outside(smtp_url=place, mail_from="签约 <no@school.example>"))

    yield serve
    for server in running:
        server.stop()


@pytest.fixture
def round_of(session, sessions, monday):
    """One letter is ordered; then rounds of the outbox: (state, attempts) after each."""
    outbox.order(
        session, "mail", "lin@example.com", TEXT, monday, subject="invitation", once_key="one"
    )
    session.commit()

    def round_of(channel, now=monday):
        outbox.send_due(sessions, now, {"mail": channel})
        session.rollback()
        return session.execute(select(Delivery.state, Delivery.attempts)).one()

    return round_of


@pytest.mark.requirement("N02")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_letter_arrives_over_tls_after_a_log_in(serve, house, round_of, scheme):
    assert round_of(serve(scheme)) == ("sent", 1)

    (letter,) = house.letters
    assert house.logged_in == [(LOGIN, PASSWORD)]
    assert house.over_tls == [True]
    assert str(make_header(decode_header(letter["From"]))) == "签约 <no@school.example>"
    assert letter["To"] == "lin@example.com"
    assert str(make_header(decode_header(letter["Subject"]))) == outbox.TITLE
    assert letter.get_payload(decode=True).decode().split() == TEXT.split()
    assert b"\n" not in house.sent.replace(b"\r\n", b""), "servers refuse bare line feeds"


def test_a_wrong_password_sends_nothing_and_is_tried_again(serve, house, round_of, monday):
    wrong = serve(login="no%40school.example:old")

    assert round_of(wrong) == ("waiting", 1)
    assert house.letters == []
    assert round_of(serve(), monday + timedelta(hours=1)) == ("sent", 2)


def test_a_server_that_nobody_vouches_for_is_not_told_the_password(
    serve, house, round_of, monkeypatch
):
    channel = serve()
    monkeypatch.delenv("SSL_CERT_FILE")

    assert round_of(channel) == ("waiting", 1)
    assert (house.logged_in, house.letters) == ([], [])


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_refused_letter_is_given_up(serve, house, round_of, monday, command):
    house.answers[command] = ["550 5.1.1 no such box"]
    channel = serve()

    assert round_of(channel) == ("failed", 1)
    assert round_of(channel, monday + timedelta(days=1)) == ("failed", 1)
    assert house.letters == []


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_greylisted_letter_comes_at_the_second_try_and_once(
    serve, house, round_of, monday, command
):
    house.answers[command] = ["451 4.7.1 greylisted, try again later"]
    channel = serve()

    assert round_of(channel) == ("waiting", 1)
    assert round_of(channel, monday + timedelta(seconds=30)) == ("waiting", 1)  # not yet
    assert round_of(channel, monday + timedelta(minutes=5)) == ("sent", 2)
    assert round_of(channel, monday + timedelta(hours=9)) == ("sent", 2)
    assert len(house.letters) == 1


def test_a_line_that_breaks_while_the_letter_goes_leaves_it_open_and_doubles_nothing(
    serve, house, round_of, monday
):
    house.breaks = True
    channel = serve()

    assert round_of(channel) == ("unsure", 1)
    house.breaks = False
    assert round_of(channel, monday + timedelta(days=1)) == ("unsure", 1)
    assert house.tried == 1
