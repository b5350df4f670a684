"""What being bound to one offer does to the others: they stay in sight and can only be read (H07).

The rule stands on the registry, not on a diagram or a form: while another case holds the graduate's
live claim, whoever has an open invitation in this case gets no answer from the graduate, neither
yes nor no. So it holds however a process is drawn. What is no invitation stays answerable, such as
a rescission.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...errors import OnlyToRead
from ...models import Claim, Graduate, Invitation
from ..accounts.actors import Actor


def holder_of_claim(session: Session, graduate_id: uuid.UUID | None) -> uuid.UUID | None:
    """The case that binds the graduate now, if any (I1)."""
    return session.scalar(
        select(Claim.case_id).where(Claim.graduate_id == graduate_id, Claim.released_at.is_(None))
    )


def is_only_to_read(
    session: Session, case_id: uuid.UUID, graduate_id: uuid.UUID | None, role: str
) -> bool:
    """Whether somebody in this role may look at the case's invitation but not answer it."""
    if role != "graduate" or graduate_id is None:
        return False
    return (
        session.scalar(
            select(Claim.id)
            .join(Invitation, Invitation.graduate_id == Claim.graduate_id)
            .where(
                Claim.graduate_id == graduate_id,
                Claim.released_at.is_(None),
                Claim.case_id != case_id,
                Invitation.case_id == case_id,
                Invitation.closed_at.is_(None),
            )
        )
        is not None
    )


def require_free(
    session: Session, actor: Actor, case_id: uuid.UUID, graduate_id: uuid.UUID | None
) -> None:
    """Raise OnlyToRead; else nobody binds the graduate by another answer before this one ends.

    Answers of one graduate queue behind the graduate's row, so of two acceptances the second reads
    the claim of the first. The weaker lock lets rows that refer to the graduate come in meanwhile.
    """
    if actor.role != "graduate":
        return
    session.execute(
        select(Graduate.id).where(Graduate.id == graduate_id).with_for_update(key_share=True)
    )
    if is_only_to_read(session, case_id, graduate_id, actor.role):
        raise OnlyToRead(case_id)
