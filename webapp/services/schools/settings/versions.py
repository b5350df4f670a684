"""Edits after signing: who has to agree, by when, and what a new signature does (F21, F22, A22)."""

from __future__ import annotations

from ...agreements import signatures
from . import Setting
from .reviewing import level_of

GROUP, PLACE = "签约后修改", 55
SETTINGS = (
    Setting(
        "amendment_review",
        "flag",
        "修改要学校审核",
        "毕业生确认单位的修改后，还要不要学校审核。",
        False,
        alters_flow=True,
    ),
    level_of("amendment", "签约后修改"),
    Setting(
        "amendment_reply_days",
        "number",
        "修改确认期限（天）",
        "毕业生多少天不确认，修改就不作数，原来的内容有效。不填的，一直等到确认。",
        0,
        low=1,
        high=90,
        optional=True,
        alters_flow=True,
    ),
    Setting(
        "signature_policy",
        "choice",
        "更换手写签名后",
        "单位或毕业生更换手写签名后，已签发的协议书怎么办。单位要换已签发的，须由通过单位认证的帐号管理者办理。",
        signatures.NEW_ONLY,
        choices=signatures.POLICIES,
    ),
)
