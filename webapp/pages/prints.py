"""The print page of one agreement: what may be printed by whom, what was, and what was asked for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import (
    Agreement,
    Case,
    College,
    Document,
    Graduate,
    Membership,
    Person,
    Print,
    PrintRequest,
    School,
)
from webapp.pages.agreements import signed_with
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.services.accounts.actors import Actor
from webapp.services.agreements.documents import find_agreement
from webapp.services.agreements.print_requests import ANSWERS, requests_of, unused_grants
from webapp.services.agreements.prints import (
    MAY_OVERRIDE,
    OF_SCHOOL,
    copies_of,
    may_print,
    prints,
    quota_of,
)

STATES = {
    "waiting": ("等学校处理", "wait"),
    "granted": ("同意", "good"),
    "refused": ("不同意", "bad"),
}
NUMERALS = "零一两三四五六七八九十"


@dataclass(frozen=True)
class PrintLine:
    """One print: when, whose copy, by whom, of which bytes, and why where a reason was needed."""

    row: Print
    who: str


@dataclass(frozen=True)
class RequestLine:
    """One request for another print, as the register lists it."""

    row: PrintRequest
    agreement: Agreement
    graduate: Graduate
    college: str
    employer: str
    asked_by: str
    decided_by: str

    @property
    def state(self) -> tuple[str, str]:
        return STATES[self.row.state]


@dataclass(frozen=True)
class PrintPage:
    """Everything the print page shows."""

    agreement: Agreement
    graduate: Graduate
    college: str
    employer: str
    is_ready: bool
    copies: list[str]
    quota: int
    lines: list[PrintLine]
    open_to_me: bool
    needs_reason: bool
    grants: list[PrintRequest]
    requests: list[PrintRequest]
    seal_order: list[str]

    @property
    def rest(self) -> int:
        return max(0, self.quota - len(self.lines))

    @property
    def many(self) -> str:
        """How many copies there are of one agreement, in words: 一式三份."""
        number = len(self.copies)
        return NUMERALS[number] if number < len(NUMERALS) else str(number)

    @property
    def may_print(self) -> bool:
        return self.open_to_me and (self.rest > 0 or self.needs_reason)

    @property
    def may_ask(self) -> bool:
        return not self.may_print and all(one.state != "waiting" for one in self.requests)


def print_page(session: Session, actor: Actor, agreement_id: uuid.UUID) -> PrintPage:
    """The page of an agreement that this actor may see; raises NotYours."""
    agreement = find_agreement(session, actor, agreement_id)
    graduate = session.get_one(Graduate, agreement.graduate_id)
    settings = session.get_one(School, agreement.school_id).settings
    rows = prints(session, actor, agreement.id)
    quota = quota_of(settings)
    ready = session.scalar(select(Document.id).where(Document.agreement_id == agreement.id))
    return PrintPage(
        agreement=agreement,
        graduate=graduate,
        college=session.get_one(College, graduate.college_id).name,
        employer=signed_with(agreement),
        is_ready=ready is not None,
        copies=copies_of(settings),
        quota=quota,
        lines=lines_of(session, actor, agreement, graduate, rows),
        open_to_me=may_print(actor, settings),
        needs_reason=len(rows) >= quota and actor.role in MAY_OVERRIDE,
        grants=unused_grants(session, actor, agreement.id),
        requests=requests_of(session, actor, agreement.id),
        seal_order=list(settings.get("seal_order", [])),
    )


def lines_of(
    session: Session, actor: Actor, agreement: Agreement, graduate: Graduate, rows: Sequence[Print]
) -> list[PrintLine]:
    """The prints, latest first. The school reads names; a party reads which side it was."""
    people = {row.person_id for row in rows}
    names = names_of(session, people)
    of_employer = set(
        session.scalars(
            select(Membership.person_id).where(
                Membership.person_id.in_(people), Membership.employer_id == agreement.employer_id
            )
        )
    )

    def who(person_id: uuid.UUID) -> str:
        if person_id == actor.person_id:
            return "您"
        if actor.role in OF_SCHOOL:
            return names.get(person_id, "")
        if person_id == graduate.person_id:
            return "毕业生"
        return "用人单位" if person_id in of_employer else "学校"

    return [PrintLine(row, who(row.person_id)) for row in reversed(rows)]


def names_of(session: Session, people: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    return dict(list(found))


def list_requests(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """The register of requests (打印申请登记表): the own college's or the whole school's, latest first."""
    wanted = (
        select(PrintRequest, Agreement, Graduate, College.name)
        .join(Agreement, Agreement.id == PrintRequest.agreement_id)
        .join(Case, Case.id == Agreement.case_id)
        .join(Graduate, Graduate.id == Agreement.graduate_id)
        .join(College, College.id == Graduate.college_id)
        .where(PrintRequest.school_id == actor.school_id)
        .order_by(PrintRequest.id.desc())
        .limit(PAGE + 1)
    )
    if actor.role == "reviewer":
        wanted = wanted.where(Graduate.college_id == actor.college_id)
    if query.get("state") in STATES:
        wanted = wanted.where(PrintRequest.state == query["state"])
    if before := read_key(query.get("before")):
        wanted = wanted.where(PrintRequest.id < before)
    rows = session.execute(wanted).all()
    people = {one for row in rows for one in (row[0].person_id, row[0].decided_by) if one}
    names = names_of(session, people)
    lines = [
        RequestLine(
            request,
            agreement,
            graduate,
            college,
            signed_with(agreement),
            names.get(request.person_id, ""),
            names.get(request.decided_by, "") if request.decided_by else "",
        )
        for request, agreement, graduate, college in rows
    ]
    return page_of(lines, lambda line: line.row.id, query)


__all__ = ["ANSWERS", "STATES", "PrintPage", "list_requests", "print_page"]
