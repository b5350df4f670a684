"""What a reviewer works with: the queue on the left, filters kept, and several rows at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.choice_fields import say_code
from forms.code_tables import table
from webapp.models import Case, College, Employer, Graduate, Task, Upload
from webapp.pages.paging import Page, page_of, read_key
from webapp.pages.task_form import TaskForm, is_review, task_form
from webapp.services.accounts.actors import Actor
from webapp.services.cases import tasks
from webapp.services.cases.batches import RowResult
from webapp.services.cases.tasks import WorkRow
from webapp.services.guests.provisional import is_unverified
from webapp.services.reviewing import review
from webapp.services.schools.labels import queue_label

ROWS = 40
UNIT_CODES = {"region": "region", "nature": "employer_nature", "industry": "industry"}


def review_queue(session: Session, actor: Actor, query: dict[str, str]) -> Page:
    """What waits for this reviewer, longest waiting first, searched by `q`, of one `family` or all."""
    found = review.queue(
        session,
        actor,
        limit=ROWS + 1,
        after=read_key(query.get("before")),
        text=query.get("q", "").strip(),
        family=query.get("family") or None,
    )
    return page_of(found, lambda row: row.id, query, ROWS)


def families_waiting(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """The kinds of business in this reviewer's queue, with the words that the sources print."""
    found = review.families_in_queue(session, actor)
    return [(family, queue_label(family)) for family in found]


def unverified_mobile(case: Case, employer: Employer | None) -> str:
    """The mobile behind a signing by a card, while nobody has certified the employer (E07)."""
    if not is_unverified(case, employer):
        return ""
    for step in case.variables.values():
        if isinstance(step, dict) and step.get("contact_mobile"):
            return str(step["contact_mobile"])
    return ""


def materials_of(session: Session, rows: Sequence[WorkRow]) -> dict[uuid.UUID, str]:
    """The column 就业材料 of a list: 已上传 where a case has submitted files, else - (E10)."""
    cases = [row.case_id for row in rows]
    found = select(Task.case_id).join(Upload, Upload.task_id == Task.id)
    with_files = set(session.scalars(found.where(Task.case_id.in_(cases), Task.state == "done")))
    return {one: "已上传" if one in with_files else "-" for one in cases}


@dataclass(frozen=True)
class Submitted:
    """What the source's list says of a case beside the names: the college, and the unit's columns."""

    college: str
    unit: tuple[str, ...]


def submitted_in(session: Session, rows: Sequence[WorkRow]) -> dict[uuid.UUID, Submitted]:
    """The columns 院系名称, 机构代码, 单位所在地, 单位性质, 单位行业 of a list, by case (F03)."""
    found = session.execute(
        select(Case, College.name, Employer)
        .outerjoin(Graduate, Graduate.id == Case.graduate_id)
        .outerjoin(College, College.id == Graduate.college_id)
        .outerjoin(Employer, Employer.id == Case.employer_id)
        .where(Case.id.in_([row.case_id for row in rows]))
    )
    return {
        case.id: Submitted(college or "", unit_of(case, employer))
        for case, college, employer in found
    }


def unit_of(case: Case, employer: Employer | None) -> tuple[str, ...]:
    """Code, place, nature and industry: as last typed in the case, else of the account."""
    typed = case.variables.values()
    steps = [step for step in reversed(list(typed)) if isinstance(step, dict) and step.get("uscc")]
    said = steps[0] if steps else {}
    values = {key: said.get(key) or getattr(employer, key, "") for key in ("uscc", *UNIT_CODES)}
    words = [named(scheme, values[key]) for key, scheme in UNIT_CODES.items()]
    return tuple(filter(None, [values["uscc"], *words]))


def named(scheme: str, code: str) -> str:
    codes = table(scheme)
    return say_code(codes, code) if code and code in codes else ""


def next_in_queue(page: Page, task_id: uuid.UUID) -> uuid.UUID | None:
    """The row after this one; the first one where this is the last or already gone."""
    ids = [row.task_id for row in page.rows]
    if task_id in ids:
        following = ids[ids.index(task_id) + 1 :] or [one for one in ids if one != task_id]
        return following[0] if following else None
    return ids[0] if ids else None


@dataclass(frozen=True)
class Batch:
    """Several tasks of one form, to be answered alike."""

    rows: list[WorkRow]
    form: TaskForm


def batch_of(
    session: Session, actor: Actor, task_ids: Sequence[uuid.UUID], now: datetime
) -> Batch | None:
    """The ticked rows that are still open and share the first one's form.

    Returning is not offered: what to change differs from case to case. An employer's own papers are
    looked at one by one.
    """
    known = {row.task_id: row for row in tasks.waiting_for_me(session, actor, limit=500)}
    rows = [known[one] for one in dict.fromkeys(task_ids) if one in known]
    rows = [row for row in rows if row.graduate_name and row.form == rows[0].form]
    if not rows or rows[0].task_id is None:
        return None
    first = tasks.find_task(session, actor, rows[0].task_id)
    form = task_form(session, first, now, actor)
    if not is_review(first, form.case):
        return None
    form.context["scope"] = {}
    return Batch(rows, form)


def results_of(
    rows: Sequence[WorkRow], results: Sequence[RowResult]
) -> list[tuple[Any, RowResult]]:
    """Each result beside the row it is about."""
    known = {row.task_id: row for row in rows}
    return [(known.get(result.task_id), result) for result in results]
