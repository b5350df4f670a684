"""Who comes back from WeChat: the open id behind the code that WeChat gave them."""

from __future__ import annotations

from ...config import Outside
from ...errors import CaseError
from ..notices.channels import NotSent


class WechatNotConnected(CaseError):
    """The school's official account cannot bind anybody now."""

    title = "没有绑定微信"
    story = "学校还没有接通微信公众号。"
    way_out = "可以先用短信和邮件接收消息。"


def openid_behind(outside: Outside, code: str) -> str:
    """Ask WeChat. Raises NotSent where it does not answer or does not know the code."""
    from ..notices.channels.wechat import OfficialAccount

    if not code:
        raise NotSent("微信没有给出代码")
    return OfficialAccount(outside).openid_behind(code)
