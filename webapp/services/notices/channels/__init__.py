"""The ways out of the house: mail, text messages, WeChat. One small interface, one file each.

What an installation has not connected goes to a stand-in, the file `outbox.log` or the console, so
that everything can be tried and seen without any provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ....config import Config

__all__ = ["Channel", "Message", "NotSent", "channels_of"]


@dataclass(frozen=True)
class Message:
    """What leaves: `address` is a mobile number, an e-mail address or an openid.

    `key` is the same at every attempt, so a provider that knows keys doubles nothing.
    """

    key: str
    address: str
    title: str
    text: str
    link: str = ""


class NotSent(Exception):
    """The message did not leave, or nobody knows.

    `unsure`: the line broke after the message was handed over, so trying again might double it.
    `lasting`: this address will never take it. Otherwise the channel is out of order for now.
    """

    def __init__(self, story: str, *, unsure: bool = False, lasting: bool = False) -> None:
        self.story, self.unsure, self.lasting = story, unsure, lasting
        super().__init__(story)


class Channel(Protocol):
    """Hands one message to a provider. Raises NotSent."""

    is_connected: bool

    def send(self, message: Message) -> None: ...


def channels_of(config: Config) -> Mapping[str, Channel]:
    """The channels of this installation by name: `mail`, `sms`, `wechat`."""
    from . import (  # late: smtplib and email cost the start of each command
        mail,
        sms,
        standin,
        wechat,
    )

    instead = standin.stand_in(config)
    outside = config.outside
    return {
        "mail": mail.SmtpMail(outside) if outside.smtp_url else instead("mail"),
        "sms": sms.SmsGateway(outside) if outside.sms_url else instead("sms"),
        "wechat": wechat.OfficialAccount(outside) if outside.wechat_appid else instead("wechat"),
    }
