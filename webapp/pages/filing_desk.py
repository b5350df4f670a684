"""The desk where sealed copies come in: what waits, what was filed last, what a number led to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.models import Agreement, Filing
from webapp.pages.paging import PAGE, Page, page_of, read_key
from webapp.pages.wording import say_moment
from webapp.services.accounts.actors import Actor
from webapp.services.agreements.filing_search import (
    Looked,
    filed_lately,
    numbers_of,
    waiting_to_be_filed,
)
from webapp.services.cases.tasks import WorkRow


@dataclass(frozen=True)
class Desk:
    """What waits for its sealed copy, with agreement numbers, and the last filings."""

    waiting: Page
    lately: Sequence[tuple[Filing, str]]


@dataclass(frozen=True)
class Line:
    """An approved agreement that has not come back yet."""

    row: WorkRow
    agreement: Agreement | None


def desk_of(session: Session, actor: Actor, query: dict[str, str]) -> Desk:
    rows = waiting_to_be_filed(session, actor, PAGE + 1, read_key(query.get("before")))
    numbers = numbers_of(session, [row.case_id for row in rows])
    lines = [Line(row, numbers.get(row.case_id)) for row in rows]
    plain = {key: value for key, value in query.items() if key == "before"}
    return Desk(page_of(lines, lambda line: line.row.id, plain), filed_lately(session, actor))


def told_of(found: Looked | None, text: str) -> str:
    """Why the number that was typed leads to nothing to file."""
    if not text:
        return ""
    if found is None:
        return f"没有找到“{text[:60]}”。请核对学号或协议书号；只能备案本院系的协议。"
    if found.filed_at:
        return f"这份协议书已在 {say_moment(found.filed_at)} 备案，不用再办。"
    if found.is_approved:
        return "这份协议书现在不能备案，请看它的进度。"
    return "这位毕业生的签约还没有审核通过，请看它的进度。"
