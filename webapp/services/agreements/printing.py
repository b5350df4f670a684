"""Whether a process makes an agreement to print, or only registers one that was signed on paper (L06)."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from ..design import releases

ISSUES = "issue_agreement"


def is_printed(session: Session, release_id: uuid.UUID) -> bool:
    """Whether cases of this release issue an agreement: their diagram or one that it calls says so.

    Where none does, there is no draft to preview, no document, no copy and no code to verify.
    """
    executable = releases.executable_for(session, release_id)
    diagrams = [executable.diagram, *executable.called.values()]
    calls = (element.operator for one in diagrams for element in one.elements.values())
    return any(call is not None and call.id == ISSUES for call in calls)
