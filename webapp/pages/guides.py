"""How signing goes at this school, told to a graduate who is not bound yet: by what is offered.

Each way is a few steps in plain words; a school that offers several shows them side by side, the
first one open.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Release
from webapp.services.accounts.actors import Actor
from webapp.services.cases.entries import Entry, entries_for, handed_out

SIGNING = "online_signing"
INVITATION = "employer_invitation"
ELSEWHERE = ("base_data",)  # stands beside the data that it is about
SEALING = ("学校审核通过后盖章", "在这件签约的进度页下载、打印协议书，各方盖章。")
REVIEW = ("等学校审核", "审核通过，签约完成，可以下载协议书。")


@dataclass(frozen=True)
class Guide:
    """One way to sign: what it is called, and its steps as heading and explanation.

    `steps` are the graduate's, `employer` those of the other side.
    """

    variant: str
    title: str
    steps: tuple[tuple[str, str], ...]
    employer: tuple[tuple[str, str], ...] = ()


GUIDES = (
    Guide(
        INVITATION,
        "单位在线邀请",
        (
            ("请单位发来邀请", "把学校、姓名、学号告诉单位，单位在平台上向您发起签约邀请。"),
            (
                "在截止时间前回应",
                "接受或拒绝。到期没有回应，邀请失效，不算您拒绝，单位可以再次邀请。",
            ),
            REVIEW,
        ),
        employer=(
            ("找到毕业生，发出邀请", "用学校、姓名、学号三项找到毕业生，填写条件，核对后发出。"),
            ("等毕业生回应", "回应之前可以撤回。回应或到期之前，不能向同一人再发一份。"),
            SEALING,
        ),
    ),
    Guide(
        "resume_to_offer",
        "投递简历，面试后签约",
        (
            ("选职位，投递简历", "投递后，单位能看到您的简历和联系方式。"),
            ("回应面试邀请", "接受或谢绝。过了回应时间没有答复，邀请过期。"),
            ("在截止日期前回应签约通知", "接受后即与这家单位绑定，其他邀请只能查看。"),
            REVIEW,
        ),
        employer=(
            ("发布岗位，看简历", "合适的发出面试邀请，不合适的这次投递结束。"),
            ("面试后发签约通知", "写明签约条件和截止日期。毕业生过期没有回应，通知失效。"),
            SEALING,
        ),
    ),
    Guide(
        "employer_direct",
        "已商定，由单位录入",
        (
            ("与单位商定", "把姓名、学号告诉已注册的单位，由单位录入签约信息。"),
            ("核对并确认", "单位录入后，请您核对。信息有误或没有商定，可以拒绝。"),
            REVIEW,
        ),
        employer=(
            (
                "录入签约信息",
                "用学校、姓名和学号，或身份证号后 6 位，找到毕业生，填写已商定的条件。",
            ),
            ("等毕业生确认", "确认之前，您看不到毕业生的手机和邮箱。"),
            SEALING,
        ),
    ),
    Guide(
        "qr_card",
        "单位没有注册，扫二维码名片",
        (
            ("出示二维码名片", "名片只代表您一个人，七天有效，可以随时停用。"),
            ("单位扫码填写", "单位不用注册，核对您的信息后填写单位和岗位，用手机验证码确认。"),
            REVIEW,
        ),
        employer=(
            ("扫毕业生的二维码名片", "用手机验证码证明身份，再填写毕业生姓名和学号后 4 位。"),
            ("填写并确认签约", "没有签成的，会发短信告诉您。"),
            ("用短信里的激活码登录", "签成后开通临时账号，登录后可以查看进度、补交公函。"),
        ),
    ),
    Guide(
        "student_initiated",
        "由您发起签约",
        (
            (
                "读签约须知，填协议书",
                "先保存，核对无误再正式提交。提交后不能更换单位，除非单位退回。",
            ),
            ("等单位办理", "单位可以确定签约、退回修改或拒绝。"),
            ("七天内复核确认", "七天内没有操作，系统自动确认。发现有误，请在七天内提出异议。"),
            ("学院审核后打印备案", "审核通过后打印、盖章，交学院备案，签约才算办完。"),
        ),
        employer=(
            ("先读签约须知", "毕业生正式提交之后，出现在“待签约信息”里。"),
            (
                "办理",
                "核对单位情况，填写意见，选确定签约、退回修改或拒绝签约。条件相同的，可以批量签约。",
            ),
            (
                "等学生复核确认",
                "确认之前可以拿回重签，七天重新起算。七天内学生没有操作，系统自动确认。",
            ),
            ("收到协议书，盖章寄回", "学院和学校先盖章，再由毕业生寄给单位；盖章后寄回毕业生。"),
        ),
    ),
)


def home_entries(session: Session, actor: Actor) -> list[Entry]:
    """What a graduate may begin, but for what another page offers in its place."""
    offered = entries_for(session, actor, actor.school_id)
    offered += handed_out(session, actor, actor.school_id)
    return [entry for entry in offered if entry.family not in ELSEWHERE]


def guides_for(session: Session, actor: Actor) -> list[Guide]:
    """The ways of signing that this person's school offers now."""
    offered = set(
        session.scalars(
            select(Release.variant).where(
                Release.school_id == actor.school_id,
                Release.family == SIGNING,
                Release.in_force,
            )
        )
    )
    return [guide for guide in GUIDES if guide.variant in offered]
