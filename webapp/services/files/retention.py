"""Deletes pictures of identity cards when their time is over (A13).

They serve one decision. Some days after their case has ended, and at the latest half a year after
they came, the files go; that they were there, and when they went, stays on record.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, sessionmaker

from ...database import begin_write
from ...models import Case, School, Task, Upload
from ..audit import record
from . import blobs

KEPT_DAYS = 30
AT_MOST = timedelta(days=180)
BATCH = 100


def forget_private(sessions: sessionmaker[Session], now: datetime) -> int:
    """Delete what is due at any school; gives how many files went."""
    with sessions() as session:
        schools = list(session.scalars(select(School)))
    return sum(forget_at(sessions, school, now) for school in schools)


def forget_at(sessions: sessionmaker[Session], school: School, now: datetime) -> int:
    """Delete what is due at this school, and put on record how much it was."""
    with sessions.begin() as session:
        due = due_at(session, school, now)
        if not due:
            return 0
        begin_write(session)
        for upload in due:
            forget(session, upload)
        record(session, "private_forgotten", now, school_id=school.id, about=f"{len(due)} 个文件")
        return len(due)


def due_at(session: Session, school: School, now: datetime) -> list[Upload]:
    """Private files of the school whose case ended long enough ago, or that are very old."""
    days = max(int(school.settings.get("private_days", KEPT_DAYS)), 1)
    ended = Case.ended_at <= now - timedelta(days=days)
    return list(
        session.scalars(
            select(Upload)
            .join(Task, Task.id == Upload.task_id)
            .join(Case, Case.id == Task.case_id)
            .where(Upload.private, Upload.school_id == school.id)
            .where(or_(ended, Upload.at <= now - AT_MOST))
            .order_by(Upload.at)
            .limit(BATCH)
        )
    )


def forget(session: Session, upload: Upload) -> None:
    """Delete the file, and its bytes unless another file is the same."""
    sha256, upload_id = upload.sha256, upload.id
    session.execute(delete(Upload).where(Upload.id == upload_id))
    blobs.drop_unreferenced(session, sha256)
