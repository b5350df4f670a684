"""Steps that one person may not both take: who answered the one is barred from the other (`not_by`).

So a reason that somebody wrote is always confirmed by somebody else, whatever page or program asks.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.diagram import Diagram
from processes.elements import Element
from processes.engine import Executable

from ...errors import AnotherPersonNeeded
from ...models import Case, Task
from ..accounts.actors import Actor
from ..design import releases


def require_another(
    session: Session, actor: Actor, executable: Executable, case_id: uuid.UUID, path: str
) -> None:
    """Raises AnotherPersonNeeded where this person answered the step that `not_by` names."""
    if is_barred(session, actor, executable, case_id, path):
        raise AnotherPersonNeeded(case_id)


def is_barred(
    session: Session, actor: Actor, executable: Executable, case_id: uuid.UUID, path: str
) -> bool:
    """Whether this person must leave the step at `path` to somebody else."""
    element = element_at(executable.diagram, executable.called, path)
    first = element.properties.get("not_by") if element else None
    if not first:
        return False
    return actor.person_id == who_answered(session, case_id, beside(path, first))


def must_leave(session: Session, actor: Actor, task: Task) -> bool:
    """The same for a task at hand, as its page asks."""
    release_id = session.scalars(select(Case.release_id).where(Case.id == task.case_id)).one()
    executable = releases.executable_for(session, release_id)
    return is_barred(session, actor, executable, task.case_id, task.element)


def who_answered(session: Session, case_id: uuid.UUID, path: str) -> uuid.UUID | None:
    """The person who answered a step last."""
    return session.scalar(
        select(Task.closed_by)
        .where(Task.case_id == case_id, Task.element == path, Task.state == "done")
        .order_by(Task.id.desc())
        .limit(1)
    )


def beside(path: str, element: str) -> str:
    """The path of another element of the same diagram."""
    return "/".join([*path.split("/")[:-1], element])


def element_at(diagram: Diagram, called: Mapping[str, Diagram], path: str) -> Element | None:
    """The element at a path such as `School_review/College_review`."""
    *calls, last = path.split("/")
    for call in calls:
        element = diagram.elements.get(call)
        if element is None or element.called not in called:
            return None
        diagram = called[element.called or ""]
    return diagram.elements.get(last)
