"""How long people have to answer."""

from __future__ import annotations

from . import Setting

GROUP, PLACE = "期限", 30
SETTINGS = (
    Setting(
        "reply_days",
        "number",
        "应约期限（天）",
        "单位填写邀请时建议的答复期限，从当天算起，到最后一天的 23:59。单位可以改。",
        5,
        low=1,
        high=60,
    ),
    Setting(
        "rescission_reply_days",
        "number",
        "解约答复期限（天）",
        "对方多少天不答复，解约申请就失效。不填的，一直等到答复。",
        0,
        low=1,
        high=90,
        optional=True,
        alters_flow=True,
    ),
)
