"""The sentences of notices, by event and reader; a family may say an event in its own words."""

from __future__ import annotations

TEXTS = {
    ("invitation", "graduate"): "{employer}邀请您签约。{until}不答复的，邀请到时失效。",
    (
        "lapsed",
        "employer",
    ): "{graduate}没有在截止时间前答复，这份签约邀请已失效。可以再发一次邀请。",
    ("lapsed", "graduate"): "{employer}的签约邀请已过答复时间，现已失效。这不算您拒绝。",
    ("refused", "employer"): "{graduate}谢绝了这份签约邀请。可以再次邀请。",
    ("withdrawn", "graduate"): "{employer}撤回了签约邀请，您不用再答复。",
    (
        "failed",
        "graduate",
    ): "您与{employer}的签约没有通过学校审核。原因写在详情里，您可以另行签约。",
    ("failed", "employer"): "与{graduate}的签约没有通过学校审核。原因写在详情里，可以重新邀请。",
    ("completed", "graduate"): "您与{employer}签约完成。协议书生成后可以在详情里下载。",
    ("completed", "employer"): "与{graduate}签约完成。协议书生成后可以在详情里下载。",
    ("review", "reviewer"): "{graduate}与{employer}的签约待您审核。",
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
PAPER = "paper_registration"
OF_FAMILY = {
    (
        PAPER,
        "returned",
        "graduate",
    ): "您与{employer}的协议登记被退回修改。原因写在详情里，改好后请重新提交。",
    (
        PAPER,
        "number_taken",
        "graduate",
    ): "您填写的纸质协议编号已登记在别的协议上，没有完成登记。请核对编号后重新提交。",
    (PAPER, "completed", "graduate"): "您与{employer}的协议已完成登记。请保管好纸质协议。",
    (
        PAPER,
        "voided",
        "graduate",
    ): "您与{employer}的协议登记没有通过审核，登记作废。原因写在详情里，可以重新登记或另行签约。",
}
REMINDER = "“{title}”还在等您办理，请抽空处理。"
OTHERWISE = "“{title}”有新的进展，请查看详情。"


def text_for(family: str, event: str, role: str) -> str:
    """The sentence, with places for `employer`, `graduate`, `title` and `until`."""
    otherwise = REMINDER if event == "reminder" else OTHERWISE
    return OF_FAMILY.get((family, event, role)) or TEXTS.get((event, role), otherwise)
