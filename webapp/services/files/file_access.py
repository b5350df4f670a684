"""Who may open a file of a case: the one rule that pages show by and addresses open by."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.components import Component
from forms.definitions import parse_definition

from ...models import Case, Release, Task, Upload
from ..accounts.actors import Anyone, Guest
from ..cases.cases import visible_to
from ..employers.credentials import may_see_credential

PARTIES = ("graduate", "employer", "guest")
SEES_PRIVATE = "office"


class FileReader:
    """Somebody who looks at the files of one case."""

    def __init__(self, session: Session, actor: Anyone, case_id: uuid.UUID) -> None:
        self.session, self.actor, self.case_id = session, actor, case_id

    @cached_property
    def sees_case(self) -> bool:
        if isinstance(self.actor, Guest):
            return False
        seen = select(Case.id).where(Case.id == self.case_id, visible_to(self.actor))
        return self.session.scalar(seen) is not None

    def may_open(self, upload: Upload, task: Task, field: Component | None) -> bool:
        """Whether this reader may open a file that `task` asked for by `field`.

        Those who answer the task always may. Others see what was submitted: identity cards the
        school's office alone, an employer's papers whoever reviews a case with it, what a form
        keeps to the own side not the parties. A field that the form no longer knows is kept too.
        """
        actor = self.actor
        if task.queue in actor.queues:
            return True
        if isinstance(actor, Guest) or task.state != "done":
            return False
        if upload.private or is_marked(field, "private"):
            return self.sees_case and actor.role == SEES_PRIVATE
        if is_marked(field, "credential") and may_see_credential(self.session, actor, upload, task):
            return True
        is_kept = field is None or is_marked(field, "internal")
        return self.sees_case and not (is_kept and actor.role in PARTIES)


def is_marked(field: Component | None, word: str) -> bool:
    """Whether the form says this of a field: `private`, `internal` or `credential`."""
    return field is not None and bool(field.properties.get(word))


def fields_of(session: Session, task: Task) -> Mapping[str, Component]:
    """The fields of the form that this task asks for, as frozen with its release."""
    frozen = session.scalar(
        select(Release.forms)
        .join(Case, Case.release_id == Release.id)
        .where(Case.id == task.case_id)
    )
    raw = (frozen or {}).get(task.form)
    return parse_definition(raw, key=task.form, groups={}).fields if raw else {}
