"""What happened to a case, in order: written as a chain of hashes, read as Chinese sentences.

One act of a person or the clock gives one row, and every automatic act behind it a row of its own
(I8). Rows keep what was answered, so reading them depends on who reads: an employer never learns
why a graduate stays silent (H08), and internal notes stay with the school.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...models import Case, History
from .rows import LiveCase, json_text
from .statements import MOMENTS_KEPT


@lru_cache(MOMENTS_KEPT)
def moment_text(at: datetime) -> str:
    """One step links several rows of the same moment."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(slots=True)
class Entry:
    """One thing that happened. `actor` is person, timer, system or guest."""

    actor: str
    kind: str
    element: str = ""
    person_id: uuid.UUID | None = None
    body: dict[str, Any] = field(default_factory=dict)


def chain(case: LiveCase, entries: Iterable[Entry], now: datetime) -> list[tuple[Any, ...]]:
    """The rows of these entries, linked to what the case has; moves the case's head on."""
    rows = []
    for entry in entries:
        body = json_text(entry.body)
        seq, previous = case.history_count + 1, case.history_hash
        case.history_hash = link(previous, case.id, seq, now, entry, body)
        case.history_count = seq
        rows.append(
            (
                *(case.id, seq, case.school_id, now, entry.actor, entry.person_id, entry.kind),
                *(entry.element, body, previous, case.history_hash),
            )
        )
    return rows


def link(previous: str, case_id: uuid.UUID, seq: int, at: datetime, entry: Entry, body: str) -> str:
    """The hash of a row: over the hash before it and all it says."""
    said = (
        previous,
        f"{case_id.int:032x}",
        str(seq),
        moment_text(at),
        entry.actor,
        f"{entry.person_id.int:032x}" if entry.person_id else "",
        entry.kind,
        entry.element,
        body,
    )
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def broken_links(session: Session, case_id: uuid.UUID) -> list[str]:
    """What is wrong with the chain of a case, one sentence each; empty when it is whole."""
    head = session.execute(
        select(Case.history_count, Case.history_hash).where(Case.id == case_id)
    ).one()
    rows = session.scalars(
        select(History)
        .where(History.case_id == case_id)
        .order_by(History.seq)
        .execution_options(populate_existing=True)
    ).all()
    problems, previous = [], ""
    for place, row in enumerate(rows, 1):
        entry = Entry(row.actor, row.kind, row.element, row.person_id)
        expected = link(previous, case_id, place, row.at, entry, json_text(row.body))
        if row.seq != place:
            problems.append(f"第 {place} 条缺失")
        elif row.previous != previous or row.hash != expected:
            problems.append(f"第 {row.seq} 条被改动过")
        previous = row.hash
    if (len(rows), previous) != (head.history_count, head.history_hash):
        problems.append("经过的末尾与事项记录不一致")
    return problems


def acts(rows: list[History]) -> list[list[History]]:
    """Rows by the act they belong to; the first row of an act says which way its tokens went."""
    grouped: list[list[History]] = []
    for row in rows:
        if "passed" in row.body or not grouped:
            grouped.append([])
        grouped[-1].append(row)
    return grouped


def last_act(session: Session, case_id: uuid.UUID) -> list[History]:
    """The rows of what happened last, in order."""
    rows = select(History).where(History.case_id == case_id).order_by(History.seq)
    grouped = acts(list(session.scalars(rows)))
    return grouped[-1] if grouped else []


def was_refused(session: Session, case_id: uuid.UUID) -> bool:
    """Whether the last act asked the registry for something; a step that came back after it failed."""
    return any(row.kind == "operator" for row in last_act(session, case_id))


def met_another_claim(act: list[History]) -> bool:
    """Whether this act asked for a claim that another case holds: told to nobody else (H08)."""
    return any(
        row.body.get("operator") == "acquire_claim" and row.body.get("outcome") == "taken"
        for row in act
    )
