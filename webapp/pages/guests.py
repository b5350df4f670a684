"""What a guest's pages say: whose house this is, what the link is for, what became of its step."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.compiler import CompiledForm, form_class
from forms.definitions import parse_definition
from forms.drafts import Draft
from forms.posted import TYPED
from webapp.errors import CaseError
from webapp.models import Case, College, Graduate, GuestLink, School, Task
from webapp.pages.labels import Status, status_of
from webapp.pages.task_form import TaskForm, as_shown, columns, task_form
from webapp.services.accounts.actors import Actor, Guest, masked_mobile, queue
from webapp.services.agreements.verification import masked_name
from webapp.services.guests.cards import is_over, release_behind, uses_of
from webapp.services.guests.guest_links import LinkOver, LinkUsedUp

FIRST_FORM, OWN_MOBILE = "qr_card/check_graduate", "contact_mobile"
UNSENT = {"drafting": "正在填写", "discarded": "没有填完"}
ASKS = {
    "offline_signing": "盖章并回传就业协议书",
    "online_signing": "填写签约信息",
}


@dataclass(frozen=True)
class GuestPage:
    """What surrounds every page of a guest. Nothing here but the masked name tells who the graduate is."""

    link: GuestLink
    house: str
    house_phone: str
    graduate: str
    college: str
    asks: str
    mobile: str
    is_card: bool


def guest_page(session: Session, link: GuestLink) -> GuestPage:
    """The frame of a link's pages."""
    school = session.get_one(School, link.school_id)
    case = session.get(Case, link.case_id) if link.case_id else None
    graduate = session.get_one(Graduate, case.graduate_id if case else link.graduate_id)
    family = case.family if case else "online_signing"
    return GuestPage(
        link=link,
        house=school.name,
        house_phone=school.phone,
        graduate=masked_name(graduate.name),
        college=session.get_one(College, graduate.college_id).name,
        asks=ASKS.get(family, "办理一件事"),
        mobile=masked_mobile(link.mobile) if link.mobile else "",
        is_card=link.case_id is None,
    )


def phone_behind(session: Session, link_id: uuid.UUID) -> str:
    """The number of the school behind a link, for whoever is stuck; nothing for an unknown one."""
    link = session.get(GuestLink, link_id)
    return session.get_one(School, link.school_id).phone if link else ""


def waiting_task(session: Session, guest: Guest) -> Task | None:
    """The step that waits for this guest."""
    return session.scalars(
        select(Task).where(Task.queue.in_(guest.queues), Task.state == "open").order_by(Task.id)
    ).first()


def require_waiting(session: Session, link: GuestLink) -> None:
    """A case's link still has its step to do; raises what became of it."""
    last = last_task(session, link)
    if last is not None and last.state != "open":
        raise became_of(last)


def require_not_overtaken(session: Session, link: GuestLink) -> None:
    """The step was not taken from the guest; raises what became of it."""
    last = last_task(session, link)
    if last is not None and last.state == "cancelled":
        raise became_of(last)


def last_task(session: Session, link: GuestLink) -> Task | None:
    """The step that a case's link was sent for; a card has none."""
    if link.case_id is None:
        return None
    return session.scalars(
        select(Task)
        .where(
            Task.case_id == link.case_id,
            Task.queue == queue("guest", link.case_id),
            Task.opened_at >= link.created_at,
        )
        .order_by(Task.id.desc())
        .limit(1)
    ).first()


def became_of(task: Task) -> CaseError:
    """Why a guest's step no longer waits."""
    if task.state == "done":
        return LinkUsedUp(
            "贵单位已经用这个链接办理过了，不用再办。",
            "想知道结果，请联系毕业生。图像要更换的，请毕业生再发一个链接。",
        )
    return LinkOver(
        "毕业生已经自己回传，或收回了链接，贵单位不用再传。",
        "有疑问，请联系毕业生本人。",
    )


def first_form(
    session: Session, link: GuestLink, now: datetime, posted: Any = None
) -> CompiledForm:
    """The first form behind a card, as its release froze it: what is asked before a case exists."""
    release = release_behind(session, link)
    raw = release.forms[FIRST_FORM]
    graduate = session.get_one(Graduate, link.graduate_id)
    school = session.get_one(School, link.school_id)
    college = session.get_one(College, graduate.college_id)
    known = {**columns(graduate), "school": school.name, "college": college.name}
    context = {"now": now, "register": {"graduate": as_shown("guest", known)}}
    return form_class(parse_definition(raw, key=FIRST_FORM, groups={}))(posted, context=context)


def guest_form(session: Session, guest: Guest, task: Task, now: datetime) -> TaskForm:
    """The form of a guest's step; by a card, the contact's mobile is the one that was proved."""
    form = task_form(session, task, now, files_at=f"/guest/{guest.link_id}/uploads")
    if guest.graduate_id is not None:
        form.context["register"]["employer"] = {OWN_MOBILE: guest.mobile}
    return form


def with_own_mobile(guest: Guest, draft: Draft) -> Draft:
    """The draft with the proved mobile, whatever was typed in its place (E04)."""
    if guest.graduate_id is None or OWN_MOBILE not in draft[TYPED]:
        return draft
    return {**draft, TYPED: {**draft[TYPED], OWN_MOBILE: [guest.mobile]}}


def may_begin_again(session: Session, guest: Guest) -> bool:
    """Whether what this guest began with a card is over, so that the card may be used once more."""
    case = session.get(Case, guest.case_id) if guest.graduate_id and guest.case_id else None
    return case is not None and is_over(case)


@dataclass(frozen=True)
class UseShown:
    """Who used a card, with the state as the school calls it."""

    mobile: str
    at: datetime
    case_id: uuid.UUID | None
    label: str


def uses_shown(session: Session, actor: Actor) -> list[UseShown]:
    school = session.get(School, actor.school_id)
    return [
        UseShown(
            use.mobile,
            use.at,
            use.case_id,
            UNSENT.get(use.status) or status_of(use.status, school).label,
        )
        for use in uses_of(session, actor)
    ]


@dataclass(frozen=True)
class Result:
    """What a guest reads after the act, and when coming back."""

    case: Case
    status: Status
    title: str
    story: str
    ways_out: tuple[str, ...] = ()


RESULTS: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {
    ("offline_signing", "signing_under_review"): (
        "协议书已回传",
        "接下来由学校审核，贵单位不用再做什么。审核结果由毕业生告知。",
        (),
    ),
    ("offline_signing", "waiting_sealed_copy"): (
        "已谢绝，毕业生会收到通知",
        "您写的原因毕业生能看到。链接已失效，贵单位不用再做什么。",
        (),
    ),
    ("online_signing", "waiting_graduate"): (
        "已提交，等毕业生确认",
        "毕业生 7 天内确认后，由学校审核。确认以后，贵单位的登录激活码会发到您的手机。",
        (),
    ),
    ("online_signing", "signed_waiting_school"): (
        "签约成功，待学校审核",
        "贵单位的临时账号已开通，激活码发到您的手机，首次登录要改密码。登录后可以看进展，也可以补交授权书。",
        (),
    ),
    ("online_signing", "already_employed"): (
        "这位毕业生已就业，不能签约",
        "系统里已有这位毕业生的签约或毕业去向，一位毕业生只能与一家单位签约。",
        (
            "毕业生与原单位办理解约（解约申请）；",
            "或由学校就业处解锁，把去向设为待就业。办好后请毕业生出示新的二维码。",
        ),
    ),
    ("online_signing", "not_eligible"): (
        "这位毕业生现在不能网上签约",
        "毕业生的信息还没有确认，或培养方式不能网上签约。",
        ("请毕业生确认本人信息，或咨询学校就业处。",),
    ),
    ("online_signing", "discarded"): (
        "没有签约",
        "这次填写已结束，毕业生不受影响。还想签约，再扫一次二维码。",
        (),
    ),
    ("online_signing", "refused"): (
        "毕业生没有确认",
        "毕业生没有确认这份签约信息。请与毕业生商量。",
        (),
    ),
    ("online_signing", "completed"): (
        "签约完成",
        "学校已审核通过。登录后可以下载、打印就业协议书。",
        (),
    ),
    ("offline_signing", "offline_completed"): ("签约完成", "学校已审核通过，线下签约完成。", ()),
}


def result_of(session: Session, guest: Guest, now: datetime) -> Result | None:
    """How the guest's case stands, in words; None before there is one."""
    case = session.get(Case, guest.case_id) if guest.case_id else None
    if case is None:
        return None
    status = status_of(case.status, session.get(School, case.school_id))
    title, story, ways_out = RESULTS.get(
        (case.family, case.status),
        (status.label, "贵单位现在不用做什么。想知道进展，请联系毕业生。", ()),
    )
    return Result(case, status, title, story, ways_out)
