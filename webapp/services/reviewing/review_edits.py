"""What a reviewer changes directly in an answer under review (M07).

A step names in `amended_in` the call in which it may be changed; while a task of that call waits,
whoever holds it may change the step's data, never its decision. The case stays where it is: only
its variables change, the history keeps before and after, the evidence is checked again, and the
graduate is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms.changes import Change
from forms.evidence import missing_papers

from ...errors import CaseError, ChangedMeanwhile, NotAllowed, NotYours
from ...models import Case, Graduate, School, Task, Upload
from ..accounts.actors import Actor
from ..cases import late, steps
from ..cases.history import Entry
from ..cases.rows import LiveCase, TaskRow, lock_case_by_task
from ..design import releases
from ..destinations import destinations
from ..files import uploads
from ..notices import notices

EVENT = "amended"


class EvidenceMissing(CaseError):
    """As it stands now, the destination needs a paper that nobody has handed in."""

    status = 422
    title = "证明材料还不齐"
    way_out = "在修改页上传，或退回毕业生补交。"


@dataclass(frozen=True)
class StepEdit:
    """The new answers of one step, as its form made and labelled them, and what reads differently."""

    element: str
    answers: dict[str, Any]
    labelled: list[dict[str, Any]]
    changes: tuple[Change, ...]


def editable_steps(session: Session, actor: Actor, task: Task) -> list[Task]:
    """The answered steps whose data the holder of this open task may change, in their order."""
    if task.state != "open" or task.queue not in actor.queues:
        return []
    case = session.get_one(Case, task.case_id)
    elements = editable_elements(session, case.release_id, task.element)
    return [found for one in elements if (found := answered_task(session, case.id, one))]


def editable_elements(session: Session, release_id: uuid.UUID, path: str) -> list[str]:
    """The steps that may be changed while the task at `path` waits, as the diagram says."""
    call = path.partition("/")[0]
    diagram = releases.executable_for(session, release_id).diagram
    return [
        element.id
        for element in diagram.of_kind("userTask")
        if element.properties.get("amended_in") == call
    ]


def answered_task(session: Session, case_id: uuid.UUID, element: str) -> Task | None:
    """The last answer to a step."""
    done = select(Task).where(
        Task.case_id == case_id, Task.element == element, Task.state == "done"
    )
    return session.scalars(done.order_by(Task.id.desc()).limit(1)).first()


def attach(
    session: Session,
    actor: Actor,
    task: Task,
    step: Task,
    field: str,
    filename: str,
    content: bytes,
    now: datetime,
) -> Upload:
    """Keep a file that the holder of `task` adds to an earlier step; it counts once that names it.

    Raises UploadRefused with the words to show, or NotYours.
    """
    if step.id not in [one.id for one in editable_steps(session, actor, task)]:
        raise NotYours
    checked = uploads.check(content)
    uploads.lock_open(session, task.id)
    return uploads.keep(session, actor, step, field, filename, checked, now)


def change(
    session: Session,
    actor: Actor,
    task_id: uuid.UUID,
    edits: Sequence[StepEdit],
    version: int,
    now: datetime,
) -> LiveCase:
    """Change what was answered, as the holder of an open task of the review.

    `version` is that of the case when its page was read. Raises NotYours, TaskAlreadyDone and its
    like, ChangedMeanwhile (somebody changed it after the page was read), NotAllowed for a type that
    this graduate may not have, or EvidenceMissing; nothing is written then.
    """
    case, task = locked(session, actor, task_id)
    if case.version != version:
        raise ChangedMeanwhile
    allowed = editable_elements(session, case.release_id, task.element)
    made = [edit for edit in edits if edit.changes]
    if any(edit.element not in allowed for edit in made):
        raise NotYours
    case.variables = {**case.variables, **{edit.element: merged(case, edit) for edit in made}}
    require_sound(session, case, allowed)
    entries = [entry_of(session, case, actor, edit) for edit in made]
    if entries:
        steps.keep(session, case, entries, now)
        notices.notify(session, case, task.element, event=EVENT, to="graduate", now=now)
    return case


def locked(session: Session, actor: Actor, task_id: uuid.UUID) -> tuple[LiveCase, TaskRow]:
    """The case of an open task of this actor, locked until the commit."""
    found = lock_case_by_task(steps.begin(session), task_id, actor)
    if found is None or found[1].queue not in actor.queues or not found[1].membership_holds:
        raise NotYours
    if found[1].state != "open":
        raise late.why_not_open(session, task_id)
    return found


def merged(case: LiveCase, edit: StepEdit) -> dict[str, Any]:
    """The new data under the old decision."""
    return {**edit.answers, "outcome": case.variables[edit.element]["outcome"]}


def require_sound(session: Session, case: LiveCase, elements: Sequence[str]) -> None:
    """What the graduate was held to holds for the reviewer as well: the type and its evidence.

    Data and papers may be answers of different steps (`elements`), as where the school entered first.
    """
    code = (case.variables.get(destinations.TYPE_STEP) or {}).get("code")
    if code is None:
        return
    graduate = session.get_one(Graduate, case.graduate_id)
    settings = session.get_one(School, case.school_id).settings
    if not destinations.may_register(graduate, settings, code):
        raise NotAllowed("这位毕业生的培养方式不能登记这一类型。")
    said: dict[str, Any] = {}
    for element in elements:
        said |= case.variables.get(element) or {}
    missing = missing_papers(code, said)
    if missing:
        papers = "、".join(f"“{paper.label}”" for paper in missing)
        raise EvidenceMissing(f"按现在的去向类型，还缺{papers}，这次没有修改。")


def entry_of(session: Session, case: LiveCase, actor: Actor, edit: StepEdit) -> Entry:
    """The row of the history: who changed which step, before and after."""
    step = answered_task(session, case.id, edit.element)
    body = {
        "name": step.name if step else edit.element,
        "role": actor.role,
        "changes": [asdict(change) for change in edit.changes],
        "answers": edit.labelled,
    }
    return Entry("person", "amended", edit.element, actor.person_id, body)
