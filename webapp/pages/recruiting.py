"""Posts, résumés and what was sent, as pages show them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forms import code_tables as codes
from webapp.models import Employer, Post, School
from webapp.pages.frame import school_of
from webapp.pages.labels import Status, in_list, status_of
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.accounts.actors import Actor
from webapp.services.cases.binding import holder_of_claim
from webapp.services.recruiting import applications, posts
from webapp.services.recruiting.applications import STATES, Sent
from webapp.services.schools.labels import code_name, list_label

MOST_TO_FILTER_BY = 100
# What waits for the employer, and what for the graduate, in an employer's list.
EMPLOYERS_TONES = {
    **dict.fromkeys(("applied", "interview_accepted"), "wait"),
    **dict.fromkeys(("interview_invited", "offered"), "flow"),
}


@dataclass(frozen=True)
class PostLine:
    """A post in words."""

    post: Post
    employer: Employer | None
    category: str
    is_open: bool


@dataclass(frozen=True)
class PostPage:
    """A post as a graduate reads it, and what stands in the way of applying."""

    line: PostLine
    running: uuid.UUID | None
    is_bound: bool

    @property
    def takes_resumes(self) -> bool:
        return self.line.is_open and not self.running and not self.is_bound


@dataclass(frozen=True)
class SentLine:
    """Something sent, with its state in the words of the list."""

    sent: Sent
    status: Status


def list_open_posts(session: Session, now: datetime, query: dict[str, str]) -> Page:
    """The posts that take résumés, searched by `q` and `category`."""
    found = posts.open_posts(
        session,
        now,
        text=query.get("q", ""),
        category=query.get("category", ""),
        limit=PAGE + 1,
        before=read_key(query.get("before")),
    )
    return page_of(
        [line_of(post, employer, now) for post, employer in found], lambda line: line.post.id, query
    )


def list_own_posts(session: Session, actor: Actor, now: datetime, query: dict[str, str]) -> Page:
    found = posts.own_posts(session, actor, limit=PAGE + 1, before=read_key(query.get("before")))
    return page_of([line_of(post, None, now) for post in found], lambda line: line.post.id, query)


def line_of(post: Post, employer: Employer | None, now: datetime) -> PostLine:
    category = code_name("position_category", post.category)
    return PostLine(post, employer, category, posts.is_open(post, now))


def post_page(session: Session, actor: Actor, post: Post, now: datetime) -> PostPage:
    employer = session.get_one(Employer, post.employer_id)
    return PostPage(
        line_of(post, employer, now),
        applications.running(session, actor, post.id),
        holder_of_claim(session, actor.graduate_id) is not None,
    )


def categories() -> list[tuple[str, str]]:
    """The position categories to filter by."""
    return [(row.code, row.name) for row in codes.table("position_category").items]


def list_sent(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """What this graduate has sent (我的投递)."""
    found = applications.sent_by(
        session, actor, limit=PAGE + 1, before=read_key(query.get("before"))
    )
    school = school_of(session, actor)
    lines = [SentLine(one, status_of(one.case.status, school)) for one in found]
    return page_of(lines, lambda line: line.sent.id, query)


def list_received(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """What this employer has received, by post and state, with the columns of C10."""
    found = applications.received_by(
        session,
        actor,
        post_id=read_key(query.get("post")),
        status=query.get("state", ""),
        limit=PAGE + 1,
        before=read_key(query.get("before")),
    )
    lines = [SentLine(one, of_applicant(one.case.status, one.school)) for one in found]
    return page_of(lines, lambda line: line.sent.id, query)


def of_applicant(status: str, school: School | None) -> Status:
    """A state as the list of applicants spells it, with what waits for the employer marked (C10)."""
    told = in_list(status, school)
    return Status(told.key, told.label, EMPLOYERS_TONES.get(status, told.tone))


def states_to_filter_by() -> list[tuple[str, str]]:
    return [(key, list_label(key)) for key in STATES]


def posts_to_filter_by(session: Session, actor: Actor) -> list[Post]:
    return posts.own_posts(session, actor, limit=MOST_TO_FILTER_BY)


@dataclass(frozen=True)
class Notice:
    """A notice of interview or signing: who sent it, what it says, its last day, what became of it."""

    kind: str
    employer: str
    post: str
    message: str
    last_day: str
    answer: str
    waits: bool
    case_id: uuid.UUID


def list_notices(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """The notices of interview and signing of a graduate (面试和签约通知, N05), latest first."""
    page = list_sent(session, actor, query)
    told = [notice for line in page.rows for notice in notices_of(line.sent)]
    return Page(told, page.next, page.before, page.query)


def notices_of(sent: Sent) -> list[Notice]:
    """The notices of one application, the later one first; what was never sent out is none."""
    known = sent.case.variables
    found: list[Notice] = []
    offer, interview = known.get("Decide_interview", {}), known.get("View_resume", {})
    if offer.get("outcome") == "sign" and known.get("Open_invitation", {}).get("outcome") == "ok":
        by, said = offer.get("reply_by"), offer.get("offer_message")
        found.append(notice(sent, "签约通知", "offered", "Answer_offer", said, by))
    if interview.get("outcome") == "invite":
        by, said = interview.get("answer_by"), interview.get("interview_note")
        found.append(notice(sent, "面试邀请", "interview_invited", "Answer_interview", said, by))
    return found


def notice(
    sent: Sent, kind: str, waiting: str, answer: str, message: str | None, last_day: str | None
) -> Notice:
    waits = sent.case.status == waiting
    outcome = sent.case.variables.get(answer, {}).get("outcome")
    told = {"accept": "接受", "decline": "谢绝"}.get(str(outcome), "已过期")
    return Notice(
        kind,
        sent.employer,
        sent.post.title,
        message or "",
        spoken_day(last_day or ""),
        "" if waits else told,
        waits,
        sent.case.id,
    )


def spoken_day(day: str) -> str:
    """`2020-3-19`, as the notices of the source write it (C06)."""
    return "-".join(str(int(part)) for part in day.split("-")) if day else ""


def post_form_values(post: Post) -> dict[str, Any]:
    """A post as the form `recruiting/post` begins with it."""
    return {
        **{name: getattr(post, name) for name in posts.EDITABLE},
        "open_until": post.open_until.isoformat(),
    }
