"""Signing that graduates begin, direct entry by employers, and filing (003; K6, K8, D02)."""

from __future__ import annotations

from typing import Any

from . import Setting

GROUP, PLACE = "学生发起签约与备案", 45
LONGEST_LINE = 300
EFFECTIVE_ON = {
    "approval": "审核通过即生效",
    "sealed": "三方盖章后生效，以单位盖章日期为准",
    "filed": "学院备案后生效",
}
NOTICE = [
    "双方商定后，由您在这里发起签约；只能与一家单位签约。",
    "保存的草稿单位看不到，单位也可以更换。正式提交后不能更换单位，除非单位退回。",
    "单位确定签约后，请在七天内核对并复核确认；发现有误，提出异议交回单位。七天没有操作的，系统自动确认。",
    "学院审核通过后可以打印协议书，一式三份，双面打印，不要多打。",
    "协议书先由学院、学校盖章，再寄给单位盖章；单位寄回后，交一份到学院备案。",
]
BREACH = [
    "签约后不能按约定履行的，属于违约，要承担协议书写明的责任。",
    "违约不在网上办理，请到学校就业部门线下办理，并取得原单位的书面同意。",
    "违约手续办完之前，不能与别家签约。",
]


def check_text(lines: Any) -> str:
    return "" if lines else "请写至少一行"


SETTINGS = (
    Setting(
        "signing_notice",
        "lines",
        "签约须知",
        "毕业生签约前要读，单位也能看到。一行一段；改动后，以后签约的人读新的一版。",
        NOTICE,
        high=LONGEST_LINE,
        check=check_text,
    ),
    Setting(
        "breach_notice",
        "lines",
        "违约说明",
        "与签约须知一起给毕业生读。一行一段。",
        BREACH,
        high=LONGEST_LINE,
        check=check_text,
    ),
    Setting(
        "effective_on",
        "choice",
        "学生发起的签约何时生效",
        "生效时登记毕业去向。",
        "approval",
        choices=EFFECTIVE_ON,
        alters_flow=True,
    ),
    Setting(
        "paper_trail",
        "flag",
        "登记纸质流转",
        "审核通过后，由毕业生登记协议书盖章和寄送到哪一步。",
        False,
        alters_flow=True,
    ),
    Setting(
        "student_confirm",
        "flag",
        "单位录入须毕业生确认",
        "单位直接录入或扫名片录入的签约信息，要不要毕业生本人确认。",
        True,
        alters_flow=True,
    ),
)
