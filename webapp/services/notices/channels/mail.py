"""Mail by SMTP: `smtps://` speaks TLS from the start, `smtp://` must turn it on before anything is said.

`QIANYUE_SMTP_URL` is `smtps://user:password@host:465` or `smtp://…:587`; plain text is spoken to
this machine alone.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from ....config import Outside
from . import Message, NotSent
from .http import say

SECONDS = 10
HERE = ("127.0.0.1", "localhost", "::1")


class SmtpMail:
    """The mail server of this installation."""

    is_connected = True

    def __init__(self, outside: Outside) -> None:
        self.server = urlsplit(outside.smtp_url)
        self.sender = outside.mail_from

    def send(self, message: Message) -> None:
        """Raises NotSent."""
        written = self.write(message)
        server = self.connect()
        try:
            self.address_to(server, message.address)
            self.hand_over(server, written)
        finally:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()

    def address_to(self, server: smtplib.SMTP, address: str) -> None:
        """Say from whom and to whom. Nothing has gone out when this fails."""
        try:
            code, told = server.mail(parseaddr(self.sender)[1])
            lasting = False
            if code == 250:
                code, told = server.rcpt(address)
                lasting = 500 <= code < 600
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(f"邮件服务器中断：{say(error)}") from error
        if code not in (250, 251):
            story = f"邮件服务器不接受：{code} {told.decode(errors='replace')[:120]}"
            raise NotSent(story, lasting=lasting)

    def hand_over(self, server: smtplib.SMTP, written: EmailMessage) -> None:
        """From here on a broken line leaves it open whether the message went.

        Lines end as SMTP wants it: servers refuse bare line feeds.
        """
        try:
            code, told = server.data(written.as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:
            raise NotSent(f"邮件服务器不接受邮件：{error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(f"邮件交出时连接中断：{say(error)}", unsure=True) from error
        if code != 250:
            story = f"邮件服务器不接受邮件：{code} {told.decode(errors='replace')[:120]}"
            raise NotSent(story, lasting=500 <= code < 600)

    def connect(self) -> smtplib.SMTP:
        """A server that has let us in. Raises NotSent."""
        host, context = self.server.hostname or "", ssl.create_default_context()
        with contextlib.ExitStack() as opened:
            try:
                if self.server.scheme == "smtps":
                    port = self.server.port or 465
                    server: smtplib.SMTP = smtplib.SMTP_SSL(
                        host, port, timeout=SECONDS, context=context
                    )
                else:
                    server = smtplib.SMTP(host, self.server.port or 587, timeout=SECONDS)
                opened.callback(server.close)
                self.log_in(server, host, context)
            except (smtplib.SMTPException, OSError) as error:
                raise NotSent(f"连不上邮件服务器 {host}：{say(error)}") from error
            opened.pop_all()
        return server

    def log_in(self, server: smtplib.SMTP, host: str, context: ssl.SSLContext) -> None:
        """Nothing is said in plain text but to this machine."""
        if self.server.scheme != "smtps" and host not in HERE:
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if self.server.username:
            server.login(unquote(self.server.username), unquote(self.server.password or ""))

    def write(self, message: Message) -> EmailMessage:
        written = EmailMessage()
        name, address = parseaddr(self.sender)
        written["From"] = Address(name, addr_spec=address)
        try:
            written["To"] = Address(addr_spec=message.address)
        except Exception as error:  # the header registry raises several kinds
            raise NotSent("收件人的邮箱地址不对", lasting=True) from error
        written["Subject"] = message.title
        written["Message-ID"] = f"<{message.key}@{address.partition('@')[2]}>"
        written["Auto-Submitted"] = "auto-generated"
        written.set_content(
            "\n\n".join(filter(None, (message.text, message.link))) + "\n", cte="base64"
        )
        return written
