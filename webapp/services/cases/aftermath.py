"""What became of a case's result after the case ended: an ended case never changes, its result may."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from ..agreements.rescissions import rescinded_among
from ..destinations.voiding import voided_among

RESCINDED, VOIDED = "agreement_rescinded", "destination_voided"


def states_since(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The status key to show for those of these cases whose agreement or destination ended since."""
    since = dict.fromkeys(rescinded_among(session, case_ids), RESCINDED)
    return since | dict.fromkeys(voided_among(session, case_ids), VOIDED)
