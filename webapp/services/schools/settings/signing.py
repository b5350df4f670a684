"""Who may sign online, and what must be filled in."""

from __future__ import annotations

from . import Setting

GROUP, PLACE = "签约条件", 40
SETTINGS = (
    Setting(
        "directed_may_sign_online",
        "flag",
        "定向、委培毕业生可以网上签约",
        "不可以的，只能登记定向或委培的去向。",
        False,
    ),
    Setting(
        "archive_required",
        "flag",
        "必须填写档案去向",
        "单位发出邀请时要写明档案转到哪里。",
        False,
    ),
)
