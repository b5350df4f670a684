"""Sends a résumé to a post, and lists what was sent: for the graduate and for the employer.

Sending opens the case and answers its first step in one transaction. The snapshot of the résumé
lives in the case. An employer sees telephone and e-mail once the graduate has applied, and in the
list only as long as that serves the recruitment (C11).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ...database import begin_write, insert_for
from ...errors import CaseError
from ...models import Application, Case, Employer, Graduate, Post, School, new_id
from ...models.recruiting import OPEN_APPLICATION
from ..accounts.actors import Actor
from ..cases.binding import holder_of_claim
from ..cases.cases import UNSENT, start_case, submit_task
from ..cases.rows import LiveCase
from ..cases.tasks import open_tasks
from . import resumes
from .posts import FAMILY, PAGE, VARIANT

SIGNED = ("signed_waiting_school", "completed")
STATES = (
    *("applied", "interview_invited", "interview_accepted", "interview_declined", "offered"),
    *("offer_declined", "expired", "unsuitable", "not_hired", "signed_waiting_school"),
    *("completed", "review_refused"),
)


class AlreadyApplied(CaseError):
    """The résumé is with this post already, and the employer has not finished with it."""

    title = "您已投过这个岗位"
    story = "这个岗位已有您的一份投递在办，有了结果才能再投。"
    way_out = "在“我的投递”里查看进度。"


class NoResume(CaseError):
    """There is nothing to send yet."""

    title = "还没有简历"
    story = "先填好简历，才能投递。"
    way_out = "到“我的简历”填写。"


class SignedAlready(CaseError):
    """Who is bound cannot accept another offer, so applying would only mislead (seed 000 §1)."""

    title = "您已签约，不能再投递"
    story = "签约条件是没有与其他单位达成就业协议。您已签约或正在办理签约。"
    way_out = "要改变决定，须先与已签约的单位协商解约。"


def send(
    session: Session,
    actor: Actor,
    post: Post,
    answers: dict[str, Any],
    labelled: list[dict[str, Any]],
    now: datetime,
) -> LiveCase:
    """Apply with the résumé as it is now. `answers` are those of the form `signing/send_resume`.

    Raises PostClosed, AlreadyApplied, NoResume, SignedAlready, NoRelease, or what starting may raise.
    """
    begin_write(session)
    require_ready(session, actor, post)
    kept = resumes.resume_of(session, actor)
    if kept is None:
        raise NoResume
    graduate = session.get_one(Graduate, actor.graduate_id)
    case = start_case(
        session, actor, FAMILY, variant=VARIANT,
        graduate=graduate, employer=None, now=now, about=post,
    )  # fmt: skip
    enter(session, case, post, now)
    (task,) = [one for one in open_tasks(session, case.id) if one.queue in actor.queues]
    copies = resumes.attach_copies(session, actor, task, kept.content, now)
    person = resumes.person_as_sent(session, graduate.id, post, kept.content)
    resume = resumes.resume_in_words(kept.content)
    sent = {**answers, **copies, "person": person, "resume": resume}
    return submit_task(session, actor, task.id, sent, labelled, now)


def require_ready(session: Session, actor: Actor, post: Post) -> None:
    """Raise why this graduate may not send a résumé to this post now."""
    if holder_of_claim(session, actor.graduate_id) is not None:
        raise SignedAlready
    if running(session, actor, post.id) is not None:
        raise AlreadyApplied


def running(session: Session, actor: Actor, post_id: uuid.UUID) -> uuid.UUID | None:
    """The case of the open application of this graduate to this post."""
    return session.scalar(
        select(Application.case_id).where(
            Application.post_id == post_id,
            Application.graduate_id == actor.graduate_id,
            Application.closed_at.is_(None),
        )
    )


def enter(session: Session, case: LiveCase, post: Post, now: datetime) -> None:
    """Store the application; the unique index lets only one of two clicks through."""
    values = {
        "id": new_id(now),
        "school_id": case.school_id,
        "graduate_id": case.graduate_id,
        "employer_id": post.employer_id,
        "post_id": post.id,
        "case_id": case.id,
        "sent_at": now,
    }
    insert = insert_for(session, Application.__table__).values(values)
    insert = insert.on_conflict_do_nothing(
        index_elements=["post_id", "graduate_id"], index_where=OPEN_APPLICATION
    )
    if session.execute(insert.returning(Application.id)).first() is None:
        raise AlreadyApplied


@dataclass(frozen=True)
class Sent:
    """One application as lists show it."""

    id: uuid.UUID
    case: Case
    post: Post
    employer: str
    graduate: Graduate
    school: School
    sent_at: datetime

    @property
    def shows_contact(self) -> bool:
        """Whether the employer still needs the graduate's telephone and e-mail (C11)."""
        return self.case.ended_at is None or self.case.status in SIGNED


def sent_by(
    session: Session, actor: Actor, *, limit: int = PAGE, before: uuid.UUID | None = None
) -> list[Sent]:
    """What this graduate has sent, latest first."""
    wanted = applications().where(
        Application.school_id == actor.school_id, Application.graduate_id == actor.graduate_id
    )
    return page_of(session, wanted, limit, before)


def received_by(
    session: Session,
    actor: Actor,
    *,
    post_id: uuid.UUID | None = None,
    status: str = "",
    limit: int = PAGE,
    before: uuid.UUID | None = None,
) -> list[Sent]:
    """What this employer has received, latest first; without what graduates took back."""
    wanted = applications().where(
        Application.employer_id == actor.employer_id, Case.status.not_in(UNSENT)
    )
    if post_id:
        wanted = wanted.where(Application.post_id == post_id)
    if status in STATES:
        wanted = wanted.where(Case.status == status)
    return page_of(session, wanted, limit, before)


def applications() -> Select[*tuple[Any, ...]]:
    return (
        select(Application, Case, Post, Employer.name, Graduate, School)
        .join(Case, Case.id == Application.case_id)
        .join(Post, Post.id == Application.post_id)
        .join(Employer, Employer.id == Application.employer_id)
        .join(Graduate, Graduate.id == Application.graduate_id)
        .join(School, School.id == Application.school_id)
    )


def page_of(
    session: Session, wanted: Select[*tuple[Any, ...]], limit: int, before: uuid.UUID | None
) -> list[Sent]:
    if before:
        wanted = wanted.where(Application.id < before)
    rows = session.execute(wanted.order_by(Application.id.desc()).limit(limit))
    return [
        Sent(application.id, case, post, employer, graduate, school, application.sent_at)
        for application, case, post, employer, graduate, school in rows
    ]
