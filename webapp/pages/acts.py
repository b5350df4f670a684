"""What may be begun from the page of a case, or what runs on its agreement already, in words."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Case
from webapp.pages.families import running_words
from webapp.services.accounts.actors import Actor
from webapp.services.cases.entries import Act, acts_of_case


@dataclass(frozen=True)
class ShownAct:
    """An entry, or the link to the case that stands in its way."""

    act: Act
    words: str
    hint: str
    running: uuid.UUID | None


def shown_acts(session: Session, actor: Actor, case: Case, now: datetime) -> list[ShownAct]:
    """The acts in the order of their entries; a case that bars several is named once."""
    shown: dict[uuid.UUID | int, ShownAct] = {}
    for place, act in enumerate(acts_of_case(session, actor, case, now)):
        if act.running is None:
            shown[place] = ShownAct(act, act.entry.words, act.entry.hint, None)
            continue
        family = session.scalar(select(Case.family).where(Case.id == act.running)) or ""
        shown[act.running] = ShownAct(act, *running_words(family), act.running)
    return list(shown.values())
