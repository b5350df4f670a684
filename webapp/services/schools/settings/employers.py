"""What the school wants to know of an employer, and how long it keeps what it was shown (K13, A13)."""

from __future__ import annotations

from ...employers import lasting
from ...employers.levels import LABELS
from ...files import retention
from . import AT_ONCE, Setting

GROUP, PLACE = "用人单位", 25
SETTINGS = (
    Setting(
        "minimum_verification",
        "choice",
        "邀请前的核验级别",
        "单位低于这一级时，不能邀请本校毕业生；页面会告诉它去办单位认证。",
        "none",
        choices={**LABELS, "none": "不要求"},
    ),
    Setting(
        "certification_days",
        "number",
        "认证有效天数",
        "本校通过的单位认证管多少天，从通过那天算起；到期前一个月提醒单位的帐号管理者重新认证。填 0 表示长期有效。"
        f"{AT_ONCE}",
        lasting.DAYS,
        low=0,
        high=3650,
    ),
    Setting(
        "private_days",
        "number",
        "证件照片保留天数",
        "单位认证办结后，管理者身份证照片再保留几天，到期自动删除。",
        retention.KEPT_DAYS,
        low=1,
        high=180,
    ),
)
