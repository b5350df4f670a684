"""Template messages of a WeChat official account, and the open id of somebody who binds it (N01).

The access token lives two hours and ends an older one, so it is fetched once per process and
fetched anew only when WeChat says that it no longer holds.
"""

from __future__ import annotations

import threading
import time
from urllib.parse import urlencode

import orjson

from ....config import Outside
from . import Message, NotSent
from .http import ask

TOKEN_IS_OVER = (40001, 40014, 42001)
NEVER = (40003, 43004, 43101, 43116)  # wrong openid, does not follow, has refused
EARLY = 300
TOKENS: dict[tuple[str, str], tuple[str, float]] = {}
one_at_a_time = threading.Lock()


class OfficialAccount:
    """The official account of this installation."""

    is_connected = True

    def __init__(self, outside: Outside) -> None:
        self.outside = outside

    def send(self, message: Message) -> None:
        """Raises NotSent."""
        body = orjson.dumps(
            {
                "touser": message.address,
                "template_id": self.outside.wechat_template,
                "url": message.link,
                "client_msg_id": message.key,
                "data": {"thing1": {"value": message.text[:20]}},
            }
        )
        answer = self.post(body, self.token())
        if answer.get("errcode") in TOKEN_IS_OVER:
            answer = self.post(body, self.token(fresh=True))
        code = answer.get("errcode", 0)
        if code:
            told = str(answer.get("errmsg", ""))[:120]
            raise NotSent(f"微信没有接受：{code} {told}", lasting=code in NEVER)

    def post(self, body: bytes, token: str) -> dict[str, object]:
        url = f"{self.outside.wechat_url}/cgi-bin/message/template/send?access_token={token}"
        return ask("POST", url, body, {"Content-Type": "application/json"})

    def token(self, fresh: bool = False) -> str:
        """The access token, from the cache while it holds."""
        key = (self.outside.wechat_url, self.outside.wechat_appid)
        with one_at_a_time:
            kept, until = TOKENS.get(key, ("", 0.0))
            if kept and not fresh and time.monotonic() < until:
                return kept
            answer = self.get(
                "/cgi-bin/token",
                grant_type="client_credential",
                appid=self.outside.wechat_appid,
                secret=self.outside.wechat_secret,
            )
            token = str(answer.get("access_token", ""))
            if not token:
                raise NotSent(f"微信没有给出接口凭证：{answer.get('errcode', '')}")
            lives = int(str(answer.get("expires_in", 7200))) - EARLY
            TOKENS[key] = (token, time.monotonic() + lives)
            return token

    def openid_behind(self, code: str) -> str:
        """The open id of whoever came back from WeChat with `code`. Raises NotSent."""
        answer = self.get(
            "/sns/oauth2/access_token",
            grant_type="authorization_code",
            appid=self.outside.wechat_appid,
            secret=self.outside.wechat_secret,
            code=code,
        )
        openid = str(answer.get("openid", ""))
        if not openid:
            raise NotSent(f"微信没有确认身份：{answer.get('errcode', '')}")
        return openid

    def get(self, path: str, **parameters: str) -> dict[str, object]:
        return ask("GET", f"{self.outside.wechat_url}{path}?{urlencode(parameters)}")
