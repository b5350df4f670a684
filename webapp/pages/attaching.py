"""Files that come along with a form: the good ones are attached, each other one is told about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from forms.drafts import Draft, NotInThisForm, add_uploads
from webapp.errors import NotYours
from webapp.pages.task_form import TaskForm, shown_uploads
from webapp.services.accounts.actors import Anyone
from webapp.services.files.uploads import UploadRefused, bare_name, store

File = tuple[str, str, bytes]  # the field's input name, the file's own name, its bytes


@dataclass(frozen=True)
class Attached:
    """The draft with the new files in it, and a sentence for each that was refused."""

    draft: Draft
    refused: list[str]


def attach(
    session: Session,
    actor: Anyone,
    form: TaskForm,
    draft: Draft,
    files: Sequence[File],
    now: datetime,
) -> Attached:
    """Store the files and add them to their fields. Raises NotYours for a field that takes none."""
    refused: list[str] = []
    for name, filename, content in files:
        try:
            add_uploads(form.definition, draft, name, [])
            kept = store(session, actor, form.task.id, name, filename, content, now)
            draft = add_uploads(form.definition, draft, name, [kept.id.hex])
        except NotInThisForm as error:
            raise NotYours from error
        except UploadRefused as error:
            refused.append(f"“{bare_name(filename)}”没有上传：{error.story}{error.way_out}")
    form.context["uploads"] = shown_uploads(session, form.task, form.files_at)
    return Attached(draft, refused)
