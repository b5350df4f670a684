"""How signing goes at this school, told to a graduate who is not bound yet: by what is offered.

Each way is a few steps in plain words; a school that offers several shows them side by side, the
first one open.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Release
from webapp.services.actors import Actor
from webapp.services.entries import Entry, entries_for, handed_out

SIGNING = "online_signing"
INVITATION = "employer_invitation"
ELSEWHERE = ("base_data",)  # stands beside the data that it is about
REVIEW = ("等学校审核", "审核通过，签约完成，可以下载协议书。")


@dataclass(frozen=True)
class Guide:
    """One way to sign: what it is called, and its steps as heading and explanation."""

    variant: str
    title: str
    steps: tuple[tuple[str, str], ...]


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
    ),
    Guide(
        "employer_direct",
        "已商定，由单位录入",
        (
            ("与单位商定", "把姓名、学号告诉已注册的单位，由单位录入签约信息。"),
            ("核对并确认", "单位录入后，请您核对。信息有误或没有商定，可以拒绝。"),
            REVIEW,
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
