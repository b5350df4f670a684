"""Writes what an import decided, in bulk and in the caller's transaction, and issues the accounts."""

from __future__ import annotations

import csv
import io
import os
import uuid
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from ...models import College, Graduate, Membership, Person, RegisterChange, School, new_id
from ..accounts.actors import Actor
from ..accounts.passwords import new_activation
from ..audit import record
from .report import ImportReport, Secret

if TYPE_CHECKING:
    from .graduates import Plan

KINDS = {"graduates": "毕业生名册", "employers": "用人单位"}
BATCH = 2_000


def write_graduates(
    session: Session,
    school: School,
    plan: Plan,
    report: ImportReport,
    now: datetime,
    actor: Actor | None,
) -> None:
    """Write colleges, accounts, graduates and changes. New graduates get an activation code each."""
    people, memberships = [], []
    for row in plan.new:
        login = f"{school.code}{row['student_no']}"
        person_id, hash_, code = new_account(now)
        row["person_id"] = person_id
        people.append(account_row(person_id, login, row["name"], hash_))
        memberships.append(membership_row(person_id, "graduate", school_id=school.id))
        place = plan.college_names.get(row["college_id"], "")
        report.secrets.append(Secret(login, row["name"], code, place, row["student_no"]))
    insert_rows(session, College, plan.colleges)
    insert_rows(session, Person, people)
    insert_rows(session, Membership, memberships)
    insert_rows(session, Graduate, plan.new)
    if plan.changed:
        table = table_of(Graduate)
        names = [name for name in plan.changed[0] if name != "graduate"]
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        session.execute(
            update(table).where(table.c.id == bindparam("graduate")).values(values),
            [
                {(k if k == "graduate" else f"new_{k}"): v for k, v in row.items()}
                for row in plan.changed
            ],
        )
    if plan.renamed:
        table = table_of(Person)
        session.execute(
            update(table).where(table.c.id == bindparam("person")).values(name=bindparam("name_")),
            [{"person": row["person"], "name_": row["name"]} for row in plan.renamed],
        )
    kept = {"school_id": school.id, "source": "import", "at": now, "case_id": None}
    by = actor.person_id if actor else None
    insert_rows(
        session,
        RegisterChange,
        [
            {"id": new_id(), "person_id": by, **kept, **row}
            for row in plan.register_changes
            if row["changes"]
        ],
    )
    session.expire_all()
    note(session, report, actor, now, school.id)


def new_account(now: datetime) -> tuple[uuid.UUID, str, str]:
    """The id of a new person, the hash to store, and the code to hand out."""
    person_id = new_id()
    hash_, code = new_activation(person_id, now)
    return person_id, hash_, code


def account_row(
    person_id: uuid.UUID, login: str, name: str, hash_: str, **more: Any
) -> dict[str, Any]:
    return {
        "id": person_id,
        "login": login,
        "name": name,
        "password_hash": hash_,
        "must_change_password": True,
        "mobile": "",
        "email": "",
    } | more


def membership_row(person_id: uuid.UUID, role: str, **place: Any) -> dict[str, Any]:
    return {"id": new_id(), "person_id": person_id, "role": role} | place


def note(
    session: Session,
    report: ImportReport,
    actor: Actor | None,
    now: datetime,
    school_id: uuid.UUID | None,
) -> None:
    """Leave a line about who imported what; never a code or a person's data."""
    counts = f"新增 {len(report.created)}，更新 {len(report.updated)}，无变化 {report.unchanged}"
    about = f"{KINDS.get(report.kind, report.kind)}：{counts}"
    record(
        session,
        "import",
        now,
        person_id=actor.person_id if actor else None,
        school_id=actor.school_id if actor else school_id,
        about=about,
        address=report.address,
    )


def write_secrets(secrets: Iterable[Secret], path: Path) -> Path:
    """Write the codes to hand out as a CSV that only its owner may read (0600)."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        file.write(secrets_csv(secrets))
    return path


def secrets_csv(secrets: Iterable[Secret]) -> str:
    """The codes to hand out as the text of a CSV, in which no cell is taken for a formula."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow(["登录名", "姓名", "学院或单位", "学号", "一次性激活码"])
    for one in secrets:
        cells = (one.login, one.name, one.place, one.key, one.code)
        lines.writerow([f"'{c}" if c[:1] in ("=", "+", "-", "@") else c for c in cells])
    return out.getvalue()


def table_of(model: Any) -> Table:
    """The table of a model, for statements in bulk."""
    return cast(Table, model.__table__)


def insert_rows(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    for at in range(0, len(rows), BATCH):
        session.execute(insert(table_of(model)), rows[at : at + BATCH])
