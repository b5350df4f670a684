"""What is said about the registration of an agreement signed on paper."""

from __future__ import annotations

from . import WITH_SMS

FAMILY = "paper_registration"
NAMES = {
    "returned": "登记退回修改",
    "number_taken": "协议编号已登记",
    "completed": "完成登记",
    "voided": "登记作废",
}
CHANNELS = {"completed": WITH_SMS, "voided": WITH_SMS}
TEXTS = {
    (
        "returned",
        "graduate",
    ): "您与{employer}的协议登记被退回修改。原因写在详情里，改好后请重新提交。",
    (
        "number_taken",
        "graduate",
    ): "您填写的纸质协议编号已登记在别的协议上，没有完成登记。请核对编号后重新提交。",
    ("completed", "graduate"): "您与{employer}的协议已完成登记。请保管好纸质协议。",
    (
        "voided",
        "graduate",
    ): "您与{employer}的协议登记没有通过审核，登记作废。原因写在详情里，可以重新登记或另行签约。",
}
