"""Ends an edit that still waits when its agreement is rescinded: nobody has to answer it any more.

The case hears of it by a message, after the commit that rescinded. A diagram that does not wait for
that message goes on, and finds out at its last step that there is nothing left to edit.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ... import jobs
from ...models import Agreement, Amendment
from ..cases import steps

RESCINDED = "agreement_rescinded"


@jobs.handler("end_edit")
def end_edit(sessions: sessionmaker[Session], args: dict[str, Any], now: datetime) -> None:
    """Tell the edit that waits on this agreement, if any, that the agreement is rescinded."""
    with sessions() as session:
        case_id = waiting_edit(session, uuid.UUID(args["agreement"]))
    if case_id is not None:
        with sessions.begin() as session:
            steps.hear(session, case_id, RESCINDED, "协议已解除", now)


def waiting_edit(session: Session, agreement_id: uuid.UUID) -> uuid.UUID | None:
    """The case that still asks to edit an agreement that is rescinded."""
    return session.scalar(
        select(Amendment.case_id)
        .join(Agreement, Agreement.id == Amendment.agreement_id)
        .where(
            Amendment.agreement_id == agreement_id,
            Amendment.closed_at.is_(None),
            Agreement.state == "rescinded",
        )
    )
