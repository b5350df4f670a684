"""Acts beside the steps: what a party may do while somebody else holds the case (拿回重签, G14).

A diagram draws such an act as a message at the edge of a step, or at the start of an event
sub-process. The event's name is the act's words, its property `sent_by` the roles that may do it, its property `hint` what it means.
Taking a case back as a whole (`withdraw`) has rules of its own.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from processes.diagram import Diagram

from ...errors import NotAllowed
from ...models import Case
from ..accounts.actors import Actor
from ..design import releases
from . import late, steps
from .cases import find_case, require_membership
from .rows import LiveCase
from .subjects import words_in

WITHDRAW = "withdraw"


@dataclass(frozen=True)
class SideAct:
    """An act that a message at the edge of a step offers."""

    message: str
    words: str
    hint: str


def side_acts(session: Session, actor: Actor, case: Case) -> list[SideAct]:
    """What this actor may do now in a case that `find_case` gave."""
    diagram = releases.executable_for(session, case.release_id).diagram
    return [act for act in drawn(diagram, actor.role) if act.message in case.messages]


def drawn(diagram: Diagram, role: str) -> list[SideAct]:
    """The acts that a diagram draws for a role, whether or not they are waited for now."""
    return [
        SideAct(element.event.message, element.name, element.properties.get("hint", ""))
        for element in diagram.of_kind("boundaryEvent", "startEvent")
        if element.event is not None
        and element.event.message not in (None, WITHDRAW)
        and role in words_in(element.properties.get("sent_by", ""))
    ]


def find_act(
    session: Session, actor: Actor, case_id: uuid.UUID, message: str
) -> tuple[Case, SideAct]:
    """The act, where this actor may do it now.

    Raises NotYours for a stranger, NotAllowed for an act that is another role's or nobody's, and
    who was faster where the diagram no longer waits for it.
    """
    case = find_case(session, actor, case_id)
    diagram = releases.executable_for(session, case.release_id).diagram
    act = next((one for one in drawn(diagram, actor.role) if one.message == message), None)
    if act is None:
        raise NotAllowed
    if message not in case.messages:
        raise late.why_not_withdrawn(session, case_id, actor.role, act.words)
    return case, act


def do(session: Session, actor: Actor, case_id: uuid.UUID, message: str, now: datetime) -> LiveCase:
    """Do it; raises as `find_act`. The caller commits."""
    _, act = find_act(session, actor, case_id, message)
    steps.begin(session)
    require_membership(session, actor)
    return steps.send(session, actor, case_id, message, act.words, now)
