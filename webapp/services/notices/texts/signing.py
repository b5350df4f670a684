"""What is said about a signing: invitation, answer, review, result (N02, N05)."""

from __future__ import annotations

from . import WITH_SMS

NAMES = {
    "invitation": "签约邀请",
    "lapsed": "邀请失效",
    "refused": "谢绝邀请",
    "withdrawn": "撤回邀请",
    "failed": "签约没有通过审核",
    "completed": "签约完成",
    "review": "待审核",
}
# N03: a text message besides when signing data change.
CHANNELS = {"completed": WITH_SMS, "failed": WITH_SMS}
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
}
