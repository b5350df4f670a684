"""What is said about signing offline: two reviews, an agreement to seal, and who brings it back."""

from __future__ import annotations

from . import WITH_SMS

FAMILY = "offline_signing"
NAMES = {
    "returned": "线下签约申请退回修改",
    "refused": "就业协议审核不通过",
    "agreement_approved": "就业协议审核通过",
    "sealed_copy_overdue": "协议书满 30 天没有回传",
    "employer_link_over": "单位没有用链接回传",
    "copy_returned": "协议书图像退回",
    "completed": "线下签约完成",
    "voided": "申请和协议书作废",
}
CHANNELS = {"agreement_approved": WITH_SMS, "completed": WITH_SMS, "voided": WITH_SMS}
TEXTS = {
    (
        "returned",
        "graduate",
    ): "您与{employer}的线下签约申请被退回修改。原因写在详情里，改好后请重新提交。",
    (
        "refused",
        "graduate",
    ): "您与{employer}的就业协议审核不通过，申请结束。原因写在详情里，可以重新申请或另行签约。",
    (
        "agreement_approved",
        "graduate",
    ): "您与{employer}的就业协议审核通过。请下载打印，盖章签字后回传图像，也可以请用人单位协助回传。",
    (
        "sealed_copy_overdue",
        "graduate",
    ): "您与{employer}的就业协议书还没有回传，已等 30 天。请回传盖章的图像，或请用人单位协助回传。",
    (
        "employer_link_over",
        "graduate",
    ): "{employer}没有用链接回传协议书：链接过期，或单位谢绝了。请再发一次，或由您本人回传。",
    ("copy_returned", "graduate"): "您回传的协议书图像被退回。原因写在详情里，请重新回传。",
    ("completed", "graduate"): "您与{employer}线下签约完成。请保管好纸质协议。",
    (
        "voided",
        "graduate",
    ): "您与{employer}的签约审核不通过，申请和协议书作废。原因写在详情里，可以重新申请或另行签约。",
}
