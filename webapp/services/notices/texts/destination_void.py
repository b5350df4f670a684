"""What is said when a destination is voided or a graduate unlocked (M08, K14, E06)."""

from __future__ import annotations

from . import WITH_SMS

FAMILY = "destination_void"
NAMES = {
    "destination_voided": "去向作废",
    "void_refused": "作废未通过",
    "destination_unlocked": "设为待就业",
}
CHANNELS = {
    "destination_voided": WITH_SMS,
    "void_refused": WITH_SMS,
    "destination_unlocked": WITH_SMS,
}
TEXTS = {
    ("destination_voided", "graduate"): "您的去向已作废，可以签约或登记其他去向。",
    ("destination_voided", "reviewer"): "{graduate}作废了登记的去向。不用办理，可以查看作废记录。",
    ("destination_voided", "office"): "{graduate}作废了登记的去向。不用办理，可以查看作废记录。",
    (
        "void_refused",
        "graduate",
    ): "您的去向没有作废，继续有效。原因写在详情里，可以补充后重新申请。",
    (
        "destination_unlocked",
        "graduate",
    ): "学校已把您的毕业去向设为待就业。原因写在详情里，您可以重新签约或登记。",
}
