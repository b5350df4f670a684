"""What is said about a rescission, whichever way it takes."""

from __future__ import annotations

from . import WITH_SMS

NAMES = {
    "rescission_asked": "申请解约",
    "rescission_refused": "拒绝解约",
    "rescission_lapsed": "解约申请到期",
    "rescission_withdrawn": "撤回解约申请",
    "rescission_returned": "解约申请退回修改",
    "rescission_failed": "解约没有通过审核",
    "rescinded": "解约完成",
    "rescission_void": "解约申请办结",
}
# N03: a text message besides when signing data change.
CHANNELS = {"rescinded": WITH_SMS, "rescission_failed": WITH_SMS}
TEXTS = {
    ("rescission_asked", "graduate"): "{employer}申请与您解约。{until}请登录查看后接受或拒绝。",
    ("rescission_asked", "employer"): "{graduate}申请与贵单位解约。{until}请登录查看后接受或拒绝。",
    ("rescission_refused", "graduate"): "{employer}拒绝了解约申请。解约失败，签约仍有效。",
    ("rescission_refused", "employer"): "{graduate}拒绝了解约申请。解约失败，签约仍有效。",
    (
        "rescission_lapsed",
        "graduate",
    ): "解约申请到期没有回应。解约失败，您与{employer}的签约仍有效。",
    ("rescission_lapsed", "employer"): "解约申请到期没有回应。解约失败，与{graduate}的签约仍有效。",
    ("rescission_withdrawn", "graduate"): "{employer}撤回了解约申请，您不用再回应。签约仍有效。",
    ("rescission_withdrawn", "employer"): "{graduate}撤回了解约申请，不用再回应。签约仍有效。",
    (
        "rescission_returned",
        "graduate",
    ): "您的解约申请被退回修改。原因写在详情里，改好后请重新提交。",
    (
        "rescission_failed",
        "graduate",
    ): "您与{employer}的解约没有通过审核。签约仍有效，原因写在详情里，可以重新申请。",
    (
        "rescission_failed",
        "employer",
    ): "与{graduate}的解约没有通过审核。签约仍有效，原因写在详情里，可以重新申请。",
    ("rescinded", "graduate"): "您与{employer}解约完成，可以另行签约或登记去向。",
    ("rescinded", "employer"): "与{graduate}解约完成，协议书不再有效。",
    ("rescission_void", "graduate"): "您与{employer}的协议已不在有效状态，解约申请办结。",
    ("rescission_void", "employer"): "与{graduate}的协议已不在有效状态，解约申请办结。",
}
