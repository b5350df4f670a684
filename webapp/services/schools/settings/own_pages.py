"""Settings that are tables and have a page of their own."""

from __future__ import annotations

from ...design.releases import OFFERED
from . import Setting

GROUP, PLACE = "另有专页", 90
SETTINGS = (
    Setting(
        "offered", "table", "开放的业务", "每类业务开放哪几种办法。", OFFERED, alters_flow=True
    ),
    Setting("labels", "table", "状态名称", "状态在本校叫作什么。", {}),
    Setting("terms", "table", "协议书条款", "本校自己的条款文字，按条款。", {}),
    Setting("notice_texts", "table", "通知文字", "通知在本校怎么说。", {}),
    Setting("notice_channels", "table", "通知方式", "每件事除站内消息外还用哪些方式。", {}),
)
