"""Who reviews what, and who may take back what was begun (K5, P10)."""

from __future__ import annotations

from . import Setting

GROUP, PLACE = "审核与撤回", 20
LEVELS = {"college": "只由院系审核", "office": "只由学校审核", "both": "院系审核后学校再审核"}
AS_ALL = {"": "与“审核级次”相同", **LEVELS}


def level_of(family: str, label: str) -> Setting:
    return Setting(
        f"review_levels_{family}",
        "choice",
        f"{label}的审核级次",
        "这一类事项要另行规定时才选。",
        "",
        choices=AS_ALL,
        alters_flow=True,
    )


SETTINGS = (
    Setting(
        "review_levels",
        "choice",
        "审核级次",
        "签约、登记、解约提交后由谁审核。",
        "both",
        choices=LEVELS,
        alters_flow=True,
    ),
    level_of("online_signing", "线上签约"),
    level_of("offline_signing", "线下签约"),
    level_of("paper_registration", "已签协议登记"),
    level_of("other_destination", "其他去向登记"),
    level_of("destination_void", "去向作废"),
    level_of("rescission", "解约"),
    Setting(
        "employer_may_withdraw",
        "flag",
        "单位可以撤回",
        "单位能否撤回还没有人办理的邀请或申请。",
        True,
        alters_flow=True,
    ),
    Setting(
        "graduate_may_withdraw",
        "flag",
        "毕业生可以撤回",
        "毕业生能否撤回还没有人审核的申请。",
        True,
        alters_flow=True,
    ),
    Setting(
        "unlock_needs_second",
        "flag",
        "解锁须两人办理",
        "就业处把去向设为待就业时，要不要另一位老师复核。",
        True,
        alters_flow=True,
    ),
)
