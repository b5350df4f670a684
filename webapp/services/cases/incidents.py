"""Cases the system could not carry on by itself: found by their school, retried on request."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import CaseEnded, NotYours
from ...models import Incident
from ..accounts.actors import Actor
from ..audit import record


def retry_incident(
    session: Session, actor: Actor, incident_id: uuid.UUID, now: datetime, address: str = ""
) -> Incident:
    """Let the next sweep try the case again at once. The caller commits.

    Raises NotYours for another school's incident, CaseEnded for one already solved.
    """
    begin_write(session)
    wanted = select(Incident).where(
        Incident.id == incident_id, Incident.school_id == actor.school_id
    )
    incident = session.scalars(wanted.execution_options(populate_existing=True)).first()
    if incident is None or actor.role != "admin":
        raise NotYours
    if incident.solved_at:
        raise CaseEnded(story="这件异常已经解决，不用再试。")
    incident.retry_at = now
    record(session, "incident_retry", now, by=actor, about=str(incident.case_id), address=address)
    return incident
