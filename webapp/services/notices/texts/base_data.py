"""What is said about the correction of a graduate's base data."""

from __future__ import annotations

from . import WITH_SMS

FAMILY = "base_data"
NAMES = {
    "corrected": "基本信息已更正",
    "returned": "更正申请退回修改",
    "conflict": "号码与他人相同",
    "refused": "更正没有通过",
}
CHANNELS = {"corrected": WITH_SMS}
TEXTS = {
    ("corrected", "graduate"): "基本信息已更正，请重新核对并确认。",
    ("returned", "graduate"): "您的更正申请被退回修改。原因写在详情里，改好后请重新提交。",
    (
        "conflict",
        "graduate",
    ): "更正后的号码与另一位毕业生相同，没有更正。请对照证件核对后重新提交。",
    ("refused", "graduate"): "您的更正申请没有通过，登记的信息不变。原因写在详情里。",
}
