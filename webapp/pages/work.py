"""The lists of work: what waits for me, what I wait for, what is done, each paged by key."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Case, Claim, College, Destination, Employer, Graduate, School
from webapp.pages.frame import school_of
from webapp.pages.labels import Status, family_label, status_of
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.pages.wording import say_moment
from webapp.services.accounts.actors import Actor
from webapp.services.cases import tasks
from webapp.services.cases.aftermath import states_since
from webapp.services.cases.cases import visible_to
from webapp.services.cases.tasks import WorkRow
from webapp.services.destinations import destinations
from webapp.services.employers.parties import employer_name, other_name

Lister = Callable[..., list[WorkRow]]
# What somebody else asks the reader to answer, by the form of the answer.
ASKED = {
    "signing/answer_invitation": "{other}邀请您签约",
    "signing/answer_interview": "{other}邀请您面试",
    "signing/answer_offer": "{other}请您签约",
}
INVITATIONS = ("signing/answer_invitation", "signing/answer_offer")
REQUEST = "rescission/answer"
EDIT = "amendment/confirm"
BESIDE = {"rescission": "解约", "amendment": "修改签约信息"}  # cases about a signing: what they do
EVIDENCE = "destination/upload_evidence"
DESTINATION = "other_destination"
PARTIES = {"graduate": "毕业生", "employer": "用人单位", "reviewer": "院系", "office": "就业处"}


@dataclass(frozen=True)
class Line:
    """A row of work with what the reader looks for: a headline, a state, a deadline."""

    row: WorkRow
    headline: str
    status: Status
    holder: str = ""

    @property
    def is_invitation(self) -> bool:
        """Whether this is an offer to sign, of which a graduate can accept only one (H07)."""
        return self.row.form in INVITATIONS

    @property
    def step(self) -> str:
        """The step's name, where the headline does not tell it already."""
        return "" if self.headline.endswith(("等您回应", "等您确认")) else self.row.name


def list_work(session: Session, actor: Actor, which: Lister, query: dict[str, str]) -> Page:
    """One page of a list of `services.tasks`, searched by `q`."""
    found = which(
        session,
        actor,
        limit=PAGE + 1,
        before=read_key(query.get("before")),
        text=query.get("q", "").strip(),
    )
    page = page_of(found, lambda row: row.id, query)
    school = school_of(session, actor)
    colleges = colleges_of(session, page.rows)
    lines = [line(actor, row, school, colleges) for row in page.rows]
    return Page(lines, page.next, page.before, page.query)


def line(
    actor: Actor, row: WorkRow, school: School | None, colleges: dict[uuid.UUID, str] | None = None
) -> Line:
    party = (colleges or {}).get(row.case_id) or PARTIES.get(row.role, "")
    return Line(row, headline(actor, row), status_of(row.status, school), party)


def colleges_of(session: Session, rows: Sequence[WorkRow]) -> dict[uuid.UUID, str]:
    """Which college reviews, for the cases among these that wait for one."""
    cases = [row.case_id for row in rows if row.role == "reviewer"]
    found = session.execute(
        select(Case.id, College.name)
        .join(Graduate, Graduate.id == Case.graduate_id)
        .join(College, College.id == Graduate.college_id)
        .where(Case.id.in_(cases))
    )
    return {row[0]: row[1] for row in found}


def headline(actor: Actor, row: WorkRow) -> str:
    """What a person recognises: the other side, and what it is about."""
    if row.form == REQUEST and row.role == actor.role:
        other = row.employer_name if actor.role == "graduate" else row.graduate_name
        return f"{other}申请解约，等您回应"
    if row.form == EDIT and row.role == actor.role:
        return f"{row.employer_name}修改了签约信息，等您确认"
    if row.family in BESIDE and actor.role in ("graduate", "employer"):
        return with_whom(actor, row.family, row.graduate_name, row.employer_name)
    if actor.role == "graduate" and row.form == EVIDENCE:
        return f"学校录入了您的去向：{row.employer_name}"
    if actor.role == "graduate":
        if row.form in ASKED:
            return ASKED[row.form].format(other=row.employer_name)
        unnamed = " · ".join(filter(None, (family_label(row.family), row.name)))
        return row.employer_name or unnamed
    if actor.role == "employer":
        return row.graduate_name or row.title
    both = row.graduate_name and row.employer_name
    return f"{row.graduate_name} · {row.employer_name}" if both else row.title


def with_whom(actor: Actor, family: str, graduate: str | None, employer: str | None) -> str:
    """A rescission or an edit as its two sides find it beside their signing."""
    other = employer if actor.role == "graduate" else graduate
    return f"与{other}{BESIDE[family]}" if other else family_label(family)


def own_cases(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """Every case of a graduate or employer, latest first."""
    wanted = (
        select(Case, Graduate.name, Employer.name)
        .outerjoin(Graduate, Graduate.id == Case.graduate_id)
        .outerjoin(Employer, Employer.id == Case.employer_id)
        .where(visible_to(actor))
        .order_by(Case.id.desc())
        .limit(PAGE + 1)
    )
    if before := read_key(query.get("before")):
        wanted = wanted.where(Case.id < before)
    school = school_of(session, actor)
    found = session.execute(wanted).all()
    since = states_since(session, [case.id for case, _, _ in found])
    lines = [
        CaseLine(
            case,
            other_side(actor, case, graduate, employer),
            status_of(case.status, school, since.get(case.id, "")),
        )
        for case, graduate, employer in found
    ]
    return page_of(lines, lambda line: line.case.id, query)


def other_side(actor: Actor, case: Case, graduate: str | None, employer: str | None) -> str:
    """Whom this party has to do with in a case; before that is known, what the case is."""
    if case.family in BESIDE:
        return with_whom(actor, case.family, graduate, employer_name(case, employer))
    if actor.role == "graduate":
        return other_name(case, employer) or family_label(case.family)
    return graduate or case.title


@dataclass(frozen=True)
class CaseLine:
    """A case with the other side's name and its state."""

    case: Case
    headline: str
    status: Status


@dataclass(frozen=True)
class OwnState:
    """What a graduate is bound to, in words (H01)."""

    tag: str
    tone: str
    rows: list[tuple[str, str, str]]
    case_id: uuid.UUID | None


def own_state(session: Session, actor: Actor) -> OwnState:
    """Bound to whom, where to, and whether the base data are confirmed."""
    graduate = session.get_one(Graduate, actor.graduate_id)
    bound = session.execute(
        select(Case, Employer.name)
        .join(Claim, Claim.case_id == Case.id)
        .outerjoin(Employer, Employer.id == Case.employer_id)
        .where(Claim.graduate_id == graduate.id, Claim.released_at.is_(None))
    ).first()
    destination = session.scalar(
        select(Destination.code).where(
            Destination.graduate_id == graduate.id, Destination.closed_at.is_(None)
        )
    )
    where = destinations.label(destination) if destination else "未登记"
    confirmed = f"{say_moment(graduate.base_data_confirmed_at)} 您已确认无误"
    rows = [("毕业去向", where, ""), ("基本信息", "已确认", confirmed)]
    if bound is None:
        return OwnState("可以签约", "good", [("签约", "尚未签约", ""), *rows], None)
    case, employer = bound
    status = status_of(case.status, session.get(School, case.school_id))
    other = other_name(case, employer) or family_label(case.family)
    what = "去向登记" if case.family == DESTINATION else "签约"
    return OwnState(status.label, status.tone, [(what, other, status.label), *rows], case.id)


def waiting_lines(session: Session, actor: Actor) -> list[Line]:
    """All that waits for this person, the nearest deadline first."""
    found = tasks.waiting_for_me(session, actor, limit=100)
    school = school_of(session, actor)
    far = datetime.max.replace(tzinfo=found[0].since.tzinfo) if found else None
    ordered = sorted(found, key=lambda row: (row.due_at or far, row.id))
    return [line(actor, row, school) for row in ordered]


def sent_lines(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """The invitations an employer has sent and that others hold now."""
    return list_work(session, actor, tasks.waiting_for_others, query)


def split_ids(texts: list[str]) -> list[uuid.UUID]:
    """The task ids of ticked rows; what is none is left out."""
    found: list[Any] = [read_key(text) for text in texts]
    return [one for one in found if one]
