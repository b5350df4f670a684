"""What is said on the way from a résumé to an offer (面试和签约通知, N05)."""

from __future__ import annotations

from . import WITH_SMS

NAMES = {
    "interview_invited": "面试邀请",
    "interview_accepted": "接受面试",
    "interview_declined": "谢绝面试",
    "interview_expired": "面试邀请已过期",
    "resume_unsuitable": "简历不合适",
    "not_hired": "不录用",
    "signing_notice": "签约通知",
    "offer_declined": "谢绝签约",
    "offer_expired": "签约通知已过期",
}
CHANNELS = {"interview_invited": WITH_SMS, "signing_notice": WITH_SMS}
TEXTS = {
    (
        "interview_invited",
        "graduate",
    ): "面试邀请：{employer}请您面试“{post}”。{message}接受邀请截止日期：{by}",
    ("interview_expired", "employer"): "{graduate}没有在截止日期前回应面试邀请，邀请已过期。",
    ("interview_declined", "employer"): "{graduate}谢绝了“{post}”的面试。",
    ("interview_accepted", "employer"): "{graduate}接受了“{post}”的面试。面试后请处理面试结果。",
    ("resume_unsuitable", "graduate"): "{employer}看过您投递“{post}”的简历，认为不合适。",
    ("not_hired", "graduate"): "{employer}处理了“{post}”的面试结果：不录用。",
    (
        "signing_notice",
        "graduate",
    ): "签约通知：{employer}请您签约。{message}接受邀请截止日期：{by}",
    ("offer_expired", "employer"): "{graduate}没有在截止日期前回应签约通知，通知已过期。",
    ("offer_declined", "employer"): "{graduate}谢绝了“{post}”的签约。",
}
