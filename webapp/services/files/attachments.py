"""The files that belong to a case as submitted: what reviewers check and both sides may open.

A file counts once its task was answered and as long as the last answer still names it. Who may open
it, `file_access` says.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...models import Case, Task, Upload
from ..accounts.actors import Actor
from .file_access import FileReader, fields_of
from .uploads import uploads_of_step


@dataclass(frozen=True)
class Attachment:
    """One file: which field of which step asked for it, and what it is."""

    upload_id: uuid.UUID
    label: str
    step: str
    filename: str
    is_picture: bool
    at: datetime


def attachments_of(session: Session, actor: Actor, case: Case) -> list[Attachment]:
    """The submitted files of a case that this actor may open, in order of their steps."""
    reader = FileReader(session, actor, case.id)
    found: list[Attachment] = []
    for task in answered_with_files(session, case):
        fields = fields_of(session, task)
        known = {upload.id.hex: upload for upload in uploads_of_step(session, task)}
        answers = answers_at(case.variables, task.element)
        for key, field in fields.items():
            named = answers.get(key) or [] if field.type == "file" else []
            found += [
                Attachment(
                    upload_id=upload.id,
                    label=field.label,
                    step=task.name,
                    filename=upload.filename,
                    is_picture=upload.content_type.startswith("image/"),
                    at=upload.at,
                )
                for upload in map(known.get, named)
                if upload is not None
                and reader.may_open(upload, session.get_one(Task, upload.task_id), field)
            ]
    return found


def answered_with_files(session: Session, case: Case) -> list[Task]:
    """The last task of each step that was answered with files; a step that waits again has none."""
    with_files = select(Upload.task_id).where(Upload.task_id == Task.id).exists()
    last: dict[str, Task] = {}
    tasks = select(Task).where(Task.case_id == case.id, Task.state != "cancelled")
    for task in session.scalars(tasks.where(with_files | (Task.state == "open")).order_by(Task.id)):
        last[task.element] = task
    return [task for task in last.values() if task.state == "done"]


def answers_at(variables: dict[str, Any], element: str) -> dict[str, Any]:
    """What was answered last at a path such as `School_review/College_review`."""
    scope: Any = variables
    for part in element.split("/"):
        scope = scope.get(part, {}) if isinstance(scope, dict) else {}
    return scope if isinstance(scope, dict) else {}
