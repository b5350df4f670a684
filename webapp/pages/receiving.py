"""What came along with a posted form: files to attach, and files that a button takes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.pages.attaching import Attached, File, attach
from webapp.pages.task_form import TaskForm, changed_draft
from webapp.services.accounts.actors import Actor
from webapp.services.files.uploads import MAX_BYTES, take_back

INPUTS = ("__camera", "__album")


def receive(
    session: Session,
    actor: Actor,
    form: TaskForm,
    posted: Mapping[str, Any],
    posted_files: Any,
    now: datetime,
) -> Attached:
    """The draft with the files that came along, and without one that a button takes back.

    Camera and album are two inputs of one field. A file that is refused takes no other with it.
    """
    files = files_in(posted_files)
    draft = changed_draft(form, posted)
    if "_drop" in posted:
        take_back(session, actor, form.task.id, posted["_drop"].partition(":")[2])
    return attach(session, actor, form, draft, files, now)


def files_in(posted_files: Any) -> list[File]:
    """The files that came with a form: input of their field, own name, bytes up to one too many."""
    return [
        (name.removesuffix(suffix), file.filename, file.read(MAX_BYTES + 1))
        for suffix in INPUTS
        for name, found in posted_files.lists()
        for file in found
        if name.endswith(suffix) and file.filename
    ]
