"""One answer for several tasks: what reviewers decide alike, what employers sign alike (G15)."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ...errors import CaseError
from ..accounts.actors import Actor
from . import cases

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RowResult:
    """What became of one row of several. `error` tells the story of one that did not go."""

    task_id: uuid.UUID
    case_id: uuid.UUID | None = None
    status: str = ""
    error: CaseError | None = None

    @property
    def done(self) -> bool:
        return self.error is None


def submit_many(
    session: Session,
    actor: Actor,
    task_ids: Sequence[uuid.UUID],
    answers: dict[str, Any],
    labelled: list[dict[str, str]],
    now: datetime,
) -> list[RowResult]:
    """Give every task the same answer, each in a transaction of its own, which this commits.

    One row that cannot be done does not hold back the others.
    """
    return [_submit(session, actor, task_id, answers, labelled, now) for task_id in task_ids]


def _submit(
    session: Session,
    actor: Actor,
    task_id: uuid.UUID,
    answers: dict[str, Any],
    labelled: list[dict[str, str]],
    now: datetime,
) -> RowResult:
    try:
        case = cases.submit_task(session, actor, task_id, dict(answers), list(labelled), now)
        session.commit()
    except CaseError as error:
        session.rollback()
        return RowResult(task_id, error=error)
    except Exception:
        session.rollback()
        log.exception("task %s of a batch failed", task_id)
        return RowResult(
            task_id, error=CaseError("系统出了问题，这一件没有提交。", "请单独再办一次。")
        )
    return RowResult(task_id, case.id, case.status)
