"""What is said about an employer's certification, its manager and its account."""

from __future__ import annotations

from . import WITH_SMS

FAMILY = "employer_certification"
NAMES = {
    "certified": "单位已认证",
    "returned": "公函或证照退回",
    "code_taken": "信用代码已被使用",
    "certification_ends": "单位认证将到期",
    "manager_changed": "帐号管理者已变更",
    "account_recovered": "单位账号已恢复",
}
CHANNELS = {
    "certification_ends": WITH_SMS,
    "manager_changed": WITH_SMS,
    "account_recovered": WITH_SMS,
}
TEXTS = {
    ("certified", "employer"): "单位认证已通过，在所有学校都有效。",
    (
        "certification_ends",
        "employer",
    ): "单位认证到{by}为止。请在到期前打开“单位信息”里的“单位认证”，重新提交盖章的公函；到期后有的学校不能邀请毕业生。",
    (
        "returned",
        "employer",
    ): "单位提交的公函或证照被退回。原因写在详情里，改好后请重新提交。",
    (
        "code_taken",
        "employer",
    ): "单位认证没有通过：信用代码已属于另一个单位账号。请对照证照核对后重新提交。",
    (
        "manager_changed",
        "employer",
    ): "帐号管理者已变更。单位的待办不变，由新的管理者继续办理。",
    ("account_recovered", "employer"): "单位账号已按公函恢复。单位的待办不变，请继续办理。",
}
