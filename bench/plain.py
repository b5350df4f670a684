"""Plain SpiffWorkflow as its documentation shows it: the whole instance as JSON, kept by the ORM.

The same step on the same tables and with the same guarantees: membership and open invitations
looked at, case locked, task closed, task opened with its deadline and its reminder, the next moment
to wake at, two rows of history in their chain of hashes, one commit. Answers travel in `task.data`,
as SpiffWorkflow expects.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Case, History, Invitation, Job, Membership, Person, Release, Task
from webapp.services.cases.history import Entry, link
from webapp.services.cases.reminders import LAST_DAY
from webapp.services.cases.rows import json_text

from .answers import BY_ROLE
from .ours import NOW, Ours
from .process import diagram

ROLES = {"Draft": "graduate", "Review": "office"}


class Plain:
    """A contestant: `prepare(laps)` opens a case that has gone round, `step(case)` answers its task."""

    name = "plain SpiffWorkflow"

    def __init__(self, ours: Ours) -> None:
        self.sessions, self.people, self.graduate = ours.sessions, ours.people, ours.graduate
        self.serializer = BpmnWorkflowSerializer()
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(diagram(plain=True)).getroottree())
        self.spec = parser.get_spec("bench")

    def prepare(self, laps: int) -> uuid.UUID:
        """A stored case after `laps` laps. RecursionError where SpiffWorkflow's depth ends."""
        workflow = BpmnWorkflow(self.spec)
        workflow.do_engine_steps()
        for _ in range(2 * laps):
            self.move(workflow)
        with self.sessions() as session:
            case = Case(
                school_id=self.graduate.school_id,
                release_id=session.scalars(select(Release.id)).first(),
                family="bench",
                variant="plain",
                title="对照流程",
                graduate_id=self.graduate.id,
                opened_by=self.graduate.person_id,
                state=self.serializer.serialize_json(workflow),
                opened_at=NOW,
                history_count=0,
                history_hash="",
            )
            session.add(case)
            session.flush()
            session.add(self.open_task(case, workflow))
            session.commit()
            return case.id

    def step(self, case_id: uuid.UUID) -> None:
        """One completed user task: load, answer, store, in one transaction."""
        with self.sessions() as session:
            task = session.scalars(
                select(Task).where(Task.case_id == case_id, Task.state == "open")
            ).one()
            actor = self.people[task.role]
            self.require_membership(session, actor.membership_id)
            case = session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one()
            if task.role == "graduate" and self.is_invitation(session, case_id):
                raise RuntimeError("nobody invites anybody in this race")
            workflow = self.serializer.deserialize_json(case.state)
            self.move(workflow)
            case.state = self.serializer.serialize_json(workflow)
            case.version += 1
            case.wake_at = next_deadline(workflow)
            task.state, task.closed_at, task.closed_by = "done", NOW, actor.person_id
            following = self.open_task(case, workflow)
            session.add(following)
            self.remind(session, case, following)
            said = {"name": task.name, "role": actor.role, "answers": BY_ROLE[task.role].labelled}
            self.note(session, case, "person", actor.person_id, "answered", task.element, said)
            waits = {"name": following.name, "role": following.role}
            self.note(session, case, "system", None, "waiting", following.element, waits)
            session.commit()

    def state_bytes(self, case_id: uuid.UUID) -> int:
        with self.sessions() as session:
            return len(session.get_one(Case, case_id).state)

    def require_membership(self, session: Session, membership_id: uuid.UUID) -> None:
        session.scalars(
            select(Membership.id)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.id == membership_id,
                Membership.ended_at.is_(None),
                Person.blocked_at.is_(None),
            )
        ).one()

    def is_invitation(self, session: Session, case_id: uuid.UUID) -> bool:
        """Whether somebody invites in this case: then another offer may bind the graduate."""
        wanted = select(Invitation.id).where(
            Invitation.case_id == case_id, Invitation.closed_at.is_(None)
        )
        return session.scalars(wanted).first() is not None

    def move(self, workflow: BpmnWorkflow) -> None:
        workflow.refresh_timers()
        [task] = workflow.get_tasks(state=TaskState.READY, manual=True)
        task.data.update(BY_ROLE[ROLES[task.task_spec.name]].answers)
        task.run()
        workflow.do_engine_steps()

    def open_task(self, case: Case, workflow: BpmnWorkflow) -> Task:
        [task] = workflow.get_tasks(state=TaskState.READY, manual=True)
        role = ROLES[task.task_spec.name]
        return Task(
            school_id=case.school_id,
            case_id=case.id,
            token=str(task.id),
            element=task.task_spec.name,
            name=task.task_spec.bpmn_name,
            form="bench/answer",
            role=role,
            queue=f"{role}:{self.graduate.id.hex}",
            opened_at=NOW,
            due_at=next_deadline(workflow),
            lapses=next_deadline(workflow) is not None,
        )

    def remind(self, session: Session, case: Case, task: Task) -> None:
        """Write the job that reminds a day before silence ends the step."""
        if task.due_at is not None and task.due_at - LAST_DAY > NOW:
            args = {"case": case.id.hex, "element": task.element}
            session.add(Job(name="remind_last_day", args=args, run_at=task.due_at - LAST_DAY))

    def note(
        self,
        session: Session,
        case: Case,
        actor: str,
        person_id: uuid.UUID | None,
        kind: str,
        element: str,
        body: dict[str, Any],
    ) -> None:
        case.history_count += 1
        previous = case.history_hash
        entry = Entry(actor, kind, element, person_id)
        case.history_hash = link(previous, case.id, case.history_count, NOW, entry, json_text(body))
        session.add(
            History(
                case_id=case.id,
                seq=case.history_count,
                school_id=case.school_id,
                at=NOW,
                actor=actor,
                person_id=person_id,
                kind=kind,
                element=element,
                body=body,
                previous=previous,
                hash=case.history_hash,
            )
        )


def next_deadline(workflow: BpmnWorkflow) -> datetime | None:
    """The next moment at which a timer is due, so that a sweep finds the case by an index."""
    due = (event.value for event in workflow.waiting_events() if event.value)
    return min(map(datetime.fromisoformat, due), default=None)
