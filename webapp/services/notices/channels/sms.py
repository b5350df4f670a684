"""Text messages through an HTTP gateway: one signed POST of JSON per message.

The body is `{"id", "mobile", "text", "time"}`; the header `X-Signature` holds the hexadecimal
HMAC-SHA256 of the body under `QIANYUE_SMS_KEY`. The gateway answers `{"ok": true}`, or `{"ok":
false, "message": …, "lasting": true}` where the number will never take a message. docs/operating.md
says how a provider's own protocol is put behind it.
"""

from __future__ import annotations

import hashlib
import hmac
import time

import orjson

from ....config import Outside
from . import Message, NotSent
from .http import ask


class SmsGateway:
    """The gateway of this installation."""

    is_connected = True

    def __init__(self, outside: Outside) -> None:
        self.url, self.key = outside.sms_url, outside.sms_key.encode()

    def send(self, message: Message) -> None:
        """Raises NotSent."""
        body = orjson.dumps(
            {
                "id": message.key,
                "mobile": message.address,
                "text": " ".join(filter(None, (message.text, message.link))),
                "time": int(time.time()),
            }
        )
        signature = hmac.new(self.key, body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Signature": signature}
        answer = ask("POST", self.url, body, headers)
        if answer.get("ok") is not True:
            told = str(answer.get("message", "没有说明原因"))[:200]
            raise NotSent(f"短信网关没有接受：{told}", lasting=bool(answer.get("lasting")))
