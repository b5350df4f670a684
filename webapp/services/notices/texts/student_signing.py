"""What is said about signing that graduates begin, and about direct entry (G30, N02)."""

from __future__ import annotations

from . import WITH_SMS

NAMES = {
    "signing_submitted": "毕业生提交协议书",
    "signing_cancelled": "毕业生取消签约",
    "signing_returned": "单位退回修改",
    "signing_refused": "单位拒绝签约",
    "signing_signed": "单位确定签约",
    "signing_taken_back": "单位拿回重签",
    "signing_confirmed_by_silence": "七天自动确认",
    "signing_objected": "毕业生提出异议",
    "signing_school_returned": "学院退回学生",
    "signing_approved": "学院审核通过",
    "signing_filed": "已备案",
    "signing_not_approved": "签约审核不通过",
    "direct_entered": "单位录入签约信息",
    "direct_withdrawn": "单位撤回签约信息",
    "direct_expired": "签约信息过期",
    "direct_refused": "毕业生拒绝签约信息",
}
CHANNELS = {
    "signing_signed": WITH_SMS,
    "signing_confirmed_by_silence": WITH_SMS,
    "signing_approved": WITH_SMS,
    "signing_not_approved": WITH_SMS,
    "direct_entered": WITH_SMS,
}
TEXTS = {
    ("signing_submitted", "employer"): "{graduate}提交了就业协议书，请在“待签约信息”里办理。",
    ("signing_cancelled", "employer"): "{graduate}取消了与贵单位的签约，不用再办理。",
    (
        "signing_returned",
        "graduate",
    ): "{employer}退回了您的就业协议书。原因写在详情里，改好后请重新提交。",
    ("signing_refused", "graduate"): "{employer}没有与您签约。原因写在详情里，您可以与别家签约。",
    (
        "signing_signed",
        "graduate",
    ): "{employer}已确定签约。请核对后复核确认；七天没有操作的，系统自动确认。",
    (
        "signing_taken_back",
        "graduate",
    ): "{employer}拿回签约信息重新填写，重签之后再请您确认，七天重新起算。",
    (
        "signing_confirmed_by_silence",
        "graduate",
    ): "七天没有操作，您与{employer}的签约信息已由系统自动确认，交学院审核。",
    (
        "signing_confirmed_by_silence",
        "employer",
    ): "{graduate}七天没有操作，签约信息已由系统自动确认，交学院审核。",
    (
        "signing_objected",
        "employer",
    ): "{graduate}对签约信息有异议，请在“待签约信息”里查看并重新办理。",
    (
        "signing_school_returned",
        "graduate",
    ): "学院退回了您的就业协议书。原因写在详情里，改好后请重新提交。",
    (
        "signing_school_returned",
        "employer",
    ): "学院退回了{graduate}的就业协议书。毕业生改好后会重新提交给贵单位。",
    (
        "signing_approved",
        "graduate",
    ): "您与{employer}的签约审核通过，可以打印协议书。三方盖章后请交一份到学院备案。",
    ("signing_approved", "employer"): "与{graduate}的签约审核通过，可以打印协议书。",
    (
        "signing_not_approved",
        "graduate",
    ): "您与{employer}的签约没有通过审核。原因写在详情里，您可以另行签约。",
    ("signing_not_approved", "employer"): "与{graduate}的签约没有通过审核。原因写在详情里。",
    ("signing_filed", "graduate"): "您与{employer}的就业协议已备案。",
    ("signing_filed", "employer"): "与{graduate}的就业协议已由学院备案。",
    (
        "direct_entered",
        "graduate",
    ): "{employer}录入了与您的签约信息。{until}请登录核对后确认或拒绝。",
    ("direct_withdrawn", "graduate"): "{employer}撤回了签约信息，您不用再确认。",
    (
        "direct_expired",
        "employer",
    ): "{graduate}没有在截止时间前确认，这份签约信息已过期。可以再次录入。",
    ("direct_refused", "employer"): "{graduate}没有确认这份签约信息。请与毕业生联系。",
}
