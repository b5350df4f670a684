"""Corrects a graduate's line of the register, as the graduate asked and the school agreed (B02).

What it was and what it became is kept. The graduate confirms the base data again; agreements that
were approved before keep their snapshot (I4).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine import OperatorResult

from ...models import Graduate, Person, RegisterChange, new_id
from ..audit import record
from ..cases.rows import LiveCase

FIELDS = {
    "name": "姓名", "gender": "性别", "nation": "民族", "political_status": "政治面貌",
    "id_no": "身份证号", "exam_no": "考生号", "education": "学历", "training_mode": "培养方式",
    "major": "专业", "years": "学制", "class_name": "班级", "origin_region": "生源所在地",
    "hardship": "困难生类别", "normal_student": "师范生类别", "qq": "QQ", "home_address": "家庭地址",
}  # fmt: skip
NO_ONLINE_SIGNING = ("2", "4")  # 定向 and 委培 (B10)
UNIQUE = ("id_no", "exam_no")


def correct(
    session: Session, case: LiveCase, variables: dict[str, Any], now: datetime
) -> OperatorResult:
    """Write the right values. Outcome `conflict` where a number is another graduate's."""
    said = variables["Fill_correction"]
    graduate = session.get_one(
        Graduate, case.graduate_id, populate_existing=True, with_for_update=True
    )
    wanted = {key: as_text(said.get(f"new_{key}")) for key in said["fields"] if key in FIELDS}
    changes = {
        key: [getattr(graduate, key), value]
        for key, value in wanted.items()
        if getattr(graduate, key) != value
    }
    if any(taken(session, graduate, key, changes[key][1]) for key in UNIQUE if key in changes):
        return OperatorResult("conflict")
    for key, (_, value) in changes.items():
        setattr(graduate, key, value)
    if "name" in changes and graduate.person_id:
        session.get_one(Person, graduate.person_id).name = graduate.name
    if "training_mode" in changes:
        graduate.online_signing_allowed = graduate.training_mode not in NO_ONLINE_SIGNING
    graduate.base_data_confirmed_at = None
    keep(session, graduate, changes, "correction", now, case_id=case.id)
    record(
        session,
        "register_corrected",
        now,
        school_id=graduate.school_id,
        about_id=graduate.person_id,
        about=f"{graduate.student_no}：{'、'.join(FIELDS[key] for key in changes)}",
    )
    return OperatorResult("ok", {"changed": sorted(changes)})


def keep(
    session: Session,
    graduate: Graduate,
    changes: dict[str, list[str]],
    source: str,
    now: datetime,
    **more: Any,
) -> None:
    """One line about what changed, for whoever looks at the recent changes (B08)."""
    if changes:
        session.add(
            RegisterChange(
                id=new_id(now),
                school_id=graduate.school_id,
                graduate_id=graduate.id,
                source=source,
                at=now,
                changes=changes,
                **more,
            )
        )
    session.flush()


def as_text(value: Any) -> str:
    """A corrected value as the register keeps it: text, a whole number without its point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def taken(session: Session, graduate: Graduate, key: str, value: str) -> bool:
    """Whether another graduate of the same school and cohort has this number."""
    wanted = select(Graduate.id).where(
        Graduate.school_id == graduate.school_id,
        Graduate.cohort == graduate.cohort,
        Graduate.id != graduate.id,
        getattr(Graduate, key) == value,
    )
    return bool(value) and session.scalar(wanted.limit(1)) is not None
