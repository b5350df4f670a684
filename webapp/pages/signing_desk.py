"""An employer's signing pages: lists, and one set of terms for several graduates (G08-G16, D03)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from forms import code_tables as codes
from forms.compiler import CompiledForm
from forms.posted import TYPED
from webapp.models import School
from webapp.pages.labels import Status, in_list, status_of
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.pages.task_form import TaskForm, task_form
from webapp.services.accounts.actors import Actor
from webapp.services.cases.tasks import WorkRow, find_task
from webapp.services.signing import signings
from webapp.services.signing.signing_notice import SigningNotice, notice_of
from webapp.services.signing.signings import CONFIRMING, SIGNED, Signing, Waiting

MOST_AT_ONCE = 50
SHOWN_LATER = "确认后可见"


@dataclass(frozen=True)
class Row:
    """A signing in words; numbers and addresses only once the graduate has agreed."""

    signing: Signing
    status: Status
    gender: str
    education: str

    @property
    def mobile(self) -> str:
        return self.contact("mobile")

    @property
    def email(self) -> str:
        return self.contact("email")

    def contact(self, key: str) -> str:
        if not self.signing.is_agreed:
            return SHOWN_LATER
        typed = self.signing.case.variables.get("Fill_agreement", {}).get(key)
        return str(typed or getattr(self.signing.graduate, key))


def waiting_page(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """待签约信息, longest waiting first."""
    found = signings.waiting_to_sign(
        session,
        actor,
        PAGE + 1,
        query.get("q", "").strip(),
        read_key(query.get("before")),
    )
    return page_of(found, lambda one: one.row.id, query)


def list_page(session: Session, actor: Actor, tab: str, query: dict[str, str]) -> Page:
    """待学生确认, 已签约信息 or 签约记录, latest first."""
    statuses = {"confirming": CONFIRMING, "signed": SIGNED, "records": ()}[tab]
    found = signings.list_signings(
        session,
        actor,
        statuses,
        limit=PAGE + 1,
        text=query.get("q", "").strip(),
        before=read_key(query.get("before")),
    )
    page = page_of(found, lambda one: one.case.id, query)
    rows = [row_of(one, tab) for one in page.rows]
    return Page(rows, page.next, page.before, page.query)


def row_of(one: Signing, tab: str) -> Row:
    """A row; 签约记录 prints states in the spelling of the sources' lists (D03)."""
    spelt = in_list if tab == "records" else status_of
    return Row(
        one,
        spelt(one.case.status, one.school),
        name_of("gender", one.graduate.gender),
        name_of("education_level", one.graduate.education),
    )


def name_of(scheme: str, code: str) -> str:
    return codes.table(scheme).name(code) if code else ""


@dataclass(frozen=True)
class SeveralToSign:
    """The ticked graduates who may be signed alike, and the form of the first."""

    rows: list[WorkRow]
    left_out: list[Waiting]
    form: TaskForm

    @property
    def ids(self) -> list[uuid.UUID]:
        return [row.task_id for row in self.rows if row.task_id]

    @property
    def silence(self) -> str:
        return "七天内毕业生没有操作，系统视为确认；确认前您可以拿回重签，七天重新起算。"


def several_to_sign(
    session: Session, actor: Actor, task_ids: Sequence[uuid.UUID], now: datetime
) -> SeveralToSign | None:
    """Who of the ticked still waits and may go together; None where nobody does.

    Left out is whose terms are under way already, and who is at a school with another form.
    """
    ticked = set(task_ids)
    found = signings.waiting_to_sign(session, actor, 500)
    wanted = [one for one in found if one.row.task_id in ticked][:MOST_AT_ONCE]
    together = [one for one in wanted if not one.alone]
    if not together:
        return None
    fitting = signings.same_release(session, [one.row for one in together])
    rows = [one.row for one in together if one.row.case_id in fitting]
    left_out = [one for one in wanted if one.row not in rows]
    assert rows[0].task_id is not None  # a line of waiting work is a task
    task = find_task(session, actor, rows[0].task_id)
    return SeveralToSign(rows, left_out, task_form(session, task, now))


def terms_form(several: SeveralToSign) -> CompiledForm:
    """The form as it was left, with the decision made: they are all signed."""
    typed = several.form.saved().draft[TYPED] | {"outcome": ["sign"]}
    return several.form.fill(values={TYPED: typed})


@dataclass(frozen=True)
class Notice:
    """The texts to read before signing, and the schools they are of."""

    schools: list[School]
    notice: SigningNotice


def notices_to_read(schools: Sequence[School]) -> list[Notice]:
    """Each text once, with the schools that have it."""
    by_version: dict[str, Notice] = {}
    for school in schools:
        notice = notice_of(school.settings)
        by_version.setdefault(notice.version, Notice([], notice)).schools.append(school)
    return list(by_version.values())
