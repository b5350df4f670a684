"""What happened to a case, as sentences for whoever reads.

Internal notes stay with the school, and an employer never learns that a graduate could not accept
because of somebody else (H08): the steps of such an attempt are left out for them.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Case, History, Person
from webapp.pages.case_page import CasePage
from webapp.pages.labels import ROLES
from webapp.services.actors import Actor

SCHOOL = ("reviewer", "office", "admin")
UNSPOKEN = {"trace", "operator"}


@dataclass(frozen=True)
class Line:
    """One sentence of the history."""

    at: datetime
    text: str
    automatic: bool


def log_of(session: Session, actor: Actor, page: CasePage) -> list[Line]:
    """The history of a case, latest first, as this actor may read it."""
    rows = rows_of(session, page.case)
    if actor.role == "employer":
        rows = without_taken(rows)
    reader = Reader(actor, page, names_of(session, rows))
    lines = [reader.line(row) for row in rows if row.kind not in UNSPOKEN]
    return [line for line in reversed(lines) if line.text]


def rows_of(session: Session, case: Case) -> list[History]:
    wanted = select(History).where(History.case_id == case.id, History.school_id == case.school_id)
    return list(session.scalars(wanted.order_by(History.seq)))


def without_taken(rows: list[History]) -> list[History]:
    """The rows but those of attempts that met another employer's claim."""
    moments = {row.at for row in rows if row.kind == "operator" and row.body.get("outcome") == "taken"}
    return [row for row in rows if row.at not in moments]


def names_of(session: Session, rows: list[History]) -> dict[uuid.UUID, str]:
    ids = {row.person_id for row in rows if row.person_id}
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {person_id: name for person_id, name in found}


class Reader:
    """Turns rows into sentences for one reader."""

    def __init__(self, actor: Actor, page: CasePage, names: dict[uuid.UUID, str]) -> None:
        self.actor, self.page, self.names = actor, page, names

    def line(self, row: History) -> Line:
        say = getattr(self, f"say_{row.kind}", None)
        return Line(row.at, say(row) if say else "", row.actor != "person")

    def who(self, row: History) -> str:
        if row.person_id == self.actor.person_id:
            return "您"
        name = self.names.get(row.person_id, "") if row.person_id else ""
        role = row.body.get("role", "")
        place = self.place(role)
        if role == "graduate" or not place:
            return name or ROLES.get(role, "")
        return f"{place}（{name}）" if name else place

    def place(self, role: str) -> str:
        page = self.page
        named: dict[str, Any] = {
            "graduate": page.graduate,
            "employer": page.employer,
            "reviewer": page.college,
            "office": page.school,
        }
        found = named.get(role)
        return f"{found.name}{'就业处' if role == 'office' else ''}" if found else ""

    def say_started(self, row: History) -> str:
        return f"{self.who(row)}发起了{self.page.subtitle}"

    def say_answered(self, row: History) -> str:
        answers = row.body.get("answers", [])
        told = {a["key"]: a["text"] for a in answers if self.may_read(a)}
        text = f"{self.who(row)}办理了“{row.body.get('name', '')}”"
        if told.get("outcome"):
            text += f"：{told['outcome']}"
        if told.get("reason"):
            text += f"，原因：{told['reason']}"
        if told.get("note"):
            text += f"（内部备注：{told['note']}）"
        return text

    def may_read(self, answer: dict[str, Any]) -> bool:
        internal = answer.get("internal") or answer.get("key") == "note"
        return not internal or self.actor.role in SCHOOL

    def say_withdrawn(self, row: History) -> str:
        return f"{self.who(row)}撤回了邀请"

    def say_fired(self, row: History) -> str:
        return f"系统：到期处理，{row.body.get('name') or '期限已到'}"

    def say_waiting(self, row: History) -> str:
        role = row.body.get("role", "")
        holder = "您" if role == self.actor.role else self.place(role) or ROLES.get(role, "")
        return f"系统把“{row.body.get('name', '')}”交给{holder}"

    def say_ended(self, row: History) -> str:
        if "/" in row.element:
            return ""
        return f"系统：{row.body.get('name') or '事项结束'}"
